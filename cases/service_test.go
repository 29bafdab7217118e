package cases_test

import (
	"sync"
	"testing"
	"time"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/fault"
)

func TestCaseFollowsItsJobs(t *testing.T) {
	w := open(t)
	c := w.received()
	c = must(w.Classify(t.Context(), w.desk, c.ID, 1, cases.Change{Severity: ptr(cases.SeverityUrgent)}))(t)
	if c.Status != cases.StatusClassified || c.Priority != dispatch.PriorityP0 || c.CompletionDueAt.Sub(monday) != 24*time.Hour {
		t.Fatalf("%+v", c)
	}
	first := w.visited(c)
	if first.Priority != dispatch.PriorityP0 || !first.DueAt.Equal(c.CompletionDueAt) || first.SiteID != c.SiteID || *first.CaseID != c.ID {
		t.Errorf("job %+v", first)
	}
	second := w.visited(c)
	w.wantStatus(c, cases.StatusInService)
	w.becomes(first, dispatch.StatusTraveling)
	if w.now(c).RespondedAt == nil {
		t.Error("a technician set out, and the customer is not answered")
	}
	w.becomes(first, dispatch.StatusClosed)
	w.wantStatus(c, cases.StatusInService)
	w.becomes(second, dispatch.StatusCanceled)
	w.wantStatus(c, cases.StatusResolved)
	w.wantKinds(c, "case.opened", "case.classified", "case.in_service", "case.responded", "case.resolved")
	// A job that is opened behind the agent's back brings the case back.
	third := must(w.board.Open(t.Context(), w.desk, dispatch.NewJob{SiteID: c.SiteID, CaseID: &c.ID, Title: "Once more", Priority: "P1", Minutes: 30}))(t)
	if got := w.now(c); got.Status != cases.StatusInService || got.ResolvedAt != nil {
		t.Errorf("%+v", got)
	}
	w.becomes(third, dispatch.StatusClosed)
	c = must(w.Close(t.Context(), w.desk, c.ID, w.now(c).Version))(t)
	if c.Status != cases.StatusClosed || c.ClosedAt == nil {
		t.Errorf("%+v", c)
	}
	_, err := w.OpenJob(t.Context(), w.desk, c.ID, dispatch.NewJob{Title: "x", Minutes: 5})
	wants(t, err, fault.Conflict)
	_, err = w.board.Open(t.Context(), w.desk, dispatch.NewJob{SiteID: c.SiteID, CaseID: &c.ID, Title: "x", Priority: "P1", Minutes: 30})
	wants(t, err, fault.Conflict)
	if jobs, _, err := w.board.List(t.Context(), w.desk, dispatch.JobQuery{CaseID: &c.ID}, [16]byte{}, 10); err != nil || len(jobs) != 3 {
		t.Errorf("%d jobs, %v", len(jobs), err)
	}
}

func (w *world) wantStatus(c cases.Case, want cases.Status) {
	w.t.Helper()
	if got := w.now(c).Status; got != want {
		w.t.Errorf("the case is %s, want %s", got, want)
	}
}

func TestIncompleteJobLeavesTheCaseInService(t *testing.T) {
	w := open(t)
	c := w.received()
	other, job := w.visited(c), w.visited(c)
	w.becomes(other, dispatch.StatusClosed)
	w.becomes(job, dispatch.StatusIncomplete)
	w.wantStatus(c, cases.StatusInService)
	rest := w.visited(c)
	w.exec(`UPDATE jobs SET follows_id = $2 WHERE id = $1`, rest.ID, job.ID)
	w.wantStatus(c, cases.StatusInService)
	w.becomes(rest, dispatch.StatusClosed)
	w.wantStatus(c, cases.StatusResolved)
}

func TestCaseWithoutWorkIsNotResolvedByItself(t *testing.T) {
	w := open(t)
	c := w.received()
	w.becomes(w.visited(c), dispatch.StatusCanceled)
	w.wantStatus(c, cases.StatusInService)
	// Work from before a reopening does not count for what came after it.
	w.becomes(w.visited(c), dispatch.StatusClosed)
	w.pass(time.Hour)
	must(w.Reopen(t.Context(), w.desk, c.ID, w.now(c).Version, "it is broken again"))(t)
	w.becomes(w.visited(c), dispatch.StatusCanceled)
	w.wantStatus(c, cases.StatusInService)
	w.pass(time.Minute)
	w.becomes(w.visited(c), dispatch.StatusClosed)
	w.wantStatus(c, cases.StatusResolved)
}

func TestOfJobsThatCloseAtOnceTheLastOneResolves(t *testing.T) {
	w := open(t)
	c := w.received()
	var jobs []dispatch.Job
	for range 6 {
		jobs = append(jobs, w.visited(c))
	}
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() { w.becomes(j, dispatch.StatusClosed) })
	}
	wg.Wait()
	w.wantStatus(c, cases.StatusResolved)
	w.wantKinds(c, "case.opened", "case.in_service", "case.responded", "case.resolved")
}

func TestReopenBeginsTheCompletionAnew(t *testing.T) {
	w := open(t)
	c := w.received()
	w.becomes(w.visited(c), dispatch.StatusClosed)
	c = must(w.Close(t.Context(), w.desk, c.ID, w.now(c).Version))(t)
	w.pass(30 * 24 * time.Hour)
	c = must(w.Reopen(t.Context(), w.desk, c.ID, c.Version, "the noise is back"))(t)
	switch {
	case c.Status != cases.StatusReopened || c.Reopened != 1 || *c.ReopenReason != "the noise is back":
		t.Errorf("%+v", c)
	case c.ClosedAt != nil || c.ResolvedAt != nil || c.CompletionOverdue || c.ResponseOverdue:
		t.Errorf("%+v", c)
	case c.CompletionDueAt.Sub(*c.ReopenedAt) != 72*time.Hour || c.ResponseDueAt.Sub(c.ReceivedAt) != 4*time.Hour:
		t.Errorf("deadlines %v, %v", c.ResponseDueAt, c.CompletionDueAt)
	}
	w.visited(c)
	w.wantStatus(c, cases.StatusInService)
	_, err := w.Reopen(t.Context(), w.desk, c.ID, w.now(c).Version, "again")
	wants(t, err, fault.Conflict)
}

func TestCancelTakesOpenJobsAlong(t *testing.T) {
	w := open(t)
	c := w.received()
	one, two := w.visited(c), w.visited(c)
	c = must(w.Cancel(t.Context(), w.desk, c.ID, w.now(c).Version, "bought a new one"))(t)
	if c.Status != cases.StatusCanceled || *c.CancelReason != "bought a new one" {
		t.Errorf("%+v", c)
	}
	for _, j := range []dispatch.Job{one, two} {
		if got := must(w.board.Find(t.Context(), w.desk, j.ID))(t); got.Status != dispatch.StatusCanceled || got.Reason != "bought a new one" {
			t.Errorf("job %s is %s: %s", got.Number, got.Status, got.Reason)
		}
	}
	w.wantKinds(c, "case.opened", "case.in_service", "case.canceled")
}

func TestCancelIsRefusedOnceWorkBegan(t *testing.T) {
	w := open(t)
	for _, s := range []dispatch.Status{dispatch.StatusWorking, dispatch.StatusFinished, dispatch.StatusClosed} {
		c := w.received()
		other, job := w.visited(c), w.visited(c)
		w.becomes(job, s)
		before := w.now(c)
		_, err := w.Cancel(t.Context(), w.desk, c.ID, before.Version, "no more")
		wants(t, err, fault.Conflict)
		if got := w.now(c); got.Version != before.Version || got.Status != cases.StatusInService {
			t.Errorf("a job is %s: the case is %s", s, got.Status)
		}
		if got := must(w.board.Find(t.Context(), w.desk, other.ID))(t); got.Status != dispatch.StatusOpen {
			t.Errorf("a job is %s: the other job is %s", s, got.Status)
		}
	}
}

func TestResolveByHand(t *testing.T) {
	w := open(t)
	c := w.received()
	_, err := w.Resolve(t.Context(), w.desk, c.ID, 1, "told how")
	wants(t, err, fault.Conflict) // nobody has classified it
	c = must(w.Classify(t.Context(), w.desk, c.ID, 1, cases.Change{}))(t)
	_, err = w.Resolve(t.Context(), w.desk, c.ID, 2, " ")
	wants(t, err, fault.Invalid, "/resolution")
	_, err = w.Resolve(t.Context(), w.desk, c.ID, 1, "told how")
	wants(t, err, fault.Stale)
	c = must(w.Resolve(t.Context(), w.desk, c.ID, 2, "told how"))(t)
	if c.Status != cases.StatusResolved || c.Resolution != "told how" || c.RespondedAt == nil || c.ResolvedAt == nil {
		t.Errorf("%+v", c)
	}
	busy := w.received()
	j := w.visited(busy)
	_, err = w.Resolve(t.Context(), w.desk, busy.ID, w.now(busy).Version, "told how")
	wants(t, err, fault.Conflict)
	w.becomes(j, dispatch.StatusCanceled)
	must(w.Resolve(t.Context(), w.desk, busy.ID, w.now(busy).Version, "told how"))(t)
}

func TestRespondOnce(t *testing.T) {
	w := open(t)
	c := w.received()
	w.pass(time.Hour)
	_, err := w.Respond(t.Context(), w.desk, c.ID, 1, ptr(monday.Add(2*time.Hour)))
	wants(t, err, fault.Invalid, "/responded_at")
	_, err = w.Respond(t.Context(), w.desk, c.ID, 1, ptr(monday.Add(-time.Second)))
	wants(t, err, fault.Invalid, "/responded_at")
	c = must(w.Respond(t.Context(), w.desk, c.ID, 1, ptr(monday.Add(time.Minute))))(t)
	if !c.RespondedAt.Equal(monday.Add(time.Minute)) || c.Status != cases.StatusReceived {
		t.Errorf("%+v", c)
	}
	_, err = w.Respond(t.Context(), w.desk, c.ID, 2, nil)
	wants(t, err, fault.Conflict)
	gone := w.received()
	must(w.Cancel(t.Context(), w.desk, gone.ID, 1, "a mistake"))(t)
	_, err = w.Respond(t.Context(), w.desk, gone.ID, 2, nil)
	wants(t, err, fault.Conflict)
}

func TestAmendJudgesAnew(t *testing.T) {
	w := open(t)
	c := w.received()
	w.pass(time.Hour)
	c = must(w.Amend(t.Context(), w.desk, c.ID, 1, cases.Change{Severity: ptr(cases.SeverityUrgent), Description: ptr("It smokes")}))(t)
	if c.Priority != dispatch.PriorityP0 || c.ResponseDueAt.Sub(monday) != time.Hour || c.Description != "It smokes" {
		t.Errorf("%+v", c)
	}
	c = must(w.Amend(t.Context(), w.desk, c.ID, 2, cases.Change{Priority: ptr(ptr(dispatch.PriorityP2))}))(t)
	c = must(w.Amend(t.Context(), w.desk, c.ID, 3, cases.Change{Severity: ptr(cases.SeverityGeneral)}))(t)
	if c.Priority != dispatch.PriorityP2 || !c.PriorityByHand {
		t.Errorf("a priority given by hand became %s", c.Priority)
	}
	c = must(w.Amend(t.Context(), w.desk, c.ID, 4, cases.Change{Priority: ptr((*dispatch.Priority)(nil))}))(t)
	if c.Priority != dispatch.PriorityP1 || c.PriorityByHand || c.ResponseDueAt.Sub(monday) != 4*time.Hour {
		t.Errorf("%+v", c)
	}
	_, err := w.Amend(t.Context(), w.desk, c.ID, 5, cases.Change{Description: ptr("")})
	wants(t, err, fault.Invalid, "/description")
	c = must(w.Cancel(t.Context(), w.desk, c.ID, 5, "a mistake"))(t)
	_, err = w.Amend(t.Context(), w.desk, c.ID, 6, cases.Change{Description: ptr("x")})
	wants(t, err, fault.Conflict)
}
