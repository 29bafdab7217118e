package dispatch

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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
	arrow = regexp.MustCompile(`(?m)^ +(\[\*\]|[a-z_]+) --> (\[\*\]|[a-z_]+)(?:: (.+))?$`)
)

// drawn reads the diagram of the README.
func drawn(t *testing.T) (life map[Status]map[Verb]Status, first []Status, last []Status) {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, diagram, _ := strings.Cut(string(readme), "```mermaid\n")
	diagram, _, closed := strings.Cut(diagram, "```")
	if !closed || strings.Count(diagram, "-->") != len(arrow.FindAllString(diagram, -1)) {
		t.Fatal("the diagram cannot be read")
	}
	life = map[Status]map[Verb]Status{}
	for _, m := range arrow.FindAllStringSubmatch(diagram, -1) {
		from, to := Status(m[1]), Status(m[2])
		switch {
		case from == "[*]":
			first = append(first, to)
			continue
		case to == "[*]":
			last = append(last, from)
			continue
		}
		if life[from] == nil {
			life[from] = map[Verb]Status{}
		}
		for v := range strings.SplitSeq(m[3], ", ") {
			if !slices.Contains(verbs, Verb(v)) || !slices.Contains(statuses, from) || !slices.Contains(statuses, to) {
				t.Fatalf("%s --> %s: %s is not of our words", from, to, v)
			}
			if life[from][Verb(v)] != "" {
				t.Fatalf("%s of a job that is %s is drawn twice", v, from)
			}
			life[from][Verb(v)] = to
		}
	}
	return life, first, last
}

func TestLifecycleIsAsDrawn(t *testing.T) {
	life, first, last := drawn(t)
	if !slices.Equal(first, []Status{StatusOpen}) || len(next) != len(statuses) {
		t.Fatalf("a job begins %v, and %d of %d statuses are in the table", first, len(next), len(statuses))
	}
	now := time.Now()
	for _, from := range statuses {
		for _, v := range verbs {
			want := life[from][v]
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
			if got, want := leads(next[from], to), leads(life[from], to); got != want {
				t.Errorf("%s → %s: the table says %v, the diagram %v", from, to, got, want)
			}
		}
		if ends := len(next[from]) == 0; ends != slices.Contains(last, from) {
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
