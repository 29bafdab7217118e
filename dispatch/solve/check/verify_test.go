package check_test

import (
	"testing"

	"callout/dispatch/solve"
	"callout/dispatch/solve/check"
	"callout/internal/fault"
)

// road is a straight road: ten minutes and five kilometres from each place to the next.
type road struct{}

func (road) Leg(from, to int) solve.Leg {
	d := int32(max(from-to, to-from))
	return solve.Leg{Seconds: d * 600, Metres: d * 5000, Cost: d}
}

// at is a time of the day.
func at(h, m int64) int64 { return h*hour + m*minute }

// workshop is a day with every kind of rule, and a plan that keeps them all.
//
// Technician 0 goes from place 0 to jobs 0, 1 and 2, technician 1 to jobs 3 and 4, and again the
// day after to job 5. Jobs 2 and 3 are a crew's, job 4 comes after job 0, jobs 0 and 1 are a chain.
// Job 6 is nobody's.
func workshop(tb testing.TB) (*solve.Problem, *solve.Plan) {
	tb.Helper()
	p := &solve.Problem{Places: 6, Travel: []solve.Travel{road{}}}
	p.Shifts = []solve.Shift{
		{
			From: at(8, 0), To: at(13, 0), Overtime: 2 * hour, MaxJobs: 3, MaxDriving: at(2, 0), MaxMetres: 60_000, Capacity: []int64{5, 2},
			Breaks: []solve.Break{
				{Windows: []solve.Window{{From: at(12, 0), To: at(12, 30)}, {From: at(13, 0), To: at(14, 0)}}, Duration: 30 * minute},
				{Windows: []solve.Window{{From: at(9, 0), To: at(10, 0)}}, Duration: 10 * minute},
			},
			Grants: []solve.Grant{{Skill: 1, Level: 2, From: 0, To: at(11, 0)}, {Skill: 1, Level: 3, From: at(11, 0), To: at(20, 0)}},
			Rates:  solve.Rates{Fixed: 100, Driving: 3600, Work: 1800, Overtime: 7200, Km: 30},
		},
		{Technician: 1, Start: solve.Nowhere, End: solve.Nowhere, From: at(8, 0), To: at(17, 0), Pace: 1250},
		{Technician: 1, Start: 3, End: 3, From: at(32, 0), To: at(40, 0)},
		{Technician: 2, Start: 1, End: 1, From: at(8, 0), To: at(9, 0)},
	}
	p.Stock = [][]solve.Amount{{{Part: 7, Count: 2}}, {{Part: 7, Count: 1}}}
	p.Jobs = []solve.Job{
		{Place: 1, Windows: []solve.Window{{From: at(6, 0), To: at(7, 0)}, {From: at(8, 30), To: at(9, 0)}}, Setup: 10 * minute, Work: 50 * minute, Chain: 1, Deliver: []int64{2}, Pickup: []int64{0, 1}, Parts: []solve.Amount{{Part: 7, Count: 1}}},
		{Place: 1, Setup: 10 * minute, Work: hour, Chain: 1, Needs: []solve.Need{{Skill: 1, Level: 2}}, Deliver: []int64{3}, Pickup: []int64{1, 1}, Parts: []solve.Amount{{Part: 7, Count: 1}}},
		{Place: 3, Work: hour, Due: at(12, 30), LateWeight: 2, Group: 4, Release: at(12, 0), Preferences: []solve.Preference{{Technician: 0, Points: -5}}, Published: &solve.Pin{Shift: 0}},
		{Place: 3, Work: hour, Group: 4, Forbidden: []int{0}},
		{Place: 4, Work: 40 * minute, After: []int{0}, Allowed: []int{1}, Published: &solve.Pin{Shift: 0}},
		{Place: 3, Setup: 10 * minute, Work: hour, Pin: &solve.Pin{Shift: 2, Timed: true, Start: at(33, 0)}, Parts: []solve.Amount{{Part: 7, Count: 1}}},
		{Place: 5, Weight: 70, Class: 1, Needs: []solve.Need{{Skill: 9, Level: 1}}},
	}
	p.Objective = solve.Objective{{{Of: solve.Missed, Class: 1, Price: 2}, {Of: solve.Missed, Class: 0, Price: 9}}, {{Of: solve.Lateness, Price: 1}}, {{Of: solve.Cost, Price: 1}, {Of: solve.Dislike, Price: 1000}}}
	if err := p.Check(); err != nil {
		tb.Fatal(err)
	}
	return p, planOf(tb, p, []trip{{[]int{0, 1, 2}, []int{1, 3}}, {jobs: []int{4, 3}}, {jobs: []int{5}}, {}}, solve.Absent{Job: 6, Reason: solve.NoCertificate})
}

// wrong lists what Verify finds.
func wrong(p *solve.Problem, plan *solve.Plan) (all []string) {
	err := check.Verify(p, plan)
	if err == nil {
		return nil
	}
	for _, f := range fault.From(err).Fields {
		all = append(all, f.Pointer+" "+f.Detail.String())
	}
	return all
}

func TestVerifyAcceptsAPlanThatHolds(t *testing.T) {
	p, plan := workshop(t)
	if got := wrong(p, plan); got != nil {
		t.Fatalf("%q", got)
	}
	if plan.Routes[0].Overtime == 0 || plan.Routes[0].Lateness == 0 || plan.Figures[solve.Changed] != 1 {
		t.Errorf("the day is not as hard as it was meant: %+v", plan.Routes[0])
	}
}
