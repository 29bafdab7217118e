package cases

import (
	"time"

	"callout/dispatch"
	"callout/internal/policy"
)

// Deadlines are the moments until which a case is to be answered and to be solved.
type Deadlines struct{ Response, Completion time.Time }

// DeadlinesOf reckons the deadlines of a priority by a policy (requirements 27-29, 38): the response
// from the receipt, the completion from there as well or from the last reopening. It is pure:
// reckoned again, it gives what the case has stored.
func DeadlinesOf(p policy.Policy, priority dispatch.Priority, received time.Time, reopened *time.Time) Deadlines {
	from := received
	if reopened != nil {
		from = *reopened
	}
	return Deadlines{
		Response:   p.Due(policy.CaseResponse(string(priority)), received),
		Completion: p.Due(policy.CaseCompletion(string(priority)), from),
	}
}

// reckon gives c the deadlines of its priority by the policy that judges it.
func (c *Case) reckon(p policy.Policy) {
	d := DeadlinesOf(p, c.Priority, c.ReceivedAt, c.ReopenedAt)
	c.PolicyVersion, c.ResponseDueAt, c.CompletionDueAt = p.Version, d.Response, d.Completion
}

// deadline is one of the two.
type deadline string

const (
	deadlineResponse   deadline = "response"
	deadlineCompletion deadline = "completion"
)

// overdue are the events that say that a deadline has passed.
var overdue = map[deadline]string{
	deadlineResponse:   "case.response_overdue",
	deadlineCompletion: "case.completion_overdue",
}

// due is when a deadline of c is, and whether anything is still to be done for it.
func (c Case) due(d deadline) (at time.Time, waits bool) {
	if d == deadlineResponse {
		return c.ResponseDueAt, c.Status.running() && c.RespondedAt == nil
	}
	return c.CompletionDueAt, c.Status.running()
}
