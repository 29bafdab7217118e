package inventory

import (
	"context"
	"errors"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

const cannotBecome = "a %s that is %s cannot become %s"

// CannotBecome is the refusal of a step that a lifecycle does not know.
func CannotBecome[S ~string](what words.Noun, from, to S) error {
	return fault.New(fault.Conflict, cannotBecome, what, from, to)
}

// Of the step itself the last time; where nobody took it yet, what happened last.
const tookSQL = `
SELECT e.kind, e.at, coalesce(u.name, '') AS name FROM events e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.subject_id = $1 ORDER BY (e.kind = $2) DESC, e.seq DESC LIMIT 1`

// Since adds to the refusal of a step with a paper who took it already, or who brought the paper where it
// stands; step is the event of the step. Any other error stays as it is.
func (l *Ledger) Since(ctx context.Context, refused error, id uuid.UUID, number, step string) error {
	e, ok := errors.AsType[*fault.Error](refused)
	if !ok || e.Detail.Format != cannotBecome {
		return refused
	}
	rows, err := pg.Query[struct {
		Kind, Name string
		At         time.Time
	}](ctx, l.db, tookSQL, id, step)
	if err != nil || len(rows) == 0 {
		return errors.Join(err, refused)
	}
	last := rows[0]
	name, at := words.Say("%s", last.Name), last.At.UTC().Format("2006-01-02 15:04 UTC")
	if last.Name == "" {
		name = words.Say("the system")
	}
	what, is, to := e.Detail.Args[0], e.Detail.Args[1], e.Detail.Args[2]
	switch {
	case is == to:
		return fault.New(fault.Conflict, "%s %s is %s already (%s, %s)", what, number, is, name, at)
	case last.Kind == step:
		return fault.New(fault.Conflict, "%s %s was %s already (%s, %s), and is %s now", what, number, to, name, at, is)
	}
	return fault.New(fault.Conflict, "%s: %s dealt with it last (%s)", e.Detail, name, at)
}
