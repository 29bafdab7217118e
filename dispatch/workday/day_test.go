package workday_test

import (
	"slices"
	"testing"

	"callout/dispatch/workday"
	"callout/internal/geo"

	"github.com/paulmach/orb"
)

// street is a straight road along the equator; a visit at mile n is n minutes' drive from home.
var street = geo.Travel{Detour: 1, KmPerHour: 60}

func mile(n int) orb.Point { return orb.Point{float64(n) * 1000 / 111195.08, 0} }

func at(h, m int64) int64 { return h*hour + m*minute }

// worker is at home at mile 0 and works from 8 to 17.
func worker(stops ...workday.Visit) workday.Day {
	return workday.Day{Technician: id(1), Start: mile(0), End: mile(0), Shift: workday.Window{From: at(8, 0), To: at(17, 0)}, Stops: stops}
}

// booked is a visit at a mile that begins at a time and at no other.
func booked(n, where int, start, duration int64) workday.Visit {
	return workday.Visit{ID: id(n), At: mile(where), Duration: duration, Fixed: true, Start: start}
}

// asked is a visit of an hour at a mile that may begin in a window.
func asked(where int, from, to int64) workday.Visit {
	return workday.Visit{ID: id(99), At: mile(where), Duration: hour, Windows: []workday.Window{{From: from, To: to}}}
}

var lunch = workday.Break{Earliest: at(11, 30), Latest: at(13, 30), Duration: 45 * minute}

func starts(s workday.Schedule) []int64 {
	var t []int64
	for _, stop := range s.Stops {
		t = append(t, stop.Start)
	}
	return t
}

func TestScheduleOfADay(t *testing.T) {
	d := worker(asked(30, at(10, 0), at(11, 0)), asked(40, at(11, 0), at(14, 0)))
	d.Breaks = []workday.Break{lunch}
	s, ok := workday.NewRoute(d, street).Schedule()
	if !ok {
		t.Fatal("the day does not hold")
	}
	// The second visit begins at 11:10 and ends at 12:10; lunch follows it on the way home.
	if s.Leave != at(9, 30) || !slices.Equal(starts(s), []int64{at(10, 0), at(11, 10)}) || s.Home != at(13, 35) {
		t.Errorf("leaves %d, stops at %v, home %d", s.Leave, starts(s), s.Home)
	}
	if want := []workday.Pause{{Break: lunch, After: 2, Start: at(12, 10), End: at(12, 55)}}; !slices.Equal(s.Pauses, want) {
		t.Errorf("pauses %+v", s.Pauses)
	}
	if s.Travel != 80*minute || s.Metres != 80_000 || s.Waiting != 0 {
		t.Errorf("travel %d s, %d m, waiting %d s", s.Travel, s.Metres, s.Waiting)
	}
}

func TestWhatIsBookedIsNotJudged(t *testing.T) {
	tests := []struct {
		name   string
		day    workday.Day
		asked  workday.Visit
		start  int64 // 0: refused
		pauses int   // of the day as booked
	}{
		{"a drive too long between two bookings", worker(booked(2, 10, at(9, 0), hour), booked(3, 40, at(10, 10), hour)), asked(40, at(11, 0), at(17, 0)), at(11, 10), 0},
		{"two bookings at once", worker(booked(2, 10, at(9, 0), hour), booked(3, 10, at(9, 30), hour)), asked(10, at(10, 0), at(17, 0)), at(10, 30), 0},
		{"a first booking that he cannot reach", worker(booked(2, 60, at(8, 10), hour)), asked(60, at(9, 0), at(17, 0)), at(9, 10), 0},
		{"a booking before the shift", worker(booked(2, 10, at(7, 0), hour)), asked(10, at(8, 0), at(17, 0)), at(8, 0), 0},
		{"a booking into the evening, something before", worker(booked(2, 10, at(16, 30), hour)), asked(10, at(8, 0), at(17, 0)), at(8, 10), 0},
		{"a booking into the evening, nothing after", worker(booked(2, 10, at(16, 30), hour)), asked(10, at(15, 31), at(17, 0)), 0, 0},
		{"no room for lunch as booked", withBreaks(worker(booked(2, 10, at(11, 0), 4*hour)), lunch), asked(10, at(15, 0), at(17, 0)), at(15, 0), 0},
		{"lunch after the shift has ended", withBreaks(worker(booked(2, 10, at(9, 0), hour)), workday.Break{Earliest: at(18, 0), Latest: at(19, 0), Duration: hour}), asked(10, at(15, 0), at(15, 30)), at(15, 0), 0},
		{"lunch is over already", withBreaks(worker(), workday.Break{Earliest: at(5, 0), Latest: at(7, 59), Duration: hour}), asked(10, at(8, 0), at(17, 0)), at(8, 10), 0},
		{"two breaks of which one can be had", withBreaks(worker(), workday.Break{Earliest: at(12, 0), Latest: at(12, 0), Duration: hour}, workday.Break{Earliest: at(12, 0), Latest: at(12, 30), Duration: hour}), asked(10, at(8, 0), at(17, 0)), at(8, 10), 1},
		{"the drive home is longer than the shift", workday.Day{Start: mile(0), End: mile(600), Shift: workday.Window{From: at(8, 0), To: at(17, 0)}}, asked(10, at(8, 0), at(17, 0)), 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, ok := workday.NewRoute(tt.day, street).Schedule()
			if !ok {
				t.Fatal("the day as booked is judged")
			}
			for i, stop := range s.Stops {
				if stop.Start != tt.day.Stops[i].Start {
					t.Errorf("stop %d begins at %d", i, stop.Start)
				}
			}
			if len(s.Pauses) != tt.pauses {
				t.Errorf("pauses %+v", s.Pauses)
			}
			in, why := workday.Insert(tt.day, tt.asked, street, workday.DefaultWeights)
			if in.Start != tt.start || (tt.start == 0) != (len(why) > 0) {
				t.Errorf("starts at %d: %+v", in.Start, why)
			}
		})
	}
}

func TestBookedWithoutACertificate(t *testing.T) {
	// Somebody decided so: it stays, and moves as it may.
	stop := workday.Visit{ID: id(2), At: mile(10), Duration: hour, Needs: []workday.Need{{Skill: "gas", Level: 1}}}
	s, ok := workday.NewRoute(worker(stop), street).Schedule()
	if !ok || !slices.Equal(starts(s), []int64{at(8, 10)}) {
		t.Errorf("holds: %v, stops at %v", ok, starts(s))
	}
	in, why := workday.Insert(worker(stop), asked(10, at(8, 0), at(8, 30)), street, workday.DefaultWeights)
	if len(why) > 0 || in.Position != 0 || in.Start != at(8, 10) {
		t.Errorf("%+v, %+v", in, why)
	}
}

func withBreaks(d workday.Day, breaks ...workday.Break) workday.Day {
	d.Breaks = breaks
	return d
}

func TestAbsent(t *testing.T) {
	whole := workday.Window{From: at(8, 0), To: at(17, 0)}
	set := func(from, to int64) workday.Break {
		return workday.Break{Earliest: from, Latest: from, Duration: to - from}
	}
	tests := []struct {
		name   string
		away   []workday.Window
		shift  workday.Window
		breaks []workday.Break
	}{
		{"the day before", []workday.Window{{From: at(-20, 0), To: at(8, 0)}}, whole, []workday.Break{lunch}},
		{"in the morning", []workday.Window{{From: at(7, 0), To: at(10, 0)}}, workday.Window{From: at(10, 0), To: at(17, 0)}, []workday.Break{lunch}},
		{"in the afternoon", []workday.Window{{From: at(15, 0), To: at(20, 0)}}, workday.Window{From: at(8, 0), To: at(15, 0)}, []workday.Break{lunch}},
		{"all day", []workday.Window{{From: at(0, 0), To: at(24, 0)}}, workday.Window{From: at(17, 0), To: at(17, 0)}, nil},
		{"between", []workday.Window{{From: at(9, 0), To: at(10, 0)}}, whole, []workday.Break{set(at(9, 0), at(10, 0)), lunch}},
		{"over lunch", []workday.Window{{From: at(11, 0), To: at(14, 0)}}, whole, []workday.Break{set(at(11, 0), at(14, 0))}},
		{"lunch goes before", []workday.Window{{From: at(13, 0), To: at(14, 0)}}, whole, []workday.Break{{Earliest: at(11, 30), Latest: at(12, 15), Duration: 45 * minute}, set(at(13, 0), at(14, 0))}},
		{"lunch goes after", []workday.Window{{From: at(12, 0), To: at(13, 0)}}, whole, []workday.Break{set(at(12, 0), at(13, 0)), {Earliest: at(13, 0), Latest: at(13, 30), Duration: 45 * minute}}},
		{"twice, overlapping", []workday.Window{{From: at(9, 0), To: at(10, 0)}, {From: at(9, 30), To: at(10, 30)}}, whole, []workday.Break{set(at(9, 0), at(10, 30)), lunch}},
		{"twice, up to the end", []workday.Window{{From: at(15, 0), To: at(16, 0)}, {From: at(16, 0), To: at(17, 0)}}, workday.Window{From: at(8, 0), To: at(15, 0)}, []workday.Break{lunch}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := []workday.Break{lunch}
			d := withBreaks(worker(), given...)
			for _, a := range tt.away {
				d.Absent(a)
			}
			if d.Shift != tt.shift || d.Shift.To > d.Shift.From && !slices.Equal(d.Breaks, tt.breaks) {
				t.Errorf("shift %+v, breaks %+v", d.Shift, d.Breaks)
			}
			if given[0] != lunch {
				t.Error("the caller's breaks are changed")
			}
		})
	}
}
