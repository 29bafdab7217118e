package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// work takes a scheduled job to where work has begun.
func (f *field) work(t testing.TB, j dispatch.Job) dispatch.Job {
	t.Helper()
	ctx, by := t.Context(), asTechnician(dispatch.Technician{ID: j.Booking.TechnicianID, OutletID: j.Booking.OutletID})
	j = must(f.board.Dispatch(ctx, who.System, j.ID, j.Version))(t)
	j = must(f.board.Accept(ctx, by, j.ID, j.Version))(t)
	j = must(f.board.Travel(ctx, by, j.ID, j.Version))(t)
	j = must(f.board.Arrive(ctx, by, j.ID, j.Version, nil))(t)
	return must(f.board.Start(ctx, by, j.ID, j.Version))(t)
}

func TestFieldwork(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	by, ctx := asTechnician(li), t.Context()
	j := f.booked(li, "09:00")
	step := func(clock string, want dispatch.Status, do func() (dispatch.Job, error)) {
		t.Helper()
		f.setClock(at(clock))
		done, err := do()
		if err != nil {
			t.Fatal(err)
		}
		if j = done; j.Status != want {
			t.Fatalf("%s, want %s", j.Status, want)
		}
		if kept := must(f.board.Find(ctx, by, j.ID))(t); kept.Status != want || kept.Version != j.Version {
			t.Errorf("kept: %s at version %d, told: %s at %d", kept.Status, kept.Version, j.Status, j.Version)
		}
	}
	step("08:00", dispatch.StatusDispatched, func() (dispatch.Job, error) { return f.board.Dispatch(ctx, dispatcher(nil), j.ID, j.Version) })
	step("08:05", dispatch.StatusAccepted, func() (dispatch.Job, error) { return f.board.Accept(ctx, by, j.ID, j.Version) })
	step("08:40", dispatch.StatusTraveling, func() (dispatch.Job, error) { return f.board.Travel(ctx, by, j.ID, j.Version) })
	step("08:55", dispatch.StatusOnSite, func() (dispatch.Job, error) {
		return f.board.Arrive(ctx, by, j.ID, j.Version, &dispatch.Position{Point: offset(120, 0), Accuracy: 20})
	})
	step("09:00", dispatch.StatusWorking, func() (dispatch.Job, error) { return f.board.Start(ctx, by, j.ID, j.Version) })
	step("09:10", dispatch.StatusOnHold, func() (dispatch.Job, error) {
		return f.board.Hold(ctx, by, j.ID, j.Version, dispatch.HoldCustomer, "has to open the cellar")
	})
	step("09:15", dispatch.StatusWorking, func() (dispatch.Job, error) { return f.board.Resume(ctx, by, j.ID, j.Version) })
	step("09:40", dispatch.StatusFinished, func() (dispatch.Job, error) { return f.board.Finish(ctx, by, j.ID, j.Version, "new fan") })

	if !j.TravelingAt.Equal(at("08:40")) || !j.ArrivedAt.Equal(at("08:55")) || !j.StartedAt.Equal(at("09:00")) || !j.FinishedAt.Equal(at("09:40")) {
		t.Errorf("%+v", j)
	}
	if *j.ArrivalMetres < 118 || *j.ArrivalMetres > 122 || len(j.ArrivalFlags) != 0 || *j.ArrivalAccuracy != 20 {
		t.Errorf("arrival: %d m, %v", *j.ArrivalMetres, j.ArrivalFlags)
	}
	// Twenty minutes were left over: they are free again.
	f.booked(li, "09:40")
}

func TestArrivalIsFlaggedNotRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		clock string
		from  *dispatch.Position
		want  []dispatch.ArrivalFlag
	}{
		{"in time and near", "09:14", &dispatch.Position{Point: offset(250, 0), Accuracy: 10}, nil},
		{"late", "09:16", &dispatch.Position{Point: offset(0, 0), Accuracy: 10}, []dispatch.ArrivalFlag{"late"}},
		{"far away", "09:00", &dispatch.Position{Point: offset(900, 0), Accuracy: 50}, []dispatch.ArrivalFlag{"out_of_range"}},
		{"perhaps far away", "09:00", &dispatch.Position{Point: offset(900, 0), Accuracy: 800}, []dispatch.ArrivalFlag{"imprecise"}},
		{"no position, late", "10:00", nil, []dispatch.ArrivalFlag{"late", "no_position"}},
	}
	f := newField(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f.setClock(at("07:00"))
			li, ctx := f.newTechnician(tt.name, 3), t.Context()
			j, by := f.booked(li, "09:00"), asTechnician(li)
			j = must(f.board.Dispatch(ctx, who.System, j.ID, j.Version))(t)
			j = must(f.board.Accept(ctx, by, j.ID, j.Version))(t)
			j = must(f.board.Travel(ctx, by, j.ID, j.Version))(t)
			f.setClock(at(tt.clock))
			j = must(f.board.Arrive(ctx, by, j.ID, j.Version, tt.from))(t)
			j = must(f.board.Find(ctx, by, j.ID))(t)
			if len(j.ArrivalFlags) != len(tt.want) {
				t.Fatalf("%v, want %v", j.ArrivalFlags, tt.want)
			}
			for i := range tt.want {
				if j.ArrivalFlags[i] != tt.want[i] {
					t.Errorf("%v, want %v", j.ArrivalFlags, tt.want)
				}
			}
		})
	}
}

func TestOnlyTheTechnicianOrWhoSpeaksForHim(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang := f.newTechnician("Li", 3), f.newTechnician("Wang", 3)
	ctx := t.Context()
	j := f.booked(li, "09:00")
	j = must(f.board.Dispatch(ctx, who.System, j.ID, j.Version))(t)
	_, err := f.board.Accept(ctx, asTechnician(wang), j.ID, j.Version)
	wants(t, err, fault.NotFound)
	keeper := asTechnician(wang)
	keeper.Roles = append(keeper.Roles, who.Warehouse)
	_, err = f.board.Accept(ctx, keeper, j.ID, j.Version)
	wants(t, err, fault.Forbidden, "not booked to you")
	j = must(f.board.Accept(ctx, dispatcher(&f.outlet.ID), j.ID, j.Version))(t)
	history := must(f.board.History(ctx, who.System, j.ID))(t)
	if last := string(history[len(history)-1].Data); !containsFold(last, `"on_behalf": true`) {
		t.Error(last)
	}
	must(f.board.Travel(ctx, asTechnician(li), j.ID, j.Version))(t)
}

func TestCannotCompleteOpensTheRest(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, ctx := f.newTechnician("Li", 3), t.Context()
	j := f.work(t, f.booked(li, "09:00", f.needing(2), window("09:00", "10:00")))
	j = must(f.board.Hold(ctx, asTechnician(li), j.ID, j.Version, dispatch.HoldParts, ""))(t)
	f.setClock(at("09:20"))
	j = must(f.board.CannotComplete(ctx, asTechnician(li), j.ID, j.Version, "no compressor in town"))(t)
	if j.Status != dispatch.StatusIncomplete || j.HoldReason != nil || j.Reason != "no compressor in town" {
		t.Errorf("%+v", j)
	}
	j = must(f.board.Find(ctx, asTechnician(li), j.ID))(t)
	if j.FollowedByID == nil {
		t.Fatal("nothing follows")
	}
	rest := must(f.board.Find(ctx, who.System, *j.FollowedByID))(t)
	if rest.Status != dispatch.StatusOpen || *rest.FollowsID != j.ID || rest.Needs[0].Level != 2 || rest.WindowFrom != nil || rest.Number == j.Number {
		t.Errorf("%+v", rest)
	}
	f.booked(li, "09:20")
}

func TestReassign(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, wang, ctx := f.newTechnician("Li", 3), f.newTechnician("Wang", 3), t.Context()
	j := f.booked(li, "09:00")
	j = must(f.board.Dispatch(ctx, who.System, j.ID, j.Version))(t)
	f.booked(wang, "09:30")
	_, err := f.board.Reassign(ctx, who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: wang.ID, StartAt: ptr(at("09:00"))})
	wants(t, err, fault.Conflict, "Wang is booked for job")
	if kept := must(f.board.Find(ctx, asTechnician(li), j.ID))(t); kept.Status != dispatch.StatusDispatched || kept.Booking.TechnicianID != li.ID {
		t.Errorf("a refused change changed something: %+v", kept)
	}
	j = must(f.board.Reassign(ctx, who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: wang.ID, StartAt: ptr(at("11:00"))}))(t)
	if j.Status != dispatch.StatusScheduled || j.Booking.TechnicianID != wang.ID {
		t.Errorf("%+v", j)
	}
	// The same technician an hour later, over his own booking.
	j = must(f.board.Reassign(ctx, who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: wang.ID, StartAt: ptr(at("11:30"))}))(t)
	j = must(f.board.Unassign(ctx, who.System, j.ID, j.Version, "customer is away"))(t)
	if j.Status != dispatch.StatusOpen || j.Booking != nil {
		t.Errorf("%+v", j)
	}
	var why []dispatch.Release
	for _, k := range must(f.board.Bookings(ctx, who.System, j.ID))(t) {
		if k.Active {
			t.Errorf("%+v", k)
		}
		why = append(why, *k.ReleaseReason)
	}
	if len(why) != 3 || why[0] != dispatch.ReleaseReassigned || why[2] != dispatch.ReleaseUnassigned {
		t.Error(why)
	}
	f.booked(li, "09:00")
}

func TestAssignRefusesHardAndLetsSoftBeOverruled(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	junior, able := f.newTechnician("Junior", 1), f.newTechnician("Able", 3)
	j := f.newJob(f.needing(3), window("09:00", "10:00"))
	assign := func(tech uuid.UUID, clock, reason string) (dispatch.Job, error) {
		a := dispatch.Assignment{TechnicianID: tech, Override: reason != "", Reason: reason}
		if clock != "" {
			a.StartAt = ptr(at(clock))
		}
		return f.board.Assign(ctx, dispatcher(nil), j.ID, j.Version, a)
	}
	_, err := assign(junior.ID, "", "")
	wants(t, err, fault.Conflict, "Junior cannot do", "certificate hvac is of level 1")
	_, err = assign(junior.ID, "09:00", "nobody else")
	wants(t, err, fault.Conflict, "Junior cannot do", "certificate hvac is of level 1")
	_, err = assign(able.ID, "19:00", "")
	wants(t, err, fault.Conflict, "only if the rules are overruled", "has no shift at 2026-11-23 19:00", "expects the work to begin")
	_, err = assign(able.ID, "", "because")
	wants(t, err, fault.Invalid, "/start_at")
	_, err = f.board.Assign(ctx, dispatcher(nil), j.ID, j.Version, dispatch.Assignment{TechnicianID: able.ID, StartAt: ptr(at("19:00")), Override: true})
	wants(t, err, fault.Invalid, "/reason")
	_, err = assign(uuid.Must(uuid.NewV7()), "09:00", "")
	wants(t, err, fault.Invalid, "/technician_id")

	done := must(assign(able.ID, "19:00", "the customer asked on the phone"))(t)
	kept := must(f.board.Find(ctx, who.System, done.ID))(t).Booking
	if e := kept.Explanation; len(e.Overruled) != 2 || e.Reason != "the customer asked on the phone" || !kept.Pinned || !kept.EndsAt.Equal(at("20:00")) {
		t.Errorf("%+v", kept)
	}

	other := f.newOutlet("other", offset(40_000, 0))
	elsewhere := f.newTechnicianAt("Elsewhere", 3, other.ID, center)
	_, err = f.board.Assign(ctx, dispatcher(&f.outlet.ID), f.newJob().ID, 1, dispatch.Assignment{TechnicianID: elsewhere.ID})
	wants(t, err, fault.Invalid, "/technician_id", "no such technician")

	if _, _, err := f.crew.Announce(ctx, who.System, able.ID, dispatch.NewAbsence{StartsAt: at("13:00"), EndsAt: at("15:00"), Reason: "dentist"}); err != nil {
		t.Fatal(err)
	}
	j = f.newJob()
	_, err = assign(able.ID, "14:30", "urgent")
	wants(t, err, fault.Conflict, "cannot do", "is absent from 2026-11-23 13:00")
	must(assign(able.ID, "15:00", ""))(t)
	able = must(f.crew.Find(ctx, who.System, able.ID))(t)
	must(f.crew.Suspend(ctx, who.System, able.ID, able.Version))(t)
	j = f.newJob()
	_, err = assign(able.ID, "11:00", "urgent")
	wants(t, err, fault.Conflict, "cannot do", "is suspended")
}
