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

// usable are the statuses of a job during which parts are used on it: from arrival to the signature.
var usable = []string{"on_site", "working", "on_hold", "finished"}

// Use books one part out of the acting technician's van into a job that is booked to him. What
// is not in the van is a fault.Conflict that says where it is. An old part that has to come back
// is expected from now on. The same unit told once more, in the same words, is the use that
// stands, Repeated.
func (u *Uses) Use(ctx context.Context, by who.Actor, jobID uuid.UUID, p PartUse) (used Use, err error) {
	if by.TechnicianID == nil {
		return Use{}, fault.New(fault.Forbidden, "only the technician on the job uses parts on it")
	}
	err = u.DB().InTx(ctx, func(ctx context.Context) error {
		used, err = u.use(ctx, by, jobID, p)
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		return used, err
	}
	// The same scan may have come by another way meanwhile.
	if known, there, lookErr := u.told(ctx, jobID, p); lookErr == nil && there {
		return known, nil
	}
	return Use{}, err
}

func (u *Uses) use(ctx context.Context, by who.Actor, jobID uuid.UUID, p PartUse) (used Use, err error) {
	j, err := u.Job(ctx, by, jobID, by.TechnicianID)
	if err != nil {
		return Use{}, err
	}
	if used, there, err := u.told(ctx, jobID, p); err != nil || there {
		return used, err
	}
	if !slices.Contains(usable, j.Status) {
		return Use{}, fault.New(fault.Conflict, "job %s is %s: parts are used on it from the arrival to the signature", j.Number, words.Noun(j.Status))
	}
	all, at := []PartUse{p}, []inventory.Pointers{pointersAt("")}
	if err := u.readScans(ctx, all, at); err != nil {
		return Use{}, err
	}
	booked, err := u.book(ctx, by, jobID, *by.TechnicianID, all, at)
	if err != nil {
		return Use{}, err
	}
	if used, err = u.find(ctx, jobID, booked[0]); err != nil {
		return Use{}, err
	}
	return used, u.Tell(ctx, by, "part.used", jobID, j.OutletID, used.event(j.Number))
}

// event is what the log says of a use.
func (x Use) event(job string) map[string]any {
	return map[string]any{
		"number": job, "part_number": x.PartNumber, "use_id": x.ID, "part_id": x.PartID, "quantity": x.Quantity, "new_serial": x.NewSerial,
		"old_serial": x.OldSerial, "old_part_wish": x.OldPartWish, "short": x.Short, "warranty": x.Warranty, "occurred_at": x.OccurredAt,
	}
}

// told finds the use of the job that says the same of the same unit.
func (u *Uses) told(ctx context.Context, job uuid.UUID, p PartUse) (Use, bool, error) {
	all, at := []PartUse{p}, []inventory.Pointers{pointersAt("")}
	if err := u.readScans(ctx, all, at); err != nil {
		return Use{}, false, err
	}
	p = all[0]
	if p.NewSerial == "" {
		return Use{}, false, nil
	}
	booked, err := u.usesOf(ctx, job)
	for _, b := range booked {
		if b.PartID == p.PartID && b.NewSerial == p.NewSerial && b.OldSerial == p.OldSerial && (b.OldPartWish == p.OldPartWish || b.ToldWish == p.OldPartWish) {
			b.Repeated = true
			return b, true, err
		}
	}
	return Use{}, false, err
}

func pointersAt(prefix string) inventory.Pointers {
	return inventory.Pointers{Line: prefix, Quantity: prefix + "/quantity", Serial: prefix + "/new_serial"}
}

// visit is what uses must know of a job besides what the ledger knows.
type visit struct {
	ID        uuid.UUID
	Number    string
	SiteID    uuid.UUID
	AssetID   *uuid.UUID
	OutletID  *uuid.UUID
	TimeZone  string
	CreatedAt time.Time
	FaultAt   time.Time // when the customer told of the fault
}

const visitSQL = `
SELECT j.id, j.number, j.site_id, j.asset_id, j.outlet_id, j.time_zone, j.created_at, coalesce(c.created_at, j.created_at) AS fault_at
FROM jobs j LEFT JOIN cases c ON c.id = j.case_id WHERE j.id = $1`

func (u *Uses) visit(ctx context.Context, job uuid.UUID) (visit, error) {
	rows, err := pg.Query[visit](ctx, u.DB(), visitSQL, job)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("job"))
	}
	return inventory.One(rows), err
}

// day is the day of a moment at the site, as midnight UTC.
func (v visit) day(t time.Time) (time.Time, error) {
	zone, err := time.LoadLocation(v.TimeZone)
	if err != nil {
		return time.Time{}, err
	}
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), nil
}
