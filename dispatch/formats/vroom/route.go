package vroom

import (
	"cmp"

	"callout/dispatch/solve"
)

// tracer writes down the steps of one route.
type tracer struct {
	d    *Document
	v    *vehicle
	pace int64
	to   route
	now  int64 // when he is free
	rest int64 // seconds of the present leg that are still to be driven
	on   int64 // metres driven
	load []int64
}

func (d *Document) route(i int, r *solve.Route) route {
	v, shift := &d.doc.vehicles[i], &d.problem.Shifts[i]
	t := tracer{d: d, v: v, pace: int64(cmp.Or(shift.Pace, 1000)), now: r.Leave, to: route{Vehicle: v.id, Description: v.description, Violations: []any{}}}
	if d.metres {
		t.to.Distance = &r.Metres
	}
	for _, s := range r.Stops {
		j := &d.doc.jobs[s.Job]
		t.to.Delivery, t.to.Pickup = plus(t.to.Delivery, j.delivery), plus(t.to.Pickup, j.pickup)
		t.to.Priority += j.priority
	}
	t.to.Cost, t.load = r.Cost/solve.CostUnit, t.to.Delivery
	if shift.Start != solve.Nowhere {
		t.add(stop{Type: "start", Location: v.start.at, Index: v.start.index, Arrival: r.Leave})
	}
	place, pauses := shift.Start, r.Pauses
	for k := range r.Stops {
		s := &r.Stops[k]
		t.rest = s.Driving
		pauses = t.pauses(pauses, k)
		t.drive(t.rest)
		t.on += s.Metres
		t.job(s, place)
		place = d.problem.Jobs[s.Job].Place
	}
	t.rest = r.Driving - t.to.Duration
	t.pauses(pauses, len(r.Stops))
	t.drive(t.rest)
	if shift.End != solve.Nowhere {
		t.on = r.Metres
		t.add(stop{Type: "end", Location: v.end.at, Index: v.end.index, Arrival: t.now})
	}
	return t.to
}

func (t *tracer) add(s stop) {
	s.Duration, s.Violations = t.to.Duration, []any{}
	if len(t.load) > 0 {
		s.Load = plus(t.load, nil)
	}
	if t.d.metres {
		on := t.on
		s.Distance = &on
	}
	t.to.Setup += s.Setup
	t.to.Service += s.Service
	t.to.Waiting += s.Waiting
	t.to.Steps = append(t.to.Steps, s)
}

func (t *tracer) drive(seconds int64) {
	t.now += seconds
	t.rest -= seconds
	t.to.Duration += seconds
}

// pauses takes the breaks before stop k, as far on the way as there is time for.
func (t *tracer) pauses(all []solve.Pause, k int) []solve.Pause {
	for len(all) > 0 && all[0].After == k {
		p := all[0]
		b := &t.v.breaks[p.Break]
		t.drive(max(0, min(t.rest, p.Start-t.now)))
		t.add(stop{Type: "break", Description: b.description, ID: &b.id, Service: p.End - p.Start, Waiting: p.Start - t.now, Arrival: t.now})
		t.now, all = p.End, all[1:]
	}
	return all
}

func (t *tracer) job(s *solve.Stop, from int) {
	j, setup := &t.d.doc.jobs[s.Job], int64(0)
	if from != j.place.number {
		setup = (j.setup*t.pace + 999) / 1000
	}
	arrival := min(t.now, s.Start) // a drive between two set times takes the time that there is
	t.load = plus(minus(t.load, j.delivery), j.pickup)
	t.add(stop{
		Type: "job", Description: j.description, Location: j.place.at, Index: j.place.index, ID: &j.id, Job: &j.id,
		Setup: setup, Service: s.End - s.Start - setup, Waiting: s.Start - arrival, Arrival: arrival,
	})
	t.now = s.End
}
