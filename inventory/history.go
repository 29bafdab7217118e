package inventory

import (
	"context"
	"encoding/json"
	"time"

	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Happening is one thing that happened to a paper, told in a sentence.
type Happening struct {
	Seq     int64 // its place: later ones have higher ones
	At      time.Time
	Kind    string // noun.verb
	ActorID *uuid.UUID
	Actor   string // the name of who did it; "" where nobody did: timers
	Text    words.Text
}

// Happenings reads events by a statement that selects seq, at, kind, actor_id, actor and data, and tells each
// by the sentence for its kind; a kind without one is told by its name. S is what the sentences know
// of an event's data.
func Happenings[S any](ctx context.Context, db *pg.DB, sentences map[string]func(S) words.Text, statement string, args ...any) ([]Happening, error) {
	rows, err := pg.Query[struct {
		Seq     int64
		At      time.Time
		Kind    string
		ActorID *uuid.UUID
		Actor   string
		Data    []byte
	}](ctx, db, statement, args...)
	if err != nil {
		return nil, err
	}
	all := make([]Happening, len(rows))
	for i, r := range rows {
		all[i] = Happening{Seq: r.Seq, At: r.At, Kind: r.Kind, ActorID: r.ActorID, Actor: r.Actor, Text: words.Say("%s", r.Kind)}
		tell, known := sentences[r.Kind]
		if !known {
			continue
		}
		var s S
		if err := json.Unmarshal(r.Data, &s); err != nil {
			return nil, err
		}
		all[i].Text = tell(s)
	}
	return all, nil
}
