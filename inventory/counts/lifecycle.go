package counts

import (
	"slices"

	"callout/internal/fault"
	"callout/inventory"
)

// Status is where a count stands.
type Status string

// The statuses of a count.
const (
	StatusOpened   Status = "opened"
	StatusCounting Status = "counting"
	StatusReview   Status = "review"   // counted: somebody else looks at the variances
	StatusRecount  Status = "recount"  // some lines are counted again by other people
	StatusApproved Status = "approved" // the books are put right
	StatusCanceled Status = "canceled"
)

// next says which statuses may follow a status.
var next = map[Status][]Status{
	StatusOpened:   {StatusCounting, StatusReview, StatusCanceled},
	StatusCounting: {StatusReview, StatusCanceled},
	StatusReview:   {StatusRecount, StatusApproved, StatusCanceled},
	StatusRecount:  {StatusReview, StatusCanceled},
}

// Over says whether nothing changes any more.
func (s Status) Over() bool { return s == StatusApproved || s == StatusCanceled }

// become moves c to a status, if the lifecycle allows it and nobody changed c since version was read.
func (c *Count) become(s Status, version int) error {
	if err := inventory.Stale("count", version, c.Version); err != nil {
		return err
	}
	if !slices.Contains(next[c.Status], s) {
		return inventory.CannotBecome("count", c.Status, s)
	}
	c.Status = s
	c.Version++
	return nil
}

// count lets what somebody counted in. Several people count at once, so no version is asked of them.
func (c *Count) count() error {
	switch c.Status {
	case StatusOpened:
		c.Status = StatusCounting
	case StatusCounting, StatusRecount:
	default:
		return fault.New(fault.Conflict, "count %s is %s: nothing is counted into it now", c.Number, c.Status)
	}
	c.Version++
	return nil
}

// stay changes c without another status, if it has the one where that is done.
func (c *Count) stay(s Status, version int) error {
	if err := inventory.Stale("count", version, c.Version); err != nil {
		return err
	}
	if c.Status != s {
		return fault.New(fault.Conflict, "count %s is %s: this is done while it is %s", c.Number, c.Status, s)
	}
	c.Version++
	return nil
}
