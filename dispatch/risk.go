package dispatch

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"callout/internal/policy"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Risk is a promise that the day, as it goes now, breaks or is about to break.
type Risk struct {
	Code    RiskCode
	Level   RiskLevel
	Minutes int // by how much it is missed; of what is at risk, how many are left; rounded up
	Text    words.Text
}

// RiskCode names what is at risk.
type RiskCode string

// What may be at risk, the worst first.
const (
	RiskAbsent     RiskCode = "absent"     // the technician will not be there
	RiskUnassigned RiskCode = "unassigned" // nobody has the job, and its time runs out on the day
	RiskParts      RiskCode = "parts"      // the work waits for parts, and the technician went on
	RiskWindow     RiskCode = "window"     // the customer's window
	RiskDue        RiskCode = "due"        // the time by which the work should have ended
	RiskShiftEnd   RiskCode = "shift_end"  // work, or the way home, runs over the end of the shift
	RiskBreak      RiskCode = "break"      // there is no time for a break
)

// riskOrder puts the codes in the order of their weight.
var riskOrder = []RiskCode{RiskAbsent, RiskUnassigned, RiskParts, RiskWindow, RiskDue, RiskShiftEnd, RiskBreak}

// RiskLevel says whether there is still time.
type RiskLevel string

// The levels of risk.
const (
	RiskMissed RiskLevel = "missed"  // it is not kept, unless somebody does something
	RiskLikely RiskLevel = "at_risk" // it is kept, with less time to spare than policy asks for
)

// Outlook is what is to be expected of a job.
type Outlook struct {
	ETA   *ETA // nil where nothing can be said: it is done, waits for parts, or nobody will come
	Risks []Risk
}

// gone says why the technician will not be there for a job that is booked to him.
func (r Roster) gone(j Job) (words.Text, bool) {
	if r.Technician.Status != TechnicianActive {
		return words.Say("technician %s is %s", r.Technician.Name, r.Technician.Status), true
	}
	if a := r.AbsentIn(j.Booking.StartsAt, j.Booking.EndsAt); a != nil {
		return r.absence(*a, j), true
	}
	if s := r.shiftOf(j); s != nil && !s.works() {
		return words.Say("technician %s does not work the shift", r.Technician.Name), true
	}
	return words.Text{}, false
}

func (r Roster) absence(a Absence, j Job) words.Text {
	zone := j.zone()
	return words.Say("technician %s is absent from %s to %s", r.Technician.Name, a.StartsAt.In(zone).Format(clockForm), a.EndsAt.In(zone).Format(clockForm))
}

// shiftOf is the shift in which the job is booked, or nil.
func (r Roster) shiftOf(j Job) *Shift {
	for i, s := range r.Shifts {
		if k := j.Booking; !k.StartsAt.Before(s.StartsAt) && k.StartsAt.Before(s.EndsAt) {
			return &r.Shifts[i]
		}
	}
	return nil
}

// outlooks says what is to be expected of a technician's jobs.
func (r Row) outlooks(p policy.Policy, now time.Time) map[uuid.UUID]Outlook {
	c, slack := r.course, p.Due(policy.RiskSlack, now).Sub(now)
	all := make(map[uuid.UUID]Outlook, len(r.Jobs))
	for _, j := range r.Jobs {
		if j.isDone() {
			continue
		}
		var o Outlook
		if e, known := c.etas[j.ID]; known {
			o.ETA = &e
		}
		o.Risks = r.risks(j, c, slack)
		all[j.ID] = o
	}
	return all
}

// risks judges what is expected of one job against what was promised.
func (r Roster) risks(j Job, c course, slack time.Duration) (all []Risk) {
	if why, gone := r.gone(j); gone && j.isAhead() {
		return []Risk{{RiskAbsent, RiskMissed, 0, why}}
	}
	if j.waitsForParts() {
		all = append(all, Risk{RiskParts, RiskMissed, 0, words.Say("the work waits for %s", *j.HoldReason)})
	}
	e, known := c.etas[j.ID]
	if !known {
		return all
	}
	if a := r.AbsentIn(e.Start, e.End); a != nil && j.StartedAt == nil {
		all = append(all, Risk{RiskAbsent, RiskMissed, 0, r.absence(*a, j)})
	}
	// A plan that was tight from the beginning is nobody's surprise.
	late := e.Start.After(j.Booking.StartsAt) || e.End.After(j.Booking.EndsAt)
	say := func(code RiskCode, expected time.Time, deadline *time.Time, missed, likely string) {
		if deadline == nil {
			return
		}
		clock, left := expected.In(j.zone()).Format(clockForm), deadline.Sub(expected)
		switch {
		case left < 0:
			all = append(all, Risk{code, RiskMissed, upMinutes(-left), words.Say(missed, clock, upMinutes(-left))})
		case late && left < slack:
			all = append(all, Risk{code, RiskLikely, upMinutes(left), words.Say(likely, clock, upMinutes(left))})
		}
	}
	if j.StartedAt == nil {
		say(RiskWindow, e.Start, j.WindowTo, "the work is expected to begin at %s, %d minutes after the customer's window",
			"the work is expected to begin at %s, %d minutes before the customer's window closes")
	}
	say(RiskDue, e.End, j.DueAt, "the work is expected to end at %s, %d minutes after it is due", "the work is expected to end at %s, %d minutes before it is due")
	all = append(all, r.overrun(j, c, e)...)
	for _, b := range c.lost {
		if b.job == j.ID {
			zone := j.zone()
			all = append(all, Risk{RiskBreak, RiskMissed, b.rest.Minutes, words.Say("leaves no time for the break that begins from %s to %s",
				b.rest.Earliest.In(zone).Format(clockForm), b.rest.Latest.In(zone).Format(clockForm))})
		}
	}
	return all
}

// overrun says by how much a job, or the way home after the last one, runs over the end of its shift.
func (r Roster) overrun(j Job, c course, e ETA) []Risk {
	s := r.shiftOf(j)
	if s == nil {
		return nil
	}
	clock := func(t time.Time) string { return t.In(j.zone()).Format(clockForm) }
	if over := e.End.Sub(s.EndsAt); over > 0 {
		return []Risk{{RiskShiftEnd, RiskMissed, upMinutes(over), words.Say("the work is expected to end at %s, %d minutes after the shift", clock(e.End), upMinutes(over))}}
	}
	if over := c.home.Sub(s.EndsAt); over > 0 && j.ID == c.last && !c.home.IsZero() {
		return []Risk{{RiskShiftEnd, RiskMissed, upMinutes(over), words.Say("the technician is expected home at %s, %d minutes after the shift", clock(c.home), upMinutes(over))}}
	}
	return nil
}

// adrift says that nobody has a job whose time runs out on a day, or, today, has run out before; one that is
// urgent is at risk from today until then. A day that is over has no such risks.
func adrift(j Job, from, by, now time.Time) []Risk {
	until, say := j.WindowTo, "nobody has the job, and the work must begin by %s"
	if until == nil {
		until, say = j.DueAt, "nobody has the job, and the work is due at %s"
	}
	today := !from.After(now)
	switch {
	case !by.After(now), !today && (until == nil || until.Before(from)):
		return nil
	case until != nil && !until.After(by):
		left, level := until.Sub(now), RiskLikely
		if left < 0 {
			level = RiskMissed
		}
		return []Risk{{RiskUnassigned, level, max(0, upMinutes(left)), words.Say(say, until.In(j.zone()).Format(clockForm))}}
	case j.Priority == PriorityP0:
		return []Risk{{RiskUnassigned, RiskLikely, 0, words.Say("nobody has the job, and it is urgent")}}
	}
	return nil
}

// upMinutes is a time in whole minutes, begun ones included.
func upMinutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// AtRisk is a job with what is at risk.
type AtRisk struct {
	Job Job
	Outlook
}

// worstFirst orders jobs by the worst of their risks: what is missed before what may be, the urgent before the rest.
func worstFirst(a, b AtRisk) int {
	x, y := a.Risks[0], b.Risks[0]
	level := func(r Risk) int {
		if r.Level == RiskMissed {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(level(x), level(y)), cmp.Compare(a.Job.Priority, b.Job.Priority),
		cmp.Compare(slices.Index(riskOrder, x.Code), slices.Index(riskOrder, y.Code)), cmp.Compare(y.Minutes, x.Minutes), bytes.Compare(a.Job.ID[:], b.Job.ID[:]))
}
