package returns_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestWhatNobodyExpected(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p, plain := h.Part("sr"), h.Part("r")
	o := expect(h, p, 1, "Back")
	movement := text(h, `SELECT movement_id::text FROM part_uses WHERE id = $1`, *o.UseID)
	_, err := h.Uses.Reverse(ctx, h.Clerk, uuid.MustParse(movement), "the wrong job")
	h.Must(err)
	r, err := h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Scan: "Back"}), JobID: o.JobID, TechnicianID: o.TechnicianID})
	h.Must(err)
	if *r.Discrepancy != returns.DiscrepancyNotExpected || h.WhereIs(p, "Back") != inventory.KindQuarantine || *r.ReceivedScan != "Back" || *r.TechnicianID != *o.TechnicianID {
		t.Errorf("found %+v", r)
	}
	r, err = h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &plain.ID, Quantity: 3})})
	h.Must(err)
	if *r.ReceivedQuantity != 3 || h.Holds(*r.PlacedAt, plain) != 3 || r.Status != returns.StatusDiscrepant {
		t.Errorf("found %+v", r)
	}
	h.Stock(h.Warehouse, p, 0, "Shelf")
	r, err = h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "Shelf"})})
	h.Must(err)
	if *r.Discrepancy != returns.DiscrepancyInStock || r.MovementID != nil || h.WhereIs(p, "Shelf") != inventory.KindWarehouse {
		t.Errorf("found %+v", r)
	}
	resolved, err := h.Returns.Resolve(ctx, someone(h, who.Supervisor), r.ID, r.Version, returns.ResolutionAccepted, "counted twice")
	h.Must(err)
	_, err = h.Returns.Dispose(ctx, mate, r.ID, resolved.Version, returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &h.Warehouse.ID})
	h.Refused(err, fault.Conflict, "is dispositioned already")
	before := traces(h)
	nobody := uuid.New()
	for at, found := range map[string]returns.Found{
		"/serial part":                {Scan: at(h, returns.Thing{PartID: &p.ID})},
		"/job_id no such job":         {Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "X"}), JobID: &nobody},
		"/technician_id no such":      {Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "X"}), TechnicianID: &nobody},
		"/scan no part is known":      {Scan: at(h, returns.Thing{Scan: "no such thing"})},
		"/quantity 1 serials are":     {Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "X", Quantity: 2})},
		"/warehouse_id no such place": {Scan: returns.Scan{WarehouseID: nobody, Thing: returns.Thing{PartID: &p.ID, Serial: "X"}}},
	} {
		_, err := h.Returns.ReceiveUnannounced(ctx, h.Clerk, found)
		h.Refused(err, fault.Invalid, at[:9])
	}
	if after := traces(h); after != before {
		t.Errorf("refused finds left %d traces", after-before)
	}
	h.Sound()
}
