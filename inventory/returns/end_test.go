package returns_test

import (
	"encoding/json"
	"testing"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// matched is a return that came as it should, and lies in the place for defective parts.
func matched(h *stocktest.House, p inventory.Part, serial string) returns.Return {
	h.Helper()
	o := expect(h, p, 1, serial)
	r, err := h.Returns.Receive(h.Context(), h.Clerk, o.ID, o.Version, at(h, returns.Thing{Serial: serial}))
	h.Must(err)
	return r
}

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
	if h.WhereIs(p, "B") != inventory.KindScrap || *r.Dispositions[0].WitnessID != witness.UserID {
		t.Errorf("scrapped %+v", r)
	}
	_, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &witness.UserID, Note: "burnt"})
	h.Refused(err, fault.Conflict, "cannot become dispositioned")
	h.Sound()
}

func TestVendorAnswers(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p := h.Part("sr")
	vendor := h.Place(inventory.KindVendorRepair, h.Outlet)
	witness := someone(h, who.Supervisor)
	cost := int64(900)
	shelf := &h.Warehouse.ID
	for serial, tt := range map[string]struct {
		answer returns.Answer
		at     inventory.Kind // where the old unit is then
	}{
		"A": {returns.Answer{Result: returns.VendorRepaired, LocationID: shelf, UnitCost: &cost}, inventory.KindWarehouse},
		"B": {returns.Answer{Result: returns.VendorReplaced, LocationID: shelf, Scan: "NEW-B", UnitCost: &cost}, inventory.KindSupplier},
		"C": {returns.Answer{Result: returns.VendorRefused, WitnessID: &witness.UserID, Note: "beyond repair"}, inventory.KindScrap},
	} {
		r := matched(h, p, serial)
		_, err := h.Returns.TakeAnswer(ctx, mate, r.ID, r.Version, tt.answer)
		h.Refused(err, fault.Conflict, "cannot become dispositioned")
		r, err = h.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionVendor, LocationID: &vendor.ID, RMA: "RMA-" + serial})
		h.Must(err)
		if r.Status != returns.StatusAtVendor || h.WhereIs(p, serial) != inventory.KindVendorRepair || *r.Dispositions[0].RMA != "RMA-"+serial {
			t.Errorf("at the vendor: %+v", r)
		}
		for _, wrong := range []returns.Answer{
			{Result: returns.VendorReplaced, LocationID: shelf},
			{Result: returns.VendorRepaired, LocationID: shelf, Serial: "X"},
			{Result: returns.VendorRepaired},
			{Result: returns.VendorRefused, Note: "x"},
		} {
			_, err := h.Returns.TakeAnswer(ctx, mate, r.ID, r.Version, wrong)
			h.Refused(err, fault.Invalid, "/")
		}
		if tt.answer.Result == returns.VendorRefused {
			_, err = h.Returns.TakeAnswer(ctx, h.Clerk, r.ID, r.Version, tt.answer)
			h.Refused(err, fault.Forbidden, "whoever received an old part does not refurbish or scrap it")
		}
		r, err = h.Returns.TakeAnswer(ctx, mate, r.ID, r.Version, tt.answer)
		h.Must(err)
		if r.Status != returns.StatusDispositioned || h.WhereIs(p, serial) != tt.at || len(r.Dispositions) != 2 {
			t.Errorf("%s: it is in %s, %+v", tt.answer.Result, h.WhereIs(p, serial), r)
		}
	}
	if h.WhereIs(p, "NEW-B") != inventory.KindWarehouse {
		t.Errorf("the new one is in %s", h.WhereIs(p, "NEW-B"))
	}
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
	h.Refused(err, fault.Conflict, "nothing of part return "+r.Number+" lies here")
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
	h.Refused(err, fault.Conflict, "cannot become resolved")

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

// seal writes a sign-off of a job, as closing would.
func seal(h *stocktest.House, job uuid.UUID, parts ...evidence.PartUsed) uuid.UUID {
	h.Helper()
	record, err := json.Marshal(evidence.Record{Parts: parts})
	h.Must(err)
	id := stocktest.NewID()
	h.Exec(`INSERT INTO sign_offs (id, job_id, outlet_id, chain, sequence, previous, hash, key_id, signature, signer, score, record, signature_png, sealed_at)
		VALUES ($1, $2, $3, gen_random_uuid(), 1, decode(repeat('00', 32), 'hex'), decode(repeat('0b', 32), 'hex'), 'k', 's', 'Wang', 5, $4, 'p', now())`, id, job, h.Outlet, record)
	return id
}

func TestCustomerKeepsTheOldPart(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	p := h.Part("sr")
	tech, van := h.Technician(h.Outlet)
	unsigned := func() int {
		rows, _, err := h.Returns.List(ctx, h.Clerk, returns.Filter{Unsigned: true}, uuid.Nil, 10)
		h.Must(err)
		return len(rows)
	}
	kept := expectOf(h, tech, van, p, 1, "Kept", uses.WishKeeps)
	if kept.Status != returns.StatusWaived || kept.Signed || h.WhereIs(p, "Kept") != inventory.KindCustomerKept || unsigned() != 1 {
		t.Errorf("kept %+v", kept.Return)
	}
	id := seal(h, *kept.JobID)
	if r, err := h.Returns.Find(ctx, tech, kept.ID); err != nil || !r.Signed || *r.SignOffID != id || unsigned() != 0 {
		t.Errorf("signed %+v, %v", r, err)
	}

	// A use that is taken back takes the old part out of the customer's keeping.
	back := expectOf(h, tech, van, p, 1, "Back", uses.WishKeeps)
	movement := uuid.MustParse(text(h, `SELECT movement_id::text FROM part_uses WHERE id = $1`, *back.UseID))
	_, err := h.Uses.Reverse(ctx, h.Clerk, movement, "the wrong job")
	h.Must(err)
	if r, err := h.Returns.Find(ctx, tech, back.ID); err != nil || *r.WaivedBecause != returns.WaivedUseReversed || r.Signed || h.WhereIs(p, "Back") != inventory.KindCustomerSite || unsigned() != 0 {
		t.Errorf("taken back %+v, %v", r, err)
	}

	// Waived afterwards, by the customer's name.
	late := expectOf(h, tech, van, p, 1, "Late", uses.WishReturn)
	before := traces(h)
	seal(h, *late.JobID, evidence.PartUsed{PartID: p.ID, OldSerial: "Late", OldPartWish: "return"})
	sealed := uuid.MustParse(text(h, `SELECT id::text FROM sign_offs WHERE job_id = $1`, *late.JobID))
	for text, w := range map[string]returns.Waiving{
		"/signature the customer signs":          {},
		"/signature/png":                         {Signer: "Wang", PNG: []byte("no picture")},
		"/sign_off_id no such sign-off":          {SignOffID: &id},
		"/sign_off_id does not say that":         {SignOffID: &sealed},
		"/signature either a signature or a":     {SignOffID: &sealed, PNG: signature(h)},
		"/sign_off_id no such sign-off ":         {SignOffID: &late.ID},
		"/signature/png the signature is not a ": {PNG: []byte{1}},
	} {
		_, err := h.Returns.Waive(ctx, tech, late.ID, late.Version, w)
		h.Refused(err, fault.Invalid, text[:len(text)-1])
	}
	if after := traces(h); after != before {
		t.Errorf("refused waivers left %d traces", after-before)
	}
	_, err = h.Returns.Waive(ctx, tech, late.ID, late.Version, returns.Waiving{Signer: "Wang", PNG: signature(h)})
	h.Must(err)
	shut := expectOf(h, tech, van, p, 1, "Shut", uses.WishReturn)
	h.Exec(`UPDATE jobs SET status = 'closed', closed_at = now() WHERE id = $1`, *shut.JobID)
	both := tech
	both.Roles = []who.Role{who.Technician, who.Supervisor}
	for _, by := range []who.Actor{tech, both, someone(h, who.Dispatcher)} {
		_, err = h.Returns.Waive(ctx, by, shut.ID, shut.Version, returns.Waiving{Signer: "Wang", PNG: signature(h)})
		h.Refused(err, fault.Forbidden, "a supervisor alone")
	}
	late = shut
	r, err := h.Returns.Waive(ctx, someone(h, who.Supervisor), late.ID, late.Version, returns.Waiving{Signer: "Wang", PNG: signature(h)})
	h.Must(err)
	w, err := h.Returns.FindWaiver(ctx, h.Clerk, late.ID)
	if err != nil || !r.Signed || w.Signer != "Wang" || evidence.Sum(w.PNG) != evidence.Hash(w.SHA256) || h.WhereIs(p, "Shut") != inventory.KindCustomerKept {
		t.Errorf("waived %+v; signed by %s, %v", r, w.Signer, err)
	}
	_, err = h.Returns.Receive(ctx, h.Clerk, late.ID, r.Version, at(h, unit("Shut")))
	h.Refused(err, fault.Conflict, "that is waived cannot become received")

	// And by the sign-off that says so.
	said := expectOf(h, tech, van, p, 1, "Said", uses.WishReturn)
	wish := seal(h, *said.JobID, evidence.PartUsed{PartID: p.ID, OldSerial: "Said", OldPartWish: "customer_keeps"})
	r, err = h.Returns.Waive(ctx, tech, said.ID, said.Version, returns.Waiving{SignOffID: &wish})
	h.Must(err)
	if !r.Signed || *r.SignOffID != wish {
		t.Errorf("waived %+v", r)
	}
	heir := expectOf(h, tech, van, p, 1, "Heir", uses.WishReturn)
	wish = seal(h, *heir.JobID, evidence.PartUsed{PartID: h.Part("s").ID, OldSerial: "Heir", OldPartWish: "customer_keeps"})
	_, err = h.Returns.Waive(ctx, tech, heir.ID, heir.Version, returns.Waiving{SignOffID: &wish})
	h.Must(err)
	_, err = h.Returns.FindWaiver(ctx, h.Clerk, said.ID)
	h.Refused(err, fault.NotFound, "signature")
	collected := collect(h, expectOf(h, tech, van, p, 1, "Box", uses.WishReturn))
	_, err = h.Returns.Waive(ctx, tech, collected.ID, collected.Version, returns.Waiving{Signer: "Wang", PNG: signature(h)})
	h.Refused(err, fault.Conflict, "cannot become waived")
	h.Sound()
}

func TestCrashAnywhereLeavesNothing(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	ctx := t.Context()
	mate := someone(h, who.Warehouse)
	p := h.Part("sr")
	vendor, chief := h.Place(inventory.KindVendorRepair, h.Outlet), someone(h, who.Supervisor)
	o := expect(h, p, 1, "O1")
	lost := collect(h, expect(h, p, 1, "O2"))
	photos := []uuid.UUID{photo(h, *o.JobID, evidence.KindPart)}
	version := func() int { return h.Count(`SELECT version FROM part_returns WHERE id = $1`, o.ID) }
	for _, step := range []struct {
		name   string
		writes int // at the least
		do     func() error
	}{
		{"collect", 6, func() error {
			_, err := h.Returns.Collect(ctx, o.tech, o.ID, version(), returns.Collection{Serial: "O1", PhotoIDs: photos})
			return err
		}},
		{"ship", 5, func() error {
			_, err := h.Returns.Ship(ctx, o.tech, returns.Parcel{Carrier: "SF", Waybill: "1", ReturnIDs: []uuid.UUID{o.ID}})
			return err
		}},
		{"receive", 4, func() error {
			_, err := h.Returns.Receive(ctx, h.Clerk, o.ID, version(), at(h, unit("Other")))
			return err
		}},
		{"resolve", 3, func() error {
			_, err := h.Returns.Resolve(ctx, chief, o.ID, version(), returns.ResolutionAccepted, "fine")
			return err
		}},
		{"to the vendor", 5, func() error {
			_, err := h.Returns.Dispose(ctx, mate, o.ID, version(), returns.Deciding{Kind: returns.DispositionVendor, LocationID: &vendor.ID, RMA: "1"})
			return err
		}},
		{"replaced", 8, func() error {
			_, err := h.Returns.TakeAnswer(ctx, mate, o.ID, version(), returns.Answer{Result: returns.VendorReplaced, LocationID: &h.Warehouse.ID, Serial: "New"})
			return err
		}},
		{"missing", 2, func() error {
			_, err := h.Returns.Receive(ctx, h.Clerk, lost.ID, lost.Version, returns.Scan{WarehouseID: h.Warehouse.ID, Missing: true})
			return err
		}},
		{"charged", 5, func() error {
			_, err := h.Returns.Resolve(ctx, chief, lost.ID, lost.Version+1, returns.ResolutionCharged, "lost")
			return err
		}},
		{"unannounced", 5, func() error {
			_, err := h.Returns.ReceiveUnannounced(ctx, h.Clerk, returns.Found{Scan: at(h, returns.Thing{PartID: &p.ID, Serial: "X"})})
			return err
		}},
	} {
		if n := h.Crashing(step.name, step.do); n < step.writes {
			t.Errorf("%s: only %d writes were tried", step.name, n)
		}
	}
	h.Sound()
}
