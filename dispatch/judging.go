package dispatch

import (
	"iter"
	"slices"
	"time"

	"callout/dispatch/workday"
	"callout/internal/words"
)

// verdict is what ranking finds out of a technician: where the job fits his days best, if anywhere. The words for it
// are found when it is told.
type verdict struct {
	m      *member
	fits   bool
	barred bool // whatever his days are
	score  int64
	in     workday.Insertion
	d      *duty // that it fits into
}

// ranked says whether he could be booked.
func (v *verdict) ranked() bool { return v.fits && !v.barred }

// judge looks for the best place for the job in all shifts of a technician in the time asked about.
func (q *question) judge(m *member, spare *workday.Route) verdict {
	v := verdict{m: m, barred: m.Technician.Status != TechnicianActive || q.to.Before(q.from)}
	if v.barred {
		return v
	}
	for d := range q.duties(m) {
		in, fits := q.route(m, d, spare).Best(&q.visit, q.rules.weights)
		if !fits {
			continue
		}
		if score := q.score(&m.Technician, in); !v.fits || score < v.score {
			v.fits, v.score, v.in, v.d = true, score, in, d
		}
	}
	return v
}

// duties are the shifts of a technician in the time asked about.
func (q *question) duties(m *member) iter.Seq[*duty] {
	from, to := q.from.UnixMicro(), q.to.UnixMicro()
	return func(yield func(*duty) bool) {
		for i := range m.duties {
			if d := &m.duties[i]; d.ends > from && d.starts <= to && !yield(d) {
				return
			}
		}
	}
}

// tell says a verdict to people, with the terms of the score or every reason against it.
func (q *question) tell(v *verdict, spare *workday.Route) Candidate {
	m := v.m
	c := Candidate{TechnicianID: m.Technician.ID, Name: m.Technician.Name, OutletID: m.Technician.OutletID, Ranked: v.ranked()}
	if c.Ranked {
		c.Score, c.Terms = v.score, append(q.terms(m.Technician, v.in), q.nearest(v, spare)...)
		c.Arrive, c.Start, c.End = unix(v.in.Arrive), unix(v.in.Start), unix(v.in.End)
		return c
	}
	reasons, worked := q.standing(m.Technician), false
	for d := range q.duties(m) {
		worked = true
		if why := q.route(m, d, spare).Refusals(&q.visit); len(why) > 0 {
			reasons = append(reasons, q.refusals(m, d, why)...)
		}
	}
	if !worked {
		reasons = append(reasons, q.offDuty(m)...)
	}
	c.Refusals = distinct(reasons)
	return c
}

// standing says what speaks against a technician on any day, and against any technician.
func (q *question) standing(t Technician) (against []Refusal) {
	if t.Status != TechnicianActive {
		against = append(against, refuse(RefusalSuspended, words.Say("is %s", t.Status)))
	}
	if q.to.Before(q.from) {
		against = append(against, refuse(RefusalOutsideWindow, words.Say("the work had to begin by %s", q.clock(q.to))))
	}
	return against
}

// offDuty says why a technician without a shift is refused: for what he lacks besides, too.
func (q *question) offDuty(m *member) (against []Refusal) {
	for _, w := range workday.NewRoute(workday.Day{Grants: q.grants(m)}, q.rules.travel).Refusals(&q.visit) {
		if w.Code != workday.NoShift {
			against = append(against, q.reason(m, w))
		}
	}
	if q.to.Before(q.from) {
		return against
	}
	against = append(against, refuse(RefusalNoShift, words.Say("has no shift from %s to %s", q.clock(q.from), q.clock(q.to))))
	for _, a := range m.Absences {
		if a.StartsAt.Before(q.until()) && a.EndsAt.After(q.from) {
			against = append(against, q.absent(a))
		}
	}
	return against
}

// route is the route of a duty as the job finds it: without the job itself where he has it already, and with
// those certificates alone that are not over before the time asked about.
func (q *question) route(m *member, d *duty, spare *workday.Route) *workday.Route {
	if d.has(q.job.ID) || !m.lapses.IsZero() && !m.lapses.After(q.from) {
		return workday.NewRoute(m.workday(d.shift, q.others(d.booked), q.now, q.grants(m)), q.rules.travel)
	}
	return m.route(d, q.now, q.rules.travel, spare)
}

// others leaves the job itself out of what is booked.
func (q *question) others(booked []appointment) []appointment {
	return slices.DeleteFunc(slices.Clone(booked), func(a appointment) bool { return a.JobID == q.job.ID })
}

// grants are the certificates that are not over before the time asked about.
func (q *question) grants(m *member) []workday.Grant {
	if m.lapses.IsZero() || m.lapses.After(q.from) {
		return m.held
	}
	r := Roster{Certifications: slices.DeleteFunc(slices.Clone(m.Certifications), func(c Certification) bool { return !c.validUntil().After(q.from) })}
	return r.grants()
}

// refusals says in our words why a shift has no room for the job. An absence is named where it
// alone is in the way, and where it leaves nothing of the time.
func (q *question) refusals(m *member, d *duty, why []workday.Refusal) (against []Refusal) {
	s := d.shift
	if d.away {
		present, alone := m.Roster, false
		present.Absences = nil
		_, why = workday.Insert(present.workday(s, q.others(d.booked), q.now, q.grants(m)), q.visit, q.rules.travel, q.rules.weights)
		alone = len(why) == 0
		begins, ends := later(s.StartsAt, q.from), earlier(s.EndsAt, q.until())
		for _, a := range m.Absences {
			covers := !a.StartsAt.After(begins) && !a.EndsAt.Before(ends)
			if covers || alone && a.StartsAt.Before(s.EndsAt) && s.StartsAt.Before(a.EndsAt) {
				against = append(against, q.absent(a))
			}
		}
	}
	return append(against, q.reasons(m, s, why)...)
}

// reasons says the optimizer's reasons about a shift to people.
func (q *question) reasons(m *member, s Shift, why []workday.Refusal) (against []Refusal) {
	for _, w := range why {
		if w.Code == workday.NoShift {
			against = append(against, refuse(RefusalOutsideShift, words.Say("the shift ends at %s", q.clock(s.EndsAt))))
			continue
		}
		against = append(against, q.reason(m, w))
	}
	return against
}

func (q *question) absent(a Absence) Refusal {
	return refuse(RefusalAbsent, words.Say("is absent from %s to %s", q.clock(a.StartsAt), q.clock(a.EndsAt)))
}

// codes are the optimizer's rules in our words.
var codes = map[workday.Code]RefusalCode{
	workday.NoCertificate: RefusalNoCertificate, workday.LevelTooLow: RefusalLevelTooLow, workday.CertificateLapses: RefusalCertificateEnds,
	workday.NoShift: RefusalNoShift, workday.OutsideShift: RefusalOutsideShift, workday.ArrivesLate: RefusalArrivesLate,
	workday.HomeLate: RefusalHomeLate, workday.NoRoom: RefusalNoRoom, workday.BreakImpossible: RefusalBreak, workday.DayBroken: RefusalDayBroken,
}

// reason says a rule of the optimizer to people.
func (q *question) reason(m *member, w workday.Refusal) Refusal {
	code, until := codes[w.Code], q.second(w.Until)
	switch w.Code {
	case workday.NoCertificate:
		return refuse(code, words.Say("no certificate %s ≥ %d", q.skill(w.Skill), w.Needs))
	case workday.LevelTooLow:
		return refuse(code, words.Say("certificate %s is of level %d, the job needs %d", q.skill(w.Skill), w.Has, w.Needs))
	case workday.CertificateLapses:
		return refuse(code, words.Say("certificate %s ≥ %d is valid from %s to %s only", q.skill(w.Skill), w.Needs, q.second(w.From), until))
	case workday.OutsideShift:
		return refuse(code, words.Say("the shift is from %s to %s, the work must begin from %s to %s", q.second(w.From), until, q.clock(q.from), q.clock(q.to)))
	case workday.ArrivesLate:
		if number := m.number(w.Booking); number != "" {
			return refuse(code, words.Say("would arrive %s after job %s, the work must begin by %s", q.second(w.At), number, until))
		}
		return refuse(code, words.Say("would arrive %s, the work must begin by %s", q.second(w.At), until))
	case workday.HomeLate:
		return refuse(code, words.Say("would be home %s, the shift ends at %s", q.second(w.At), until))
	case workday.NoRoom:
		return refuse(code, words.Say("would come to job %s at %s, it begins at %s", m.number(w.Booking), q.second(w.At), until))
	case workday.BreakImpossible:
		return refuse(code, words.Say("would have no time for the break that begins from %s to %s", q.second(w.From), until))
	case workday.DayBroken:
		if number := m.number(w.Booking); number != "" {
			return refuse(code, words.Say("cannot keep the day as it is booked: would come to job %s at %s, it begins at %s", number, q.second(w.At), until))
		}
		return refuse(code, words.Say("cannot keep the day as it is booked: would be home %s, the shift ends at %s", q.second(w.At), until))
	default:
		return refuse(RefusalNoShift, words.Say("has no shift from %s to %s", q.clock(q.from), q.clock(q.to)))
	}
}

// skill is what people call the skill that the optimizer knows by its id.
func (q *question) skill(id string) string {
	for _, n := range q.job.Needs {
		if n.SkillID.String() == id {
			return n.Code
		}
	}
	return id
}

// clockForm is how moments are said: both languages read it.
const clockForm = "2006-01-02 15:04"

// clock says a moment as the clock at the site shows it.
func (q *question) clock(t time.Time) string { return t.In(q.zone).Format(clockForm) }

// second says a moment of the optimizer's; what never comes stays unsaid.
func (q *question) second(at int64) string {
	if at <= -workday.Forever/2 || at >= workday.Forever/2 {
		return "—"
	}
	return q.clock(time.Unix(at, 0))
}

func unix(at int64) time.Time { return time.Unix(at, 0).UTC() }

// distinct leaves out what was said before.
func distinct(all []Refusal) (kept []Refusal) {
	for _, r := range all {
		if !slices.ContainsFunc(kept, func(k Refusal) bool { return k.Code == r.Code && same(k.Text, r.Text) }) {
			kept = append(kept, r)
		}
	}
	return kept
}

func same(a, b words.Text) bool { return a.String() == b.String() }
