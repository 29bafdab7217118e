package native

import (
	"fmt"

	"callout/dispatch/solve"
	"callout/internal/fault"
)

// Document is a problem as it was read.
type Document struct {
	// Options are what it says of the search itself.
	Options Options

	doc     *document
	problem *solve.Problem
	shifts  []shift
	owners  []string // of the shifts
	metres  []bool   // by profile: whether distances are known
}

// Problem is what there is to be solved: jobs in the document's order, shifts technician by technician.
func (d *Document) Problem() *solve.Problem { return d.problem }

// book gives numbers to what goes by texts, and knows who is meant.
type book map[string]int

// compiler turns a document into a problem, and gathers what does not fit together.
type compiler struct {
	fault.Faults
	*document
	to                                       *Document
	p                                        *solve.Problem
	technicians, shifts, jobs, skills, parts book
	groups, chains, profiles                 book
	rows                                     int // of the matrices
}

func compile(doc *document) (*Document, error) {
	d := &Document{Options: doc.options, doc: doc, problem: &solve.Problem{}}
	c := &compiler{
		document: doc, to: d, p: d.problem, technicians: book{}, shifts: book{}, jobs: book{}, skills: book{}, parts: book{},
		groups: book{}, chains: book{}, profiles: book{},
	}
	c.travel()
	for i := range doc.technicians {
		c.technician(i)
	}
	for i := range doc.jobs {
		c.define(c.jobs, doc.jobs[i].id, fmt.Sprintf("/jobs/%d/id", i))
	}
	for i := range doc.jobs {
		c.p.Jobs = append(c.p.Jobs, c.job(&doc.jobs[i]))
	}
	c.places()
	c.initial()
	c.p.Objective = doc.levels
	if doc.levels == nil {
		name := doc.preset
		if presets[name] == nil {
			name = defaultPreset
		}
		c.p.Objective = preset(name, c.p.Jobs)
	}
	if err := c.Err(fault.Invalid, "the document cannot be understood"); err != nil {
		return nil, err
	}
	if err := c.p.Check(); err != nil {
		return nil, d.blame(err)
	}
	return d, nil
}

// define gives the next number to a text that must not stand twice.
func (c *compiler) define(b book, id, where string) {
	if first, twice := b[id]; twice && id != "" {
		c.Add(where, "is the same as item %d", first)
		return
	}
	b[id] = len(b)
}

// find is the number of a text that must be defined.
func (c *compiler) find(b book, n name) int {
	i, known := b[n.text]
	if !known && n.text != "" {
		c.Add(n.where, "names something that is not there: %q", n.text)
	}
	return i
}

// number is the number of a text that need not be defined.
func (b book) number(id string) int {
	i, known := b[id]
	if !known {
		i = len(b)
		b[id] = i
	}
	return i
}

func (c *compiler) technician(i int) {
	t := &c.document.technicians[i]
	c.define(c.technicians, t.id, fmt.Sprintf("/technicians/%d/id", i))
	var grants []solve.Grant
	for _, g := range t.skills {
		grants = append(grants, solve.Grant{Skill: c.skills.number(g.skill), Level: g.level, From: g.from, To: g.to})
	}
	c.p.Stock = append(c.p.Stock, c.amounts(t.stock))
	for k := range t.shifts {
		s := t.shifts[k]
		c.define(c.shifts, s.id, fmt.Sprintf("/technicians/%d/shifts/%d/id", i, k))
		s.Technician, s.Grants = i, grants
		if s.profile.text != "" {
			s.Profile = c.find(c.profiles, s.profile)
		}
		c.to.shifts, c.to.owners = append(c.to.shifts, s), append(c.to.owners, t.id)
	}
}

func (c *compiler) amounts(list []amount) []solve.Amount {
	var all []solve.Amount
	for _, a := range list {
		all = append(all, solve.Amount{Part: c.parts.number(a.part), Count: a.count})
	}
	return all
}

func (c *compiler) job(j *job) solve.Job {
	to := j.Job
	for _, n := range j.needs {
		to.Needs = append(to.Needs, solve.Need{Skill: c.skills.number(n.skill), Level: n.level})
	}
	to.Parts = c.amounts(j.parts)
	for _, n := range j.allowed {
		to.Allowed = append(to.Allowed, c.find(c.technicians, n))
	}
	if j.restricted && to.Allowed == nil {
		to.Allowed = []int{}
	}
	for _, n := range j.forbidden {
		to.Forbidden = append(to.Forbidden, c.find(c.technicians, n))
	}
	for _, p := range j.preferences {
		to.Preferences = append(to.Preferences, solve.Preference{Technician: c.find(c.technicians, p.technician), Points: p.points})
	}
	if j.group != "" {
		to.Group = c.groups.number(j.group) + 1
	}
	if j.chain != "" {
		to.Chain = c.chains.number(j.chain) + 1
	}
	for _, n := range j.after {
		to.After = append(to.After, c.find(c.jobs, n))
	}
	to.Pin, to.Published = c.pin(j.pin), c.pin(j.published)
	return to
}

func (c *compiler) pin(p *pin) *solve.Pin {
	if p == nil {
		return nil
	}
	to := p.Pin
	to.Shift = c.find(c.shifts, p.shift)
	return &to
}

// initial lets the search begin with what the document says.
func (c *compiler) initial() {
	if c.document.initial == nil {
		return
	}
	c.p.Initial = make([][]int, len(c.to.shifts))
	seen := map[int]bool{}
	for _, i := range c.document.initial {
		shift := c.find(c.shifts, i.shift)
		for _, n := range i.jobs {
			job, known := c.jobs[n.text]
			if !known {
				c.find(c.jobs, n)
				continue
			}
			if seen[job] {
				c.Add(n.where, "stands in the list already")
			}
			seen[job] = true
			if shift < len(c.p.Initial) {
				c.p.Initial[shift] = append(c.p.Initial[shift], job)
			}
		}
	}
}
