package dispatch_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

func today(days int) dispatch.AskedSlots { return dispatch.AskedSlots{From: ptr(monday), Days: days} }

func between(from, to string) dispatch.Window {
	return dispatch.Window{From: ptr(at(from)), To: ptr(at(to))}
}

// clocks are the windows as clocks at the site show them.
func clocks(all []dispatch.Slot) (said []string) {
	for _, s := range all {
		said = append(said, s.From.In(shanghai).Format("2 15:04")+"-"+s.To.In(shanghai).Format("15:04"))
	}
	return said
}

func TestSlotsAreThoseInWhichSomebodyCanCome(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	f.newTechnician("Junior", 1)
	f.newTechnician("Uncertified", 0)
	j := f.newJob(f.needing(3))
	got := must(f.board.Slots(t.Context(), dispatcher(&f.outlet.ID), j.ID, today(2)))(t)
	// From eight to five, and from two hours ahead: it is seven.
	if want := "[23 10:00-12:00 23 12:00-14:00 23 14:00-16:00 23 16:00-18:00]"; fmt.Sprint(clocks(got)) != want {
		t.Fatalf("%v, want %s", clocks(got), want)
	}
	for _, s := range got {
		if s.Technicians != 1 || s.Best.ID != li.ID || s.Cost != 6000 || s.Travel != 0 || !s.Cheap {
			t.Errorf("%+v", s)
		}
	}
	// A visit from ten to one leaves nobody for the noon window but at its end.
	f.booked(li, "10:00", func(n *dispatch.NewJob) { n.Minutes = 240 })
	if got = must(f.board.Slots(t.Context(), who.System, j.ID, today(1)))(t); fmt.Sprint(clocks(got)) != "[23 12:00-14:00 23 14:00-16:00 23 16:00-18:00]" || got[0].Score <= 0 {
		t.Errorf("%v", clocks(got))
	}
	// Nor is anything offered of a job that is under way, or to the technicians of others.
	k := f.booked(li, "16:00")
	k = must(f.board.Dispatch(t.Context(), who.System, k.ID, k.Version))(t)
	_, err := f.board.Slots(t.Context(), who.System, k.ID, today(1))
	wants(t, err, fault.Conflict, "its window cannot change any more")
	other := f.newOutlet("other", offset(40_000, 0))
	_, err = f.board.Slots(t.Context(), dispatcher(&other.ID), j.ID, today(1))
	wants(t, err, fault.NotFound)
}

func TestSlotsMarkTheCheap(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	far := f.newSite(12_000, 0)
	// He is far out from ten to eleven; a customer out there costs little around that time, and much in the afternoon.
	f.booked(li, "10:00", atSite(far))
	f.booked(li, "13:00")
	j := f.newJob(atSite(far))
	cheap := map[string]bool{}
	for _, s := range must(f.board.Slots(t.Context(), who.System, j.ID, today(1)))(t) {
		cheap[s.From.In(shanghai).Format("15:04")] = s.Cheap
	}
	if !cheap["10:00"] || cheap["14:00"] || len(cheap) < 2 {
		t.Errorf("%v", cheap)
	}
}

func TestHeldSlotIsTakenUntilItLapses(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	li := f.newTechnician("Li", 3)
	f.newShift(li, at("08:00").AddDate(0, 0, 1), at("09:30").AddDate(0, 0, 1))
	for _, clock := range []string{"08:00", "12:00", "14:00", "16:00"} {
		f.booked(li, clock, func(n *dispatch.NewJob) {
			n.Minutes = map[string]int{"08:00": 120, "12:00": 120, "14:00": 120, "16:00": 60}[clock]
		})
	}
	one, two := f.newJob(), f.newJob(func(n *dispatch.NewJob) { n.Minutes = 120 })
	h := must(f.board.HoldSlot(ctx, dispatcher(nil), one.ID, between("10:00", "12:00")))(t)
	if h.TechnicianID != li.ID || !h.StartsAt.Equal(at("10:00")) || !h.ExpiresAt.Equal(at("07:15")) {
		t.Fatalf("%+v", h)
	}
	// Two hours are left from ten to twelve. An hour of it is promised.
	today := monday
	if c := f.candidates(t, who.System, two, dispatch.Asked{Day: &today})["Li"]; c.Ranked || refusals(c)[dispatch.RefusalNoRoom] == "" {
		t.Errorf("ranked into a hold: %+v", c)
	}
	_, err := f.board.Assign(ctx, who.System, two.ID, 1, dispatch.Assignment{TechnicianID: li.ID, StartAt: ptr(at("10:00"))})
	wants(t, err, fault.Conflict, one.Number)
	_, err = f.board.HoldSlot(ctx, who.System, two.ID, between("10:00", "12:00"))
	wants(t, err, fault.Conflict, "nobody can come in this window any more")
	_, err = f.board.HoldSlot(ctx, who.System, two.ID, between("10:30", "12:30"))
	wants(t, err, fault.Invalid, "is not a window that is offered")
	if h = must(f.board.FindSlotHold(ctx, who.System, one.ID))(t); h.Technician != "Li" {
		t.Errorf("%+v", h)
	}
	// A quarter of an hour later nothing is held, whether or not anybody has swept.
	f.setClock(at("07:16"))
	if c := f.candidates(t, who.System, two, dispatch.Asked{Day: &today})["Li"]; !c.Ranked || !c.Start.Equal(at("10:00")) {
		t.Errorf("a hold that is over still holds: %+v", c)
	}
	_, err = f.board.FindSlotHold(ctx, who.System, one.ID)
	wants(t, err, fault.NotFound)
	must(f.board.HoldSlot(ctx, who.System, two.ID, between("10:00", "12:00")))(t)
	// What lapsed is as good while nobody else took it; here somebody did.
	_, err = f.board.ConfirmSlot(ctx, who.System, one.ID, 1, h.ID)
	wants(t, err, fault.Conflict, "Li")
	if err := f.board.ReleaseSlot(ctx, who.System, two.ID); err != nil {
		t.Fatal(err)
	}
	j := must(f.board.ConfirmSlot(ctx, who.System, one.ID, 1, h.ID))(t)
	if j.Status != dispatch.StatusScheduled || !j.WindowFrom.Equal(at("10:00")) || !j.WindowTo.Equal(at("12:00")) || j.Booking.TechnicianID != li.ID ||
		j.Booking.Explanation.Source != dispatch.SourceSlot || j.Version != 2 {
		t.Errorf("%+v %+v", j, j.Booking)
	}
	_, err = f.board.ConfirmSlot(ctx, who.System, two.ID, 1, h.ID)
	wants(t, err, fault.Invalid, "no such")
}

func TestConfirmedSlotMovesABookedJob(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	j := f.booked(li, "15:00", window("14:00", "16:00"))
	h := must(f.board.HoldSlot(t.Context(), who.System, j.ID, between("10:00", "12:00")))(t)
	again := must(f.board.HoldSlot(t.Context(), who.System, j.ID, between("12:00", "14:00")))(t)
	_, err := f.board.ConfirmSlot(t.Context(), who.System, j.ID, j.Version, h.ID)
	wants(t, err, fault.Conflict, "the window is not held any more", "free instead")
	j = must(f.board.ConfirmSlot(t.Context(), who.System, j.ID, j.Version, again.ID))(t)
	if !j.WindowFrom.Equal(at("12:00")) || !j.Booking.StartsAt.Equal(at("12:00")) {
		t.Errorf("%+v %+v", j, j.Booking)
	}
	if all := must(f.board.Bookings(t.Context(), who.System, j.ID))(t); len(all) != 2 || all[0].Active || *all[0].ReleaseReason != dispatch.ReleaseReassigned {
		t.Errorf("%+v", all)
	}
	_, err = f.board.ConfirmSlot(t.Context(), who.System, j.ID, j.Version, again.ID)
	wants(t, err, fault.Conflict, "the window is not held any more: booked")
}

// TestConfirmFindsWhatIsOfferedInstead has the technician fall ill before the customer says yes.
func TestConfirmFindsWhatIsOfferedInstead(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	li := f.newTechnician("Li", 3)
	j := f.newJob()
	h := must(f.board.HoldSlot(ctx, who.System, j.ID, between("10:00", "12:00")))(t)
	if _, _, err := f.crew.Announce(ctx, who.System, li.ID, dispatch.NewAbsence{StartsAt: at("09:00"), EndsAt: at("13:30"), Reason: "ill"}); err != nil {
		t.Fatal(err)
	}
	_, err := f.board.ConfirmSlot(ctx, who.System, j.ID, 1, h.ID)
	wants(t, err, fault.Conflict, "is absent from", "free instead: 2026-11-23 14:00 to 2026-11-23 16:00")
	if now := must(f.board.Find(ctx, who.System, j.ID))(t); now.Status != dispatch.StatusOpen || now.WindowFrom != nil || now.Version != 1 {
		t.Errorf("%+v", now)
	}
}

// TestTwentyHoldsOfTheLastSlots has customers want the same window at once: each technician is promised once.
func TestTwentyHoldsOfTheLastSlots(t *testing.T) {
	t.Parallel()
	f := newField(t)
	for i := range 3 {
		li := f.newTechnician(fmt.Sprintf("T%d", i), 3)
		f.booked(li, "12:00", func(n *dispatch.NewJob) { n.Minutes = 300 })
		f.booked(li, "08:00", func(n *dispatch.NewJob) { n.Minutes = 150 })
	}
	jobs := make([]dispatch.Job, 20)
	errs := make([]error, len(jobs))
	for i := range jobs {
		jobs[i] = f.newJob()
	}
	var all sync.WaitGroup
	for i := range jobs {
		all.Go(func() { _, errs[i] = f.board.HoldSlot(t.Context(), who.System, jobs[i].ID, between("10:00", "12:00")) })
	}
	all.Wait()
	held := 0
	for _, err := range errs {
		if err == nil {
			held++
		} else {
			wants(t, err, fault.Conflict, "nobody can come in this window any more")
		}
	}
	if held != 3 {
		t.Errorf("%d of 20 hold the window of three technicians with an hour and a half each", held)
	}
	if n := must(pg.One[int](t.Context(), f.db, `SELECT count(DISTINCT technician_id) FROM slot_holds WHERE ended_at IS NULL`))(t); n != 3 {
		t.Errorf("%d technicians are promised", n)
	}
}

func TestHoldAndAssignmentOfTheSameTime(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	for round := range 8 {
		li := f.newTechnician(fmt.Sprintf("T%d", round), 3)
		one, two := f.newJob(), f.newJob()
		var all sync.WaitGroup
		var held, booked error
		all.Go(func() { _, held = f.board.HoldSlot(ctx, who.System, one.ID, between("10:00", "12:00")) })
		all.Go(func() {
			_, booked = f.board.Assign(ctx, who.System, two.ID, 1, dispatch.Assignment{TechnicianID: li.ID, StartAt: ptr(at("10:00"))})
		})
		all.Wait()
		if held != nil || booked != nil && !fault.Is(booked, fault.Conflict) {
			t.Errorf("held: %v, booked: %v", held, booked)
		}
	}
	const clashSQL = `SELECT count(*) FROM slot_holds h JOIN bookings b ON b.technician_id = h.technician_id AND b.active AND b.during && h.during WHERE h.ended_at IS NULL`
	if n := must(pg.One[int](ctx, f.db, clashSQL))(t); n != 0 {
		t.Errorf("%d holds lie in booked time", n)
	}
	// The constraint stands alone, as a bug would find it.
	var h dispatch.SlotHold
	j := f.newJob()
	h = must(f.board.HoldSlot(ctx, who.System, j.ID, between("12:00", "14:00")))(t)
	_, err := pg.Exec(ctx, f.db, `INSERT INTO slot_holds (id, job_id, technician_id, outlet_id, window_from, window_to, starts_at, ends_at, expires_at, created_at)
		SELECT $1, $2, technician_id, outlet_id, window_from, window_to, starts_at, ends_at, expires_at, created_at FROM slot_holds WHERE id = $3`,
		uuid.Must(uuid.NewV7()), f.newJob().ID, h.ID)
	if !pg.Violates(err, "never_promised_twice") {
		t.Errorf("promised twice: %v", err)
	}
	// A dispatcher may overrule a hold; then it is none.
	two := f.newJob()
	_, err = f.board.Assign(ctx, who.System, two.ID, 1, dispatch.Assignment{TechnicianID: h.TechnicianID, StartAt: &h.StartsAt, Override: true, Reason: "He asked first"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.board.FindSlotHold(ctx, who.System, j.ID)
	wants(t, err, fault.NotFound)
	f.setClock(f.clock.Load().Add(time.Second))
}
