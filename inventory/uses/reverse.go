package uses

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Reverse corrects a movement by one that leads back. Of a use it undoes what the use brought about
// as well: nothing is expected back from it, nothing is covered by it, and what it exchanged in the
// asset is as it was. A closed job's record names the part, and stays true.
func (u *Uses) Reverse(ctx context.Context, by who.Actor, id uuid.UUID, note string) (back inventory.Movement, err error) {
	err = u.DB().InTx(ctx, func(ctx context.Context) error {
		m, err := u.FindMovement(ctx, by, id)
		if err != nil {
			return err
		}
		if m.Kind == inventory.MovementUse && m.ReversedByID == nil {
			if err := u.takeBack(ctx, by, m); err != nil {
				return err
			}
		}
		back, err = u.Ledger.Reverse(ctx, by, id, note)
		return err
	})
	return back, err
}

const useOfSQL = `SELECT id, asset_id FROM part_uses WHERE movement_id = $1`

// takeBack undoes what a use brought about, before its movement is reversed.
func (u *Uses) takeBack(ctx context.Context, by who.Actor, m inventory.Movement) error {
	j, err := u.Job(ctx, who.System, *m.JobID, nil)
	if err != nil {
		return err
	}
	if j.Status == "closed" {
		return fault.New(fault.Conflict, "job %s is closed, and its sealed record names this part", j.Number)
	}
	if err := u.returns.TakeBack(ctx, by, m.ID); err != nil {
		return err
	}
	type use struct {
		ID      uuid.UUID
		AssetID *uuid.UUID
	}
	rows, err := pg.Query[use](ctx, u.DB(), useOfSQL, m.ID)
	if err != nil || len(rows) == 0 || rows[0].AssetID == nil {
		return err
	}
	return u.register.TakeBack(ctx, by, *rows[0].AssetID, rows[0].ID)
}
