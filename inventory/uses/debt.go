package uses

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/inventory"

	"github.com/google/uuid"
)

const owedSQL = `SELECT part_id, -quantity AS quantity FROM balances WHERE location_id = $1 AND part_id = ANY($2) AND quantity < 0`

// checkDebt refuses uses after which the van would owe more of a part than the policy lets it: what is
// told of late or offline is a piece or two, not a box.
func (u *Uses) checkDebt(ctx context.Context, van inventory.Location, all []weighed, moved []inventory.Movement) error {
	var short []uuid.UUID
	for i, m := range moved {
		if m.Short > 0 {
			short = append(short, all[i].Part.ID)
		}
	}
	if len(short) == 0 {
		return nil
	}
	p, err := u.policies.Current(ctx)
	if err != nil {
		return err
	}
	owed, err := pg.Query[inventory.Want](ctx, u.DB(), owedSQL, van.ID, short)
	if err != nil {
		return err
	}
	var f fault.Faults
	most := p.Points(policy.PartShortage)
	for _, o := range owed {
		for i, w := range all {
			if w.Part.ID == o.PartID && moved[i].Short > 0 && int64(o.Quantity) > most {
				f.Add(w.CountAt(), "%s would owe %d of part %s: at most %d may be used that its books lack", van.Called(), o.Quantity, w.Part.Number, most)
			}
		}
	}
	return f.Err(fault.Invalid, "these parts cannot be used like this")
}
