package vroom

import (
	"fmt"
	"slices"
	"strings"

	"callout/dispatch/solve"
	"callout/internal/fault"
)

// car is the profile of a vehicle that names none.
const car = "car"

// Document is a problem as it was read.
type Document struct {
	doc     *document
	problem *solve.Problem
	metres  bool // whether distances are known
}

// Problem is what there is to be solved: shifts are the vehicles, jobs the jobs, in their order.
func (d *Document) Problem() *solve.Problem { return d.problem }

// compiler turns a document into a problem, and gathers what does not fit together.
type compiler struct {
	*document
	fault.Faults
	p        *solve.Problem
	indexed  bool // places are rows of matrices, not coordinates
	rows     int  // of each matrix
	skills   map[int64]int
	profiles map[profile]int
}

func compile(doc *document) (*Document, error) {
	c := &compiler{
		document: doc, indexed: len(doc.matrices) > 0, skills: map[int64]int{}, profiles: map[profile]int{},
		p: &solve.Problem{Objective: solve.Objective{{{Of: solve.Missed, Class: solve.AllClasses, Price: 1}}, {{Of: solve.Unserved, Price: 1}}, {{Of: solve.Cost, Price: 1}}}},
	}
	if len(doc.vehicles) == 0 {
		c.Add("/vehicles", "must hold at least %d", 1)
	}
	c.unique()
	c.matrixSizes()
	c.places()
	c.dimensions()
	from, to := c.horizon()
	for i := range doc.jobs {
		c.p.Jobs = append(c.p.Jobs, c.job(&doc.jobs[i]))
	}
	for i := range doc.vehicles {
		c.p.Shifts = append(c.p.Shifts, c.shift(i, &doc.vehicles[i], from, to))
	}
	c.paces()
	c.steps()
	if err := c.Err(fault.Invalid, "the document cannot be understood"); err != nil {
		return nil, err
	}
	if err := c.p.Check(); err != nil {
		return nil, blame(err)
	}
	return &Document{doc: doc, problem: c.p, metres: c.metres()}, nil
}

// blame says the faults of the problem at the places of the document.
func blame(err error) error {
	e := *fault.From(err)
	e.Fields = slices.Clone(e.Fields)
	for i, f := range e.Fields {
		e.Fields[i].Pointer = locate(f.Pointer)
	}
	return &e
}

// locate turns a place in the problem into one in the document, where times are pairs.
func locate(pointer string) string {
	rest, vehicle := strings.CutPrefix(pointer, "/shifts/")
	if vehicle {
		pointer = "/vehicles/" + rest
	}
	pair := strings.Contains(pointer, "/windows/")
	pointer = strings.Replace(pointer, "/windows/", "/time_windows/", 1)
	for i, end := range []string{"/from", "/to"} {
		if owner, ok := strings.CutSuffix(pointer, end); ok && pair {
			return fmt.Sprintf("%s/%d", owner, i)
		} else if ok && vehicle {
			return fmt.Sprintf("%s/time_window/%d", owner, i)
		}
	}
	return pointer
}

// unique refuses ids that stand twice.
func (c *compiler) unique() {
	jobs, vehicles := map[int64]int{}, map[int64]int{}
	for i, j := range c.jobs {
		c.once(jobs, j.id, i, "/jobs")
	}
	for i, v := range c.vehicles {
		c.once(vehicles, v.id, i, "/vehicles")
		breaks := map[int64]int{}
		for k, b := range v.breaks {
			c.once(breaks, b.id, k, fmt.Sprintf("/vehicles/%d/breaks", i))
		}
	}
}

func (c *compiler) once(seen map[int64]int, id int64, i int, at string) {
	if first, there := seen[id]; there {
		c.Add(fmt.Sprintf("%s/%d/id", at, i), "is the same as item %d", first)
		return
	}
	seen[id] = i
}

// dimensions refuses amounts of different lengths, which are of different things.
func (c *compiler) dimensions() {
	first := 0
	same := func(amounts []int64, at string, args ...any) {
		switch {
		case len(amounts) == 0:
		case first == 0:
			first = len(amounts)
		case len(amounts) != first:
			c.Add(fmt.Sprintf(at, args...), "has %d numbers, and others %d", len(amounts), first)
		}
	}
	for i, v := range c.vehicles {
		same(v.capacity, "/vehicles/%d/capacity", i)
	}
	for i, j := range c.jobs {
		same(j.delivery, "/jobs/%d/delivery", i)
		same(j.pickup, "/jobs/%d/pickup", i)
	}
}

// always is how long before the first and after the last time that is named a vehicle without
// working hours is on duty, which is as good as always: 5 years.
const always = 5 * 365 * 24 * 3600

// horizon is when vehicles without a window work.
func (c *compiler) horizon() (from, to int64) {
	from, to = -1, 0
	span := func(w solve.Window) {
		if from < 0 || w.From < from {
			from = w.From
		}
		to = max(to, w.To)
	}
	for i := range c.vehicles {
		if v := &c.vehicles[i]; v.window != nil {
			span(*v.window)
		}
		for _, b := range c.vehicles[i].breaks {
			for _, w := range b.windows {
				span(w)
			}
		}
	}
	for i := range c.jobs {
		for _, w := range c.jobs[i].windows {
			span(w)
		}
	}
	return max(0, from-always), to + always
}

func (c *compiler) job(j *job) solve.Job {
	to := solve.Job{
		Place: c.place(j.place), Windows: j.windows, Setup: j.setup, Work: j.service, Deliver: j.delivery, Pickup: j.pickup, Weight: j.priority,
	}
	for _, s := range j.skills {
		to.Needs = append(to.Needs, solve.Need{Skill: c.skill(s)})
	}
	return to
}

func (c *compiler) skill(number int64) int {
	i, known := c.skills[number]
	if !known {
		i = len(c.skills)
		c.skills[number] = i
	}
	return i
}

func (c *compiler) shift(i int, v *vehicle, from, to int64) solve.Shift {
	s := solve.Shift{
		Technician: i, Profile: c.profile(v), Start: c.place(v.start), End: c.place(v.end), From: from, To: to,
		Capacity: v.capacity, MaxJobs: int(v.maxTasks), MaxDriving: v.maxTravel, MaxMetres: v.maxDistance,
		Rates: solve.Rates{Fixed: v.costs.fixed, Driving: v.costs.hour, Work: v.costs.taskHour, Km: v.costs.km},
	}
	if m := c.matrices[v.profile]; m != nil && m.costs != nil {
		s.Rates.Driving = 0
	}
	if v.window != nil {
		s.From, s.To = v.window.From, v.window.To
	}
	for _, b := range v.breaks {
		windows := b.windows
		if windows == nil {
			windows = []solve.Window{{From: s.From, To: s.To}}
		}
		s.Breaks = append(s.Breaks, solve.Break{Windows: windows, Duration: b.service})
	}
	for _, number := range v.skills {
		s.Grants = append(s.Grants, solve.Grant{Skill: c.skill(number), From: -solve.Forever, To: solve.Forever})
	}
	return s
}
