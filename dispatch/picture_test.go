package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"
)

func TestPictureOfADay(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 3)
	second, first := f.booked(li, "13:00"), f.booked(li, "09:00")
	normal := f.newJob()
	urgent := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
	f.newJob(func(n *dispatch.NewJob) {
		n.WindowFrom, n.WindowTo = ptr(at("09:00").AddDate(0, 0, 1)), ptr(at("10:00").AddDate(0, 0, 1))
	})
	p := must(f.board.Picture(t.Context(), dispatcher(&f.outlet.ID), f.outlet.ID, monday))(t)
	if len(p.Rows) != 2 || p.Rows[0].Technician.ID != li.ID || p.Rows[1].Technician.ID != wang.ID || len(p.Rows[0].Shifts) != 1 {
		t.Fatalf("%+v", p.Rows)
	}
	if jobs := p.Rows[0].Jobs; len(jobs) != 2 || jobs[0].ID != first.ID || jobs[1].ID != second.ID || len(p.Rows[1].Jobs) != 0 {
		t.Errorf("%+v", jobs)
	}
	if u := p.Unassigned; len(u) != 2 || u[0].ID != urgent.ID || u[1].ID != normal.ID || p.More {
		t.Errorf("%+v", u)
	}
	other := f.newOutlet("other", offset(40_000, 0))
	_, err := f.board.Picture(t.Context(), dispatcher(&f.outlet.ID), other.ID, monday)
	wants(t, err, fault.NotFound)
}

func TestAgenda(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 3)
	second, first := f.booked(li, "13:00"), f.booked(li, "09:00")
	a := must(f.board.Agenda(t.Context(), asTechnician(li), li.ID, monday))(t)
	if len(a.Jobs) != 2 || a.Jobs[0].ID != first.ID || a.Jobs[1].ID != second.ID || len(a.Shifts) != 1 {
		t.Errorf("%+v", a)
	}
	if v := a.Visits[first.ID]; v.CustomerName != "Ms Wu" || v.Address != "Renmin Road" {
		t.Errorf("%+v", v)
	}
	if tomorrow := must(f.board.Agenda(t.Context(), who.System, li.ID, monday.AddDate(0, 0, 1)))(t); len(tomorrow.Jobs) != 0 {
		t.Errorf("%+v", tomorrow.Jobs)
	}
	_, err := f.board.Agenda(t.Context(), asTechnician(wang), li.ID, monday)
	wants(t, err, fault.NotFound)
}
