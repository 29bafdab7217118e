package signals_test

import (
	"testing"

	"callout/internal/policy"
	"callout/inventory"
	"callout/inventory/signals"
)

func TestUsedAndNeverIssued(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	unit, plain := w.Part("s"), w.Part("")
	w.carry(van, unit, 0, "N1", "N2")
	w.carry(van, plain, 5)
	w.use(tech, van, use{job: job, part: unit, serial: "N1"})
	w.use(tech, van, use{job: job, part: plain, quantity: 5})
	// Used, taken back, used again: it came into the van as it should.
	undone := w.use(tech, van, use{job: job, part: unit, serial: "N2"})
	_, err := w.books.Reverse(t.Context(), w.Clerk, undone.moved, "the wrong one")
	w.Must(err)
	w.use(tech, van, use{job: job, part: unit, serial: "N2"})
	w.raises(signals.RuleNeverIssued, 0)

	// A count found it in the van, and nobody knows where it came from.
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementCount}, w.place(inventory.KindAdjustment), van, unit, 0, "X1")
	stray := w.use(tech, van, use{job: job, part: unit, serial: "X1"})
	short := w.use(tech, van, use{job: job, part: plain, quantity: 2})
	for _, s := range w.raises(signals.RuleNeverIssued, 2) {
		want := stray
		if s.PartID != nil && *s.PartID == plain.ID {
			want = short
		}
		w.rests(s, signals.EvidenceUse, want.id)
		w.rests(s, signals.EvidenceMovement, want.moved)
		if *s.TechnicianID != *tech.TechnicianID || *s.VanID != van.ID || *s.JobID != job || *s.OutletID != w.Outlet {
			t.Errorf("it concerns %+v", s)
		}
	}
	w.raises(signals.RuleNeverIssued, 0)
}

func TestThresholdOfPiecesNeverIssued(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	plain := w.Part("")
	w.set(policy.SignalNeverIssued, 3)
	w.use(tech, van, use{job: job, part: plain, quantity: 2})
	w.raises(signals.RuleNeverIssued, 0)
	w.use(tech, van, use{job: job, part: plain, quantity: 3})
	w.raises(signals.RuleNeverIssued, 1)
	// Another policy looks again at what the one before let pass.
	w.set(policy.SignalNeverIssued, 2)
	w.raises(signals.RuleNeverIssued, 1)
	w.set(policy.SignalNeverIssued, 0)
	w.use(tech, van, use{job: job, part: plain, quantity: 9})
	w.raises(signals.RuleNeverIssued, 0)
}

func TestOldSerialDiffers(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	part := w.Part("s")
	w.carry(van, part, 0, "N1", "N2", "N3", "N4", "N5")
	w.use(tech, van, use{job: job, part: part, serial: "N1", old: "OLD-1"}) // nothing is on record
	w.use(tech, van, use{job: job, part: part, serial: "N2", old: "N1"})    // it came out where it went in
	w.raises(signals.RuleOldSerial, 0)

	other := w.use(tech, van, use{job: job, part: part, serial: "N3", old: "OLD-9", recorded: "N2"})
	w.rests(w.raises(signals.RuleOldSerial, 1)[0], signals.EvidenceUse, other.id)

	// The books have N3 at the first customer's.
	elsewhere := w.Job(w.Outlet, tech)
	moved := w.use(tech, van, use{job: elsewhere, part: part, serial: "N4", old: "N3"})
	s := w.raises(signals.RuleOldSerial, 1)[0]
	w.rests(s, signals.EvidenceUse, moved.id)
	w.rests(s, signals.EvidenceUse, other.id)
	w.rests(s, signals.EvidenceJob, job)

	w.set(policy.SignalOldSerial, 2)
	w.use(tech, van, use{job: job, part: part, serial: "N5", old: "OLD-10", recorded: "OLD-1O"})
	w.raises(signals.RuleOldSerial, 0)
	w.set(policy.SignalOldSerial, 1)
	if got := w.raises(signals.RuleOldSerial, 1)[0].Measured; got != 1 {
		t.Errorf("%v characters differ, want 1", got)
	}
}

func TestUsedWithoutNeed(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van := w.Technician(w.Outlet)
	listed, heir, asked, named, idle := w.Part(""), w.Part(""), w.Part(""), w.Part(""), w.Part("")
	for _, p := range []inventory.Part{listed, heir, asked, named, idle} {
		w.carry(van, p, 20)
		// Parts are called by their number here: the shop's jobs hold no other text.
		w.Exec(`UPDATE parts SET name = 'spare ' || number WHERE id = $1`, p.ID)
	}
	w.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, listed.ID, heir.ID)
	for i := range 3 {
		job := w.Job(w.Outlet, tech)
		w.Exec(`UPDATE jobs SET parts = jsonb_build_array(jsonb_build_object('part_id', $2::uuid, 'quantity', 1)), description = 'needs ' || lower($3) WHERE id = $1`, job, listed.ID, named.Number)
		w.Exec(`WITH r AS (INSERT INTO part_requests (id, number, status, job_id, technician_id, van_id, outlet_id, requested_by, approved_by, created_at, updated_at)
			VALUES (gen_random_uuid(), 'P' || $1::uuid::text, 'approved', $1::uuid, $2, $3, $4, $5, $6, $8, $8) RETURNING id)
			INSERT INTO part_request_lines (request_id, line, part_id, quantity) SELECT id, 1, $7, 1 FROM r`,
			job, tech.TechnicianID, van.ID, w.Outlet, tech.UserID, w.supervisor.UserID, asked.ID, w.now)
		for _, p := range []inventory.Part{listed, heir, asked, named} {
			w.use(tech, van, use{job: job, part: p, quantity: 1})
		}
		if i < 2 {
			w.use(tech, van, use{job: job, part: idle, quantity: 1})
		}
	}
	w.raises(signals.RuleWithoutNeed, 0)
	last := w.use(tech, van, use{job: w.Job(w.Outlet, tech), part: idle, quantity: 1})
	s := w.raises(signals.RuleWithoutNeed, 1)[0]
	w.rests(s, signals.EvidenceUse, last.id)
	if s.Measured != 3 || s.Threshold != 3 || *s.PartID != idle.ID {
		t.Errorf("found %+v", s)
	}
}
