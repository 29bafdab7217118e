package uses_test

import (
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestUseExpectsTheOldPart(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	job := h.Job(h.Outlet, tech)
	p := h.Part("sr")
	h.Stock(van, p, 0, "N1", "N2", "N3")
	h.Stock(h.Warehouse, p, 0, "W1")
	used, err := h.Uses.Use(ctx, tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	h.Must(err)
	if h.WhereIs(p, "N1") != inventory.KindCustomerSite || h.Holds(van.ID, p) != 2 || used.PartNumber != p.Number {
		t.Errorf("used %+v", used)
	}
	r, err := h.Returns.Find(ctx, tech, *used.ReturnID)
	h.Must(err)
	if r.Status != returns.StatusExpected || *r.ExpectedSerial != "O1" || *r.TechnicianID != *tech.TechnicianID || r.Number[0] != 'R' {
		t.Errorf("expected %+v", r)
	}
	kept, err := h.Uses.Use(ctx, tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N2", OldSerial: "O2", OldPartWish: uses.WishKeeps})
	h.Must(err)
	if r, err := h.Returns.Find(ctx, tech, *kept.ReturnID); err != nil || r.Status != returns.StatusWaived || *r.WaivedBecause != returns.WaivedCustomerKeeps {
		t.Errorf("kept %+v, %v", r, err)
	}
	good := uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N3", OldSerial: "O3", OldPartWish: uses.WishReturn}
	tests := []struct {
		name string
		with func(*uses.PartUse)
		code fault.Code
		text string
	}{
		{"used before", func(u *uses.PartUse) { u.NewSerial = "N1" }, fault.Conflict, "/new_serial unit N1 of part " + p.Number + " is not in " + van.Name + ": it was used on job J-"},
		{"in the warehouse", func(u *uses.PartUse) { u.NewSerial = "W1" }, fault.Conflict, "it is in " + h.Warehouse.Name},
		{"an unknown unit", func(u *uses.PartUse) { u.NewSerial = "N9" }, fault.Conflict, "the books do not know it"},
		{"no new serial", func(u *uses.PartUse) { u.NewSerial = "" }, fault.Invalid, "/new_serial"},
		{"two with one serial", func(u *uses.PartUse) { u.Quantity = 2 }, fault.Invalid, "/quantity"},
		{"no old serial", func(u *uses.PartUse) { u.OldSerial = "" }, fault.Invalid, "/old_serial the old part's serial is required"},
		{"nothing came out", func(u *uses.PartUse) { u.OldPartWish = uses.WishNone }, fault.Invalid, "/old_part_wish"},
		{"old is new", func(u *uses.PartUse) { u.OldSerial = "N3" }, fault.Invalid, "/old_serial is the new part's serial"},
		{"old is good stock", func(u *uses.PartUse) { u.OldSerial = "W1" }, fault.Conflict, "/old_serial unit W1 of part " + p.Number + " cannot have come out here: it is in " + h.Warehouse.Name},
		{"old is expected already", func(u *uses.PartUse) { u.OldSerial = "O1" }, fault.Conflict, "part return " + r.Number},
		{"no such part", func(u *uses.PartUse) { u.PartID = uuid.New() }, fault.Invalid, "/part_id"},
	}
	before := h.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)`)
	for _, tt := range tests {
		t.Run(tt.name, func(*testing.T) {
			u := good
			tt.with(&u)
			_, err := h.Uses.Use(ctx, tech, job, u)
			h.Refused(err, tt.code, tt.text)
		})
	}
	if after := h.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events)`); after != before {
		t.Errorf("refused uses left %d traces", after-before)
	}
	stranger, _ := h.Technician(h.Outlet)
	_, err = h.Uses.Use(ctx, stranger, job, good)
	h.Refused(err, fault.NotFound, "job")
	_, err = h.Uses.Use(ctx, h.Clerk, job, good)
	h.Refused(err, fault.Forbidden, "only the technician")
	h.Exec(`UPDATE jobs SET status = 'accepted' WHERE id = $1`, job)
	_, err = h.Uses.Use(ctx, tech, job, good)
	h.Refused(err, fault.Conflict, "is accepted")
	if all, err := h.Uses.List(ctx, tech, job); err != nil || len(all) != 2 {
		t.Errorf("uses %v, %v", all, err)
	}
	h.Sound()
}

func TestOneSerialGoesIntoOneJob(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	const crew = 8
	p := h.Part("s")
	tech, van := h.Technician(h.Outlet)
	h.Stock(van, p, 0, "N1")
	jobs := make([]uuid.UUID, crew)
	for i := range jobs {
		jobs[i] = h.Job(h.Outlet, tech)
	}
	errs := make([]error, crew)
	var wg sync.WaitGroup
	for i, job := range jobs {
		wg.Go(func() {
			_, errs[i] = h.Uses.Use(t.Context(), tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldPartWish: uses.WishNone})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		h.Refused(err, fault.Conflict, "unit N1 of part "+p.Number+" is not in "+van.Name+": it was used on job J-")
	}
	if won != 1 {
		t.Errorf("%d jobs got the unit", won)
	}
	h.Sound()
}

func TestSettleBooksTheRestOnce(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	job := h.Job(h.Outlet, tech)
	unit, plain := h.Part("sr"), h.Part("")
	h.Stock(van, unit, 0, "N1", "N2")
	h.Stock(van, plain, 10)
	_, err := h.Uses.Use(ctx, tech, job, uses.PartUse{PartID: unit.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	h.Must(err)
	_, err = h.Uses.Use(ctx, tech, job, uses.PartUse{PartID: plain.ID, Quantity: 2, OldPartWish: uses.WishNone})
	h.Must(err)
	brought := []uses.PartUse{
		{PartID: unit.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn},
		{PartID: plain.ID, Quantity: 5, OldPartWish: uses.WishNone},
		{PartID: unit.ID, Quantity: 1, NewSerial: "N2", OldSerial: "O2", OldPartWish: uses.WishReturn},
	}
	settle := func(told []uses.PartUse) ([]uses.Use, error) {
		return h.Uses.Settle(ctx, tech, job, *tech.TechnicianID, told)
	}
	for range 2 {
		all, err := settle(brought)
		h.Must(err)
		if len(all) != 4 || h.Holds(van.ID, plain) != 5 || h.Holds(van.ID, unit) != 0 {
			t.Errorf("settled %+v; the van holds %d and %d", all, h.Holds(van.ID, plain), h.Holds(van.ID, unit))
		}
	}
	if all, err := settle(nil); err != nil || len(all) != 4 {
		t.Errorf("settled nothing more: %v, %v", all, err)
	}
	_, err = settle([]uses.PartUse{{PartID: plain.ID, Quantity: 5, OldPartWish: uses.WishNone}, {PartID: plain.ID, Quantity: 6, OldPartWish: uses.WishNone}})
	h.Refused(err, fault.Conflict, "/parts/1/quantity "+van.Name+" holds 5 of part "+plain.Number+", 1 more are needed")
	_, err = settle([]uses.PartUse{{PartID: unit.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O9", OldPartWish: uses.WishReturn}})
	h.Refused(err, fault.Conflict, `/parts/0/old_serial was booked as "O1" before`)
	_, err = settle([]uses.PartUse{{PartID: unit.ID, Quantity: 1, NewSerial: "N3", OldSerial: "O3", OldPartWish: uses.WishReturn}})
	h.Refused(err, fault.Conflict, "/parts/0/new_serial")
	if n := h.Count(`SELECT count(*) FROM events WHERE kind = 'part.used'`); n != 2 {
		t.Errorf("settling told of itself: %d", n)
	}
	held, err := h.Ledger.Holdings(ctx, []uuid.UUID{van.ID, h.Warehouse.ID}, []uuid.UUID{plain.ID, unit.ID})
	if err != nil || len(held) != 1 || len(held[van.ID]) != 1 || held[van.ID][plain.ID] != 5 {
		t.Errorf("holdings %v, %v", held, err)
	}
	h.Sound()
}

func TestUseTakenBack(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	job := h.Job(h.Outlet, tech)
	p := h.Part("sr")
	h.Stock(van, p, 0, "N1")
	use := uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn}
	used, err := h.Uses.Use(ctx, tech, job, use)
	h.Must(err)
	_, err = h.Uses.Reverse(ctx, h.Clerk, used.MovementID, "scanned the wrong one")
	h.Must(err)
	r, err := h.Returns.Find(ctx, h.Clerk, *used.ReturnID)
	h.Must(err)
	if all, err := h.Uses.List(ctx, tech, job); err != nil || len(all) != 0 || r.Status != returns.StatusWaived || h.WhereIs(p, "N1") != inventory.KindVan {
		t.Errorf("uses %v, %v; return %+v", all, err, r)
	}
	used, err = h.Uses.Use(ctx, tech, job, use)
	h.Must(err)
	r, err = h.Returns.Find(ctx, h.Clerk, *used.ReturnID)
	h.Must(err)
	_, err = h.Returns.Receive(ctx, h.Clerk, r.ID, r.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Thing: returns.Thing{Serial: "O1"}})
	h.Must(err)
	_, err = h.Uses.Reverse(ctx, h.Clerk, used.MovementID, "too late")
	h.Refused(err, fault.Conflict, "the old part is on its way back or here already")
	h.Exec(`UPDATE jobs SET status = 'closed', closed_at = now() WHERE id = $1`, job)
	_, err = h.Uses.Reverse(ctx, h.Clerk, used.MovementID, "too late")
	h.Refused(err, fault.Conflict, "is closed")
	h.Sound()
}

func TestJobsOfTechniciansWithoutOne(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	tech, _ := h.Technician(h.Outlet)
	job := h.Job(h.Outlet, tech)
	nobody := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Technician}}
	_, err := h.Uses.List(t.Context(), nobody, job)
	h.Refused(err, fault.NotFound, "job")
	h.Exec(`UPDATE technicians SET van_id = NULL`)
	_, err = h.Uses.Use(t.Context(), tech, job, uses.PartUse{PartID: h.Part("").ID, Quantity: 1, OldPartWish: uses.WishNone})
	h.Refused(err, fault.Conflict, "no van")
	if _, err := pg.Exec(t.Context(), h.DB, `SELECT 1`); err != nil {
		t.Error(err)
	}
}
