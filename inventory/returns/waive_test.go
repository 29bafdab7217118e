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
