package receiving_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func TestAVanIsLoadedWithinThePolicyAndEmptiedByItsTechnician(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	price := int64(10000) // the policy lets 50000 pass
	dear, unknown := h.Part(""), h.Part("")
	h.Exec(`UPDATE parts SET list_price = $1 WHERE id = $2`, price, dear.ID)
	h.Stock(h.Warehouse, dear, 30)
	h.Stock(h.Warehouse, unknown, 5)
	of := func(p inventory.Part, n int) inventory.Line { return inventory.Line{PartID: p.ID, Quantity: n} }
	const more = "this is more than goes into a van within a day"

	_, err := h.send(h.Clerk, h.Warehouse.ID, van.ID, of(dear, 6))
	h.Refused(err, fault.Forbidden, more)
	_, err = h.send(h.Clerk, h.Warehouse.ID, van.ID, of(unknown, 1))
	h.Refused(err, fault.Forbidden, more)
	first, err := h.send(h.Clerk, h.Warehouse.ID, van.ID, of(dear, 3))
	h.Must(err)
	_, err = h.send(h.other, h.Warehouse.ID, van.ID, of(dear, 3))
	h.Refused(err, fault.Forbidden, more)
	if n := h.Holds(h.Warehouse.ID, dear); n != 27 {
		t.Errorf("refused loads left %d of 27", n)
	}
	// What came back is no load, and what a supervisor sends somebody has decided.
	_, err = h.dock.Settle(ctx, h.Clerk, first.ID, first.Version, receiving.Settling{Back: []inventory.Line{of(dear, 3)}, Reason: "not needed"})
	h.Must(err)
	big, err := h.send(h.chief, h.Warehouse.ID, van.ID, of(dear, 9), of(unknown, 1))
	h.Must(err)
	_, err = h.dock.ReceiveTransfer(ctx, tech, big.ID, big.Version, []inventory.Line{of(dear, 9), of(unknown, 1)})
	h.Must(err)

	passed := h.atOnce(5, func(int) error {
		_, err := h.send(h.Clerk, h.Warehouse.ID, van.ID, of(dear, 2))
		return err
	}, fault.Forbidden)
	if passed != 2 {
		t.Errorf("%d loads of 20000 pass at once, want 2", passed)
	}

	for _, by := range []who.Actor{h.Clerk, h.chief} {
		_, err = h.send(by, van.ID, h.Warehouse.ID, of(dear, 1))
		h.Refused(err, fault.Invalid, "/from_location_id out of this van sends its technician alone")
	}
	_, err = h.send(tech, van.ID, h.Warehouse.ID, of(dear, 1))
	h.Must(err)
	h.Exec(`UPDATE technicians SET status = 'suspended' WHERE id = $1`, *tech.TechnicianID)
	_, err = h.send(h.Clerk, van.ID, h.Warehouse.ID, of(dear, 1))
	h.Refused(err, fault.Invalid, "/from_location_id out of a van without a technician at work sends a supervisor alone")
	_, err = h.send(h.chief, van.ID, h.Warehouse.ID, of(dear, 1))
	h.Must(err)

	for _, by := range []who.Actor{h.Clerk, h.chief, tech} {
		_, err = h.Ledger.Transfer(ctx, by, inventory.Transfer{FromLocation: h.Warehouse.ID, ToLocation: van.ID, Lines: []inventory.Line{of(dear, 1)}})
		h.Refused(err, fault.Invalid, "/to_location_id a van is loaded by part requests")
		_, err = h.Ledger.Transfer(ctx, by, inventory.Transfer{FromLocation: van.ID, ToLocation: h.Warehouse.ID, Lines: []inventory.Line{of(dear, 1)}})
		h.Refused(err, fault.Invalid, "/from_location_id a van is loaded by part requests")
	}
	h.Stock(van, dear, 1)
	moves, _, err := h.Ledger.ListMovements(ctx, h.Clerk, inventory.MovementFilter{LocationID: &van.ID}, uuid.Nil, 1)
	h.Must(err)
	_, err = h.Ledger.Reverse(ctx, h.Clerk, moves[0].ID, "out of the van")
	h.Refused(err, fault.Forbidden, "taken back by a supervisor's word alone")
	h.Sound()
}
