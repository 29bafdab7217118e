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

func TestDiscrepanciesAreResolvedBySomebodyElse(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p, plain := h.Part("sr"), h.Part("r")
	chief := someone(h, who.Supervisor)
	both := h.Clerk
	both.Roles = []who.Role{who.Warehouse, who.Supervisor}

	o := collect(h, expect(h, p, 1, "Right"))
	r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, at(h, unit("Wrong")))
	h.Must(err)
	_, err = h.Returns.Resolve(ctx, both, r.ID, r.Version, returns.ResolutionAccepted, "it is fine")
	h.Refused(err, fault.Forbidden, "whoever brought or received")
	_, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &h.Warehouse.ID})
	h.Refused(err, fault.Conflict, "cannot become dispositioned")
	r, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionDueAgain, "bring the right one")
	h.Must(err)
	if r.Status != returns.StatusCollected || r.MovementID != nil || r.ReceivedAt != nil || r.Discrepancy != nil || h.WhereIs(p, "Right") != inventory.KindCollected {
		t.Errorf("due again: %+v", r)
	}
	strangers, _, err := h.Returns.List(ctx, h.Clerk, returns.Filter{Status: returns.StatusDiscrepant}, uuid.Nil, 10)
	if err != nil || len(strangers) != 1 || *strangers[0].ReceivedSerial != "Wrong" || *strangers[0].Discrepancy != returns.DiscrepancyNeverIssued || strangers[0].UseID != nil ||
		*strangers[0].FollowsID != r.ID || len(r.FollowedBy) != 1 || r.FollowedBy[0] != strangers[0].ID || r.ResolutionNote != "bring the right one" {
		t.Errorf("what came instead: %+v, %v", strangers, err)
	}
	r, err = h.Returns.Receive(ctx, h.Clerk, r.ID, r.Version, at(h, unit("Right")))
	h.Must(err)
	if r.Status != returns.StatusMatched {
		t.Errorf("got %s", r.Status)
	}

	o = collect(h, expect(h, p, 1, "Gone"))
	r, err = h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true})
	h.Must(err)
	if h.WhereIs(p, "Gone") != inventory.KindCollected {
		t.Errorf("what did not come is in %s", h.WhereIs(p, "Gone"))
	}
	r, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionCharged, "lost on the way")
	h.Must(err)
	if r.Status != returns.StatusResolved || *r.Resolution != returns.ResolutionCharged || h.WhereIs(p, "Gone") != inventory.KindAdjustment ||
		len(r.Dispositions) != 1 || r.Dispositions[0].Kind != returns.DispositionWrittenOff {
		t.Errorf("charged: %+v", r)
	}
	_, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionCharged, "twice")
	h.Refused(err, fault.Conflict, "is resolved already (U, ")

	o = collect(h, expect(h, plain, 3, ""))
	box := *o.HeldAt
	r, err = h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, at(h, returns.Thing{Quantity: 2}))
	h.Must(err)
	_, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionDueAgain, "?")
	h.Refused(err, fault.Invalid, "/resolution what was expected came")
	r, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionAccepted, "one fell to pieces")
	h.Must(err)
	if h.Holds(box, plain) != 0 || h.Holds(*r.PlacedAt, plain) != 2 {
		t.Errorf("the box holds %d, the quarantine %d", h.Holds(box, plain), h.Holds(*r.PlacedAt, plain))
	}
	_, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &h.Warehouse.ID})
	h.Must(err)
	if h.Holds(h.Warehouse.ID, plain) != 2 {
		t.Errorf("the shelf holds %d", h.Holds(h.Warehouse.ID, plain))
	}
	h.Sound()
}
