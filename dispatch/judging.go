package dispatch

import (
	"slices"
	"time"

	"callout/dispatch/workday"
	"callout/internal/words"
)

// judge ranks or refuses one technician, over all his shifts in the time asked about.
func (q *question) judge(r Roster) Candidate {
	refused := Candidate{TechnicianID: r.Technician.ID, Name: r.Technician.Name, OutletID: r.Technician.OutletID}
	best, grants := refused, r.grants()
	reasons, worked := q.standing(r), false
	barred := len(reasons) > 0
	for _, s := range r.Shifts {
		if !s.works() || !s.EndsAt.After(q.from) || s.StartsAt.After(q.to) {
			continue
		}
		worked = true
		in, why := q.insert(r, s, grants)
		if len(why) > 0 {
			reasons = append(reasons, q.refusals(r, s, grants, why)...)
			continue
		}
		terms, score := q.terms(r.Technician, in)
		if !best.Ranked || score < best.Score {
			best.Ranked, best.Terms, best.Score = true, terms, score
			best.Arrive, best.Start, best.End = unix(in.Arrive), unix(in.Start), unix(in.End)
		}
	}
	if !worked {
		reasons = append(reasons, q.offDuty(r)...)
	}
	if best.Ranked && !barred {
		return best
	}
	refused.Refusals = distinct(reasons)
	return refused
}

// standing says what speaks against a technician on any day, and against any technician.
func (q *question) standing(r Roster) (against []Refusal) {
	if r.Technician.Status != TechnicianActive {
		against = append(against, refuse(RefusalSuspended, words.Say("is %s", r.Technician.Status)))
	}
	if q.to.Before(q.from) {
		against = append(against, refuse(RefusalOutsideWindow, words.Say("the work had to begin by %s", q.clock(q.to))))
	}
	return against
}

// offDuty says why a technician without a shift is refused: for what he lacks besides, too.
func (q *question) offDuty(r Roster) (against []Refusal) {
	for _, w := range workday.NewRoute(workday.Day{Grants: r.grants()}, q.rules.travel).Refusals(&q.visit) {
		if w.Code != workday.NoShift {
			against = append(against, q.reason(w))
		}
	}
	if q.to.Before(q.from) {
		return against
	}
	against = append(against, refuse(RefusalNoShift, words.Say("has no shift from %s to %s", q.clock(q.from), q.clock(q.to))))
	for _, a := range r.Absences {
		against = append(against, q.absent(a))
	}
	return against
}

// insert asks the optimizer where the job fits what is left of a shift.
func (q *question) insert(r Roster, s Shift, grants []workday.Grant) (workday.Insertion, []workday.Refusal) {
	return workday.Insert(r.workday(s, q.booked[r.Technician.ID], q.now, grants), q.visit, q.rules.travel, q.rules.weights)
}

// refusals says in our words why a shift has no room for the job. An absence is named where it
// alone is in the way, and where it leaves nothing of the time.
func (q *question) refusals(r Roster, s Shift, grants []workday.Grant, why []workday.Refusal) (against []Refusal) {
	present, alone := r, false
	present.Absences = nil
	if len(r.Absences) > 0 {
		_, why = q.insert(present, s, grants)
		alone = len(why) == 0
	}
	begins, ends := later(s.StartsAt, q.from), earlier(s.EndsAt, q.until())
	for _, a := range r.Absences {
		covers := !a.StartsAt.After(begins) && !a.EndsAt.Before(ends)
		if covers || alone && a.StartsAt.Before(s.EndsAt) && s.StartsAt.Before(a.EndsAt) {
			against = append(against, q.absent(a))
		}
	}
	return append(against, q.reasons(s, why)...)
}

// reasons says the optimizer's reasons about a shift to people.
func (q *question) reasons(s Shift, why []workday.Refusal) (against []Refusal) {
	for _, w := range why {
		if w.Code == workday.NoShift {
			against = append(against, refuse(RefusalOutsideShift, words.Say("the shift ends at %s", q.clock(s.EndsAt))))
			continue
		}
		against = append(against, q.reason(w))
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
func (q *question) reason(w workday.Refusal) Refusal {
	code, at, from, until := codes[w.Code], q.second(w.At), q.second(w.From), q.second(w.Until)
	switch w.Code {
	case workday.NoCertificate:
		return refuse(code, words.Say("no certificate %s ≥ %d", q.skill(w.Skill), w.Needs))
	case workday.LevelTooLow:
		return refuse(code, words.Say("certificate %s is of level %d, the job needs %d", q.skill(w.Skill), w.Has, w.Needs))
	case workday.CertificateLapses:
		return refuse(code, words.Say("certificate %s ≥ %d is valid from %s to %s only", q.skill(w.Skill), w.Needs, from, until))
	case workday.OutsideShift:
		return refuse(code, words.Say("the shift is from %s to %s, the work must begin from %s to %s", from, until, q.clock(q.from), q.clock(q.to)))
	case workday.ArrivesLate:
		if number := q.numbers[w.Booking]; number != "" {
			return refuse(code, words.Say("would arrive %s after job %s, the work must begin by %s", at, number, until))
		}
		return refuse(code, words.Say("would arrive %s, the work must begin by %s", at, until))
	case workday.HomeLate:
		return refuse(code, words.Say("would be home %s, the shift ends at %s", at, until))
	case workday.NoRoom:
		return refuse(code, words.Say("would come to job %s at %s, it begins at %s", q.numbers[w.Booking], at, until))
	case workday.BreakImpossible:
		return refuse(code, words.Say("would have no time for the break that begins from %s to %s", from, until))
	case workday.DayBroken:
		if number := q.numbers[w.Booking]; number != "" {
			return refuse(code, words.Say("cannot keep the day as it is booked: would come to job %s at %s, it begins at %s", number, at, until))
		}
		return refuse(code, words.Say("cannot keep the day as it is booked: would be home %s, the shift ends at %s", at, until))
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
