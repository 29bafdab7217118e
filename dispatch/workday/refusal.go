package workday

import (
	"callout/internal/geo"

	"github.com/google/uuid"
)

// Code names a rule that a visit fails in a technician's day.
type Code string

// The rules, and which fields of a Refusal tell the case.
const (
	NoCertificate     Code = "no_certificate"     // Skill, Needs
	LevelTooLow       Code = "level_too_low"      // Skill, Has, Needs
	CertificateLapses Code = "certificate_lapses" // Skill, Needs; valid From … Until, which is not all through any time that he could come
	NoShift           Code = "no_shift"           // none that day
	OutsideShift      Code = "outside_shift"      // the shift is From … Until, and no window of the visit opens in it
	ArrivesLate       Code = "arrives_late"       // at At, when the last window has closed at Until; Booking before it holds him up, if any
	HomeLate          Code = "home_late"          // at At, when the shift has ended at Until
	NoRoom            Code = "no_room"            // would begin Booking at At, which must begin at Until or before
	BreakImpossible   Code = "break_impossible"   // which must begin within From … Until
	DayBroken         Code = "day_broken"         // already as booked: begins Booking at At, or without one is home at At, instead of at Until
)

// Refusal is one reason why a visit does not fit into a day, with its values. Fields that its
// code does not name are zero.
type Refusal struct {
	Code    Code
	Skill   string
	Has     int // level
	Needs   int // level
	From    int64
	At      int64
	Until   int64
	Booking uuid.UUID // the stop that is in the way
}

// Refusals gives every reason why the visit fits nowhere into the day, and none where it fits.
// Of the ways in which other bookings are in the way it gives the nearest miss.
func (r *Route) Refusals(v *Visit) []Refusal {
	var why []Refusal
	for _, need := range v.Needs {
		switch level := r.day.highest(need.Skill); {
		case level == 0:
			why = append(why, Refusal{Code: NoCertificate, Skill: need.Skill, Needs: need.Level})
		case level < need.Level:
			why = append(why, Refusal{Code: LevelTooLow, Skill: need.Skill, Has: level, Needs: need.Level})
		}
	}
	if !r.day.onDuty() {
		return append(why, Refusal{Code: NoShift})
	}
	windows, at := v.appendWindows(nil), geo.At(v.At)
	times := r.times(v, at, windows)
	return append(append(why, r.lapses(v, at, windows, len(times) == 0)...), times...)
}

// lapses names the certificates of a sufficient level that are not valid when the visit would
// be. Where the visit fits apart from certificates, they are judged by that.
func (r *Route) lapses(v *Visit, at geo.Spot, windows []Window, fits bool) []Refusal {
	var alone, together []Refusal
	shift, joint := []Window{r.day.Shift}, windows
	for _, need := range v.Needs {
		valid := r.validity(need)
		if r.holdsAllDay(need) || len(valid) == 0 {
			continue
		}
		// The last one that has begun by then says most.
		span := valid[0]
		for _, w := range valid {
			if w.From < r.day.Shift.To {
				span = w
			}
		}
		lapse := Refusal{Code: CertificateLapses, Skill: need.Skill, Needs: need.Level, From: span.From, Until: span.To}
		together, joint = append(together, lapse), cut(joint, valid, v.Duration)
		left := cut(cut(windows, valid, v.Duration), shift, 0)
		if fits && len(left) > 0 {
			if _, ok := r.search(v, at, left, DefaultWeights); ok {
				continue
			}
		}
		if fits || len(left) == 0 && len(cut(windows, shift, 0)) > 0 {
			alone = append(alone, lapse)
		}
	}
	if _, ok := r.search(v, at, joint, DefaultWeights); fits && len(alone) == 0 && !ok {
		return together
	}
	return alone
}
