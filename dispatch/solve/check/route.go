package check

import (
	"fmt"

	"callout/dispatch/solve"
)

// walk goes through one route with a clock.
func (v *verifier) walk(i int) {
	s, r, at := &v.p.Shifts[i], &v.plan.Routes[i], fmt.Sprintf("/routes/%d", i)
	if len(r.Stops) == 0 {
		v.idle(s, r, at)
		return
	}
	pauses := v.pauses(s, r, at)
	first := &v.p.Jobs[r.Stops[0].Job]
	if from := s.From; r.Leave < from && (!timed(first) || r.Leave != r.Stops[0].Start) {
		v.faults.Add(at+"/leave", "is %d, before the shift begins at %d", r.Leave, from)
	}
	var sum solve.Route
	var extra int64
	t, place, set := r.Leave, s.Start, true
	for n := range r.Stops {
		stop, here := &r.Stops[n], fmt.Sprintf("%s/stops/%d", at, n)
		job := &v.p.Jobs[stop.Job]
		leg := v.leg(s, place, job.Place)
		v.equal(here+"/driving", stop.Driving, int64(leg.Seconds))
		v.equal(here+"/metres", stop.Metres, int64(leg.Metres))
		arrive := arrival(t, leg, pauses[n])
		if set && timed(job) && len(pauses[n]) == 0 {
			// Between two set times the drive takes the time that there is.
			arrive = min(arrive, stop.Start)
		}
		v.equal(here+"/arrive", stop.Arrive, arrive)
		if stop.Start < arrive {
			v.faults.Add(here+"/start", "is %d, before he is ready at %d", stop.Start, arrive)
		}
		work := duration(s, job, place)
		v.equal(here+"/end", stop.End, stop.Start+work)
		v.begin(job, stop, here+"/start")
		v.person(i, s, job, stop, here)
		sum.Driving += int64(leg.Seconds)
		sum.Metres += int64(leg.Metres)
		extra += int64(leg.Cost)
		sum.Working += work
		sum.Waiting += max(0, stop.Start-arrive)
		if job.Due != 0 {
			sum.Lateness += max(0, stop.End-job.Due)
		}
		t, place, set = stop.End, job.Place, timed(job)
	}
	leg, last := v.leg(s, place, s.End), len(r.Stops)
	sum.Driving += int64(leg.Seconds)
	sum.Metres += int64(leg.Metres)
	extra += int64(leg.Cost)
	home, latest := arrival(t, leg, pauses[last]), s.To+s.Overtime
	if set && len(pauses[last]) == 0 {
		latest = max(latest, t)
		home = min(home, latest)
	}
	v.equal(at+"/home", r.Home, home)
	if home > latest {
		v.faults.Add(at+"/home", "is %d, after the shift and its overtime end at %d", home, latest)
	}
	sum.Overtime = max(0, home-s.To)
	sum.Cost = cost(s, &sum, extra)
	v.tally(r, &sum, at)
	v.limits(s, r, &sum, at)
}

// idle is the route of one who does not leave.
func (v *verifier) idle(s *solve.Shift, r *solve.Route, at string) {
	v.equal(at+"/leave", r.Leave, s.From)
	v.equal(at+"/home", r.Home, s.From)
	for n := range r.Pauses {
		v.faults.Add(fmt.Sprintf("%s/pauses/%d", at, n), "is taken by one who has no stops")
	}
	v.tally(r, &solve.Route{}, at)
}

// tally holds the sums that a route states against those found.
func (v *verifier) tally(r, sum *solve.Route, at string) {
	v.equal(at+"/driving", r.Driving, sum.Driving)
	v.equal(at+"/metres", r.Metres, sum.Metres)
	v.equal(at+"/working", r.Working, sum.Working)
	v.equal(at+"/waiting", r.Waiting, sum.Waiting)
	v.equal(at+"/lateness", r.Lateness, sum.Lateness)
	v.equal(at+"/overtime", r.Overtime, sum.Overtime)
	v.equal(at+"/cost", r.Cost, sum.Cost)
}

// arrival is when a drive that is left at t, with those pauses on its way, is over.
func arrival(t int64, leg solve.Leg, pauses []solve.Pause) int64 {
	t += int64(leg.Seconds)
	for _, p := range pauses {
		t += p.End - p.Start
	}
	for _, p := range pauses {
		t = max(t, p.End)
	}
	return t
}

// duration is how long a technician who comes from a place is busy with a job: set-up is needed
// only where he was elsewhere, and each part takes him as long as his pace says, rounded up.
func duration(s *solve.Shift, job *solve.Job, from int) int64 {
	seconds := paced(s, job.Work)
	if from != job.Place {
		seconds += paced(s, job.Setup)
	}
	return seconds
}

func paced(s *solve.Shift, seconds int64) int64 {
	if s.Pace == 0 {
		return seconds
	}
	return (seconds*int64(s.Pace) + 999) / 1000
}

// cost is what a route with stops costs: 3600 seconds at a rate per hour, or 1000 metres at one
// per kilometre, are CostUnit times the rate.
func cost(s *solve.Shift, sum *solve.Route, extra int64) int64 {
	hours := s.Rates.Driving*sum.Driving + s.Rates.Work*sum.Working + s.Rates.Overtime*sum.Overtime
	return solve.CostUnit*(s.Rates.Fixed+extra) + solve.CostUnit/3600*hours + solve.CostUnit/1000*s.Rates.Km*sum.Metres
}

// begin says whether work may begin when it does.
func (v *verifier) begin(job *solve.Job, stop *solve.Stop, at string) {
	if timed(job) {
		v.equal(at, stop.Start, job.Pin.Start)
		return
	}
	if !open(job.Windows, stop.Start) {
		v.faults.Add(at, "is %d, when none of its windows is open", stop.Start)
	}
	if job.Release != 0 && stop.Start < job.Release {
		v.faults.Add(at, "is %d, before its release at %d", stop.Start, job.Release)
	}
}

// open says whether a time is within one of the windows; none means that any time is.
func open(windows []solve.Window, t int64) bool {
	for _, w := range windows {
		if w.From <= t && t <= w.To {
			return true
		}
	}
	return len(windows) == 0
}
