package dispatch

import (
	"slices"
	"testing"
	"time"

	"callout/internal/drawn"
	"callout/internal/fault"
)

var (
	statuses = []Status{
		StatusOpen, StatusScheduled, StatusDispatched, StatusAccepted, StatusTraveling, StatusOnSite, StatusWorking,
		StatusOnHold, StatusFinished, StatusClosed, StatusCanceled, StatusIncomplete,
	}
	verbs = []Verb{
		VerbAssign, VerbReassign, VerbUnassign, VerbDispatch, VerbAccept, VerbDecline, VerbTravel, VerbArrive, VerbStart,
		VerbHold, VerbResume, VerbFinish, VerbCannotComplete, VerbClose, VerbCancel,
	}
)

func TestLifecycleIsAsDrawn(t *testing.T) {
	life := drawn.Read(t, "README.md", "The life of a job")
	if s, v := life.Words(); len(s) != len(statuses) || len(v) != len(verbs) {
		t.Fatalf("drawn are %v and %v", s, v)
	}
	if !slices.Equal(life.First, []string{"open"}) || len(next) != len(statuses) {
		t.Fatalf("a job begins %v, and %d of %d statuses are in the table", life.First, len(next), len(statuses))
	}
	now := time.Now()
	for _, from := range statuses {
		for _, v := range verbs {
			want := Status(life.To(string(from), string(v)))
			j := Job{Status: from, Version: 4}
			err := j.undergo(v, 4, now)
			switch {
			case want == "" && (!fault.Is(err, fault.Conflict) || j.Status != from || j.Version != 4):
				t.Errorf("%s of a job that is %s: got %v and %s, want a conflict and no change", v, from, err, j.Status)
			case want != "" && (err != nil || j.Status != want || j.Version != 5 || j.UpdatedAt != now):
				t.Errorf("%s of a job that is %s: got %v and %s, want %s", v, from, err, j.Status, want)
			}
		}
		for _, to := range statuses {
			if got, want := leads(next[from], to), life.Leads(string(from), string(to)); got != want {
				t.Errorf("%s → %s: the table says %v, the diagram %v", from, to, got, want)
			}
		}
		if ends := len(next[from]) == 0; ends != slices.Contains(life.Last, string(from)) {
			t.Errorf("the life of a job that is %s ends in the table: %v; as drawn: %v", from, ends, !ends)
		}
	}
}

func TestStaleVersionMovesNothing(t *testing.T) {
	for _, from := range statuses {
		for _, v := range verbs {
			j := Job{Status: from, Version: 4}
			if err := j.undergo(v, 3, time.Now()); !fault.Is(err, fault.Stale) || j.Status != from || j.Version != 4 {
				t.Errorf("%s of a job that is %s: %v, %s", v, from, err, j.Status)
			}
		}
	}
}

func leads(verbs map[Verb]Status, to Status) bool {
	for _, s := range verbs {
		if s == to {
			return true
		}
	}
	return false
}
