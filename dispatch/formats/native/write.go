package native

import (
	"bufio"
	"encoding/json"
	"io"

	"callout/dispatch/formats/budget"
	"callout/dispatch/formats/chart"
	"callout/dispatch/solve"
)

// Plan is a plan as it is written. The contract's schema SolvePlan describes it.
type Plan struct {
	Score      []int64          `json:"score"`
	Figures    map[string]int64 `json:"figures"`
	Routes     []Route          `json:"routes"`
	Unserved   []Absent         `json:"unserved"`
	Iterations int64            `json:"iterations"`
	Seed       uint64           `json:"seed"`
	Threads    int              `json:"threads"`
	Trace      [][]uint16       `json:"trace"`
}

// Route is what becomes of a shift.
type Route struct {
	Shift      string  `json:"shift"`
	Technician string  `json:"technician"`
	Leave      string  `json:"leave"`
	Home       string  `json:"home"`
	Stops      []Stop  `json:"stops"`
	Breaks     []Pause `json:"breaks"`
	Driving    int64   `json:"driving"`
	Distance   *int64  `json:"distance,omitempty"`
	Working    int64   `json:"working"`
	Waiting    int64   `json:"waiting"`
	Lateness   int64   `json:"lateness"`
	Overtime   int64   `json:"overtime"`
	Cost       int64   `json:"cost"`
}

// Stop is a job in a route.
type Stop struct {
	Job      string `json:"job"`
	Arrive   string `json:"arrive"`
	Start    string `json:"start"`
	End      string `json:"end"`
	Driving  int64  `json:"driving"`
	Distance *int64 `json:"distance,omitempty"`
}

// Pause is a break taken.
type Pause struct {
	Break int    `json:"break"`
	After int    `json:"after"`
	Start string `json:"start"`
	End   string `json:"end"`
}

// Absent is a job that nobody does.
type Absent struct {
	Job       string `json:"job"`
	Reason    string `json:"reason"`
	Text      string `json:"text,omitempty"`
	Certified int    `json:"certified"`
	Able      int    `json:"able"`
}

// Plan says a plan in the document's names. Money is in whole minor units, rounded.
func (d *Document) Plan(plan *solve.Plan, e budget.Effort) Plan {
	to := Plan{
		Score: append([]int64{}, plan.Score[:len(d.problem.Objective)]...), Figures: map[string]int64{}, Routes: []Route{}, Unserved: []Absent{},
		Iterations: e.Iterations, Seed: e.Seed, Threads: e.Threads, Trace: [][]uint16{},
	}
	for _, rounds := range plan.Trace {
		if rounds != nil { // there are none where iterations were counted
			to.Trace = append(to.Trace, rounds)
		}
	}
	for i, name := range figureOrder {
		to.Figures[name] = plan.Figures[i]
	}
	to.Figures["cost"] = minor(plan.Figures[solve.Cost])
	for i := range plan.Routes {
		if len(plan.Routes[i].Stops) > 0 {
			to.Routes = append(to.Routes, d.route(i, &plan.Routes[i]))
		}
	}
	for _, a := range plan.Unserved {
		to.Unserved = append(to.Unserved, Absent{Job: d.doc.jobs[a.Job].id, Reason: string(a.Reason), Certified: a.Certified, Able: a.Able})
	}
	return to
}

func minor(cost int64) int64 { return (cost + solve.CostUnit/2) / solve.CostUnit }

func (d *Document) route(i int, r *solve.Route) Route {
	say := d.doc.zone.say
	to := Route{
		Shift: d.shifts[i].id, Technician: d.owners[i], Leave: say(r.Leave), Home: say(r.Home), Stops: []Stop{}, Breaks: []Pause{},
		Driving: r.Driving, Working: r.Working, Waiting: r.Waiting, Lateness: r.Lateness, Overtime: r.Overtime, Cost: minor(r.Cost),
	}
	measured := d.metres[d.problem.Shifts[i].Profile]
	if measured {
		to.Distance = &r.Metres
	}
	for k := range r.Stops {
		s := &r.Stops[k]
		stop := Stop{Job: d.doc.jobs[s.Job].id, Arrive: say(s.Arrive), Start: say(s.Start), End: say(s.End), Driving: s.Driving}
		if measured {
			stop.Distance = &s.Metres
		}
		to.Stops = append(to.Stops, stop)
	}
	for _, p := range r.Pauses {
		to.Breaks = append(to.Breaks, Pause{p.Break, p.After, say(p.Start), say(p.End)})
	}
	return to
}

// Write writes a plan as JSON. The same plan gives the same bytes.
func (d *Document) Write(out io.Writer, plan *solve.Plan, e budget.Effort) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d.Plan(plan, e)); err != nil {
		return err
	}
	return w.Flush()
}

// Names says how a drawing calls shifts and jobs.
func (d *Document) Names() chart.Names {
	return chart.Names{
		Title: "Callout",
		Shift: func(i int) string { return d.owners[i] },
		Job:   func(i int) string { return d.doc.jobs[i].id },
		Point: func(place int) (x, y float64, known bool) {
			if place >= len(d.doc.places) {
				return 0, 0, false
			}
			return d.doc.places[place][0], d.doc.places[place][1], true
		},
		Earth: true, Clock: func(t int64) string { return d.doc.zone.at(t).Format("15:04") }, Tick: 3600,
	}
}
