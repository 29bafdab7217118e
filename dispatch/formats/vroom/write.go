package vroom

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/paulmach/orb"

	"callout/dispatch/formats/budget"
	"callout/dispatch/solve"
)

// total are the sums of a route or of a solution.
type total struct {
	Cost     int64   `json:"cost"`
	Delivery []int64 `json:"delivery,omitempty"`
	Pickup   []int64 `json:"pickup,omitempty"`
	Setup    int64   `json:"setup"`
	Service  int64   `json:"service"`
	Duration int64   `json:"duration"`
	Waiting  int64   `json:"waiting_time"`
	Priority int64   `json:"priority"`
	Distance *int64  `json:"distance,omitempty"`
}

type route struct {
	Vehicle     int64  `json:"vehicle"`
	Description string `json:"description,omitempty"`
	total
	Steps      []stop `json:"steps"`
	Violations []any  `json:"violations"`
}

type stop struct {
	Type        string     `json:"type"`
	Description string     `json:"description,omitempty"`
	Location    *orb.Point `json:"location,omitempty"`
	Index       *int       `json:"location_index,omitempty"`
	ID          *int64     `json:"id,omitempty"`
	Job         *int64     `json:"job,omitempty"` // as older readers expect it
	Setup       int64      `json:"setup"`
	Service     int64      `json:"service"`
	Waiting     int64      `json:"waiting_time"`
	Load        []int64    `json:"load,omitempty"`
	Arrival     int64      `json:"arrival"`
	Duration    int64      `json:"duration"`
	Distance    *int64     `json:"distance,omitempty"`
	Violations  []any      `json:"violations"`
}

type missing struct {
	ID          int64      `json:"id"`
	Type        string     `json:"type"`
	Description string     `json:"description,omitempty"`
	Location    *orb.Point `json:"location,omitempty"`
	Index       *int       `json:"location_index,omitempty"`
}

// Write writes a plan of the problem as VROOM writes a solution. The same plan gives the same bytes.
func (d *Document) Write(out io.Writer, plan *solve.Plan, _ budget.Effort) error {
	var s struct {
		Code    int `json:"code"`
		Summary struct {
			Routes     int `json:"routes"`
			Unassigned int `json:"unassigned"`
			total
			Violations []any `json:"violations"`
		} `json:"summary"`
		Unassigned []missing `json:"unassigned"`
		Routes     []route   `json:"routes"`
	}
	s.Summary.Violations, s.Unassigned, s.Routes = []any{}, []missing{}, []route{}
	sum := &s.Summary.total
	for i := range plan.Routes {
		if len(plan.Routes[i].Stops) == 0 {
			continue
		}
		r := d.route(i, &plan.Routes[i])
		s.Routes = append(s.Routes, r)
		sum.add(&r.total)
	}
	s.Summary.Routes, s.Summary.Unassigned = len(s.Routes), len(plan.Unserved)
	for _, a := range plan.Unserved {
		j := &d.doc.jobs[a.Job]
		s.Unassigned = append(s.Unassigned, missing{j.id, "job", j.description, j.place.at, j.place.index})
	}
	w := bufio.NewWriter(out)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return err
	}
	return w.Flush()
}

func (t *total) add(o *total) {
	t.Cost += o.Cost
	t.Delivery = plus(t.Delivery, o.Delivery)
	t.Pickup = plus(t.Pickup, o.Pickup)
	t.Setup += o.Setup
	t.Service += o.Service
	t.Duration += o.Duration
	t.Waiting += o.Waiting
	t.Priority += o.Priority
	if o.Distance != nil {
		if t.Distance == nil {
			t.Distance = new(int64)
		}
		*t.Distance += *o.Distance
	}
}

// plus is the sum of two amounts, of which either may be empty.
func plus(a, b []int64) []int64 {
	sum := make([]int64, max(len(a), len(b)))
	copy(sum, a)
	for i, n := range b {
		sum[i] += n
	}
	return sum
}

func minus(a, b []int64) []int64 {
	sum := plus(a, nil)
	for i, n := range b {
		sum[i] -= n
	}
	return sum
}
