package cases

import (
	"slices"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/drawn"
	"callout/internal/fault"
)

var (
	statuses = []Status{
		StatusReceived, StatusClassified, StatusInService, StatusResolved, StatusClosed, StatusReopened, StatusCanceled,
	}
	verbs = []Verb{VerbClassify, VerbOpenJob, VerbResolve, VerbClose, VerbReopen, VerbCancel}
)

func TestLifecycleIsAsDrawn(t *testing.T) {
	life := drawn.Read(t, "README.md", "The life of a case")
	if s, v := life.Words(); len(s) != len(statuses) || len(v) != len(verbs) {
		t.Fatalf("drawn are %v and %v", s, v)
	}
	if !slices.Equal(life.First, []string{"received"}) || len(next) != len(statuses) {
		t.Fatalf("a case begins %v, and %d of %d statuses are in the table", life.First, len(next), len(statuses))
	}
	now := time.Now()
	for _, from := range statuses {
		for _, v := range verbs {
			want := Status(life.To(string(from), string(v)))
			c := Case{Status: from, Version: 4}
			err := c.undergo(v, now)
			switch {
			case want == "" && (!fault.Is(err, fault.Conflict) || c.Status != from || c.Version != 4):
				t.Errorf("%s of a case that is %s: got %v and %s, want a conflict and no change", v, from, err, c.Status)
			case want != "" && (err != nil || c.Status != want || c.Version != 5 || c.UpdatedAt != now):
				t.Errorf("%s of a case that is %s: got %v and %s, want %s", v, from, err, c.Status, want)
			}
		}
		if ends := len(next[from]) == 0; ends != slices.Contains(life.Last, string(from)) {
			t.Errorf("the life of a case that is %s ends in the table: %v; as drawn: %v", from, ends, !ends)
		}
	}
}

func TestMomentsFollowTheStatus(t *testing.T) {
	at := time.Now()
	c := Case{Status: StatusClassified}
	for _, step := range []struct {
		verb                          Verb
		responded, resolved, isClosed bool
	}{
		{VerbResolve, true, true, false},
		{VerbClose, true, true, true},
		{VerbReopen, true, false, false},
		{VerbOpenJob, true, false, false},
	} {
		if err := c.undergo(step.verb, at); err != nil {
			t.Fatal(err)
		}
		if (c.RespondedAt != nil) != step.responded || (c.ResolvedAt != nil) != step.resolved || (c.ClosedAt != nil) != step.isClosed {
			t.Errorf("after %s: responded %v, resolved %v, closed %v", step.verb, c.RespondedAt, c.ResolvedAt, c.ClosedAt)
		}
	}
}

func TestPriorityFollowsFromTypeAndSeverity(t *testing.T) {
	for _, tt := range []struct {
		name     string
		kind     Type
		severity Severity
		want     dispatch.Priority
	}{
		{"a danger is P0", TypeFault, SeverityUrgent, "P0"},
		{"an urgent complaint is P0", TypeComplaint, SeverityUrgent, "P0"},
		{"an urgent installation is P0", TypeInstallation, SeverityUrgent, "P0"},
		{"a function that fails is P1", TypeFault, SeverityGeneral, "P1"},
		{"a complaint is P1", TypeComplaint, SeverityGeneral, "P1"},
		{"a complex enquiry is P1", TypeEnquiry, SeverityComplex, "P1"},
		{"an enquiry is P2", TypeEnquiry, SeverityGeneral, "P2"},
		{"maintenance is P2", TypeMaintenance, SeverityGeneral, "P2"},
		{"a suggestion is P2 however urgent", TypeSuggestion, SeverityUrgent, "P2"},
	} {
		if got := PriorityOf(tt.kind, tt.severity); got != tt.want {
			t.Errorf("%s: got %s", tt.name, got)
		}
	}
}

func TestOverdueIsWhatStillWaits(t *testing.T) {
	due := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name                 string
		status               Status
		responded            bool
		at                   time.Time
		response, completion bool
	}{
		{"at the deadline", StatusReceived, false, due, false, false},
		{"after the response was due", StatusReceived, false, due.Add(time.Second), true, false},
		{"answered", StatusReceived, true, due.Add(time.Second), false, false},
		{"after the completion was due", StatusInService, true, due.Add(25 * time.Hour), false, true},
		{"after both", StatusReopened, false, due.Add(25 * time.Hour), true, true},
		{"resolved", StatusResolved, true, due.Add(25 * time.Hour), false, false},
		{"canceled", StatusCanceled, false, due.Add(25 * time.Hour), false, false},
	} {
		c := Case{Status: tt.status, ResponseDueAt: due, CompletionDueAt: due.Add(24 * time.Hour)}
		if tt.responded {
			c.RespondedAt = &due
		}
		if c = c.seen(tt.at); c.ResponseOverdue != tt.response || c.CompletionOverdue != tt.completion {
			t.Errorf("%s: response overdue %v, completion overdue %v", tt.name, c.ResponseOverdue, c.CompletionOverdue)
		}
	}
}
