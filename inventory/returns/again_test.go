package returns_test

import (
	"slices"
	"testing"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestWhatAParcelDidNotBringComesByHand(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("sr")
	o := collect(h, expect(h, p, 1, "Right"))
	r, err := h.Returns.ShipOne(ctx, o.tech, o.ID, o.Version, returns.Parcel{Carrier: "SF", Waybill: "SF1"})
	h.Must(err)
	r, err = h.Returns.Receive(ctx, h.Clerk, r.ID, r.Version, at(h, unit("Wrong")))
	h.Must(err)
	r, err = h.Returns.Resolve(ctx, someone(h, who.Supervisor), r.ID, r.Version, returns.ResolutionDueAgain, "the right one, please")
	h.Must(err)
	if r.Status != returns.StatusExpected || r.ShipmentID != nil || r.Waybill != nil || r.ResolutionNote != "the right one, please" || len(r.FollowedBy) != 1 {
		t.Errorf("due again: %+v", r)
	}
	stranger, err := h.Returns.Find(ctx, h.Clerk, r.FollowedBy[0])
	h.Must(err)
	if *stranger.FollowsID != r.ID || *stranger.Discrepancy != returns.DiscrepancyNeverIssued || *stranger.ReceivedSerial != "Wrong" || *stranger.Waybill != "SF1" {
		t.Errorf("what came: %+v", stranger)
	}
	story, err := h.Returns.History(ctx, h.Clerk, r.ID)
	h.Must(err)
	var told []string
	for _, e := range story {
		told = append(told, e.Text.In(words.English))
	}
	if want := []string{
		"the technician took the old part along", "sent with SF, waybill SF1", "received with a discrepancy: never issued; serial Wrong",
		"discrepancy (never issued) judged: due again; the right one, please; serial Wrong",
	}; !slices.Equal(told, want) {
		t.Errorf("the story: %q", told)
	}
	if zh := story[3].Text.In(words.Chinese); zh != "差异（未发放过的序列号）处理：重新待返还；the right one, please；序列号 Wrong" {
		t.Errorf("in Chinese: %s", zh)
	}
	_, err = h.Returns.History(ctx, who.Actor{Roles: []who.Role{who.Warehouse}, OutletID: &r.ID}, r.ID)
	h.Refused(err, fault.NotFound, "part return")
	r, err = h.Returns.HandIn(ctx, h.Clerk, r.ID, r.Version, at(h, unit("Right")))
	h.Must(err)
	if r.Status != returns.StatusMatched || h.WhereIs(p, "Right") != inventory.KindDefective {
		t.Errorf("handed in: %+v", r)
	}
	h.Sound()
}

func TestAnOldSerialThatNobodyCanRead(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("sr")
	tech, van := h.Technician(h.Outlet)
	use := func(u uses.PartUse) (uses.Use, error) {
		u.PartID, u.NewSerial = p.ID, stocktest.Fresh("N")
		h.Stock(van, p, 0, u.NewSerial)
		return h.Uses.Use(ctx, tech, h.Job(h.Outlet, tech), u)
	}
	_, err := use(uses.PartUse{OldPartWish: uses.WishReturn, OldUnreadable: true, OldSerial: "O1"})
	h.Refused(err, fault.Invalid, "/old_serial_unreadable the old part's serial is told")
	_, err = use(uses.PartUse{OldPartWish: uses.WishNone, OldUnreadable: true})
	h.Refused(err, fault.Invalid, "/old_part_wish")

	for _, read := range []string{"", "Scratched"} {
		used, err := use(uses.PartUse{OldPartWish: uses.WishReturn, OldUnreadable: true})
		h.Must(err)
		r, err := h.Returns.Find(ctx, tech, *used.ReturnID)
		h.Must(err)
		if !used.OldUnreadable || !r.Unreadable || r.ExpectedSerial != nil {
			t.Fatalf("used %+v, expected %+v", used, r)
		}
		_, err = h.Returns.Collect(ctx, tech, r.ID, r.Version, returns.Collection{})
		h.Refused(err, fault.Invalid, "/photo_ids is required")
		photos := []returns.Collection{{Serial: "X"}, {}}
		for i := range photos {
			photos[i].PhotoIDs = append(photos[i].PhotoIDs, photo(h, *r.JobID, evidence.KindPart))
		}
		_, err = h.Returns.Collect(ctx, tech, r.ID, r.Version, photos[0])
		h.Refused(err, fault.Invalid, "/serial the use says that nobody can read it")
		r, err = h.Returns.Collect(ctx, tech, r.ID, r.Version, photos[1])
		h.Must(err)
		_, err = h.Returns.Ship(ctx, tech, returns.Parcel{Carrier: "SF", Waybill: "W" + read, ReturnIDs: []uuid.UUID{r.ID}})
		h.Must(err)
		r, err = h.Returns.Find(ctx, tech, r.ID)
		h.Must(err)
		if story, err := h.Returns.History(ctx, tech, r.ID); err != nil || len(story) != 2 || story[1].Kind != "part_return.shipped" {
			t.Errorf("the story: %+v, %v", story, err)
		}
		if placeOf(h, r.HeldAt) != inventory.KindReturning {
			t.Errorf("it waits in %s", placeOf(h, r.HeldAt))
		}
		r, err = h.Returns.Receive(ctx, h.Clerk, r.ID, r.Version, at(h, unit(read)))
		h.Must(err)
		want := read
		if read == "" {
			want = r.Number
		}
		if r.Status != returns.StatusMatched || *r.ReceivedSerial != want || h.WhereIs(p, want) != inventory.KindDefective {
			t.Errorf("received: %+v", r)
		}
		if _, err := h.Returns.Dispose(ctx, someone(h, who.Supervisor), r.ID, r.Version, returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &h.Warehouse.ID}); err != nil {
			t.Error(err)
		}
	}
	h.Sound()
}

func TestTheRecordNamesWhatWasLeftBeforeTheSignature(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("sr")
	tech, van := h.Technician(h.Outlet)
	o := expectOf(h, tech, van, p, 1, "Left", uses.WishReturn)
	_, err := h.Returns.Waive(ctx, tech, o.ID, o.Version, returns.Waiving{Signer: "Wang", PNG: signature(h)})
	h.Must(err)
	serial := text(h, `SELECT new_serial FROM part_uses WHERE id = $1`, *o.UseID)
	for _, wish := range []uses.Wish{uses.WishReturn, uses.WishKeeps} {
		all, err := h.Uses.Settle(ctx, tech, *o.JobID, *tech.TechnicianID, []uses.PartUse{{PartID: p.ID, NewSerial: serial, OldSerial: "Left", OldPartWish: wish}})
		h.Must(err)
		if len(all) != 1 || all[0].OldPartWish != uses.WishKeeps {
			t.Errorf("told as %s, signed for as %+v", wish, all)
		}
	}
	h.Sound()
}
