package cases

import (
	"context"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Change says what to change of a case: nil leaves a member as it is. A priority that leads to
// nil follows from type and severity again.
type Change struct {
	Type        *Type
	Severity    *Severity
	Priority    **dispatch.Priority
	Description *string
}

// judgement is how a case was judged, as the log keeps it.
type judgement struct {
	Type            Type              `json:"type"`
	Severity        Severity          `json:"severity"`
	Priority        dispatch.Priority `json:"priority"`
	ResponseDueAt   time.Time         `json:"response_due_at"`
	CompletionDueAt time.Time         `json:"completion_due_at"`
}

func (c Case) judgement() judgement {
	return judgement{c.Type, c.Severity, c.Priority, c.ResponseDueAt, c.CompletionDueAt}
}

// amended says what changed. The log is kept for ever and people's words are not: of a
// description it says only that it is another one.
type amended struct {
	Changed []string   `json:"changed"`
	Was     *judgement `json:"was,omitempty"` // both, where the judgement is another one
	Is      *judgement `json:"is,omitempty"`
}

// Amend changes a case. Another priority moves its deadlines, which are reckoned again from the
// receipt; jobs that are open already keep theirs.
func (d *Desk) Amend(ctx context.Context, by who.Actor, id uuid.UUID, version int, n Change) (Case, error) {
	return d.change(ctx, by, id, version, "case.amended", func(ctx context.Context, c *Case, at time.Time) (any, error) {
		if c.Status == StatusClosed || c.Status == StatusCanceled {
			return nil, fault.New(fault.Conflict, "case %s is %s: it cannot change any more", c.Number, c.Status)
		}
		c.touch(at)
		return d.apply(ctx, c, n)
	})
}

// Classify confirms how a new case was judged, or judges it anew (requirement 30).
func (d *Desk) Classify(ctx context.Context, by who.Actor, id uuid.UUID, version int, n Change) (Case, error) {
	return d.change(ctx, by, id, version, "case.classified", func(ctx context.Context, c *Case, at time.Time) (any, error) {
		if err := c.undergo(VerbClassify, at); err != nil {
			return nil, err
		}
		return d.apply(ctx, c, n)
	})
}

// apply puts the change into c and says what it did.
func (d *Desk) apply(ctx context.Context, c *Case, n Change) (amended, error) {
	did, was := amended{Changed: []string{}}, c.judgement()
	var f fault.Faults
	if n.Description != nil {
		c.Description = described(&f, *n.Description)
		did.Changed = append(did.Changed, "description")
	}
	if n.Type != nil {
		c.Type = *n.Type
		did.Changed = append(did.Changed, "type")
	}
	if n.Severity != nil {
		c.Severity = *n.Severity
		did.Changed = append(did.Changed, "severity")
	}
	if n.Priority != nil {
		c.PriorityByHand = *n.Priority != nil
		did.Changed = append(did.Changed, "priority")
	}
	switch {
	case n.Priority != nil && *n.Priority != nil:
		c.Priority = **n.Priority
	case !c.PriorityByHand:
		c.Priority = PriorityOf(c.Type, c.Severity)
	}
	if c.Priority != was.Priority {
		p, err := d.policies.Find(ctx, c.PolicyVersion)
		if err != nil {
			return amended{}, err
		}
		c.reckon(p)
	}
	if is := c.judgement(); is != was {
		did.Was, did.Is = &was, &is
	}
	return did, wrong(f)
}
