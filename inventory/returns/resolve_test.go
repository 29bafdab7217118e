package returns_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

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
	if r.Status != returns.StatusDispositioned || *r.Resolution != returns.ResolutionCharged || h.WhereIs(p, "Gone") != inventory.KindAdjustment ||
		len(r.Dispositions) != 1 || r.Dispositions[0].Kind != returns.DispositionWrittenOff {
		t.Errorf("charged: %+v", r)
	}
	_, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionCharged, "twice")
	h.Refused(err, fault.Conflict, "was resolved already (U, ")

	o = collect(h, expect(h, plain, 3, ""))
	box := *o.HeldAt
	r, err = h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, at(h, returns.Thing{Quantity: 2}))
	h.Must(err)
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

func TestTheRestOfWhatCameInPartIsDueAgain(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	plain, chief, mate := h.Part("r"), someone(h, who.Supervisor), someone(h, who.Warehouse)
	o := collect(h, expect(h, plain, 6, ""))
	box := *o.HeldAt
	r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version, at(h, returns.Thing{Quantity: 4}))
	h.Must(err)
	r, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionDueAgain, "bring the two")
	h.Must(err)
	if r.Status != returns.StatusResolved || *r.Resolution != returns.ResolutionDueAgain || r.Quantity != 6 || len(r.FollowedBy) != 1 || h.Holds(*r.PlacedAt, plain) != 4 || h.Holds(box, plain) != 2 {
		t.Fatalf("of the six: %+v", r)
	}
	rest, err := h.Returns.Find(ctx, o.tech, r.FollowedBy[0])
	h.Must(err)
	if rest.Status != returns.StatusCollected || rest.Quantity != 2 || *rest.FollowsID != r.ID || *rest.UseID != *r.UseID || !rest.DueAt.After(*o.DueAt) {
		t.Errorf("the rest: %+v", rest)
	}
	if story, err := h.Returns.History(ctx, chief, rest.ID); err != nil || len(story) != 1 || story[0].Text.String() != "discrepancy (missing) judged: due again; bring the two; 2 are due again" {
		t.Errorf("told as %v, %v", story, err)
	}
	if used, err := h.Uses.List(ctx, o.tech, *o.JobID); err != nil || len(used) != 1 || *used[0].ReturnID != o.ID {
		t.Errorf("the job has the uses %+v, %v", used, err)
	}
	_, err = h.Uses.Reverse(ctx, h.Clerk, uuid.MustParse(text(h, `SELECT movement_id::text FROM part_uses WHERE id = $1`, *o.UseID)), "the wrong job")
	h.Refused(err, fault.Conflict, "part return "+r.Number)
	_, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &h.Warehouse.ID})
	h.Must(err)
	// The rest goes its way: one comes in a parcel, and the last never.
	rest, err = h.Returns.ShipOne(ctx, o.tech, rest.ID, rest.Version, returns.Parcel{Carrier: "SF", Waybill: "W-6"})
	h.Must(err)
	rest, err = h.Returns.Receive(ctx, h.Clerk, rest.ID, rest.Version, at(h, returns.Thing{Quantity: 1}))
	h.Must(err)
	rest, err = h.Returns.Resolve(ctx, chief, rest.ID, rest.Version, returns.ResolutionDueAgain, "and the last")
	h.Must(err)
	last, err := h.Returns.Find(ctx, o.tech, rest.FollowedBy[0])
	h.Must(err)
	if last.Status != returns.StatusExpected || last.Quantity != 1 || last.ShipmentID != nil {
		t.Errorf("the last: %+v", last)
	}
	last, err = h.Returns.Receive(ctx, h.Clerk, last.ID, last.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true})
	h.Must(err)
	last, err = h.Returns.Resolve(ctx, chief, last.ID, last.Version, returns.ResolutionCharged, "lost")
	h.Must(err)
	if last.Status != returns.StatusDispositioned || h.Holds(*last.HeldAt, plain) != 0 || h.Count(`SELECT count(*) FROM movements WHERE kind = 'dispose' AND reference_id = $1`, last.ID) != 1 {
		t.Errorf("charged: %+v", last)
	}
	h.Sound()
}

func TestAParcelIsRememberedWhereItsPartIsDueAgain(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p, chief := h.Part("sr"), someone(h, who.Supervisor)
	o := collect(h, expect(h, p, 1, "O1"))
	sent, err := h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "W-1", ReturnIDs: []uuid.UUID{o.ID}})
	h.Must(err)
	r, err := h.Returns.Receive(ctx, h.Clerk, o.ID, o.Version+1, returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true})
	h.Must(err)
	r, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionDueAgain, "look again")
	h.Must(err)
	for _, by := range []who.Actor{h.Clerk, o.tech} {
		sent, err = h.Returns.FindShipment(ctx, by, sent.ID)
		if err != nil || sent.Open != 0 || len(sent.ReturnIDs) != 1 || sent.ReturnIDs[0] != o.ID {
			t.Errorf("the parcel %+v, %v", sent, err)
		}
	}
	story, err := h.Returns.History(ctx, chief, o.ID)
	h.Must(err)
	if len(story) != 4 || story[1].Text.String() != "sent with SF, waybill W-1" {
		t.Errorf("told as %v", story)
	}
	if rows, _, err := h.Returns.List(ctx, chief, returns.Filter{Waybill: "W-1"}, uuid.Nil, 10); err != nil || len(rows) != 1 || r.ShipmentID != nil {
		t.Errorf("%d with the waybill, %v", len(rows), err)
	}
	// One photo shows one old part.
	other := expectOf(h, o.tech, o.van, p, 1, "O2", uses.WishReturn)
	h.Exec(`UPDATE photos SET job_id = $2 WHERE id = $1`, o.PhotoIDs[0], *other.JobID)
	_, err = h.Returns.Collect(ctx, o.tech, other.ID, other.Version, returns.Collection{PhotoIDs: o.PhotoIDs, Serial: "O2"})
	h.Refused(err, fault.Invalid, "/photo_ids/0 it shows the old part of part return "+o.Number)
}
