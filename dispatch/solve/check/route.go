package check

import (
	"fmt"

	"callout/dispatch/solve"
)

// walk is one route on its way: where he is, since when, and what it came to so far.
type walk struct {
	*verifier
	shift  int
	s      *solve.Shift
	r      *solve.Route
	at     string
	pauses [][]solve.Pause // by leg
	time   int64
	place  int
	set    bool // he cannot be here at another time: it is an end of the shift, or pinned
	sum    solve.Route
	tolls  int64
}

// route goes through one route with a clock.
func (v *verifier) route(i int) {
	s, r, at := &v.p.Shifts[i], &v.plan.Routes[i], fmt.Sprintf("/routes/%d", i)
	if len(r.Stops) == 0 {
		v.idle(s, r, at)
		return
	}
	w := &walk{verifier: v, shift: i, s: s, r: r, at: at, pauses: v.pauses(s, r, at), time: r.Leave, place: s.Start, set: true}
	first := &r.Stops[0]
	if r.Leave < s.From && (!timed(&v.p.Jobs[first.Job]) || r.Leave != first.Start) {
		v.faults.Add(at+"/leave", "is %d, before the shift begins at %d", r.Leave, s.From)
	}
	for n := range r.Stops {
		w.stop(n)
	}
	w.home()
	w.sum.Cost = cost(s, &w.sum, w.tolls)
	v.tally(r, &w.sum, at)
	v.limits(s, r, &w.sum, at)
}

// drive counts the leg to a place.
func (w *walk) drive(to int) solve.Leg {
	leg := w.leg(w.s, w.place, to)
	w.sum.Driving += int64(leg.Seconds)
	w.sum.Metres += int64(leg.Metres)
	w.tolls += int64(leg.Cost)
	return leg
}

// stop goes to a stop and does its job.
func (w *walk) stop(n int) {
	stop, at := &w.r.Stops[n], fmt.Sprintf("%s/stops/%d", w.at, n)
	job := &w.p.Jobs[stop.Job]
	leg := w.drive(job.Place)
	w.equal(at+"/driving", stop.Driving, int64(leg.Seconds))
	w.equal(at+"/metres", stop.Metres, int64(leg.Metres))
	arrive := arrival(w.time, leg, w.pauses[n])
	if w.set && timed(job) && len(w.pauses[n]) == 0 {
		// Between two set times the drive takes the time that there is.
		arrive = min(arrive, stop.Start)
	}
	w.equal(at+"/arrive", stop.Arrive, arrive)
	if stop.Start < arrive {
		w.faults.Add(at+"/start", "is %d, before he is ready at %d", stop.Start, arrive)
	}
	work := duration(w.s, job, w.place)
	w.equal(at+"/end", stop.End, stop.Start+work)
	w.begin(job, stop, at+"/start")
	w.person(w.shift, w.s, job, stop, at)
	w.sum.Working += work
	w.sum.Waiting += max(0, stop.Start-arrive)
	if job.Due != 0 {
		w.sum.Lateness += max(0, stop.End-job.Due)
	}
	w.time, w.place, w.set = stop.End, job.Place, timed(job)
}

// home goes to the end of the shift.
func (w *walk) home() {
	last, latest := w.pauses[len(w.r.Stops)], w.s.To+w.s.Overtime
	home := arrival(w.time, w.drive(w.s.End), last)
	if w.set && len(last) == 0 {
		latest = max(latest, w.time)
		home = min(home, latest)
	}
	w.equal(w.at+"/home", w.r.Home, home)
	if home > latest {
		w.faults.Add(w.at+"/home", "is %d, after the shift and its overtime end at %d", home, latest)
	}
	w.sum.Overtime = max(0, home-w.s.To)
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
