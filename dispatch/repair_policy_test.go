package dispatch_test

import (
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
)

// harmlessAbsence has Li be absent at noon, which concerns one job of his that no window holds.
func (f *field) harmlessAbsence(t testing.TB) (moved dispatch.Job, li dispatch.Technician, p *dispatch.Planner) {
	t.Helper()
	li, _, _, _ = f.crew3()
	moved = f.placed(li, "12:00")
	p = f.mender(t)
	must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:30"), EndsAt: at("18:00"), Reason: "court"}))(t)
	return moved, li, p
}

func (f *field) allow(t testing.TB, jobs float64) {
	t.Helper()
	book := policy.NewBook(f.db, func() time.Time { return *f.clock.Load() })
	was := must(book.Current(t.Context()))(t)
	must(book.Publish(t.Context(), who.System, policy.Publication{
		BasedOn: was.Version, Figures: map[policy.Name]policy.Figure{policy.RepairAutoApply: {Value: jobs, Unit: policy.UnitPoints}},
	}))(t)
}

func TestSmallRepairIsAppliedUnderPolicyAlone(t *testing.T) {
	t.Parallel()
	t.Run("not by default", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		moved, _, p := f.harmlessAbsence(t)
		f.heed(t, p)
		f.proposed(t, p, "absence.announced")
		f.untouched(t, moved)
	})
	t.Run("where it is allowed", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		f.allow(t, 2)
		moved, li, p := f.harmlessAbsence(t)
		f.heed(t, p)
		plan := f.repairs(t, p)[0]
		if now := must(f.board.Find(t.Context(), who.System, moved.ID))(t); plan.Status != dispatch.PlanApplied || now.Booking.TechnicianID == li.ID {
			t.Errorf("the plan is %s, the job is with %s", plan.Status, now.Booking.Technician)
		}
		n := must(pg.One[int](t.Context(), f.db, `SELECT count(*) FROM events WHERE subject_id = $1 AND kind = 'plan.applied' AND actor_id IS NULL`, plan.ID))(t)
		if n != 1 {
			t.Errorf("%d events tell it", n)
		}
		f.calm(t)
	})
	t.Run("not where a customer has a window", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		f.allow(t, 2)
		li, _, _, _ := f.crew3()
		j := f.placed(li, "12:00", window("11:30", "13:00"))
		p := f.mender(t)
		must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:00"), EndsAt: at("18:00"), Reason: "court"}))(t)
		f.heed(t, p)
		f.proposed(t, p, "absence.announced")
		f.untouched(t, j)
	})
	t.Run("not where too many move", func(t *testing.T) {
		t.Parallel()
		f := newField(t)
		f.allow(t, 1)
		li, _, _, _ := f.crew3()
		a, b := f.placed(li, "12:00"), f.placed(li, "14:00")
		p := f.mender(t)
		must2(f.crew.Announce(t.Context(), who.System, li.ID, dispatch.NewAbsence{StartsAt: at("11:00"), EndsAt: at("18:00"), Reason: "court"}))(t)
		f.heed(t, p)
		if plan := f.proposed(t, p, "absence.announced"); len(plan.Changes) != 2 {
			t.Errorf("%+v", plan.Changes)
		}
		f.untouched(t, a, b)
	})
}
