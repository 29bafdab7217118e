package returns_test

import (
	"testing"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

func TestDispositions(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p := h.Part("sr")
	vendor := h.Place(inventory.KindVendorRepair, h.Outlet)
	bin, err := h.Ledger.OpenLocation(ctx, who.System, inventory.Location{Code: "B1", Name: "B1", Kind: inventory.KindBin, OutletID: &h.Outlet, WarehouseID: &h.Warehouse.ID})
	h.Must(err)
	witness, chief := someone(h, who.Supervisor), someone(h, who.Supervisor)
	cost := int64(1500)

	r := matched(h, p, "A")
	r, err = h.Returns.Appraise(ctx, chief, r.ID, r.Version, returns.VerdictProductFault, []uuid.UUID{photo(h, *r.JobID, evidence.KindDamage)}, "A cold joint")
	h.Must(err)
	if r.Status != returns.StatusMatched || len(r.Dispositions) != 1 || *r.Dispositions[0].Verdict != returns.VerdictProductFault || len(r.Dispositions[0].PhotoIDs) != 1 {
		t.Errorf("appraised %+v", r)
	}
	r, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &bin.ID, UnitCost: &cost})
	h.Must(err)
	if r.Status != returns.StatusDispositioned || h.WhereIs(p, "A") != inventory.KindBin || len(r.Dispositions) != 2 || *r.Dispositions[1].UnitCost != cost || *r.PlacedAt != bin.ID {
		t.Errorf("refurbished %+v", r)
	}
	if worth := h.Count(`SELECT value FROM part_values WHERE part_id = $1 AND pool = 'good'`, p.ID); worth != 1500 {
		t.Errorf("good stock is worth %d after work for 1500", worth)
	}

	r = matched(h, p, "B")
	driver, gone := someone(h, who.Technician), someone(h, who.Supervisor)
	h.Exec(`UPDATE users SET disabled_at = now() WHERE id = $1`, gone.UserID)
	before := traces(h)
	for _, d := range []returns.Deciding{
		{Kind: returns.DispositionScrap, WitnessID: &witness.UserID, Note: "burnt"}, {Kind: returns.DispositionRefurbish, LocationID: &bin.ID},
	} {
		_, err = h.Returns.Dispose(ctx, h.Clerk, r.ID, r.Version, d)
		h.Refused(err, fault.Forbidden, "whoever received an old part does not refurbish or scrap it")
	}
	for name, tt := range map[string]struct {
		d    returns.Deciding
		text string
	}{
		"scrap without a witness":  {returns.Deciding{Kind: returns.DispositionScrap, Note: "x"}, "/witness_id is required"},
		"scrap witnessed by none":  {returns.Deciding{Kind: returns.DispositionScrap, Note: "x", WitnessID: &r.ID}, "/witness_id no such user"},
		"scrap by oneself":         {returns.Deciding{Kind: returns.DispositionScrap, Note: "x", WitnessID: &mate.UserID}, "/witness_id nobody witnesses what he does himself"},
		"scrap before who took it": {returns.Deciding{Kind: returns.DispositionScrap, Note: "x", WitnessID: &h.Clerk.UserID}, "/witness_id nobody witnesses the end of an old part that he brought or received"},
		"scrap before a driver":    {returns.Deciding{Kind: returns.DispositionScrap, Note: "x", WitnessID: &driver.UserID}, "/witness_id a witness works in the warehouse"},
		"scrap before who left":    {returns.Deciding{Kind: returns.DispositionScrap, Note: "x", WitnessID: &gone.UserID}, "/witness_id no such user"},
		"scrap without a reason":   {returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &witness.UserID}, "/note is required"},
		"scrap onto a shelf":       {returns.Deciding{Kind: returns.DispositionScrap, Note: "x", WitnessID: &witness.UserID, LocationID: &bin.ID}, "/location_id has no meaning"},
		"refurbish into nothing":   {returns.Deciding{Kind: returns.DispositionRefurbish}, "/location_id is required"},
		"refurbish to the vendor":  {returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &vendor.ID}, "/location_id a place of the kind"},
		"to a vendor without case": {returns.Deciding{Kind: returns.DispositionVendor, LocationID: &vendor.ID}, "/rma is required"},
		"a photo of elsewhere":     {returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &bin.ID, PhotoIDs: []uuid.UUID{uuid.New()}}, "/photo_ids/0 no such photo"},
		"what a vendor decides":    {returns.Deciding{Kind: returns.DispositionVendorRepaired, LocationID: &bin.ID}, "/kind"},
	} {
		_, err := h.Returns.Dispose(ctx, mate, r.ID, r.Version, tt.d)
		h.Log(name)
		h.Refused(err, fault.Invalid, tt.text)
	}
	if after := traces(h); after != before {
		t.Errorf("refused dispositions left %d traces", after-before)
	}
	r, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &witness.UserID, Note: "burnt"})
	h.Must(err)
	if story, err := h.Returns.History(ctx, mate, r.ID); err != nil || story[len(story)-1].Text.String() != "scrapped, witnessed by U; burnt" {
		t.Errorf("told as %v, %v", story, err)
	}
	if rows, _, err := h.Returns.List(ctx, witness, returns.Filter{WitnessID: &witness.UserID}, uuid.Nil, 10); err != nil || len(rows) != 1 || rows[0].ID != r.ID {
		t.Errorf("in his name: %v, %v", rows, err)
	}
	if h.WhereIs(p, "B") != inventory.KindScrap || *r.Dispositions[0].WitnessID != witness.UserID {
		t.Errorf("scrapped %+v", r)
	}
	_, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &witness.UserID, Note: "burnt"})
	h.Refused(err, fault.Conflict, "part return "+r.Number+" is dispositioned already (U, ")
	h.Sound()
}

func TestASerialReappearsAfterScrap(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p := h.Part("sr")
	witness, chief := someone(h, who.Warehouse), someone(h, who.Supervisor)
	r := matched(h, p, "Z")
	_, err := h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &witness.UserID, Note: "burnt"})
	h.Must(err)
	again := returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "Z"})}
	found, err := h.Returns.ReceiveUnannounced(ctx, h.Clerk, again)
	h.Must(err)
	if *found.Discrepancy != returns.DiscrepancyAlreadyReturned || h.WhereIs(p, "Z") != inventory.KindQuarantine || found.UseID != nil || found.DueAt != nil {
		t.Errorf("found %+v", found)
	}
	path := text(h, `SELECT string_agg(m.kind, ' ' ORDER BY s.seq) FROM unit_moves s JOIN movements m ON m.id = s.movement_id JOIN units u ON u.id = s.unit_id WHERE u.serial = 'Z'`)
	if path != "return dispose return" {
		t.Errorf("the path is %s", path)
	}
	_, err = h.Returns.ReceiveUnannounced(ctx, h.Clerk, again)
	h.Refused(err, fault.Conflict, "belongs to part return "+found.Number)
	scrap := returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &witness.UserID, Note: "for good"}
	_, err = h.Returns.Dispose(ctx, mate, found.ID, found.Version, scrap)
	h.Refused(err, fault.Conflict, "cannot become dispositioned")
	_, err = h.Returns.Resolve(ctx, chief, found.ID, found.Version, returns.ResolutionDueAgain, "?")
	h.Refused(err, fault.Invalid, "/resolution nothing was expected here")
	found, err = h.Returns.Resolve(ctx, chief, found.ID, found.Version, returns.ResolutionAccepted, "fell off the cart")
	h.Must(err)
	_, err = h.Returns.Dispose(ctx, mate, found.ID, found.Version, scrap)
	h.Must(err)
	if h.WhereIs(p, "Z") != inventory.KindScrap {
		t.Error("it is not scrapped")
	}
	h.Sound()
}
