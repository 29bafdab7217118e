package uses

import (
	"context"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/registry"

	"github.com/google/uuid"
)

// weighed is a use that fits its part.
type weighed struct {
	PartUse
	inventory.Counted

	old inventory.Part // what came out
}

// book writes uses whose scans are read into the ledger: out of the technician's van, into the
// customer's site, with who pays, the coverage, the record of the asset and the old part expected
// back. at says where in the request each use stood. It returns the ids of the uses.
func (u *Uses) book(ctx context.Context, by who.Actor, job, technician uuid.UUID, told []PartUse, at []inventory.Pointers) ([]uuid.UUID, error) {
	van, err := u.Van(ctx, technician)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.Conflict, "the technician has no van to take parts from")
	} else if err != nil {
		return nil, err
	}
	v, err := u.visit(ctx, job)
	if err != nil {
		return nil, err
	}
	all, err := u.weighAll(ctx, v, told, at)
	if err != nil {
		return nil, err
	}
	if err := u.checkOldUnits(ctx, by, all); err != nil {
		return nil, err
	}
	site, err := u.Place(ctx, inventory.KindCustomerSite, van.OutletID)
	if err != nil {
		return nil, err
	}
	moved, err := u.moveAll(ctx, by, job, all, van, site)
	if err != nil {
		return nil, err
	}
	if err := u.checkDebt(ctx, van, all, moved); err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(all))
	for i, w := range all {
		if ids[i], err = u.bookOne(ctx, by, v, technician, w, moved[i], van.OutletID); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// slip is what uses that move together have in common.
type slip struct {
	occurred time.Time
	short    bool
}

const holdSQL = `SELECT count(*)::int FROM hold_balances($1, $2)`

// moveAll moves the parts of uses, those together that happened at the same time.
func (u *Uses) moveAll(ctx context.Context, by who.Actor, job uuid.UUID, all []weighed, van, site inventory.Location) ([]inventory.Movement, error) {
	var slips []slip
	members := map[slip][]int{}
	var places, parts []uuid.UUID
	for i, w := range all {
		s := slip{w.OccurredAt, w.AcceptShortage}
		if members[s] == nil {
			slips = append(slips, s)
		}
		members[s] = append(members[s], i)
		places, parts = append(places, van.ID, site.ID), append(parts, w.Part.ID, w.Part.ID)
	}
	if len(slips) > 1 {
		// All of them first, in their one order: two closings never wait for each other.
		if _, err := pg.One[int](ctx, u.DB(), holdSQL, places, parts); err != nil {
			return nil, err
		}
	}
	moved := make([]inventory.Movement, len(all))
	for _, s := range slips {
		entries := make([]inventory.Entry, len(members[s]))
		for k, i := range members[s] {
			entries[k] = inventory.Entry{Counted: all[i].Counted, From: van, To: site, Note: all[i].Because}
		}
		done, err := u.Move(ctx, by, inventory.Slip{Kind: inventory.MovementUse, JobID: &job, OccurredAt: s.occurred, Short: s.short}, entries)
		if err != nil {
			return nil, under(err, entries[0].At.Line)
		}
		for k, i := range members[s] {
			moved[i] = done[k]
		}
	}
	return moved, nil
}

// under puts the pointer of when something happened below the use that says so.
func under(err error, line string) error {
	e := fault.From(err)
	if line == "" || len(e.Fields) != 1 || e.Fields[0].Pointer != "/occurred_at" {
		return err
	}
	return &fault.Error{Code: e.Code, Detail: e.Detail, Fields: []fault.Field{{Pointer: line + "/occurred_at", Detail: e.Fields[0].Detail}}}
}

const saveSQL = `
INSERT INTO part_uses (id, job_id, part_id, quantity, new_serial, old_serial, old_part_wish, movement_id, used_by, used_at,
  technician_id, asset_id, old_part_id, new_scan, old_scan, occurred_at, short, recorded_serial, unit_price, currency, old_serial_unreadable)
VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), $7, $8, $9, $10, $11, $12, $13, nullif($14, ''), nullif($15, ''), $16, $17, nullif($18, ''), $19, $20, $21)`

// bookOne writes down a use whose parts have moved, and all that follows from it.
func (u *Uses) bookOne(ctx context.Context, by who.Actor, v visit, technician uuid.UUID, w weighed, m inventory.Movement, outlet *uuid.UUID) (uuid.UUID, error) {
	id := uuid.Must(uuid.NewV7())
	x := registry.Exchange{UseID: id, PartID: w.Part.ID, OldPartID: w.old.ID, NewSerial: w.NewSerial, OldSerial: w.OldSerial, At: m.OccurredAt}
	var oldPart *uuid.UUID
	if w.old.ID != w.Part.ID {
		oldPart = &w.old.ID
	}
	recorded := ""
	if v.AssetID != nil {
		var err error
		x.AssetID = *v.AssetID
		if x.SameJob, err = pg.One[[]uuid.UUID](ctx, u.DB(), `SELECT ARRAY(SELECT id FROM part_uses WHERE job_id = $1)`, v.ID); err != nil {
			return id, err
		}
		if recorded, err = u.register.Recorded(ctx, x); err != nil {
			return id, err
		}
	}
	_, err := pg.Exec(ctx, u.DB(), saveSQL, id, v.ID, w.Part.ID, w.Counted.Quantity, w.NewSerial, w.OldSerial, w.OldPartWish, m.ID, inventory.ActorID(by), u.Now(),
		technician, v.AssetID, oldPart, w.NewScan, w.OldScan, m.OccurredAt, m.Short, recorded, w.Part.ListPrice, w.Part.Currency, w.OldUnreadable)
	if err != nil {
		return id, pg.Fault(err, "part use")
	}
	if err := u.decideFirst(ctx, by, v, id, w, m.OccurredAt); err != nil {
		return id, err
	}
	if err := u.cover(ctx, v, id, w, m.OccurredAt); err != nil {
		return id, err
	}
	if w.Part.ReturnRequired {
		if _, err = u.returns.Expect(ctx, by, returns.Expected{
			UseID: id, JobID: v.ID, PartID: w.old.ID, PartNumber: w.old.Number, Quantity: w.Counted.Quantity,
			TechnicianID: technician, OutletID: outlet, Serial: w.OldSerial, CustomerKeeps: w.OldPartWish == WishKeeps, OccurredAt: m.OccurredAt,
		}); err != nil {
			return id, err
		}
	}
	if v.AssetID != nil {
		if err := u.register.Exchange(ctx, by, x); err != nil {
			return id, err
		}
	}
	if m.Short == 0 {
		return id, nil
	}
	return id, u.Tell(ctx, by, "part.short", v.ID, v.OutletID, map[string]any{
		"number": v.Number, "use_id": id, "part_id": w.Part.ID, "part_number": w.Part.Number, "quantity": w.Counted.Quantity, "short": m.Short,
		"technician_id": technician, "movement_id": m.ID,
	})
}

// concerned are the parts that went in and came out.
func (w weighed) concerned() []uuid.UUID {
	return slices.Compact([]uuid.UUID{w.Part.ID, w.old.ID})
}
