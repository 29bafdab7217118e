package workday

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Day is one technician's day.
type Day struct {
	Technician  uuid.UUID
	Outlet      uuid.UUID
	Start, End  orb.Point // where he sets out and where he ends
	Shift       Window    // empty (To not after From) where he has none
	Breaks      []Break
	Stops       []Visit // booked already, in the order of driving
	Grants      []Grant
	CostPerHour int64 // minor units of money
}

// Break is time off within the shift, which begins within [Earliest, Latest].
type Break struct{ Earliest, Latest, Duration int64 }

// Absent takes the span away out of the day: it shortens the shift where it covers an end of
// it, becomes a break at a set time where it lies within, and leaves those breaks that cannot
// be taken before it for afterwards. A break that it swallows whole is dropped: he is off anyway.
// The breaks of d are replaced, not changed.
func (d *Day) Absent(away Window) {
	if away.To <= away.From || away.To <= d.Shift.From || away.From >= d.Shift.To {
		return
	}
	d.Breaks = slices.Clone(d.Breaks)
	slices.SortStableFunc(d.Breaks, compareBreaks)
	d.Breaks = slices.DeleteFunc(d.Breaks, func(b Break) bool {
		end := b.Latest + b.Duration
		joins := b.Earliest == b.Latest && b.Earliest <= away.To && end >= away.From
		if joins {
			away = Window{min(away.From, b.Earliest), max(away.To, end)}
		}
		return joins
	})
	switch {
	case away.From <= d.Shift.From:
		d.Shift.From = min(away.To, d.Shift.To)
	case away.To >= d.Shift.To:
		d.Shift.To = away.From
	default:
		d.Breaks = append(d.Breaks, Break{away.From, away.From, away.To - away.From})
	}
	kept := d.Breaks[:0]
	for _, b := range d.Breaks {
		switch {
		case b.Earliest == away.From && b.Earliest == b.Latest:
		case b.Earliest+b.Duration <= away.From:
			b.Latest = min(b.Latest, away.From-b.Duration)
		default:
			b.Earliest = max(b.Earliest, away.To)
		}
		if b.Earliest <= b.Latest {
			kept = append(kept, b)
		}
	}
	d.Breaks = kept
	slices.SortStableFunc(d.Breaks, compareBreaks)
}

func compareBreaks(a, b Break) int {
	return cmp.Or(cmp.Compare(a.Earliest, b.Earliest), cmp.Compare(a.Latest, b.Latest))
}

// onDuty says whether there is a shift at all.
func (d *Day) onDuty() bool { return d.Shift.To > d.Shift.From }
