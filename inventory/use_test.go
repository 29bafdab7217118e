package inventory_test

import (
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

func TestUseExpectsTheOldPart(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.technician(h.outlet)
	job := h.job(h.outlet, tech)
	p := h.part("sr")
	h.stock(van, p, 0, "N1", "N2", "N3")
	h.stock(h.warehouse, p, 0, "W1")
	used, err := h.ledger.Use(ctx, tech, job, inventory.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: inventory.WishReturn})
	h.must(err)
	if h.whereIs(p, "N1") != inventory.KindCustomerSite || h.holds(van.ID, p) != 2 || used.PartNumber != p.Number {
		t.Errorf("used %+v", used)
	}
	r, err := h.counter.FindReturn(ctx, tech, *used.ReturnID)
	h.must(err)
	if r.Status != inventory.ReturnExpected || *r.ExpectedSerial != "O1" || r.TechnicianID != *tech.TechnicianID || r.Number[0] != 'R' {
		t.Errorf("expected %+v", r)
	}
	kept, err := h.ledger.Use(ctx, tech, job, inventory.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N2", OldSerial: "O2", OldPartWish: inventory.WishKeeps})
	h.must(err)
	if r, err := h.counter.FindReturn(ctx, tech, *kept.ReturnID); err != nil || r.Status != inventory.ReturnWaived || *r.WaivedBecause != inventory.WaivedCustomerKeeps {
		t.Errorf("kept %+v, %v", r, err)
	}
	good := inventory.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N3", OldSerial: "O3", OldPartWish: inventory.WishReturn}
	tests := []struct {
		name string
		with func(*inventory.PartUse)
		code fault.Code
		text string
	}{
		{"used before", func(u *inventory.PartUse) { u.NewSerial = "N1" }, fault.Conflict, "/new_serial unit N1 of part " + p.Number + " is not in " + van.Name + ": it was used on job J-"},
		{"in the warehouse", func(u *inventory.PartUse) { u.NewSerial = "W1" }, fault.Conflict, "it is in " + h.warehouse.Name},
		{"an unknown unit", func(u *inventory.PartUse) { u.NewSerial = "N9" }, fault.Conflict, "the books do not know it"},
		{"no new serial", func(u *inventory.PartUse) { u.NewSerial = "" }, fault.Invalid, "/new_serial"},
		{"two with one serial", func(u *inventory.PartUse) { u.Quantity = 2 }, fault.Invalid, "/quantity"},
		{"no old serial", func(u *inventory.PartUse) { u.OldSerial = "" }, fault.Invalid, "/old_serial the old part's serial is required"},
		{"nothing came out", func(u *inventory.PartUse) { u.OldPartWish = inventory.WishNone }, fault.Invalid, "/old_part_wish"},
		{"old is new", func(u *inventory.PartUse) { u.OldSerial = "N3" }, fault.Invalid, "/old_serial is the new part's serial"},
		{"old is good stock", func(u *inventory.PartUse) { u.OldSerial = "W1" }, fault.Conflict, "/old_serial unit W1 of part " + p.Number + " cannot have come out here: it is in " + h.warehouse.Name},
		{"old is expected already", func(u *inventory.PartUse) { u.OldSerial = "O1" }, fault.Conflict, "part return " + r.Number},
		{"no such part", func(u *inventory.PartUse) { u.PartID = uuid.New() }, fault.Invalid, "/part_id"},
	}
	before := h.count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)`)
	for _, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			u := good
			tt.with(&u)
			_, err := h.ledger.Use(ctx, tech, job, u)
			h.refused(err, tt.code, tt.text)
		})
	}
	if after := h.count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)`); after != before {
		t.Errorf("refused uses left %d traces", after-before)
	}
	stranger, _ := h.technician(h.outlet)
	_, err = h.ledger.Use(ctx, stranger, job, good)
	h.refused(err, fault.NotFound, "job")
	_, err = h.ledger.Use(ctx, h.clerk, job, good)
	h.refused(err, fault.Forbidden, "only the technician")
	h.exec(`UPDATE jobs SET status = 'accepted' WHERE id = $1`, job)
	_, err = h.ledger.Use(ctx, tech, job, good)
	h.refused(err, fault.Conflict, "is accepted")
	if uses, err := h.ledger.ListUses(ctx, tech, job); err != nil || len(uses) != 2 {
		t.Errorf("uses %v, %v", uses, err)
	}
	h.sound()
}

func TestOneSerialGoesIntoOneJob(t *testing.T) {
	t.Parallel()
	h := open(t)
	const crew = 8
	p := h.part("s")
	tech, van := h.technician(h.outlet)
	h.stock(van, p, 0, "N1")
	jobs := make([]uuid.UUID, crew)
	for i := range jobs {
		jobs[i] = h.job(h.outlet, tech)
	}
	errs := make([]error, crew)
	var wg sync.WaitGroup
	for i, job := range jobs {
		wg.Go(func() {
			_, errs[i] = h.ledger.Use(t.Context(), tech, job, inventory.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldPartWish: inventory.WishNone})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		h.refused(err, fault.Conflict, "unit N1 of part "+p.Number+" is not in "+van.Name+": it was used on job J-")
	}
	if won != 1 {
		t.Errorf("%d jobs got the unit", won)
	}
	h.sound()
}

func TestSettleBooksTheRestOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.technician(h.outlet)
	job := h.job(h.outlet, tech)
	unit, plain := h.part("sr"), h.part("")
	h.stock(van, unit, 0, "N1", "N2")
	h.stock(van, plain, 10)
	_, err := h.ledger.Use(ctx, tech, job, inventory.PartUse{PartID: unit.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: inventory.WishReturn})
	h.must(err)
	_, err = h.ledger.Use(ctx, tech, job, inventory.PartUse{PartID: plain.ID, Quantity: 2, OldPartWish: inventory.WishNone})
	h.must(err)
	brought := []inventory.PartUse{
		{PartID: unit.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: inventory.WishReturn},
		{PartID: plain.ID, Quantity: 5, OldPartWish: inventory.WishNone},
		{PartID: unit.ID, Quantity: 1, NewSerial: "N2", OldSerial: "O2", OldPartWish: inventory.WishReturn},
	}
	settle := func(uses []inventory.PartUse) ([]inventory.Use, error) {
		return h.ledger.Settle(ctx, tech, job, *tech.TechnicianID, uses)
	}
	for range 2 {
		all, err := settle(brought)
		h.must(err)
		if len(all) != 4 || h.holds(van.ID, plain) != 5 || h.holds(van.ID, unit) != 0 {
			t.Errorf("settled %+v; the van holds %d and %d", all, h.holds(van.ID, plain), h.holds(van.ID, unit))
		}
	}
	if all, err := settle(nil); err != nil || len(all) != 4 {
		t.Errorf("settled nothing more: %v, %v", all, err)
	}
	_, err = settle([]inventory.PartUse{{PartID: plain.ID, Quantity: 5, OldPartWish: inventory.WishNone}, {PartID: plain.ID, Quantity: 6, OldPartWish: inventory.WishNone}})
	h.refused(err, fault.Conflict, "/parts/1/quantity "+van.Name+" holds 5 of part "+plain.Number+", 1 more are needed")
	_, err = settle([]inventory.PartUse{{PartID: unit.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O9", OldPartWish: inventory.WishReturn}})
	h.refused(err, fault.Conflict, `/parts/0/old_serial was booked as "O1" before`)
	_, err = settle([]inventory.PartUse{{PartID: unit.ID, Quantity: 1, NewSerial: "N3", OldSerial: "O3", OldPartWish: inventory.WishReturn}})
	h.refused(err, fault.Conflict, "/parts/0/new_serial")
	if n := h.count(`SELECT count(*) FROM events WHERE kind = 'part.used'`); n != 2 {
		t.Errorf("settling told of itself: %d", n)
	}
	held, err := h.ledger.Holdings(ctx, []uuid.UUID{van.ID, h.warehouse.ID}, []uuid.UUID{plain.ID, unit.ID})
	if err != nil || len(held) != 1 || len(held[van.ID]) != 1 || held[van.ID][plain.ID] != 5 {
		t.Errorf("holdings %v, %v", held, err)
	}
	h.sound()
}

func TestUseTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.technician(h.outlet)
	job := h.job(h.outlet, tech)
	p := h.part("sr")
	h.stock(van, p, 0, "N1")
	use := inventory.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: inventory.WishReturn}
	used, err := h.ledger.Use(ctx, tech, job, use)
	h.must(err)
	_, err = h.ledger.Reverse(ctx, h.clerk, used.MovementID, "scanned the wrong one")
	h.must(err)
	r, err := h.counter.FindReturn(ctx, h.clerk, *used.ReturnID)
	h.must(err)
	if uses, err := h.ledger.ListUses(ctx, tech, job); err != nil || len(uses) != 0 || r.Status != inventory.ReturnWaived || h.whereIs(p, "N1") != inventory.KindVan {
		t.Errorf("uses %v, %v; return %+v", uses, err, r)
	}
	used, err = h.ledger.Use(ctx, tech, job, use)
	h.must(err)
	r, err = h.counter.FindReturn(ctx, h.clerk, *used.ReturnID)
	h.must(err)
	_, err = h.counter.ReceiveReturn(ctx, h.clerk, r.ID, r.Version, inventory.Scan{WarehouseID: h.warehouse.ID, Serial: "O1"})
	h.must(err)
	_, err = h.ledger.Reverse(ctx, h.clerk, used.MovementID, "too late")
	h.refused(err, fault.Conflict, "the old part is on its way back or here already")
	h.exec(`UPDATE jobs SET status = 'closed', closed_at = now() WHERE id = $1`, job)
	_, err = h.ledger.Reverse(ctx, h.clerk, used.MovementID, "too late")
	h.refused(err, fault.Conflict, "is closed")
	h.sound()
}

func TestJobsOfTechniciansWithoutOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	tech, _ := h.technician(h.outlet)
	job := h.job(h.outlet, tech)
	nobody := who.Actor{UserID: newID(), Roles: []who.Role{who.Technician}}
	_, err := h.ledger.ListUses(t.Context(), nobody, job)
	h.refused(err, fault.NotFound, "job")
	h.exec(`UPDATE technicians SET van_id = NULL`)
	_, err = h.ledger.Use(t.Context(), tech, job, inventory.PartUse{PartID: h.part("").ID, Quantity: 1, OldPartWish: inventory.WishNone})
	h.refused(err, fault.Conflict, "no van")
	if _, err := pg.Exec(t.Context(), h.db, `SELECT 1`); err != nil {
		t.Error(err)
	}
}
