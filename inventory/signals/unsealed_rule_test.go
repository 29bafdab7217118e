package signals_test

import (
	"testing"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/inventory/signals"

	"github.com/google/uuid"
)

const sealSQL = `
INSERT INTO sign_offs (id, job_id, chain, sequence, previous, hash, key_id, signature, signer, score, record, signature_png, sealed_at)
VALUES ($1, $1, $1, 1, decode(repeat('00', 32), 'hex'), decode(repeat('01', 32), 'hex'), 'k', '\x01', 'S', 5, '\x01', '\x01', $2)`

// ends has the job of a return end in a status.
func (w *world) ends(r uuid.UUID, status string) uuid.UUID {
	w.Helper()
	w.Exec(`UPDATE jobs SET status = $2, closed_at = CASE WHEN $2 = 'closed' THEN now() END WHERE id = (SELECT job_id FROM part_returns WHERE id = $1)`, r, status)
	job, err := pg.One[uuid.UUID](w.Context(), w.DB, `SELECT job_id FROM part_returns WHERE id = $1`, r)
	w.Must(err)
	return job
}

func TestKeptWithoutASeal(t *testing.T) {
	t.Parallel()
	w := open(t)
	p := w.Part("")
	tech, van := w.Technician(w.Outlet)
	keeps := func() uuid.UUID { return w.exchanged(tech, van, p, 1, 1)[0] }

	signed := keeps()
	w.Exec(sealSQL, w.ends(signed, "closed"), w.now)
	going := keeps()
	w.raises(signals.RuleKeptUnsealed, 0)

	job := w.ends(going, "incomplete")
	s := w.raises(signals.RuleKeptUnsealed, 1)[0]
	w.rests(s, signals.EvidenceReturn, going)
	w.rests(s, signals.EvidenceJob, job)
	if *s.TechnicianID != *tech.TechnicianID || s.Severity != signals.SeverityHigh || *s.OutletID != w.Outlet {
		t.Errorf("found %+v", s)
	}
	// The customer signed, and then somebody said that he keeps it.
	late := keeps()
	w.Exec(sealSQL, w.ends(late, "closed"), w.now)
	w.Exec(`UPDATE part_returns SET waived_at = $2::timestamptz + interval '1 minute' WHERE id = $1`, late, w.now)
	w.rests(w.raises(signals.RuleKeptUnsealed, 1)[0], signals.EvidenceReturn, late)

	// Another technician says so, while the work goes on.
	stranger, _ := w.Technician(w.Outlet)
	w.Exec(`UPDATE technicians SET user_id = $2 WHERE id = $1`, stranger.TechnicianID, w.User("technician"))
	said := keeps()
	w.Exec(`UPDATE part_returns SET waived_by = (SELECT user_id FROM technicians WHERE id = $2) WHERE id = $1`, said, stranger.TechnicianID)
	s = w.raises(signals.RuleKeptUnsealed, 1)[0]
	w.rests(s, signals.EvidenceReturn, said)
	w.rests(s, signals.EvidenceTechnician, *tech.TechnicianID)
	if *s.TechnicianID != *stranger.TechnicianID {
		t.Errorf("found %+v", s)
	}

	w.set(policy.SignalKeptUnsealed, 2)
	w.ends(keeps(), "canceled")
	w.raises(signals.RuleKeptUnsealed, 0)
	w.set(policy.SignalKeptUnsealed, 0)
	w.ends(keeps(), "canceled")
	w.raises(signals.RuleKeptUnsealed, 0)
}

func TestMoreUsedThanNeeded(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van := w.Technician(w.Outlet)
	old, heir, unlisted := w.Part(""), w.Part(""), w.Part("")
	w.carry(van, heir, 500)
	w.carry(van, unlisted, 20)
	w.Exec(`UPDATE parts SET superseded_by = $2 WHERE id = $1`, old.ID, heir.ID)
	job := w.Job(w.Outlet, tech)
	w.Exec(`UPDATE jobs SET parts = jsonb_build_array(jsonb_build_object('part_id', $2::uuid, 'quantity', 2)) WHERE id = $1`, job, old.ID)
	w.use(tech, van, use{job: job, part: heir, quantity: 5})
	w.use(tech, van, use{job: job, part: unlisted, quantity: 3})
	w.raises(signals.RuleBeyondNeed, 0)
	more := w.use(tech, van, use{job: job, part: heir, quantity: 1})
	s := w.raises(signals.RuleBeyondNeed, 1)[0]
	w.rests(s, signals.EvidenceUse, more.id)
	w.rests(s, signals.EvidenceJob, job)
	if s.Measured != 3 || s.Threshold != 3 || *s.PartID != heir.ID || *s.TechnicianID != *tech.TechnicianID || s.Text.V.Args[0] != 6 || s.Text.V.Args[3] != 2 {
		t.Errorf("found %+v: %s", s, s.Text.V)
	}
	w.raises(signals.RuleBeyondNeed, 0)
	w.use(tech, van, use{job: job, part: unlisted, quantity: 1})
	w.raises(signals.RuleBeyondNeed, 1)

	// Somebody else approved so many.
	asked := w.Job(w.Outlet, tech)
	w.Exec(`WITH r AS (INSERT INTO part_requests (id, number, status, job_id, technician_id, van_id, outlet_id, requested_by, approved_by, created_at, updated_at)
		VALUES (gen_random_uuid(), 'P' || $1::uuid::text, 'approved', $1::uuid, $2, $3, $4, $5, $6, $8, $8) RETURNING id)
		INSERT INTO part_request_lines (request_id, line, part_id, quantity) SELECT id, 1, $7, 10 FROM r`,
		asked, tech.TechnicianID, van.ID, w.Outlet, tech.UserID, w.supervisor.UserID, heir.ID, w.now)
	w.use(tech, van, use{job: asked, part: heir, quantity: 12})
	w.raises(signals.RuleBeyondNeed, 0)
	// Few more are no excess, however many times the need that is.
	w.set(policy.SignalBeyondNeed, 1.5)
	w.use(tech, van, use{job: w.Job(w.Outlet, tech), part: heir, quantity: 3})
	w.raises(signals.RuleBeyondNeed, 0)
	// A use that was taken back is none.
	undone := w.use(tech, van, use{job: w.Job(w.Outlet, tech), part: heir, quantity: 9})
	_, err := w.books.Reverse(t.Context(), w.Clerk, undone.moved, "the wrong job")
	w.Must(err)
	w.raises(signals.RuleBeyondNeed, 0)
}
