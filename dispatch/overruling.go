package dispatch

import (
	"context"
	"time"

	"callout/dispatch/workday"
	"callout/internal/words"
)

// fix books the moment that a person named. What rules speak against it is refused, but for
// those that may be overruled and are.
func (b *Board) fix(ctx context.Context, j Job, t Technician, a Assignment, k *Booking) error {
	k.StartsAt = a.StartAt.UTC().Truncate(time.Second)
	k.EndsAt, k.Pinned = k.StartsAt.Add(j.length()), true
	if err := clash(ctx, b.db, j, *k); err != nil {
		return err
	}
	q, err := b.question(ctx, j, nil)
	if err != nil {
		return err
	}
	q.fixAt(k.StartsAt)
	m, err := b.known(ctx, &q, t, k.StartsAt, k.EndsAt)
	if err != nil {
		return err
	}
	in, refused := q.judgeAt(m, *k)
	if k.StartsAt.Before(b.now().Add(-grace)) {
		refused = append(refused, refuse(RefusalPast, words.Say("%s is past", q.clock(k.StartsAt))))
	}
	k.Explanation = Explanation{Source: SourceHand, Policy: q.rules.version}
	if len(refused) == 0 {
		k.Explanation.Terms, k.Explanation.Score = q.terms(t, in), q.score(&t, in)
		return nil
	}
	for _, why := range refused {
		if why.Hard || !a.Override {
			return against(j, t, refused)
		}
	}
	k.Explanation.Overruled, k.Explanation.Reason = refused, a.Reason
	return nil
}

// grace is how long a moment is not past yet: people take their time to send it.
const grace = 5 * time.Minute

// fixAt narrows the question to one moment, and takes it as it was asked at that moment or before.
func (q *question) fixAt(start time.Time) {
	q.visit.Windows = []workday.Window{{From: start.Unix(), To: start.Unix()}}
	q.now = earlier(q.now, start)
	if q.job.WindowFrom == nil {
		q.to = later(q.to, start)
	}
}

// judgeAt says what speaks against a technician's doing the job at the time of k, or how it fits.
func (q *question) judgeAt(m *member, k Booking) (in workday.Insertion, all []Refusal) {
	if m.Technician.Status != TechnicianActive {
		all = append(all, refuse(RefusalSuspended, words.Say("is %s", m.Technician.Status)))
	}
	if a := m.AbsentIn(k.StartsAt, k.EndsAt); a != nil {
		all = append(all, q.absent(*a))
	}
	visit := q.visit
	if lacks := q.skills(m.Roster, k); len(lacks) > 0 {
		all, visit.Needs = append(all, lacks...), nil
	}
	if w := q.job; w.WindowFrom != nil && (k.StartsAt.Before(*w.WindowFrom) || k.StartsAt.After(*w.WindowTo)) {
		all = append(all, refuse(RefusalOutsideWindow, words.Say("the customer expects the work to begin from %s to %s",
			q.clock(*w.WindowFrom), q.clock(*w.WindowTo))))
	}
	for i := range m.duties {
		s := m.duties[i].shift
		if k.StartsAt.Before(s.StartsAt) || !k.StartsAt.Before(s.EndsAt) {
			continue
		}
		day := m.workday(s, q.others(m.duties[i].booked), q.now, q.grants(m))
		in, why := workday.Insert(day, visit, q.rules.travel, q.rules.weights)
		return in, distinct(append(all, q.reasons(m, s, why)...))
	}
	return in, append(all, refuse(RefusalNoShift, words.Say("has no shift at %s", q.clock(k.StartsAt))))
}

// skills says which certificates do not hold all through the booking.
func (q *question) skills(r Roster, k Booking) (all []Refusal) {
	for _, n := range q.job.Needs {
		if r.Level(n.SkillID, k.StartsAt, k.EndsAt) >= n.Level {
			continue
		}
		highest := 0
		for _, c := range r.Certifications {
			if c.SkillID == n.SkillID {
				highest = max(highest, c.Level)
			}
		}
		switch {
		case highest == 0:
			all = append(all, refuse(RefusalNoCertificate, words.Say("no certificate %s ≥ %d", n.Code, n.Level)))
		case highest < n.Level:
			all = append(all, refuse(RefusalLevelTooLow, words.Say("certificate %s is of level %d, the job needs %d", n.Code, highest, n.Level)))
		default:
			all = append(all, refuse(RefusalCertificateEnds, words.Say("certificate %s ≥ %d is not valid from %s to %s",
				n.Code, n.Level, q.clock(k.StartsAt), q.clock(k.EndsAt))))
		}
	}
	return all
}
