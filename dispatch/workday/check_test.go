package workday_test

import (
	"fmt"
	"slices"

	"callout/dispatch/workday"
	"callout/internal/geo"
)

// checkDay goes through a schedule with a clock and a map, and trusts none of its sums.
func checkDay(d workday.Day, stops []workday.Visit, s workday.Schedule, travel geo.Travel) error {
	if len(s.Stops) != len(stops) {
		return fmt.Errorf("%d stops, not %d", len(s.Stops), len(stops))
	}
	if len(s.Pauses) != len(d.Breaks) {
		return fmt.Errorf("%d of %d breaks taken", len(s.Pauses), len(d.Breaks))
	}
	left := slices.Clone(d.Breaks)
	for _, p := range s.Pauses {
		i := slices.Index(left, p.Break)
		if i < 0 {
			return fmt.Errorf("%+v is no break of his", p)
		}
		left = slices.Delete(left, i, i+1)
		if p.Start < p.Break.Earliest || p.Start > p.Break.Latest || p.End != p.Start+p.Break.Duration {
			return fmt.Errorf("%+v is not within its window", p)
		}
	}
	if s.Leave < d.Shift.From || s.Home > d.Shift.To {
		return fmt.Errorf("out from %d to %d, shift %+v", s.Leave, s.Home, d.Shift)
	}
	t, at := s.Leave, d.Start
	var sum workday.Schedule
	for i := range len(stops) + 1 {
		to, arrive, until := d.End, s.Home, s.Home
		if i < len(stops) {
			to, arrive, until = stops[i].At, s.Stops[i].Arrive, s.Stops[i].Start
		}
		drive := int64(travel.Seconds(at, to))
		off := int64(0)
		for _, p := range s.Pauses {
			if p.After == i {
				if p.Start < t || p.End > until {
					return fmt.Errorf("%+v is not on leg %d, from %d to %d", p, i, t, until)
				}
				off += p.End - p.Start
			}
		}
		if arrive < t+drive+off {
			return fmt.Errorf("leg %d: left at %d, %d s of driving, %d s of pauses, there at %d", i, t, drive, off, arrive)
		}
		sum.Travel += drive
		sum.Metres += int64(travel.Metres(at, to))
		at = to
		if i == len(stops) {
			break
		}
		v, stop := stops[i], s.Stops[i]
		if stop.Visit != v.ID || stop.Start < arrive || opens(v, stop.Start) != stop.Start || stop.End != stop.Start+v.Duration {
			return fmt.Errorf("stop %+v is not as %+v asks", stop, v)
		}
		if stop.Waiting != stop.Start-arrive || stop.Travel != drive {
			return fmt.Errorf("stop %+v: waiting or travel is wrong", stop)
		}
		for _, n := range v.Needs {
			if !certified(d, n, stop.Start, stop.End) {
				return fmt.Errorf("stop %+v has no certificate for %+v", stop, n)
			}
		}
		sum.Waiting += stop.Waiting
		if v.Due != 0 {
			sum.Lateness += max(0, stop.End-v.Due)
		}
		t = stop.End
	}
	if sum.Travel != s.Travel || sum.Metres != s.Metres || sum.Waiting != s.Waiting || sum.Lateness != s.Lateness {
		return fmt.Errorf("sums are %+v, not %+v", s, sum)
	}
	return nil
}

func certified(d workday.Day, n workday.Need, start, end int64) bool {
	return slices.ContainsFunc(d.Grants, func(g workday.Grant) bool {
		return g.Skill == n.Skill && g.Level >= n.Level && g.From <= start && g.To >= end
	})
}
