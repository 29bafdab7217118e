package signals

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Dismiss notes that somebody looked and nothing was wrong; falsePositive says that the rule was
// wrong to raise it, which is other than an accident that was put right. Nobody judges what concerns
// himself: to him the signal is fault.NotFound. What was judged is judged for good, a fault.Conflict.
func (s *Signals) Dismiss(ctx context.Context, by who.Actor, id uuid.UUID, version int, note string, falsePositive bool) (Signal, error) {
	return s.decide(ctx, by, id, version, StatusDismissed, note, &falsePositive)
}

// Confirm notes that somebody looked and something was wrong. It refuses what Dismiss refuses.
func (s *Signals) Confirm(ctx context.Context, by who.Actor, id uuid.UUID, version int, note string) (Signal, error) {
	return s.decide(ctx, by, id, version, StatusConfirmed, note, nil)
}

const decideSQL = `
UPDATE signals SET status = $2, note = $3, false_positive = $4, decided_by = $5, decided_at = $6, version = $7, updated_at = $6 WHERE id = $1`

func (s *Signals) decide(ctx context.Context, by who.Actor, id uuid.UUID, version int, to Status, note string, falsePositive *bool) (one Signal, err error) {
	err = s.DB().InTx(ctx, func(ctx context.Context) error {
		if one, err = s.read(ctx, by, id, " FOR UPDATE OF s"); err != nil {
			return err
		}
		if err := inventory.Stale("signal", version, one.Version); err != nil {
			return err
		}
		if one.Status != StatusRaised {
			return s.judged(ctx, one)
		}
		if note = strings.TrimSpace(note); note == "" {
			return inventory.Wrong("/note", "must not be blank")
		}
		now := s.Now()
		one.Status, one.Note, one.FalsePositive, one.DecidedBy, one.DecidedAt = to, note, falsePositive, inventory.ActorID(by), &now
		one.Version, one.UpdatedAt = one.Version+1, now
		if _, err := pg.Exec(ctx, s.DB(), decideSQL, id, to, note, falsePositive, one.DecidedBy, now, one.Version); err != nil {
			return pg.Fault(err, "signal")
		}
		return s.Tell(ctx, by, "signal."+string(to), id, one.OutletID, map[string]any{
			"rule": one.Rule, "technician_id": one.TechnicianID, "note": note, "false_positive": falsePositive,
		})
	})
	return one, err
}

// judged is the refusal to judge once more: it says who judged, and when.
func (s *Signals) judged(ctx context.Context, one Signal) error {
	at := one.DecidedAt.UTC().Format("2006-01-02 15:04")
	names, err := pg.Query[struct{ Name string }](ctx, s.DB(), `SELECT name FROM users WHERE id = $1`, one.DecidedBy)
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return fault.New(fault.Conflict, "the signal was judged already: %s at %s UTC", one.Status, at)
	}
	return fault.New(fault.Conflict, "the signal was judged already: %s by %s at %s UTC", one.Status, names[0].Name, at)
}
