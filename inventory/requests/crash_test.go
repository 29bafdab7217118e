package requests_test

import (
	"testing"

	"callout/inventory"
	"callout/inventory/requests"
)

func TestCrashBetweenAnyTwoStatementsOfARequest(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p, q := c.priced(c.Part("s"), 100), c.Part("")
	c.Stock(c.Warehouse, p, 0, "S1", "S2", "S3")
	c.Stock(c.Warehouse, q, 4)
	var r requests.Request
	kept := func(now requests.Request, err error) error {
		if err == nil {
			r = now
		}
		return err
	}
	for _, step := range []struct {
		name   string
		writes int // at the least
		do     func() error
	}{
		{"request that the policy approves", 5, func() error {
			_, err := c.Counter.Request(ctx, c.tech, requests.Wanted{Lines: []inventory.Line{many(p, 1)}})
			return err
		}},
		{"request", 4, func() error {
			return kept(c.Counter.Request(ctx, c.tech, requests.Wanted{JobID: &c.job, Lines: []inventory.Line{many(p, 2), many(q, 3)}}))
		}},
		{"approve", 5, func() error {
			return kept(c.Counter.Approve(ctx, c.chief, r.ID, r.Version, requests.Allowance{}))
		}},
		{"pick", 4, func() error { return kept(c.Counter.Pick(ctx, c.Clerk, r.ID, r.Version)) }},
		{"issue", 8, func() error { return kept(c.issue(r, units(p, "S1"), many(q, 3))) }},
		{"receive", 6, func() error { return kept(c.receive(r, units(p, "S1", "S3"), many(q, 2))) }},
		{"settle", 4, func() error {
			return kept(c.Counter.SettleDifference(ctx, c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeLost, Reason: "gone", Lines: []inventory.Line{many(q, 1)}}))
		}},
		{"keep", 6, func() error {
			return kept(c.Counter.SettleDifference(ctx, c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeKept, Reason: "tomorrow", Lines: []inventory.Line{units(p, "S3")}}))
		}},
		{"substitute", 4, func() error {
			return kept(c.Counter.Substitute(ctx, c.chief, r.ID, r.Version, requests.Substitution{PartID: p.ID, SubstituteID: q.ID, Reason: "does as well"}))
		}},
		{"hand in", 5, func() error { return kept(c.giveBack(c.tech, r, many(q, 2))) }},
		{"take back", 5, func() error { return kept(c.giveBack(c.Clerk, r, many(q, 2))) }},
		{"cancel", 4, func() error { return kept(c.Counter.Cancel(ctx, c.tech, r.ID, r.Version, "enough")) }},
	} {
		if n := c.Crashing(step.name, step.do); n < step.writes {
			t.Errorf("%s: only %d writes were tried", step.name, n)
		}
	}
	c.Sound()
}
