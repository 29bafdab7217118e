package workday_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"callout/dispatch/workday"
	"callout/internal/geo"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

const (
	minute = int64(60)
	hour   = 60 * minute
)

func id(n int) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

var town = geo.DefaultTravel

func place(t *rapid.T, label string) orb.Point {
	return orb.Point{13.3 + float64(rapid.IntRange(0, 200).Draw(t, label+" east"))/1000, 52.4 + float64(rapid.IntRange(0, 200).Draw(t, label+" north"))/1000}
}

func visit(t *rapid.T, n int) workday.Visit {
	v := workday.Visit{ID: id(n), At: place(t, "visit"), Duration: int64(rapid.IntRange(0, 90).Draw(t, "minutes")) * minute}
	for range rapid.IntRange(0, 2).Draw(t, "windows") {
		from := int64(rapid.IntRange(7*60, 17*60).Draw(t, "from")) * minute
		v.Windows = append(v.Windows, workday.Window{From: from, To: from + int64(rapid.IntRange(0, 180).Draw(t, "width"))*minute})
	}
	if rapid.Bool().Draw(t, "has a due time") {
		v.Due = int64(rapid.IntRange(6*60, 18*60).Draw(t, "due")) * minute
	}
	return v
}

// day draws a day that can be done as booked, with all its breaks.
func day(t *rapid.T) workday.Day {
	d := workday.Day{Technician: id(1), Start: place(t, "home"), CostPerHour: 6000}
	d.End = d.Start
	if rapid.Bool().Draw(t, "ends elsewhere") {
		d.End = place(t, "end")
	}
	d.Shift.From = int64(rapid.IntRange(7*60, 9*60).Draw(t, "shift from")) * minute
	d.Shift.To = d.Shift.From + int64(rapid.IntRange(5*60, 10*60).Draw(t, "shift length"))*minute
	for range rapid.IntRange(0, 3).Draw(t, "breaks") {
		from := int64(rapid.IntRange(7*60, 16*60).Draw(t, "break from")) * minute
		d.Breaks = append(d.Breaks, workday.Break{
			Earliest: from, Latest: from + int64(rapid.IntRange(0, 150).Draw(t, "break width"))*minute,
			Duration: int64(rapid.IntRange(5, 60).Draw(t, "break length")) * minute,
		})
		if len(runs(d, nil, town)) == 0 {
			d.Breaks = d.Breaks[:len(d.Breaks)-1]
		}
	}
	for n := range rapid.IntRange(0, 5).Draw(t, "stops") {
		v := visit(t, 100+n)
		stops := append(slices.Clone(d.Stops), v)
		ways := runs(d, stops, town)
		if len(ways) == 0 {
			continue
		}
		if rapid.Bool().Draw(t, "fixed") {
			w := ways[len(ways)-1]
			v.Fixed, v.Start = true, w.starts[len(stops)-1]+int64(rapid.IntRange(0, 60).Draw(t, "slack"))*minute
			stops[len(stops)-1] = v
			if len(runs(d, stops, town)) == 0 {
				continue
			}
		}
		d.Stops = stops
	}
	return d
}

func TestInsertAgreesWithTryingEverything(t *testing.T) {
	w := workday.DefaultWeights
	fit, not := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d, v := day(t), visit(t, 1)
		if rapid.IntRange(0, 4).Draw(t, "promised") == 4 {
			v.Fixed, v.Start = true, int64(rapid.IntRange(7*60, 17*60).Draw(t, "start"))*minute
		}
		var want workday.Insertion
		found := false
		for i := range len(d.Stops) + 1 {
			if in, fits := insertion(d, v, i, town); fits && (!found || w.Score(in) < w.Score(want)) {
				want, found = in, true
			}
		}
		got, refusals := workday.Insert(d, v, town, w)
		if (len(refusals) == 0) != found {
			t.Fatalf("found by trying: %v (%+v), refused: %+v", found, want, refusals)
		}
		if got != want {
			t.Fatalf("got  %+v (score %d)\nwant %+v (score %d)", got, w.Score(got), want, w.Score(want))
		}
		if found {
			fit++
		} else {
			not++
		}
	})
	t.Logf("%d fit, %d did not", fit, not)
}

func TestScheduleIsTheEarliestWayOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day(t)
		s, ok := workday.NewRoute(d, town).Schedule()
		if !ok {
			t.Fatal("a day that can be done has no schedule")
		}
		var got []int64
		for _, stop := range s.Stops {
			got = append(got, stop.Start)
		}
		if want := earliestAfter(runs(d, d.Stops, town), 0, never); !slices.Equal(got, want) {
			t.Fatalf("stops begin at %v, could at %v", got, want)
		}
		if err := checkDay(d, d.Stops, s, town); err != nil {
			t.Fatal(err)
		}
	})
}
