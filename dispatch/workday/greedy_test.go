package workday_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"callout/dispatch/workday"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var trades = []string{"boiler", "hvac", "lift", "oven"}

// operation makes up outlets with their technicians and open visits, spread over a city each.
func operation(seed uint64, outlets, technicians, visits int) workday.Problem {
	r := rand.New(rand.NewPCG(seed, 1))
	p := workday.Problem{Travel: town, Weights: workday.DefaultWeights}
	somewhere := func(outlet int) orb.Point {
		return orb.Point{13 + float64(outlet)/2 + r.Float64()/4, 52 + r.Float64()/5}
	}
	for n := range technicians {
		d := workday.Day{Technician: id(1000 + n), Outlet: id(n % outlets), Start: somewhere(n % outlets), CostPerHour: 3000 + r.Int64N(3000)}
		d.End = d.Start
		from := at(7+r.Int64N(3), 0)
		d.Shift = workday.Window{From: from, To: from + at(8+r.Int64N(2), 0)}
		d.Breaks = []workday.Break{lunch}
		for range 1 + r.IntN(3) {
			g := workday.Grant{Skill: trades[r.IntN(len(trades))], Level: 1 + r.IntN(4), From: -workday.Forever, To: workday.Forever}
			if r.IntN(8) == 0 {
				g.To = at(10+r.Int64N(6), 0)
			}
			d.Grants = append(d.Grants, g)
		}
		p.Days = append(p.Days, d)
	}
	for n := range visits {
		v := workday.Visit{ID: id(100_000 + n), Outlet: id(n % outlets), At: somewhere(n % outlets), Class: r.IntN(3), Duration: (4 + r.Int64N(15)) * 5 * minute}
		if r.IntN(5) < 3 {
			from := at(8+2*r.Int64N(4), 0)
			v.Windows = []workday.Window{{From: from, To: from + 2*hour}}
		}
		if r.IntN(4) == 0 {
			v.Due = at(9+r.Int64N(8), 0)
		}
		v.Needs = []workday.Need{{Skill: trades[r.IntN(len(trades))], Level: 1 + r.IntN(3)}}
		p.Visits = append(p.Visits, v)
	}
	return p
}

// checkPlan holds a plan against its problem: each visit once, in its outlet, each day feasible.
func checkPlan(p workday.Problem, plan workday.Plan) error {
	left := map[uuid.UUID]workday.Visit{}
	for _, v := range p.Visits {
		left[v.ID] = v
	}
	by := map[uuid.UUID]int{}
	for _, a := range plan.Assigned {
		if p.Days[a.Day].Technician != a.Technician {
			return fmt.Errorf("%+v names the wrong day", a)
		}
		by[a.Visit] = a.Day
	}
	for i, d := range p.Days {
		var stops []workday.Visit
		own := 0
		for _, s := range plan.Days[i].Schedule.Stops {
			v, open := left[s.Visit]
			if !open {
				n := slices.IndexFunc(d.Stops, func(v workday.Visit) bool { return v.ID == s.Visit })
				if n < 0 {
					return fmt.Errorf("day %d: visit %s is done twice, or unheard of", i, s.Visit)
				}
				own++
				stops = append(stops, d.Stops[n])
				continue
			}
			delete(left, s.Visit)
			if v.Outlet != d.Outlet {
				return fmt.Errorf("day %d: visit %s belongs to another outlet", i, v.ID)
			}
			if at, told := by[v.ID]; !told || at != i {
				return fmt.Errorf("day %d: visit %s is not among its assignments", i, v.ID)
			}
			delete(by, v.ID)
			stops = append(stops, v)
		}
		if own != len(d.Stops) {
			return fmt.Errorf("day %d: %d of %d bookings kept", i, own, len(d.Stops))
		}
		if err := checkDay(d, stops, plan.Days[i].Schedule, p.Travel); err != nil {
			return fmt.Errorf("day %d: %w", i, err)
		}
	}
	if len(by) > 0 || len(left) != len(plan.Unserved) {
		return fmt.Errorf("%d assignments without a stop, %d visits left, %d said to be unserved", len(by), len(left), len(plan.Unserved))
	}
	return checkUnserved(p, plan, left)
}

// checkUnserved holds the reasons against what each technician says on his own.
func checkUnserved(p workday.Problem, plan workday.Plan, left map[uuid.UUID]workday.Visit) error {
	for _, u := range plan.Unserved {
		v, unserved := left[u.Visit]
		if !unserved {
			return fmt.Errorf("visit %s is served and unserved", u.Visit)
		}
		able := 0
		for i, d := range p.Days {
			if d.Outlet != v.Outlet {
				continue
			}
			d.Stops = nil
			if _, why := workday.Insert(d, v, p.Travel, p.Weights); len(why) == 0 {
				able++
			}
			for _, s := range plan.Days[i].Schedule.Stops {
				d.Stops = append(d.Stops, find(p, i, s.Visit))
			}
			if in, why := workday.Insert(d, v, p.Travel, p.Weights); len(why) == 0 {
				return fmt.Errorf("day %d still has room for visit %s: %+v", i, v.ID, in)
			}
		}
		if able != u.Able || able > 0 != (u.Reason == workday.ReasonCapacity) {
			return fmt.Errorf("%d technicians could do %+v on an empty day", able, u)
		}
	}
	return nil
}

func find(p workday.Problem, day int, id uuid.UUID) workday.Visit {
	for _, v := range slices.Concat(p.Days[day].Stops, p.Visits) {
		if v.ID == id {
			return v
		}
	}
	panic("no such visit")
}

func TestGreedyPlansHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outlets := rapid.IntRange(1, 3).Draw(t, "outlets")
		p := operation(rapid.Uint64().Draw(t, "seed"), outlets, rapid.IntRange(1, 8).Draw(t, "technicians"), rapid.IntRange(0, 40).Draw(t, "visits"))
		late := len(p.Visits) / 2
		first, second := p, p
		first.Visits, second.Visits = p.Visits[:late], p.Visits[late:]
		plan := workday.Greedy(first, nil)
		if err := checkPlan(first, plan); err != nil {
			t.Fatal(err)
		}
		// What was assigned is booked, and as many come on top.
		second.Days = slices.Clone(p.Days)
		for i := range second.Days {
			for _, s := range plan.Days[i].Schedule.Stops {
				v := find(first, i, s.Visit)
				v.Fixed, v.Start = true, s.Start
				second.Days[i].Stops = append(second.Days[i].Stops, v)
			}
		}
		if err := checkPlan(second, workday.Greedy(second, nil)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestGreedyPlanOfABigDayHolds(t *testing.T) {
	p := operation(5, 6, 60, 600)
	plan := workday.Greedy(p, nil)
	if err := checkPlan(p, plan); err != nil {
		t.Fatal(err)
	}
	if served := len(plan.Assigned); served < 300 {
		t.Errorf("only %d of 600 visits are served", served)
	}
}

func TestGreedyIsTheSameForAnyOrderOfItsInput(t *testing.T) {
	p := operation(7, 3, 12, 150)
	want := workday.Greedy(p, nil)
	if !reflect.DeepEqual(workday.Greedy(p, nil), want) {
		t.Fatal("two runs differ")
	}
	q := p
	q.Visits, q.Days = slices.Clone(p.Visits), slices.Clone(p.Days)
	slices.Reverse(q.Visits)
	slices.Reverse(q.Days)
	got := workday.Greedy(q, nil)
	slices.Reverse(got.Days)
	for i := range got.Assigned {
		got.Assigned[i].Day = len(q.Days) - 1 - got.Assigned[i].Day
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatal("the order of the input makes a difference")
	}
}

func TestGreedyReportsProgress(t *testing.T) {
	p := operation(3, 2, 4, 60)
	var seen []int
	workday.Greedy(p, func(done, total int) {
		if total != 60 {
			t.Errorf("%d in total", total)
		}
		seen = append(seen, done)
	})
	for i, n := range seen {
		if n != i+1 {
			t.Fatalf("report %d says %d", i+1, n)
		}
	}
	if len(seen) != 60 {
		t.Errorf("%d reports", len(seen))
	}
}

func TestGreedyServesTheUrgentFirst(t *testing.T) {
	// One technician, room for one visit: the far P0 visit wins against near and heavy ones.
	d := worker()
	near, far, worth := asked(1, at(9, 0), at(9, 0)), asked(30, at(9, 0), at(9, 0)), asked(2, at(9, 0), at(9, 0))
	near.ID, far.ID, worth.ID = id(1), id(2), id(3)
	near.Class, worth.Class, worth.Weight = 1, 1, 9
	served := func(visits ...workday.Visit) uuid.UUID {
		plan := workday.Greedy(workday.Problem{Days: []workday.Day{d}, Visits: visits, Travel: street, Weights: workday.DefaultWeights}, nil)
		if len(plan.Assigned) != 1 {
			t.Fatalf("%+v", plan.Assigned)
		}
		return plan.Assigned[0].Visit
	}
	if got := served(near, far, worth); got != far.ID {
		t.Errorf("%s is served before the urgent one", got)
	}
	if got := served(near, worth); got != worth.ID {
		t.Errorf("%s is served before the one of more weight", got)
	}
}

func TestGreedyLeavesTheOnlySpecialistToWhoNeedsHim(t *testing.T) {
	grant := func(skills ...string) (g []workday.Grant) {
		for _, s := range skills {
			g = append(g, workday.Grant{Skill: s, Level: 1, From: 0, To: workday.Forever})
		}
		return g
	}
	specialist, generalist := worker(), worker()
	specialist.Technician, generalist.Technician = id(1), id(2)
	specialist.Grants, generalist.Grants = grant("oven", "lift"), grant("oven")
	generalist.Start, generalist.End = mile(60), mile(60)
	oven, lift := asked(1, at(9, 0), at(9, 0)), asked(2, at(9, 0), at(9, 0))
	oven.ID, lift.ID = id(10), id(11)
	oven.Needs, lift.Needs = []workday.Need{{Skill: "oven", Level: 1}}, []workday.Need{{Skill: "lift", Level: 1}}
	plan := workday.Greedy(workday.Problem{Days: []workday.Day{specialist, generalist}, Visits: []workday.Visit{oven, lift}, Travel: street, Weights: workday.DefaultWeights}, nil)
	if len(plan.Unserved) > 0 || plan.Assigned[1].Technician != specialist.Technician {
		t.Errorf("%+v, unserved %+v", plan.Assigned, plan.Unserved)
	}
}

func TestUnservedReasons(t *testing.T) {
	off := worker()
	off.Shift = workday.Window{}
	expired := granted(worker(), workday.Grant{Skill: "oven", Level: 1, From: 0, To: at(7, 0)})
	oven := needing(asked(10, at(9, 0), at(17, 0)), workday.Need{Skill: "oven", Level: 1})
	tests := []struct {
		name  string
		days  []workday.Day
		visit workday.Visit
		want  workday.Unserved
	}{
		{"no outlet like it", nil, asked(10, at(9, 0), at(17, 0)), workday.Unserved{Reason: workday.ReasonTechnician}},
		{"all are off", []workday.Day{off}, asked(10, at(9, 0), at(17, 0)), workday.Unserved{Reason: workday.ReasonTechnician}},
		{"nobody can", []workday.Day{off, worker(), expired}, oven, workday.Unserved{Reason: workday.ReasonCertificate, OnShift: 2}},
		{"nobody in time", []workday.Day{worker()}, asked(60, at(8, 0), at(8, 30)), workday.Unserved{Reason: workday.ReasonWindow, OnShift: 1, Certified: 1}},
		{"all are busy", []workday.Day{worker(booked(2, 0, at(8, 0), 9*hour))}, asked(10, at(9, 0), at(17, 0)), workday.Unserved{Reason: workday.ReasonCapacity, OnShift: 1, Certified: 1, Able: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Visit = tt.visit.ID
			plan := workday.Greedy(workday.Problem{Days: tt.days, Visits: []workday.Visit{tt.visit}, Travel: street, Weights: workday.DefaultWeights}, nil)
			if len(plan.Unserved) != 1 || plan.Unserved[0] != tt.want {
				t.Errorf("got %+v, want %+v", plan.Unserved, tt.want)
			}
		})
	}
}
