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

func TestWhatNobodySignedForIsDueAgain(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p, plain := h.Part("sr"), h.Part("r")
	tech, van := h.Technician(h.Outlet)
	kept, many := expectOf(h, tech, van, p, 1, "Kept", uses.WishKeeps), expectOf(h, tech, van, plain, 3, "", uses.WishKeeps)
	drawn := expectOf(h, tech, van, p, 1, "Drawn", uses.WishReturn)
	_, err := h.Returns.Waive(ctx, tech, drawn.ID, drawn.Version, returns.Waiving{Signer: "Nobody", PNG: signature(h)})
	h.Must(err)
	sealed, elsewhere := expectOf(h, tech, van, p, 1, "Sealed", uses.WishKeeps), expectOf(h, tech, van, p, 1, "Elsewhere", uses.WishKeeps)
	seal(h, *sealed.JobID)
	later := expectOf(h, tech, van, p, 1, "Later", uses.WishReturn)
	h.Exec(`UPDATE part_returns SET expected_serial = 'Elsewhere' WHERE id = $1`, later.ID) // put in somewhere else since, and out again
	for _, o := range []owed{kept, many, drawn, sealed, elsewhere} {
		h.Must(h.Returns.Reclaim(ctx, tech, *o.JobID))
		h.Must(h.Returns.Reclaim(ctx, tech, *o.JobID)) // and once is enough
		r, err := h.Returns.Find(ctx, tech, o.ID)
		h.Must(err)
		waits := o.ID != sealed.ID && o.ID != elsewhere.ID
		if waits != (r.Status == returns.StatusExpected) || waits == r.Signed && o.ID == sealed.ID || waits && (r.WaivedBecause != nil || !r.DueAt.After(*o.DueAt) || r.MovementID != nil) {
			t.Errorf("%v: %+v", o.ExpectedSerial, r)
		}
		if n := h.Count(`SELECT count(*) FROM events WHERE kind = 'part_return.due_again' AND subject_id = $1`, o.ID); n == 1 != waits {
			t.Errorf("%v: told %d times", o.ExpectedSerial, n)
		}
	}
	if h.WhereIs(p, "Kept") != inventory.KindCustomerSite || h.WhereIs(p, "Drawn") != inventory.KindCustomerSite || h.WhereIs(p, "Sealed") != inventory.KindCustomerKept {
		t.Errorf("kept at %s", h.WhereIs(p, "Kept"))
	}
	// It stays so: once the job is over the technician has nobody's word but his own.
	h.Exec(`UPDATE jobs SET status = 'incomplete' WHERE id = $1`, *drawn.JobID)
	again, err := h.Returns.Find(ctx, tech, drawn.ID)
	h.Must(err)
	_, err = h.Returns.Waive(ctx, tech, drawn.ID, again.Version, returns.Waiving{Signer: "Nobody", PNG: signature(h)})
	h.Refused(err, fault.Forbidden, "a supervisor alone")
	chief := someone(h, who.Supervisor)
	r, err := h.Returns.Waive(ctx, chief, drawn.ID, again.Version, returns.Waiving{Signer: "Wang", PNG: signature(h)})
	h.Must(err)
	if w, err := h.Returns.FindWaiver(ctx, chief, drawn.ID); err != nil || w.Signer != "Wang" || !r.Signed || h.Count(`SELECT count(*) FROM part_return_signatures WHERE return_id = $1`, drawn.ID) != 2 {
		t.Errorf("signed by %+v, %v", w, err)
	}
	story, err := h.Returns.History(ctx, chief, drawn.ID)
	if err != nil || len(story) != 3 {
		t.Errorf("the history has %d lines, %v", len(story), err)
	}
	h.Sound()
}

func TestASupervisorWaitsForWhatTheCustomerDoesNotKeep(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p, plain := h.Part("sr"), h.Part("r")
	tech, van := h.Technician(h.Outlet)
	chief := someone(h, who.Supervisor)
	kept := expectOf(h, tech, van, p, 1, "Kept", uses.WishKeeps)
	_, err := h.Returns.DueAgain(ctx, chief, kept.ID, kept.Version, " ")
	h.Refused(err, fault.Invalid, "/reason must not be blank")
	r, err := h.Returns.DueAgain(ctx, chief, kept.ID, kept.Version, "he never kept it")
	h.Must(err)
	if r.Status != returns.StatusExpected || h.WhereIs(p, "Kept") != inventory.KindCustomerSite {
		t.Errorf("due again: %+v", r)
	}
	_, err = h.Returns.DueAgain(ctx, chief, kept.ID, r.Version, "twice")
	h.Refused(err, fault.Conflict, "expected already")

	back := expectOf(h, tech, van, p, 1, "Back", uses.WishKeeps)
	_, err = h.Uses.Reverse(ctx, h.Clerk, uuid.MustParse(text(h, `SELECT movement_id::text FROM part_uses WHERE id = $1`, *back.UseID)), "the wrong job")
	h.Must(err)
	_, err = h.Returns.DueAgain(ctx, chief, back.ID, back.Version+1, "why not")
	h.Refused(err, fault.Conflict, "was taken back")
	_, err = h.Returns.Receive(ctx, h.Clerk, back.ID, back.Version+1, at(h, unit("Back")))
	h.Refused(err, fault.Conflict, "waived")

	// The warehouse takes in what comes after all.
	for _, came := range []struct {
		owed
		thing returns.Thing
		as    returns.Status
	}{
		{expectOf(h, tech, van, p, 1, "Came", uses.WishKeeps), unit("Came"), returns.StatusMatched},
		{expectOf(h, tech, van, p, 1, "Not", uses.WishKeeps), unit("Other"), returns.StatusDiscrepant},
		{expectOf(h, tech, van, plain, 3, "", uses.WishKeeps), returns.Thing{Quantity: 3}, returns.StatusMatched},
	} {
		_, err := h.Returns.Receive(ctx, h.Clerk, came.ID, came.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true})
		h.Refused(err, fault.Invalid, "/missing the customer keeps it")
		r, err := h.Returns.Receive(ctx, h.Clerk, came.ID, came.Version, at(h, came.thing))
		h.Must(err)
		if r.Status != came.as || *r.ArrivedAs != returns.StatusWaived || r.WaivedBecause != nil || r.Signed {
			t.Errorf("received %+v", r)
		}
		if came.as != returns.StatusDiscrepant {
			continue
		}
		r, err = h.Returns.Resolve(ctx, chief, r.ID, r.Version, returns.ResolutionDueAgain, "not this one")
		h.Must(err)
		if r.Status != returns.StatusExpected || h.WhereIs(p, "Not") != inventory.KindCustomerSite {
			t.Errorf("due again: %+v", r)
		}
	}
	// What came by another way stays where it is, and is waited for all the same.
	gone := expectOf(h, tech, van, p, 1, "Gone", uses.WishKeeps)
	_, err = h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "Gone"})})
	h.Must(err)
	h.Must(h.Returns.Reclaim(ctx, tech, *gone.JobID))
	if r, err = h.Returns.Find(ctx, tech, gone.ID); err != nil || r.Status != returns.StatusExpected || h.WhereIs(p, "Gone") != inventory.KindQuarantine {
		t.Errorf("gone: %+v, %v", r, err)
	}
	h.Sound()
}
