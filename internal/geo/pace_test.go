package geo_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/geo"

	"pgregory.net/rapid"
)

const week = 7 * 24 * 3600

// rush is half the speed from 7 to 9 on weekdays, twice the speed at weekends.
func rush() geo.Pace {
	var p geo.Pace
	p.Weekday[7], p.Weekday[8] = 500, 500
	for h := range p.Weekend {
		p.Weekend[h] = 2000
	}
	return p
}

func anyPace(t *rapid.T) geo.Pace {
	var p geo.Pace
	for h := range 24 {
		p.Weekday[h] = rapid.IntRange(100, 3000).Draw(t, "weekday")
		p.Weekend[h] = rapid.IntRange(100, 3000).Draw(t, "weekend")
	}
	return p
}

func TestDriveRunsThroughItsHours(t *testing.T) {
	p := rush()
	const monday, friday = 0, 4 * 24 * 3600
	for _, tt := range []struct {
		name        string
		start, base int64
		want        int64
	}{
		{"nowhere", monday, 0, 0},
		{"at night", monday + 3*3600, 600, 600},
		{"in the rush hour", monday + 7*3600, 600, 1200},
		{"into the rush hour", monday + 7*3600 - 300, 600, 300 + 600},
		{"out of the rush hour", monday + 9*3600 - 300, 600, 300 + 450},
		{"through the rush hour", monday + 7*3600 - 60, 60 + 3600 + 60, 60 + 7200 + 60},
		{"into the weekend", friday + 24*3600 - 100, 300, 100 + 100},
		{"over the end of the week", week - 100, 300, 100 + 100},
		{"a second begun counts whole", week - 3600, 1, 1},
		{"in another week", 3*week + 7*3600, 600, 1200},
		{"before the first week", 7*3600 - 2*week, 600, 1200},
	} {
		if got := p.Drive(tt.start, tt.base); got != tt.want {
			t.Errorf("%s: %d s, want %d", tt.name, got, tt.want)
		}
	}
	var steady geo.Pace
	if got := steady.Drive(12345, 6789); got != 6789 {
		t.Errorf("a steady drive of 6789 s takes %d s", got)
	}
}

// Who leaves later never arrives earlier, and every second of base time takes between a third of
// a second and ten.
func TestWhoLeavesLaterArrivesNoEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPace(t)
		base := rapid.Int64Range(0, 6*3600).Draw(t, "base")
		start := rapid.Int64Range(-week, 2*week).Draw(t, "start")
		later := start + rapid.Int64Range(0, 3*3600).Draw(t, "later")
		a, b := start+p.Drive(start, base), later+p.Drive(later, base)
		if b < a {
			t.Fatalf("leaving %d s later arrives %d s earlier", later-start, a-b)
		}
		if d := p.Drive(start, base); d < base/3 || d > base*10 {
			t.Fatalf("%d s at the base speed take %d s", base, d)
		}
		if longer := p.Drive(start, base+1); longer < a-start {
			t.Fatalf("a longer drive is shorter")
		}
	})
}

// Before gives the latest moment to leave: by then one is there in time, a second later one is not.
func TestBeforeIsTheLatestMomentToLeave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPace(t)
		base := rapid.Int64Range(1, 6*3600).Draw(t, "base")
		arrive := rapid.Int64Range(-week, 2*week).Draw(t, "arrive")
		leave := arrive - p.Before(arrive, base)
		if at := leave + p.Drive(leave, base); at > arrive {
			t.Fatalf("one arrives %d s late", at-arrive)
		}
		if at := leave + 1 + p.Drive(leave+1, base); at <= arrive {
			t.Fatal("one may leave later")
		}
	})
}

func TestSlownessIsTheMeanOverTheSpan(t *testing.T) {
	p := rush()
	for _, tt := range []struct {
		name     string
		from, to int64
		want     int64
	}{
		{"a steady span", 10 * 3600, 18 * 3600, geo.One},
		{"the rush hour", 7 * 3600, 9 * 3600, 2 * geo.One},
		{"a moment of it", 8 * 3600, 8 * 3600, 2 * geo.One},
		{"half of it", 6 * 3600, 8 * 3600, geo.One * 3 / 2},
		{"a day with it", 7 * 3600, 15 * 3600, geo.One * 5 / 4},
		{"the weekend", 5 * 24 * 3600, week, geo.One / 2},
	} {
		if got := p.Slowness(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// The mean of many short drives begun through a span is what Slowness says.
func TestSlownessAgreesWithDrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPace(t)
		from := rapid.Int64Range(0, week).Draw(t, "from")
		to := from + rapid.Int64Range(3600, 10*3600).Draw(t, "length")
		// A thousand base seconds from each second would run out of the span; one second is rounded up.
		// So count whole hours at their speeds, from the definition.
		var sum float64
		for s := from; s < to; s++ {
			h := ((s%week + week) % week) / 3600
			speed := p.Weekday[h%24]
			if h >= 120 {
				speed = p.Weekend[h%24]
			}
			sum += 1e9 / float64(speed)
		}
		want := sum / float64(to-from)
		if got := float64(p.Slowness(from, to)); got < want-2 || got > want+2 {
			t.Fatalf("slowness %f, want %f", got, want)
		}
	})
}

func TestPaceChecks(t *testing.T) {
	if err := (geo.Pace{}).Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []int{-1, 99, 3001} {
		p := rush()
		p.Weekend[23] = bad
		if !fault.Is(p.Check(), fault.Invalid) {
			t.Errorf("a pace of %d per mille is accepted", bad)
		}
	}
}

func BenchmarkDriveAtAnHour(b *testing.B) {
	p := rush()
	b.ReportAllocs()
	for b.Loop() {
		p.Drive(7*3600-300, 1500)
	}
}
