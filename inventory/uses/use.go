package uses

import (
	"context"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Wish is what the customer wants to become of the old part (requirement 103).
type Wish string

// The wishes of customers.
const (
	WishReturn Wish = "return"         // we take it with us
	WishKeeps  Wish = "customer_keeps" // and signs for it
	WishNone   Wish = "none"           // no part came out
)

// PartUse says that a part went into the customer's thing, and which one came out (requirement 102).
type PartUse struct {
	PartID      uuid.UUID
	Quantity    int
	NewSerial   string // "" where the part has no serials
	OldSerial   string // "" where it is not known
	OldPartWish Wish
}

// Use is a use that stands in the ledger, with what the part is called.
type Use struct {
	PartUse

	ID         uuid.UUID
	JobID      uuid.UUID
	PartNumber string
	PartName   string
	MovementID uuid.UUID
	ReturnID   *uuid.UUID // the part return that it gave rise to
	UsedBy     *uuid.UUID
	UsedAt     time.Time
}

// useRow is a Use as its query has it.
type useRow struct {
	ID, JobID, PartID    uuid.UUID
	Quantity             int
	NewSerial, OldSerial string
	OldPartWish          Wish
	PartNumber, PartName string
	MovementID           uuid.UUID
	ReturnID, UsedBy     *uuid.UUID
	UsedAt               time.Time
}

func (r useRow) use() Use {
	return Use{
		PartUse: PartUse{PartID: r.PartID, Quantity: r.Quantity, NewSerial: r.NewSerial, OldSerial: r.OldSerial, OldPartWish: r.OldPartWish},
		ID:      r.ID, JobID: r.JobID, PartNumber: r.PartNumber, PartName: r.PartName,
		MovementID: r.MovementID, ReturnID: r.ReturnID, UsedBy: r.UsedBy, UsedAt: r.UsedAt,
	}
}

const usesSQL = `
SELECT u.id, u.job_id, u.part_id, u.quantity, coalesce(u.new_serial, '') AS new_serial, coalesce(u.old_serial, '') AS old_serial,
  u.old_part_wish, p.number AS part_number, p.name AS part_name, u.movement_id, r.id AS return_id, u.used_by, u.used_at
FROM part_uses u JOIN parts p ON p.id = u.part_id LEFT JOIN part_returns r ON r.use_id = u.id
WHERE u.job_id = $1 AND NOT EXISTS (SELECT FROM movements m WHERE m.reverses_id = u.movement_id)
ORDER BY u.id`

// usesOf returns every use of the job that stands.
func (l *Uses) usesOf(ctx context.Context, job uuid.UUID) ([]Use, error) {
	rows, err := pg.Query[useRow](ctx, l.DB(), usesSQL, job)
	uses := make([]Use, len(rows))
	for i, r := range rows {
		uses[i] = r.use()
	}
	return uses, err
}

// ListUses returns everything that was used on a job within the actor's scope.
func (l *Uses) ListUses(ctx context.Context, by who.Actor, job uuid.UUID) ([]Use, error) {
	if _, err := l.Job(ctx, by, job, nil); err != nil {
		return nil, err
	}
	return l.usesOf(ctx, job)
}

// usable are the statuses of a job during which parts are used on it: from arrival to the signature.
var usable = []string{"on_site", "working", "on_hold", "finished"}

// Use books one part out of the acting technician's van into a job that is booked to him. What
// is not in the van is a fault.Conflict that says where it is. An old part that has to come back
// is expected from now on.
func (l *Uses) Use(ctx context.Context, by who.Actor, jobID uuid.UUID, u PartUse) (used Use, err error) {
	if by.TechnicianID == nil {
		return Use{}, fault.New(fault.Forbidden, "only the technician on the job uses parts on it")
	}
	err = l.DB().InTx(ctx, func(ctx context.Context) error {
		j, err := l.Job(ctx, by, jobID, by.TechnicianID)
		if err != nil {
			return err
		}
		if !slices.Contains(usable, j.Status) {
			return fault.New(fault.Conflict, "job %s is %s: parts are used on it from the arrival to the signature", j.Number, words.Noun(j.Status))
		}
		booked, err := l.book(ctx, by, jobID, *by.TechnicianID, []PartUse{u}, []inventory.Pointers{usePointers("")})
		if err != nil {
			return err
		}
		used = booked[0]
		return l.Tell(ctx, by, "part.used", jobID, j.OutletID, map[string]any{
			"number": j.Number, "part_number": used.PartNumber, "use_id": used.ID, "part_id": u.PartID, "quantity": u.Quantity, "new_serial": u.NewSerial, "old_serial": u.OldSerial, "old_part_wish": u.OldPartWish,
		})
	})
	return used, err
}

func usePointers(prefix string) inventory.Pointers {
	return inventory.Pointers{Line: prefix, Quantity: prefix + "/quantity", Serial: prefix + "/new_serial"}
}
