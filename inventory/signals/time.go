package signals

import (
	"math"
	"strconv"

	"callout/internal/policy"
	"callout/internal/words"
)

// seconds says how long the units of time are.
var seconds = map[policy.Unit]float64{policy.UnitMinute: 60, policy.UnitHour: 60 * 60, policy.UnitDay: 24 * 60 * 60}

// held is what was found and the threshold that it was held against, both in the rule's unit.
func (f frame) held(r Rule, measured float64) (of, threshold float64) {
	if r.Unit != "" {
		return measured, f.threshold
	}
	unit := seconds[policy.Unit(r.unit(f.figures))]
	return tidy(measured / unit), tidy(f.now.Sub(f.before(r.Figure)).Seconds() / unit)
}

// tidy leaves four decimals: nobody reads more of a time.
func tidy(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// lasting says a time as people say it: in minutes, in hours from two on, in days from two on.
func lasting(time float64) words.Text {
	in := func(u policy.Unit) string { return strconv.FormatFloat(math.Round(time/seconds[u]*10)/10, 'f', -1, 64) }
	switch minutes := in(policy.UnitMinute); {
	case time >= 2*seconds[policy.UnitDay]:
		return words.Say("%s days", in(policy.UnitDay))
	case time >= 2*seconds[policy.UnitHour]:
		return words.Say("%s hours", in(policy.UnitHour))
	case minutes == "1":
		return words.Say("1 minute")
	default:
		return words.Say("%s minutes", minutes)
	}
}
