package receiving_test

import (
	"testing"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/receiving"
)

func TestARefusedReceiptLeavesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 1}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 1})
	d, err := h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 1), counted(q, 0, "TWICE")})
	h.Must(err)
	// Another receipt brings the same serial in between.
	h.Stock(h.Warehouse, q, 0, "TWICE")
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Refused(err, fault.Conflict, "unit TWICE of part "+q.Number+" is not in supplier")
	elsewhere := h.Place(inventory.KindWarehouse, h.Outlet)
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, []receiving.PutAway{{PartID: p.ID, LocationID: elsewhere.ID}})
	h.Refused(err, fault.Invalid, "/put_away/0/location_id "+elsewhere.Name+" is no part of "+h.Warehouse.Name)
	if got, _ := h.dock.Find(ctx, h.Clerk, d.ID); got.Status != receiving.StatusCounting || got.Lines[0].Accepted != 0 {
		t.Errorf("a refused receipt left %+v", got)
	}
	if h.Holds(h.Warehouse.ID, p) != 0 || h.Count(`SELECT count(*) FROM movements WHERE reference_id IS NOT NULL`) != 0 || h.Count(`SELECT count(*) FROM river_job`) != 0 {
		t.Error("a refused receipt moved something")
	}
	h.Sound()
}

func TestCrashesOfTheDockLeaveNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	_, err := h.policies.Current(ctx) // writes its defaults when it is first asked
	h.Must(err)
	var d receiving.Delivery
	var sent receiving.Transfer
	other, more := h.Place(inventory.KindWarehouse, h.Outlet), h.Part("")
	_, van := h.Technician(h.Outlet)
	for _, step := range []struct {
		name   string
		writes int // at the least
		do     func() error
	}{
		{"announce", 4, func() (err error) {
			d, err = h.dock.Announce(ctx, h.Clerk, receiving.Announced{
				SupplierID: h.supplier.ID, NoteNumber: "N-1", WarehouseID: h.Warehouse.ID,
				Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 3}, {PartID: q.ID, Quantity: 1}},
			})
			return err
		}},
		{"correct", 4, func() error {
			got, err := h.dock.Amend(ctx, h.Clerk, d.ID, 1, receiving.Correction{Note: to("a box"), Lines: []receiving.CorrectedLine{{PartID: q.ID, UnitCost: to(to(int64(5)))}, {PartID: more.ID, Quantity: to(2)}}})
			if err == nil {
				d = got
			}
			return err
		}},
		{"set levels", 4, func() error {
			_, err := h.dock.SetLevels(ctx, h.Clerk, van.ID, 1, []receiving.Level{{PartID: p.ID, Max: 1}, {PartID: q.ID, Max: 2}})
			return err
		}},
		{"count", 4, func() error {
			got, err := h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 5), counted(q, 0, "U1")})
			if err == nil {
				d = got
			}
			return err
		}},
		{"receive", 8, func() error { _, err := h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil); return err }},
		{"send", 5, func() (err error) {
			sent, err = h.dock.Send(ctx, h.Clerk, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: other.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 2}, {PartID: q.ID, Serials: []string{"U1"}}}})
			return err
		}},
		{"receive a transfer", 4, func() (err error) {
			_, err = h.dock.ReceiveTransfer(ctx, h.other, sent.ID, 1, []inventory.Line{{PartID: p.ID, Quantity: 1}})
			return err
		}},
		{"settle", 5, func() (err error) {
			_, err = h.dock.Settle(ctx, h.chief, sent.ID, 2, receiving.Settling{Back: []inventory.Line{{PartID: q.ID, Serials: []string{"U1"}}}, WriteOff: true, Reason: "one fell off"})
			return err
		}},
		{"release", 4, func() error {
			_, err := h.dock.ReleaseHeld(ctx, h.chief, receiving.Releasing{
				LocationID: h.quarantine(), Outcome: receiving.OutcomeGood, ToLocation: &h.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}},
			})
			return err
		}},
		{"send back", 5, func() error {
			_, err := h.dock.ReleaseHeld(ctx, h.chief, receiving.Releasing{
				LocationID: h.quarantine(), Outcome: receiving.OutcomeSupplier, RMA: "R-1", Lines: []inventory.Line{{PartID: p.ID, Quantity: 1}},
			})
			return err
		}},
	} {
		if n := h.Crashing(step.name, step.do); n < step.writes {
			t.Errorf("%s: only %d writes were tried", step.name, n)
		}
	}
	h.Sound()
}
