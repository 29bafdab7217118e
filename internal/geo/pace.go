package geo

import "callout/internal/fault"

const (
	hour       = 3600
	hoursOfDay = 24
	daysOfWeek = 7
)

// Steady is a speed of 1000 per mille: the base speed itself.
const Steady = 1000

// Pace says how fast traffic runs through the week: per mille of the base speed, by hour of the
// day. An hour of 0 runs at the base speed, so the zero Pace is the same at all hours.
type Pace struct {
	Weekday [hoursOfDay]int // Monday to Friday
	Weekend [hoursOfDay]int // Saturday and Sunday
}

// Check refuses speeds below a tenth and above three times the base speed.
func (p Pace) Check() error {
	for day, speeds := range [][hoursOfDay]int{p.Weekday, p.Weekend} {
		for h, v := range speeds {
			if v != 0 && (v < Steady/10 || v > 3*Steady) {
				return fault.New(fault.Invalid, "the pace of travel at %d o'clock %s is %d per mille; it must be from 100 to 3000", h, kinds[day], v)
			}
		}
	}
	return nil
}

// dayKind is a word for the days that run alike.
type dayKind string

var kinds = [...]dayKind{"on weekdays", "at weekends"}

// in is the speed in an hour of the week, of which Monday's first is 0.
func (p *Pace) in(hourOfWeek int64) int64 {
	v := p.Weekday[hourOfWeek%hoursOfDay]
	if hourOfWeek >= 5*hoursOfDay {
		v = p.Weekend[hourOfWeek%hoursOfDay]
	}
	if v <= 0 {
		return Steady
	}
	return int64(v)
}

// hourAt is the hour of the week that a second of the week is in, and how far it is in it.
func hourAt(second int64) (hourOfWeek, into int64) {
	const week = daysOfWeek * hoursOfDay * hour
	second = (second%week + week) % week
	return second / hour, second % hour
}

// Drive is how many seconds a drive takes that begins at start, in seconds since the beginning
// of a Monday where it happens, and would take base seconds at the base speed. It goes at the
// speed of each hour that it runs through, so who leaves later never arrives earlier.
func (p *Pace) Drive(start, base int64) int64 {
	left, t := base*Steady, start
	for left > 0 {
		h, into := hourAt(t)
		speed := p.in(h)
		if rest := hour - into; speed*rest < left {
			left -= speed * rest
			t += rest
			continue
		}
		return t + (left+speed-1)/speed - start
	}
	return 0
}

// Before is Drive asked from its end: how many seconds before arrive, which counts as start does,
// one must leave at the latest to be there by then.
func (p *Pace) Before(arrive, base int64) int64 {
	left, t := base*Steady, arrive
	for left > 0 {
		h, into := hourAt(t - 1) // the last second before t
		speed := p.in(h)
		if rest := into + 1; speed*rest < left {
			left -= speed * rest
			t -= rest
			continue
		}
		return arrive - t + (left+speed-1)/speed
	}
	return 0
}

// One is the Slowness of a span in which all drives take as long as at the base speed.
const One = 1_000_000

// Slowness is how long drives take on average that begin at some moment of the span, in
// millionths of their time at the base speed: the mean over the span of the inverse of the
// speed. Summed over several spans with their lengths as weights it is the mean of them all.
func (p *Pace) Slowness(from, to int64) int64 {
	if to <= from {
		h, _ := hourAt(from)
		return One * Steady / p.in(h)
	}
	var sum int64
	for t := from; t < to; {
		h, into := hourAt(t)
		length := min(hour-into, to-t)
		sum += length * (One * Steady / p.in(h))
		t += length
	}
	return (sum + (to-from)/2) / (to - from)
}
