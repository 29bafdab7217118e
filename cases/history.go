package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Entry is one thing that happened to a case or to one of its jobs, told in a sentence.
type Entry struct {
	Seq     int64 // its place: later entries have higher ones
	At      time.Time
	Kind    string // noun.verb
	Subject uuid.UUID
	Number  string // what people call the case or the job
	ActorID *uuid.UUID
	Actor   string // the name of who did it; "" where nobody did: timers
	Text    words.Text
}

// Noun is what it happened to: case or job.
func (e Entry) Noun() string {
	noun, _, _ := strings.Cut(e.Kind, ".")
	return noun
}

// happened is an event as it is read for a history.
type happened struct {
	Seq        int64
	At         time.Time
	Kind       string
	SubjectID  uuid.UUID
	ActorID    *uuid.UUID
	Data       []byte
	Actor      *string
	Technician *string
}

// historySQL goes through the index of a subject's events for the case and for each of its jobs.
const historySQL = `
SELECT e.seq, e.at, e.kind, e.subject_id, e.actor_id, e.data, u.name AS actor, t.name AS technician
FROM events e LEFT JOIN users u ON u.id = e.actor_id LEFT JOIN technicians t ON t.id = (e.data->>'technician_id')::uuid
WHERE e.subject_id = ANY (array_append(ARRAY(SELECT j.id FROM jobs j WHERE j.case_id = $1 AND %s), $1)) AND e.seq > $2
ORDER BY e.seq LIMIT $3`

const zoneSQL = `SELECT s.time_zone FROM cases c JOIN sites s ON s.id = c.site_id WHERE c.id = $1`

// History tells what happened to a case and to those of its jobs that by may see, oldest first,
// after a place, and the place to go on from; 0 at the end.
func (d *Desk) History(ctx context.Context, by who.Actor, id uuid.UUID, after int64, limit int) ([]Entry, int64, error) {
	if _, err := d.Find(ctx, by, id); err != nil {
		return nil, 0, err
	}
	name, err := pg.One[string](ctx, d.db, zoneSQL, id)
	if err != nil {
		return nil, 0, pg.Fault(err, "site")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, 0, fmt.Errorf("time zone of case %s: %w", id, err)
	}
	only, args := "TRUE", []any{id, after, limit + 1}
	switch {
	case by.OnlyTechnician():
		only, args = "j.id IN (SELECT b.job_id FROM bookings b WHERE b.active AND b.technician_id = $4)", append(args, by.TechnicianID)
	case by.OutletID != nil:
		only, args = "j.outlet_id = $4", append(args, by.OutletID)
	}
	found, err := pg.Query[happened](ctx, d.db, fmt.Sprintf(historySQL, only), args...)
	if err != nil {
		return nil, 0, fmt.Errorf("read history: %w", err)
	}
	following := int64(0)
	if len(found) > limit {
		found = found[:limit]
		following = found[limit-1].Seq
	}
	entries := make([]Entry, len(found))
	for i, h := range found {
		entries[i] = h.entry(zone)
	}
	return entries, following, nil
}

// entry tells the event to somebody whose clock shows the time of a zone.
func (h happened) entry(zone *time.Location) Entry {
	e := Entry{Seq: h.Seq, At: h.At, Kind: h.Kind, Subject: h.SubjectID, ActorID: h.ActorID}
	if h.Actor != nil {
		e.Actor = *h.Actor
	}
	s := story{zone: zone}
	if h.Technician != nil {
		s.technician = *h.Technician
	}
	// What an event does not say, or says in another shape than today, is left out of its sentence.
	_ = json.Unmarshal(h.Data, &s)
	e.Number = s.Number
	if tell, known := sentences[h.Kind]; known {
		e.Text = tell(s)
	} else {
		e.Text = words.Say("%s", h.Kind)
	}
	return e
}
