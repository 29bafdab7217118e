package signals_test

import (
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory/signals"

	"github.com/google/uuid"
)

func TestTakenBackWhenTheWorkIsOver(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	p := w.Part("s")
	w.carry(van, p, 0, "N1", "N2", "N3", "N4", "N5")
	clerk := w.Clerk
	clerk.UserID = w.User(who.Warehouse)
	back := func(serial string) (use, uuid.UUID) {
		t.Helper()
		u := w.use(tech, van, use{job: job, part: p, serial: serial})
		w.later(time.Minute)
		m, err := w.books.Reverse(t.Context(), clerk, u.moved, "a mistake")
		w.Must(err)
		return u, m.ID
	}
	back("N1") // at work a mistake is put right
	w.use(tech, van, use{job: job, part: p, serial: "N2"})
	w.Exec(`UPDATE jobs SET status = 'finished', finished_at = $2 WHERE id = $1`, job, w.now)
	w.raises(signals.RuleTakenBack, 0) // and what was used stays used

	u, m := back("N3")
	s := w.raises(signals.RuleTakenBack, 1)[0]
	w.rests(s, signals.EvidenceUse, u.id)
	w.rests(s, signals.EvidenceMovement, m)
	w.rests(s, signals.EvidenceJob, job)
	w.rests(s, signals.EvidenceUser, clerk.UserID)
	if *s.TechnicianID != *tech.TechnicianID || *s.VanID != van.ID || *s.JobID != job || s.Measured != 1 {
		t.Errorf("found %+v", s)
	}
	// Nobody judges what he did himself.
	himself := clerk
	himself.Roles = []who.Role{who.Supervisor}
	_, err := w.signals.Dismiss(t.Context(), himself, s.ID, 1, "all is well", true)
	w.Refused(err, fault.NotFound, "no such signal")
	_, err = w.signals.Confirm(t.Context(), w.supervisor, s.ID, 1, "he sold it")
	w.Must(err)
	w.later(day)
	w.raises(signals.RuleTakenBack, 0)

	w.set(policy.SignalTakenBack, 2)
	w.Exec(`UPDATE jobs SET status = 'closed', closed_at = $2 WHERE id = $1`, job, w.now)
	back("N4")
	w.raises(signals.RuleTakenBack, 0)
	back("N5")
	again := w.raises(signals.RuleTakenBack, 1)[0]
	if again.EarlierID == nil || *again.EarlierID != s.ID || again.Measured != 2 {
		t.Errorf("found %+v", again)
	}
	w.set(policy.SignalTakenBack, 0)
	w.raises(signals.RuleTakenBack, 0)
}
