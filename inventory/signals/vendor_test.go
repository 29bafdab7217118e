package signals_test

import (
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"
)

func TestVendorDoesNotAnswer(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	tech, van, job := w.somebody()
	p := w.Part("s")
	w.carry(van, p, 0, "N1")
	sender := w.Clerk
	sender.UserID, sender.Roles = w.User(who.Supervisor), []who.Role{who.Supervisor}
	r := w.back(tech, w.use(tech, van, use{job: job, part: p, serial: "N1", old: "OLD"}), "OLD", nil, w.place(inventory.KindCustomerSite))
	vendor := w.Place(inventory.KindVendorRepair, w.Outlet)
	m := w.move(sender, inventory.Slip{Kind: inventory.MovementDispose, ReferenceID: &r}, w.defective(), vendor, p, 0, "OLD")
	w.Exec(`INSERT INTO part_return_dispositions (id, return_id, step, kind, location_id, rma, movement_ids, decided_by, decided_at)
		VALUES ($1, $2, 1, 'vendor', $3, 'RMA-7', ARRAY[$4::uuid], $5, $6)`, stocktest.NewID(), r, vendor.ID, m.ID, sender.UserID, w.now)
	w.Exec(`UPDATE part_returns SET status = 'at_vendor' WHERE id = $1`, r)
	w.later(30 * day)
	w.raises(signals.RuleVendorSilent, 0)
	w.later(time.Second)
	s := w.raises(signals.RuleVendorSilent, 1)[0]
	w.rests(s, signals.EvidenceReturn, r)
	w.rests(s, signals.EvidenceMovement, m.ID)
	w.rests(s, signals.EvidenceUser, sender.UserID)
	w.rests(s, signals.EvidenceLocation, vendor.ID)
	if *s.JobID != job || *s.PartID != p.ID || *s.OutletID != w.Outlet || s.TechnicianID != nil {
		t.Errorf("found %+v", s)
	}
	// Who sent it does not judge it, and once is enough.
	_, err := w.signals.Dismiss(ctx, sender, s.ID, 1, "it is on its way", true)
	w.Refused(err, fault.NotFound, "no such signal")
	w.later(30 * day)
	w.raises(signals.RuleVendorSilent, 0)
	_, err = w.signals.Dismiss(ctx, w.supervisor, s.ID, 1, "the vendor says that he has it", false)
	w.Must(err)
	w.raises(signals.RuleVendorSilent, 0)
}

func TestVendorAnswersInTime(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	p := w.Part("s")
	w.carry(van, p, 0, "N1")
	w.back(tech, w.use(tech, van, use{job: job, part: p, serial: "N1", old: "OLD"}), "OLD", nil, w.place(inventory.KindCustomerSite))
	w.later(90 * day)
	w.raises(signals.RuleVendorSilent, 0) // what lies here is at no vendor
}
