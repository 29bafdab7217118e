package dispatch_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

func pause(earliest, latest string, minutes int) dispatch.Break {
	return dispatch.Break{Earliest: at(earliest), Latest: at(latest), Minutes: minutes}
}

func TestShiftsThatCannotBe(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 0) // from eight to five
	shift := func(from, to string, breaks ...dispatch.Break) dispatch.NewShift {
		return dispatch.NewShift{StartsAt: at(from).AddDate(0, 0, 1), EndsAt: at(to).AddDate(0, 0, 1), Breaks: breaks}
	}
	tomorrow := func(b dispatch.Break) dispatch.Break {
		return dispatch.Break{Earliest: b.Earliest.AddDate(0, 0, 1), Latest: b.Latest.AddDate(0, 0, 1), Minutes: b.Minutes}
	}
	tests := []struct {
		name string
		plan []dispatch.NewShift
		code fault.Code
		says []string
	}{
		{"ends when it begins", []dispatch.NewShift{shift("08:00", "08:00")}, fault.Invalid, []string{"/shifts/0/ends_at must be after"}},
		{"of another age", []dispatch.NewShift{{StartsAt: time.Time{}, EndsAt: time.Time{}.Add(time.Hour)}}, fault.Invalid, []string{"/shifts/0/starts_at must be of the years"}},
		{"longer than a day", []dispatch.NewShift{{StartsAt: monday, EndsAt: monday.Add(24*time.Hour + time.Minute)}}, fault.Invalid, []string{"/shifts/0/ends_at must be within 24 hours"}},
		{"a break before the shift", []dispatch.NewShift{shift("08:00", "17:00", tomorrow(pause("07:59", "12:00", 30)))}, fault.Invalid, []string{"/shifts/0/breaks/0/earliest"}},
		{"a break that may end after the shift", []dispatch.NewShift{shift("08:00", "17:00", tomorrow(pause("12:00", "16:31", 30)))}, fault.Invalid, []string{"/shifts/0/breaks/0/latest must leave time"}},
		{"a break whose latest is before its earliest", []dispatch.NewShift{shift("08:00", "17:00", tomorrow(pause("12:00", "11:00", 30)))}, fault.Invalid, []string{"/shifts/0/breaks/0/latest must not be before the earliest"}},
		{"a break of no time", []dispatch.NewShift{shift("08:00", "17:00", tomorrow(pause("12:00", "12:00", 0)))}, fault.Invalid, []string{"/shifts/0/breaks/0/minutes"}},
		{"breaks that may meet", []dispatch.NewShift{shift("08:00", "17:00", tomorrow(pause("12:00", "12:30", 30)), tomorrow(pause("12:59", "13:00", 15)))}, fault.Invalid, []string{"/shifts/0/breaks/1/earliest"}},
		{"breaks out of order", []dispatch.NewShift{shift("08:00", "17:00", tomorrow(pause("15:00", "15:00", 15)), tomorrow(pause("12:00", "12:00", 15)))}, fault.Invalid, []string{"/shifts/0/breaks/1/earliest"}},
		{"two that overlap", []dispatch.NewShift{shift("08:00", "12:00"), shift("11:59", "17:00")}, fault.Invalid, []string{"/shifts/1 overlaps with item 0"}},
		{"every fault at once", []dispatch.NewShift{shift("08:00", "08:00"), shift("12:00", "11:00")}, fault.Invalid, []string{"/shifts/0/ends_at", "/shifts/1/ends_at"}},
		{
			"over another shift",
			[]dispatch.NewShift{shift("08:00", "17:00"), {StartsAt: at("16:59"), EndsAt: at("20:00")}},
			fault.Conflict,
			[]string{"/shifts/1 2026-11-23 16:59 – 20:00 clashes with the shift 2026-11-23 08:00 – 17:00"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := f.crew.Plan(t.Context(), who.System, li.ID, tt.plan)
			wants(t, err, tt.code, tt.says...)
			if all, _, err := f.crew.Shifts(t.Context(), who.System, dispatch.ShiftQuery{}, dispatch.ShiftPlace{}, 50); err != nil || len(all) != 1 {
				t.Errorf("there are %d shifts, %v", len(all), err)
			}
		})
	}
}

func TestRosterOfAWeek(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	li := f.newTechnician("Li", 0)
	by := dispatcher(&f.outlet.ID)
	var week []dispatch.NewShift
	for day := range 6 {
		d := func(clock string) time.Time { return at(clock).AddDate(0, 0, day+1) }
		week = append(week, dispatch.NewShift{StartsAt: d("08:00"), EndsAt: d("12:00"), Breaks: []dispatch.Break{{Earliest: d("09:30"), Latest: d("10:00"), Minutes: 15}}},
			dispatch.NewShift{StartsAt: d("12:00"), EndsAt: d("17:00")}) // shifts may touch
	}
	all := must(f.crew.Plan(ctx, by, li.ID, week))(t)
	if len(all) != 12 || all[0].Status != dispatch.ShiftPlanned {
		t.Fatalf("planned %+v", all)
	}
	history := must(event.History(ctx, f.db, li.ID, 100))(t)
	var kinds []string
	for _, e := range history {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []string{"technician.opened", "shift.planned", "shift.planned"}) {
		t.Errorf("events %v", kinds)
	}
	var got []dispatch.Shift
	place := &dispatch.ShiftPlace{}
	for place != nil {
		var page []dispatch.Shift
		var err error
		page, place, err = f.crew.Shifts(ctx, by, dispatch.ShiftQuery{TechnicianID: &li.ID, From: ptr(at("17:00")), To: ptr(at("09:00").AddDate(0, 0, 6))}, *place, 5)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page...)
	}
	if len(got) != 11 || !slices.IsSortedFunc(got, func(a, b dispatch.Shift) int { return a.StartsAt.Compare(b.StartsAt) }) {
		t.Errorf("%d shifts reach into the time", len(got))
	}
	if b := got[0].Breaks; len(b) != 1 || !b[0].Earliest.Equal(at("09:30").AddDate(0, 0, 1)) || b[0].Minutes != 15 {
		t.Errorf("breaks %+v", b)
	}
	_, _, err := f.crew.Shifts(ctx, dispatcher(ptr(uuid.New())), dispatch.ShiftQuery{TechnicianID: &li.ID}, dispatch.ShiftPlace{}, 5)
	wants(t, err, fault.NotFound, "no such technician")
}

func TestShiftIsAmended(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	li := f.newTechnician("Li", 1)
	f.newShift(li, at("19:00"), at("22:00"))
	by := dispatcher(&f.outlet.ID)
	all, _, err := f.crew.Shifts(ctx, by, dispatch.ShiftQuery{}, dispatch.ShiftPlace{}, 50)
	if err != nil {
		t.Fatal(err)
	}
	day := all[0]
	j := f.booked(li, "15:00") // until four
	s := must(f.crew.AmendShift(ctx, by, day.ID, 1, dispatch.ShiftChange{EndsAt: ptr(at("16:00")), Breaks: &[]dispatch.Break{pause("12:00", "12:30", 30)}}))(t)
	if !s.EndsAt.Equal(at("16:00")) || !s.StartsAt.Equal(at("08:00")) || len(s.Breaks) != 1 || s.Version != 2 {
		t.Errorf("amended %+v", s)
	}
	for _, tt := range []struct {
		name   string
		change dispatch.ShiftChange
		code   fault.Code
		says   string
	}{
		{"a booked visit would lie outside", dispatch.ShiftChange{EndsAt: ptr(at("15:59"))}, fault.Conflict, "job " + j.Number},
		{"it would meet another shift", dispatch.ShiftChange{EndsAt: ptr(at("19:01"))}, fault.Conflict, "clashes with the shift 2026-11-23 19:00 – 22:00"},
		{"a break would lie outside", dispatch.ShiftChange{StartsAt: ptr(at("12:10"))}, fault.Invalid, "/breaks/0/earliest"},
		{"it would end before it begins", dispatch.ShiftChange{StartsAt: ptr(at("18:00")), Breaks: &[]dispatch.Break{}}, fault.Invalid, "/ends_at"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := f.crew.AmendShift(ctx, by, day.ID, 2, tt.change)
			wants(t, err, tt.code, tt.says)
		})
	}
	_, err = f.crew.AmendShift(ctx, by, day.ID, 1, dispatch.ShiftChange{})
	wants(t, err, fault.Stale, "version 2")
	_, err = f.crew.CancelShift(ctx, by, day.ID, 2)
	wants(t, err, fault.Conflict, "move them first: "+j.Number)
	evening := must(f.crew.CancelShift(ctx, by, all[1].ID, 1))(t)
	if evening.Status != dispatch.ShiftCanceled {
		t.Errorf("canceled %+v", evening)
	}
	_, err = f.crew.CancelShift(ctx, by, evening.ID, 2)
	wants(t, err, fault.Conflict, "the shift is canceled")
	// A canceled shift is in nobody's way.
	f.newShift(li, at("18:00"), at("21:00"))
	if left, _, _ := f.crew.Shifts(ctx, by, dispatch.ShiftQuery{}, dispatch.ShiftPlace{}, 50); len(left) != 2 {
		t.Errorf("%d shifts are left", len(left))
	}
	if every, _, _ := f.crew.Shifts(ctx, by, dispatch.ShiftQuery{Canceled: true}, dispatch.ShiftPlace{}, 50); len(every) != 3 {
		t.Errorf("%d shifts with the canceled one", len(every))
	}
	_, err = f.crew.FindShift(ctx, dispatcher(ptr(uuid.New())), day.ID)
	wants(t, err, fault.NotFound, "no such shift")
	if got := must(f.crew.FindShift(ctx, asTechnician(li), day.ID))(t); got.Version != 2 {
		t.Errorf("he sees %+v", got)
	}
}

// However many plan at once, shifts never overlap.
func TestRacingPlansLeaveShiftsApart(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 0)
	var wg sync.WaitGroup
	won := make(chan struct{}, 20)
	for i := range 20 {
		wg.Go(func() {
			start := at("18:00").Add(time.Duration(i) * time.Minute)
			_, err := f.crew.Plan(t.Context(), who.System, li.ID, []dispatch.NewShift{{StartsAt: start, EndsAt: start.Add(time.Hour)}})
			if err == nil {
				won <- struct{}{}
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Errorf("%d of 20 overlapping shifts were planned", len(won))
	}
}
