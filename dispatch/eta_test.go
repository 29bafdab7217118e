package dispatch_test

import (
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// outlooks is what a technician's agenda says of his jobs now.
func (f *field) outlooks(t testing.TB, of dispatch.Technician) map[uuid.UUID]dispatch.Outlook {
	t.Helper()
	a := must(f.board.Agenda(t.Context(), who.System, of.ID, monday))(t)
	for _, o := range a.Outlooks {
		for _, r := range o.Risks {
			known(t, r.Text)
		}
	}
	return a.Outlooks
}

// expects fails unless a job is expected to begin and to end at those times.
func expects(t testing.TB, o dispatch.Outlook, start, end string) {
	t.Helper()
	if o.ETA == nil {
		t.Fatalf("nothing is expected, want %s to %s", start, end)
	}
	if !o.ETA.Start.Equal(at(start)) || !o.ETA.End.Equal(at(end)) {
		t.Errorf("expected from %s to %s, want %s to %s", clock(o.ETA.Start), clock(o.ETA.End), start, end)
	}
}

func clock(t time.Time) string { return t.In(shanghai).Format("15:04:05") }

// risks fails unless these, and no others, are told.
func risks(t testing.TB, o dispatch.Outlook, want ...dispatch.Risk) {
	t.Helper()
	if len(o.Risks) != len(want) {
		t.Fatalf("%d risks, want %d: %+v", len(o.Risks), len(want), o.Risks)
	}
	for i, r := range o.Risks {
		if w := want[i]; r.Code != w.Code || r.Level != w.Level || r.Minutes != w.Minutes {
			t.Errorf("%s %s by %d, want %s %s by %d", r.Code, r.Level, r.Minutes, w.Code, w.Level, w.Minutes)
		}
	}
}

// tenMinutes is as far as one drives in ten minutes: 30 km/h, 1.3 times the distance.
const tenMinutes = 5000 / 1.3

func TestExpectedTimesFollowTheDay(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx, li := t.Context(), f.newTechnician("Li", 3)
	by, away := asTechnician(li), f.newSite(tenMinutes, 0)
	first := f.booked(li, "09:00")
	second := f.booked(li, "10:20", atSite(away), window("10:00", "10:40"))
	third := f.booked(li, "12:00", func(n *dispatch.NewJob) { n.DueAt = ptr(at("13:10")) })

	o := f.outlooks(t, li)
	expects(t, o[first.ID], "09:00", "10:00")
	expects(t, o[second.ID], "10:20", "11:20")
	expects(t, o[third.ID], "12:00", "13:00")
	for _, j := range []dispatch.Job{first, second, third} {
		risks(t, o[j.ID])
	}

	f.setClock(at("09:05")) // late to bed: nobody set out yet
	expects(t, f.outlooks(t, li)[first.ID], "09:05", "10:05")
	first = f.work(t, first)
	f.setClock(at("10:25"))
	o = f.outlooks(t, li)
	expects(t, o[first.ID], "09:05", "10:25")
	expects(t, o[second.ID], "10:35", "11:35")
	risks(t, o[second.ID], dispatch.Risk{Code: dispatch.RiskWindow, Level: dispatch.RiskLikely, Minutes: 5})
	expects(t, o[third.ID], "12:00", "13:00")

	first = must(f.board.Delay(ctx, by, first.ID, first.Version, dispatch.NewDelay{Minutes: 60, Reason: "the fan too"}))(t)
	f.setClock(at("10:30"))
	o = f.outlooks(t, li)
	expects(t, o[first.ID], "09:05", "11:25")
	expects(t, o[second.ID], "11:35", "12:35")
	risks(t, o[second.ID], dispatch.Risk{Code: dispatch.RiskWindow, Level: dispatch.RiskMissed, Minutes: 55})
	expects(t, o[third.ID], "12:45", "13:45")
	risks(t, o[third.ID], dispatch.Risk{Code: dispatch.RiskDue, Level: dispatch.RiskMissed, Minutes: 35})

	f.setClock(at("10:45"))
	first = must(f.board.Delay(ctx, by, first.ID, first.Version, dispatch.NewDelay{}))(t)
	first = must(f.board.Finish(ctx, by, first.ID, first.Version, "done"))(t)
	o = f.outlooks(t, li)
	if _, told := o[first.ID]; told {
		t.Error("a job that is done has an outlook")
	}
	expects(t, o[second.ID], "10:55", "11:55")
	expects(t, o[third.ID], "12:05", "13:05")
	risks(t, o[third.ID], dispatch.Risk{Code: dispatch.RiskDue, Level: dispatch.RiskLikely, Minutes: 5})
}

func TestExpectedTimesOfWhatHeSetOutFor(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx, li := t.Context(), f.newTechnician("Li", 3)
	by, away := asTechnician(li), f.newSite(tenMinutes, 0)
	j := f.booked(li, "09:00", atSite(away))
	f.setClock(at("08:30"))
	j = must(f.board.Dispatch(ctx, who.System, j.ID, j.Version))(t)
	j = must(f.board.Accept(ctx, by, j.ID, j.Version))(t)
	j = must(f.board.Travel(ctx, by, j.ID, j.Version))(t)
	f.setClock(at("08:35"))
	expects(t, f.outlooks(t, li)[j.ID], "08:40", "09:40")
	j = must(f.board.Delay(ctx, by, j.ID, j.Version, dispatch.NewDelay{Minutes: 20, Reason: "the bridge is closed"}))(t)
	expects(t, f.outlooks(t, li)[j.ID], "09:20", "10:20")
	f.setClock(at("08:50"))
	j = must(f.board.Arrive(ctx, by, j.ID, j.Version, nil))(t)
	j = must(f.board.Delay(ctx, by, j.ID, j.Version, dispatch.NewDelay{}))(t)
	o := f.outlooks(t, li)[j.ID]
	expects(t, o, "09:00", "10:00")
	if !o.ETA.Arrive.Equal(at("08:50")) {
		t.Errorf("arrived at %s", clock(o.ETA.Arrive))
	}
	j = must(f.board.Start(ctx, by, j.ID, j.Version))(t)
	j = must(f.board.Hold(ctx, by, j.ID, j.Version, dispatch.HoldCustomer, ""))(t)
	expects(t, f.outlooks(t, li)[j.ID], "08:50", "09:50")
	j = must(f.board.Resume(ctx, by, j.ID, j.Version))(t)
	j = must(f.board.Hold(ctx, by, j.ID, j.Version, dispatch.HoldParts, ""))(t)
	if o := f.outlooks(t, li)[j.ID]; o.ETA != nil {
		t.Errorf("expected to end at %s without its parts", clock(o.ETA.End))
	} else {
		risks(t, o, dispatch.Risk{Code: dispatch.RiskParts, Level: dispatch.RiskMissed})
	}
}

func TestTheEndOfTheShiftAndTheBreakAreAtRisk(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	li := f.newTechnicianAt("Li", 3, f.outlet.ID, center)
	f.exec(`UPDATE shifts SET breaks = jsonb_build_array(jsonb_build_object('earliest', $1::timestamptz, 'latest', $2::timestamptz, 'minutes', 30))`, at("12:00"), at("13:00"))
	noon := f.booked(li, "11:00")
	last := f.booked(li, "15:40", atSite(f.newSite(tenMinutes, 0)))
	o := f.outlooks(t, li)
	expects(t, o[noon.ID], "11:00", "12:00")
	risks(t, o[noon.ID])
	risks(t, o[last.ID])

	f.setClock(at("11:00"))
	noon = f.work(t, noon)
	noon = must(f.board.Delay(ctx, asTechnician(li), noon.ID, noon.Version, dispatch.NewDelay{Minutes: 75, Reason: "rust"}))(t)
	o = f.outlooks(t, li)
	expects(t, o[noon.ID], "11:00", "13:15")
	risks(t, o[noon.ID], dispatch.Risk{Code: dispatch.RiskBreak, Level: dispatch.RiskMissed, Minutes: 30})

	last = must(f.board.Delay(ctx, asTechnician(li), last.ID, last.Version, dispatch.NewDelay{Minutes: 15, Reason: "rust"}))(t)
	o = f.outlooks(t, li)
	expects(t, o[last.ID], "15:55", "16:55")
	risks(t, o[last.ID], dispatch.Risk{Code: dispatch.RiskShiftEnd, Level: dispatch.RiskMissed, Minutes: 5})
	last = must(f.board.Delay(ctx, asTechnician(li), last.ID, last.Version, dispatch.NewDelay{Minutes: 40, Reason: "rust"}))(t)
	risks(t, f.outlooks(t, li)[last.ID], dispatch.Risk{Code: dispatch.RiskShiftEnd, Level: dispatch.RiskMissed, Minutes: 20})
}

func TestNobodyComesWhoIsAbsent(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx, li := t.Context(), f.newTechnician("Li", 3)
	before, within, after := f.booked(li, "08:30"), f.booked(li, "10:30"), f.booked(li, "13:00")
	must2(f.crew.Announce(ctx, who.System, li.ID, dispatch.NewAbsence{StartsAt: at("10:00"), EndsAt: at("13:10"), Reason: "dentist"}))(t)
	o := f.outlooks(t, li)
	expects(t, o[before.ID], "08:30", "09:30")
	risks(t, o[before.ID])
	for _, j := range []dispatch.Job{within, after} {
		if o[j.ID].ETA != nil {
			t.Errorf("%s is expected at %s", j.Number, clock(o[j.ID].ETA.Start))
		}
		risks(t, o[j.ID], dispatch.Risk{Code: dispatch.RiskAbsent, Level: dispatch.RiskMissed})
	}
	if got := o[within.ID].Risks[0].Text.In(words.Chinese); got != "工程师 Li 在 2026-11-23 10:00 至 2026-11-23 13:10 期间不在岗" {
		t.Error(got)
	}

	open := f.newJob(window("09:00", "11:00"))
	urgent := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
	f.newJob()
	r := must(f.board.Risks(ctx, dispatcher(&f.outlet.ID), f.outlet.ID, monday))(t)
	var got []uuid.UUID
	for _, a := range r.Jobs {
		known(t, a.Risks[0].Text)
		got = append(got, a.Job.ID)
	}
	if len(got) != 4 || got[0] != within.ID || got[1] != after.ID || got[2] != urgent.ID || got[3] != open.ID {
		t.Errorf("%+v", r.Jobs)
	}
	_, err := f.board.Risks(ctx, dispatcher(ptr(uuid.New())), f.outlet.ID, monday)
	wants(t, err, fault.NotFound)
}

func TestDelayIsSaidByWhoHasTheJob(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx, li, wang := t.Context(), f.newTechnician("Li", 3), f.newTechnician("Wang", 3)
	j := f.booked(li, "09:00")
	late := dispatch.NewDelay{Minutes: 10, Reason: "traffic"}
	_, err := f.board.Delay(ctx, asTechnician(wang), j.ID, j.Version, late)
	wants(t, err, fault.NotFound)
	_, err = f.board.Delay(ctx, asTechnician(li), j.ID, j.Version+1, late)
	wants(t, err, fault.Stale)
	_, err = f.board.Delay(ctx, asTechnician(li), j.ID, j.Version, dispatch.NewDelay{Minutes: 10, Reason: " "})
	wants(t, err, fault.Invalid, "/reason")
	j = must(f.board.Delay(ctx, asTechnician(li), j.ID, j.Version, late))(t)
	h := must(f.board.History(ctx, who.System, j.ID))(t)
	if e := h[len(h)-1]; e.Kind != "job.delayed" {
		t.Errorf("the last event is %s", e.Kind)
	}

	// What was said of one booking does not concern the next.
	j = must(f.board.Reassign(ctx, who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: wang.ID, StartAt: ptr(at("09:00"))}))(t)
	expects(t, f.outlooks(t, wang)[j.ID], "09:00", "10:00")

	open := f.newJob()
	_, err = f.board.Delay(ctx, who.System, open.ID, open.Version, late)
	wants(t, err, fault.Conflict, "delay is not possible")
}

func must2[A, B any](a A, b B, err error) func(testing.TB) (A, B) {
	return func(t testing.TB) (A, B) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a, b
	}
}
