package workday

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"sync"

	"callout/internal/geo"

	"github.com/google/uuid"
)

// Problem is a mass assignment: open visits, and the days that may take them. Ids are unique.
type Problem struct {
	Days    []Day
	Visits  []Visit
	Travel  geo.Travel
	Weights Weights
}

// Plan is who does what, and when.
type Plan struct {
	Days     []Planned    // one for each day of the problem, in its order
	Assigned []Assignment // by visit id
	Unserved []Unserved   // by visit id
}

// Planned is a day with the visits that it took.
type Planned struct {
	Technician uuid.UUID
	Schedule   Schedule // empty where the day as booked could not be done
	Holds      bool     // whether it could
}

// Assignment says that a day took a visit, and in what light: the Insertion is as it was when
// chosen, when later choices were not known yet. The times that hold stand in the Schedule.
type Assignment struct {
	Visit      uuid.UUID
	Technician uuid.UUID
	Day        int // index in the problem's days
	Insertion  Insertion
}

// Greedy assigns visits one by one: class before class, and within a class that one first
// which would lose most if its best technician were taken by another (regret over the best
// three, times its weight). What is booked already stays. It reports progress after each visit,
// from one goroutine at a time. The order of the input makes no difference to who does what.
func Greedy(p Problem, progress func(done, total int)) Plan {
	pools := newPools(p)
	report := counter(len(p.Visits), progress)
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, o := range pools {
		slots <- struct{}{}
		wait.Go(func() {
			o.assign(report)
			<-slots
		})
	}
	wait.Wait()
	plan := Plan{Days: make([]Planned, len(p.Days))}
	for _, o := range pools {
		for i, d := range o.days {
			s, holds := o.routes[i].Schedule()
			plan.Days[d] = Planned{p.Days[d].Technician, s, holds}
		}
		plan.Assigned = append(plan.Assigned, o.assigned...)
		plan.Unserved = append(plan.Unserved, o.unserved...)
	}
	slices.SortFunc(plan.Assigned, func(a, b Assignment) int { return compareIDs(a.Visit, b.Visit) })
	slices.SortFunc(plan.Unserved, func(a, b Unserved) int { return compareIDs(a.Visit, b.Visit) })
	return plan
}

// counter counts the visits that are done with.
func counter(total int, progress func(done, total int)) func() {
	if progress == nil {
		return func() {}
	}
	var lock sync.Mutex
	done := 0
	return func() {
		lock.Lock()
		defer lock.Unlock()
		done++
		progress(done, total)
	}
}

// newPools divides a problem by outlet and puts each part in an order of its own.
func newPools(p Problem) []*pool {
	byOutlet := map[uuid.UUID]*pool{}
	var pools []*pool
	of := func(outlet uuid.UUID) *pool {
		if byOutlet[outlet] == nil {
			byOutlet[outlet] = &pool{problem: &p}
			pools = append(pools, byOutlet[outlet])
		}
		return byOutlet[outlet]
	}
	for i := range p.Days {
		o := of(p.Days[i].Outlet)
		o.days = append(o.days, i)
	}
	for i := range p.Visits {
		o := of(p.Visits[i].Outlet)
		o.visits = append(o.visits, bid{visit: &p.Visits[i]})
	}
	for _, o := range pools {
		slices.SortFunc(o.days, func(a, b int) int {
			return cmp.Or(compareIDs(p.Days[a].Technician, p.Days[b].Technician), cmp.Compare(p.Days[a].Shift.From, p.Days[b].Shift.From))
		})
		slices.SortFunc(o.visits, func(a, b bid) int {
			return cmp.Or(cmp.Compare(a.visit.Class, b.visit.Class), compareIDs(a.visit.ID, b.visit.ID))
		})
	}
	return pools
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
