package workday_test

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"callout/dispatch/workday"
	"callout/internal/geo"
)

// This file says once more, in the plainest way, what a day is: every way to put the breaks on
// the legs is driven through. Nothing of it is shared with the package.

const never = int64(math.MaxInt64)

// run is one way to do a day.
type run struct {
	arrives, starts []int64
	home            int64
	before          []int // breaks taken before each stop
}

// driveLeg leaves at t and takes the breaks on the way as soon as each may be taken.
func driveLeg(t, drive int64, breaks []workday.Break) (int64, bool) {
	for _, b := range breaks {
		begin := max(t, b.Earliest)
		if begin > b.Latest {
			return 0, false
		}
		drive -= min(drive, begin-t)
		t = begin + b.Duration
	}
	return t + drive, true
}

func opens(v workday.Visit, t int64) int64 {
	if v.Fixed {
		if t <= v.Start {
			return v.Start
		}
		return never
	}
	if len(v.Windows) == 0 {
		return t
	}
	best := never
	for _, w := range v.Windows {
		if w.To >= t {
			best = min(best, max(t, w.From))
		}
	}
	return best
}

// runs gives every feasible way to do the stops in their order.
func runs(d workday.Day, stops []workday.Visit, travel geo.Travel) []run {
	breaks := slices.Clone(d.Breaks)
	sort.SliceStable(breaks, func(i, j int) bool {
		return cmp.Or(cmp.Compare(breaks[i].Earliest, breaks[j].Earliest), cmp.Compare(breaks[i].Latest, breaks[j].Latest)) < 0
	})
	var all []run
	on := make([]int, len(breaks)) // the leg of each break
	var place func(b, leg int)
	place = func(b, leg int) {
		if b == len(breaks) {
			if r, ok := drive(d, stops, breaks, on, travel); ok {
				all = append(all, r)
			}
			return
		}
		for l := leg; l <= len(stops); l++ {
			on[b] = l
			place(b+1, l)
		}
	}
	place(0, 0)
	return all
}

func drive(d workday.Day, stops []workday.Visit, breaks []workday.Break, on []int, travel geo.Travel) (run, bool) {
	var r run
	t, at, taken := d.Shift.From, d.Start, 0
	for leg := 0; leg <= len(stops); leg++ {
		var here []workday.Break
		for b, l := range on {
			if l == leg {
				here = append(here, breaks[b])
			}
		}
		taken += len(here)
		to := d.End
		if leg < len(stops) {
			to = stops[leg].At
		}
		arrive, ok := driveLeg(t, int64(travel.Seconds(at, to)), here)
		if !ok {
			return r, false
		}
		if leg == len(stops) {
			r.home = arrive
			return r, arrive <= d.Shift.To
		}
		start := opens(stops[leg], arrive)
		if start == never {
			return r, false
		}
		r.arrives, r.starts, r.before = append(r.arrives, arrive), append(r.starts, start), append(r.before, taken)
		t, at = start+stops[leg].Duration, to
	}
	panic("a day has no end")
}

// insertion tries the visit at a position and gives its terms, for the earliest start.
func insertion(d workday.Day, v workday.Visit, position int, travel geo.Travel) (in workday.Insertion, fits bool) {
	stops := slices.Insert(slices.Clone(d.Stops), position, v)
	ways := runs(d, stops, travel)
	if len(ways) == 0 {
		return in, false
	}
	// The earliest start; then the most breaks behind him; then the earliest arrival.
	first := slices.MinFunc(ways, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.starts[position], b.starts[position]),
			cmp.Compare(b.before[position], a.before[position]), cmp.Compare(a.arrives[position], b.arrives[position]))
	})
	from, to := d.Start, d.End
	if position > 0 {
		from = d.Stops[position-1].At
	}
	if position < len(d.Stops) {
		to = d.Stops[position].At
	}
	in.Position, in.Start, in.End = position, first.starts[position], first.starts[position]+v.Duration
	in.Drive = int64(travel.Seconds(from, v.At))
	in.Travel = in.Drive + int64(travel.Seconds(v.At, to)) - int64(travel.Seconds(from, to))
	in.Metres = int64(travel.Metres(from, v.At) + travel.Metres(v.At, to) - travel.Metres(from, to))
	in.Arrive = first.arrives[position]
	if position == 0 {
		in.Arrive = latestArrival(d, first, in.Drive)
	}
	in.Waiting = in.Start - in.Arrive
	if v.Due != 0 {
		in.Lateness = max(0, in.End-v.Due)
	}
	after := earliestAfter(ways, position, in.Start)
	old := earliestAfter(runs(d, d.Stops, travel), 0, never)
	in.Pushed = max(0, late(stops, after, position+1)-late(d.Stops, old, position))
	busy := int64(0)
	at := d.Start
	for _, s := range d.Stops {
		busy += s.Duration + int64(travel.Seconds(at, s.At))
		at = s.At
	}
	in.Load = (busy + int64(travel.Seconds(at, d.End))) * 1000 / (d.Shift.To - d.Shift.From)
	in.Cost = (in.Travel + v.Duration) * d.CostPerHour / 3600
	return in, true
}

// earliestAfter is, among the ways in which stop i begins at start, the one whose stops from i
// on begin earliest, one after the other.
func earliestAfter(ways []run, i int, start int64) []int64 {
	var best []int64
	for _, w := range ways {
		if start != never && w.starts[i] != start {
			continue
		}
		if best == nil || slices.Compare(w.starts[i:], best[i:]) < 0 {
			best = w.starts
		}
	}
	return best
}

func late(stops []workday.Visit, starts []int64, from int) int64 {
	sum := int64(0)
	for i := from; i < len(stops); i++ {
		if stops[i].Due != 0 {
			sum += max(0, starts[i]+stops[i].Duration-stops[i].Due)
		}
	}
	return sum
}

// latestArrival lets him leave home as late as the first start allows, with the same breaks
// on his way.
func latestArrival(d workday.Day, r run, seconds int64) int64 {
	breaks := slices.Clone(d.Breaks)
	sort.SliceStable(breaks, func(i, j int) bool {
		return cmp.Or(cmp.Compare(breaks[i].Earliest, breaks[j].Earliest), cmp.Compare(breaks[i].Latest, breaks[j].Latest)) < 0
	})
	breaks = breaks[:r.before[0]]
	wait := sort.Search(int(d.Shift.To-d.Shift.From), func(wait int) bool {
		arrive, ok := driveLeg(d.Shift.From+int64(wait), seconds, breaks)
		return !ok || arrive > r.starts[0]
	})
	arrive, _ := driveLeg(d.Shift.From+int64(wait)-1, seconds, breaks)
	return arrive
}
