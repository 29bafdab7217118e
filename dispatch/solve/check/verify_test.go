package check_test

import (
	"fmt"
	"slices"
	"strings"
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

// The rules of a problem are made stricter, so that a plan that held breaks the one.
func TestVerifyFindsEachBrokenRule(t *testing.T) {
	tests := []struct {
		name   string
		change func(p *solve.Problem)
		want   []string
	}{
		{"a window has closed", func(p *solve.Problem) { p.Jobs[0].Windows[1].To = at(8, 30) - 1 }, []string{"/routes/0/stops/0/start is 30600, when none of its windows is open"}},
		{"a window is not open yet", func(p *solve.Problem) { p.Jobs[4].Windows = []solve.Window{{From: at(9, 31), To: at(12, 0)}} }, []string{"/routes/1/stops/0/start is 34200, when none of its windows is open"}},
		{"released later", func(p *solve.Problem) { p.Jobs[2].Release = at(12, 1) }, []string{"/routes/0/stops/2/start is 43200, before its release at 43260"}},
		{"the shift begins later", func(p *solve.Problem) { p.Shifts[0].From = at(8, 1) }, []string{"/routes/0/leave is 28800, before the shift begins at 28860"}},
		{"less overtime", func(p *solve.Problem) { p.Shifts[0].Overtime = at(0, 59) }, []string{"/routes/0/home is 50400, after the shift and its overtime end at 50340"}},
		{"an end far away", func(p *solve.Problem) { p.Shifts[1].End = 0 }, []string{
			"/routes/1/home is 47700; it must be 49500",
			"/routes/1/driving is 600; it must be 2400",
			"/routes/1/metres is 5000; it must be 20000",
			"/routes/1/cost is 18000; it must be 72000",
		}},
		{"fewer jobs", func(p *solve.Problem) { p.Shifts[0].MaxJobs = 2 }, []string{"/routes/0/stops is 3; at most 2 is allowed"}},
		{"less driving", func(p *solve.Problem) { p.Shifts[0].MaxDriving = 3599 }, []string{"/routes/0/driving is 3600; at most 3599 is allowed"}},
		{"fewer metres", func(p *solve.Problem) { p.Shifts[0].MaxMetres = 29_999 }, []string{"/routes/0/metres is 30000; at most 29999 is allowed"}},
		{"a smaller van", func(p *solve.Problem) { p.Shifts[0].Capacity[0] = 4 }, []string{"/routes/0/stops 5 of dimension 0 are on board after 0 stops; there is room for 4"}},
		{"no room for what is picked up", func(p *solve.Problem) { p.Shifts[0].Capacity = p.Shifts[0].Capacity[:1] }, []string{"/routes/0/stops 1 of dimension 1 are on board after 1 stops; there is room for 0"}},
		{"fewer parts", func(p *solve.Problem) { p.Stock[0][0].Count = 1 }, []string{"/routes/0/stops/1 takes piece 2 of part 7 from the van of technician 0, who has 1"}},
		{"no stock at all", func(p *solve.Problem) { p.Stock = nil }, []string{
			"/routes/0/stops/0 takes piece 1 of part 7 from the van of technician 0, who has 0",
		}},
		{"a higher level", func(p *solve.Problem) { p.Jobs[1].Needs[0].Level = 3 }, []string{"/routes/0/stops/1/job there is no certificate of skill 1 at level 3 from 34800 to 38400"}},
		{"another skill as well", func(p *solve.Problem) { p.Jobs[1].Needs = append(p.Jobs[1].Needs, solve.Need{Skill: 2}) }, []string{"/routes/0/stops/1/job there is no certificate of skill 2 at level 0 from 34800 to 38400"}},
		{"a certificate that begins during the work", func(p *solve.Problem) { p.Shifts[0].Grants[0].To = at(9, 0) }, []string{"/routes/0/stops/1/job there is no certificate of skill 1 at level 2 from 34800 to 38400"}},
		{"certificates with a gap", func(p *solve.Problem) {
			p.Shifts[0].Grants = []solve.Grant{{Skill: 1, Level: 2, From: 0, To: at(10, 0)}, {Skill: 1, Level: 2, From: at(10, 0) + 1, To: at(20, 0)}}
		}, []string{"/routes/0/stops/1/job there is no certificate of skill 1 at level 2 from 34800 to 38400"}},
		{"somebody else is allowed", func(p *solve.Problem) { p.Jobs[4].Allowed[0] = 0 }, []string{"/routes/1/stops/0/job technician 1 is not allowed to do job 4"}},
		{"he is forbidden", func(p *solve.Problem) { p.Jobs[4].Forbidden = []int{2, 1} }, []string{"/routes/1/stops/0/job technician 1 is not allowed to do job 4"}},
		{"the windows of a break end", func(p *solve.Problem) { p.Shifts[0].Breaks[1].Windows[0].To = at(9, 29) }, []string{"/routes/0/pauses/0/start is 34200, when none of its windows is open"}},
		{"between the windows of a break", func(p *solve.Problem) { p.Shifts[0].Breaks[0].Windows[1].From = at(13, 1) }, []string{"/routes/0/pauses/1/start is 46800, when none of its windows is open"}},
		{"a longer break", func(p *solve.Problem) { p.Shifts[0].Breaks[1].Duration++ }, []string{"/routes/0/pauses/0/end is 34800; it must be 34801"}},
		{"one break more", func(p *solve.Problem) { p.Shifts[0].Breaks = append(p.Shifts[0].Breaks, solve.Break{}) }, []string{"/routes/0/pauses break 2 is not taken"}},
		{"a crew of three", func(p *solve.Problem) { p.Jobs[6].Group = 4 }, []string{
			"/routes/0/stops/2/job job 2 is served without job 6 of its group", "/routes/1/stops/1/job job 3 is served without job 6 of its group",
		}},
		{"a crew of one technician", func(p *solve.Problem) { p.Shifts[1].Technician, p.Jobs[3].Forbidden, p.Jobs[4].Allowed = 0, nil, nil }, []string{
			"/routes/1/stops/1/job job 3 and job 2 of its group have the same technician",
		}},
		{"a crew at different times", func(p *solve.Problem) { p.Jobs[4].Group = 4 }, []string{
			"/routes/1/stops/0/start is 34200, but job 2 of its group begins at 43200",
			"/routes/1/stops/0/start is 34200, but job 3 of its group begins at 43200",
		}},
		{"after what ends later", func(p *solve.Problem) { p.Jobs[4].After[0] = 1 }, []string{"/routes/1/stops/0/start is 34200, before job 1 has ended at 38400"}},
		{"after what nobody does", func(p *solve.Problem) { p.Jobs[4].After = []int{0, 6} }, []string{"/routes/1/stops/0/job job 4 is served without job 6, which comes before it"}},
		{"a chain of two technicians", func(p *solve.Problem) { p.Jobs[4].Chain = 1 }, []string{"/routes/1/stops/0/job job 4 is technician 1's, but job 0 of its chain is 0's"}},
		{"pinned to another shift", func(p *solve.Problem) { p.Jobs[0].Pin = &solve.Pin{Shift: 1} }, []string{"/routes/0/stops/0/job job 0 is pinned to shift 1"}},
		{"pinned to another time", func(p *solve.Problem) { p.Jobs[5].Pin.Start++ }, []string{"/routes/2/stops/0/start is 118800; it must be 118801"}},
		{"pinned but unserved", func(p *solve.Problem) { p.Jobs[6].Pin = &solve.Pin{Shift: 3} }, []string{"/unserved job 6 is pinned and must be served"}},
		{"somebody holds the certificate", func(p *solve.Problem) { p.Shifts[3].Grants = []solve.Grant{{Skill: 9, Level: 1, From: 0, To: at(20, 0)}} }, nil},
		{"it needs no certificate", func(p *solve.Problem) { p.Jobs[6].Needs = nil }, []string{
			`/unserved/0/reason does not follow: "no_certificate", of 3 technicians allowed, 0 certified, 0 able`,
		}},
		{"nobody is allowed", func(p *solve.Problem) { p.Jobs[6].Allowed = []int{} }, []string{
			`/unserved/0/reason does not follow: "no_certificate", of 0 technicians allowed, 0 certified, 0 able`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, plan := workshop(t)
			tt.change(p)
			if got := wrong(p, plan); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// The plan says what is not so, or does what cannot be.
func TestVerifyFindsEachUntruth(t *testing.T) {
	tests := []struct {
		name   string
		change func(plan *solve.Plan)
		want   []string
	}{
		{"no plan", func(plan *solve.Plan) { *plan = solve.Plan{} }, []string{"/routes must be one for each of the 4 shifts"}},
		{"a route too many", func(plan *solve.Plan) { plan.Routes = append(plan.Routes, solve.Route{}) }, []string{"/routes must be one for each of the 4 shifts"}},
		{"a job that does not exist", func(plan *solve.Plan) { plan.Routes[0].Stops[0].Job = 7 }, []string{"/routes/0/stops/0/job there is no job 7", "/unserved job 0 is neither served nor named here"}},
		{"an unserved job that does not exist", func(plan *solve.Plan) { plan.Unserved[0].Job = -1 }, []string{"/unserved/0/job there is no job -1", "/unserved job 6 is neither served nor named here"}},
		{"a job is forgotten", func(plan *solve.Plan) { plan.Unserved = nil }, []string{
			"/unserved job 6 is neither served nor named here",
		}},
		{"a job is served and unserved", func(plan *solve.Plan) { plan.Unserved = append([]solve.Absent{{Job: 3}}, plan.Unserved...) }, []string{
			"/unserved/0/job job 3 is served already", `/unserved/0/reason does not follow: "", of 2 technicians allowed, 0 certified, 0 able`,
		}},
		{"a job is unserved twice", func(plan *solve.Plan) { plan.Unserved = append(plan.Unserved, plan.Unserved[0]) }, []string{"/unserved/1/job job 6 is named twice"}},
		{"a job is served twice", func(plan *solve.Plan) { plan.Routes[1].Stops[0].Job = 3 }, []string{
			"/routes/1/stops/1/job job 3 is served already",
			"/unserved job 4 is neither served nor named here",
			"/routes/1/stops/0/end is 37200; it must be 38700",
			"/routes/1/stops/1/driving is 600; it must be 0",
			"/routes/1/stops/1/metres is 5000; it must be 0",
			"/routes/1/stops/1/arrive is 37800; it must be 37200",
			"/routes/1/driving is 600; it must be 0",
			"/routes/1/metres is 5000; it must be 0",
			"/routes/1/working is 7500; it must be 9000",
			"/routes/1/waiting is 10800; it must be 11400",
			"/routes/1/cost is 18000; it must be 0",
			"/routes/1/stops/0/start is 34200, but job 2 of its group begins at 43200",
			"/figures/1 is 1; it must be 2",
		}},
		{"he drives faster", func(plan *solve.Plan) { plan.Routes[0].Stops[2].Driving--; plan.Routes[0].Stops[2].Arrive-- }, []string{"/routes/0/stops/2/driving is 1199; it must be 1200", "/routes/0/stops/2/arrive is 39599; it must be 39600"}},
		{"a shorter way", func(plan *solve.Plan) { plan.Routes[0].Stops[2].Metres-- }, []string{"/routes/0/stops/2/metres is 9999; it must be 10000"}},
		{"begins before he is there", func(plan *solve.Plan) { plan.Routes[0].Stops[1].Start-- }, []string{
			"/routes/0/pauses/0/end is 34800, after what follows it at 34799", "/routes/0/stops/1/start is 34799, before he is ready at 34800", "/routes/0/stops/1/end is 38400; it must be 38399",
		}},
		{"works faster", func(plan *solve.Plan) { plan.Routes[1].Stops[0].End-- }, []string{
			"/routes/1/stops/0/end is 37199; it must be 37200", "/routes/1/stops/1/arrive is 37800; it must be 37799", "/routes/1/waiting is 10800; it must be 10801",
		}},
		{"home too early", func(plan *solve.Plan) { plan.Routes[0].Home-- }, []string{"/routes/0/home is 50399; it must be 50400"}},
		{"leaves later", func(plan *solve.Plan) { plan.Routes[0].Leave += 20 * minute }, []string{
			"/routes/0/stops/0/arrive is 29400; it must be 30600", "/routes/0/waiting is 4800; it must be 3600",
		}},
		{"leaves without a stop", func(plan *solve.Plan) { plan.Routes[3].Leave++; plan.Routes[3].Home-- }, []string{"/routes/3/leave is 28801; it must be 28800", "/routes/3/home is 28799; it must be 28800"}},
		{"a pause without a stop", func(plan *solve.Plan) { plan.Routes[3].Pauses = make([]solve.Pause, 1) }, []string{"/routes/3/pauses/0 is taken by one who has no stops"}},
		{"a break is forgotten", func(plan *solve.Plan) { plan.Routes[0].Pauses = plan.Routes[0].Pauses[:1] }, []string{
			"/routes/0/pauses break 0 is not taken", "/routes/0/home is 50400; it must be 48600", "/routes/0/overtime is 3600; it must be 1800", "/routes/0/cost is 309708000; it must be 244908000",
		}},
		{"a break that does not exist", func(plan *solve.Plan) { plan.Routes[0].Pauses[0].Break = 2 }, []string{
			"/routes/0/pauses/0/break there is no break 2",
			"/routes/0/pauses break 1 is not taken",
			"/routes/0/stops/1/arrive is 34800; it must be 34200",
			"/routes/0/waiting is 4800; it must be 5400",
		}},
		{"a break after a stop that does not exist", func(plan *solve.Plan) { plan.Routes[0].Pauses[1].After = 4 }, []string{
			"/routes/0/pauses/1/after there is no stop 4",
			"/routes/0/pauses break 0 is not taken",
			"/routes/0/home is 50400; it must be 48600",
			"/routes/0/overtime is 3600; it must be 1800",
			"/routes/0/cost is 309708000; it must be 244908000",
		}},
		{"a break twice", func(plan *solve.Plan) { plan.Routes[0].Pauses[1].Break = 1 }, []string{
			"/routes/0/pauses/1/break break 1 is taken already",
			"/routes/0/pauses/1/end is 48600; it must be 47400",
			"/routes/0/pauses/1/start is 46800, when none of its windows is open",
			"/routes/0/pauses break 0 is not taken",
		}},
		{"breaks in the wrong order", func(plan *solve.Plan) {
			plan.Routes[0].Pauses[0].Break, plan.Routes[0].Pauses[1].Break = 0, 1
		}, []string{
			"/routes/0/pauses/0/end is 34800; it must be 36000",
			"/routes/0/pauses/0/start is 34200, when none of its windows is open",
			"/routes/0/pauses/1/break must be in the order of the breaks",
			"/routes/0/pauses/1/end is 48600; it must be 47400",
			"/routes/0/pauses/1/start is 46800, when none of its windows is open",
		}},
		{"pauses in the wrong order", func(plan *solve.Plan) {
			plan.Routes[0].Pauses[0].After, plan.Routes[0].Pauses[1].After = 3, 1
		}, []string{
			"/routes/0/pauses/0/start is 34200, before he is ready at 46800",
			"/routes/0/pauses/1/after must be in the order of the stops",
			"/routes/0/pauses/1/end is 48600, after what follows it at 34800",
			"/routes/0/stops/1/arrive is 34800; it must be 48600",
			"/routes/0/stops/1/start is 34800, before he is ready at 48600",
			"/routes/0/home is 50400; it must be 49200",
			"/routes/0/overtime is 3600; it must be 2400",
			"/routes/0/cost is 309708000; it must be 266508000",
		}},
		{"a break during work", func(plan *solve.Plan) { plan.Routes[0].Pauses[0].Start--; plan.Routes[0].Pauses[0].End-- }, []string{
			"/routes/0/pauses/0/start is 34199, before he is ready at 34200",
		}},
		{"a shorter pause", func(plan *solve.Plan) { plan.Routes[0].Pauses[0].End-- }, []string{
			"/routes/0/pauses/0/end is 34799; it must be 34800",
			"/routes/0/stops/1/arrive is 34800; it must be 34799",
			"/routes/0/waiting is 4800; it must be 4801",
		}},
		{"driving", func(plan *solve.Plan) { plan.Routes[1].Driving++ }, []string{
			"/routes/1/driving is 601; it must be 600",
		}},
		{"metres", func(plan *solve.Plan) { plan.Routes[1].Metres++ }, []string{"/routes/1/metres is 5001; it must be 5000"}},
		{"working", func(plan *solve.Plan) { plan.Routes[1].Working++ }, []string{"/routes/1/working is 7501; it must be 7500"}},
		{"waiting", func(plan *solve.Plan) { plan.Routes[1].Waiting++ }, []string{"/routes/1/waiting is 10801; it must be 10800"}},
		{"lateness", func(plan *solve.Plan) { plan.Routes[0].Lateness-- }, []string{
			"/routes/0/lateness is 1799; it must be 1800",
		}},
		{"overtime", func(plan *solve.Plan) { plan.Routes[0].Overtime-- }, []string{
			"/routes/0/overtime is 3599; it must be 3600",
		}},
		{"cost", func(plan *solve.Plan) { plan.Routes[0].Cost-- }, []string{
			"/routes/0/cost is 309707999; it must be 309708000",
			"/figures/3 is 309726000; it must be 309725999",
			"/score/2 is 309721000; it must be 309720999",
		}},
		{"more are certified", func(plan *solve.Plan) { plan.Unserved[0].Certified = 1 }, []string{
			"/unserved/0/certified is 1; 0 allowed technicians hold such certificates",
			`/unserved/0/reason does not follow: "no_certificate", of 3 technicians allowed, 1 certified, 0 able`,
		}},
		{"more are able", func(plan *solve.Plan) { plan.Unserved[0].Able = 1 }, []string{
			"/unserved/0/able is 1 of 0",
		}},
		{"another reason", func(plan *solve.Plan) { plan.Unserved[0].Reason = solve.NoCapacity }, []string{
			`/unserved/0/reason does not follow: "capacity", of 3 technicians allowed, 0 certified, 0 able`,
		}},
		{"not a partner", func(plan *solve.Plan) { plan.Unserved[0].Reason = solve.NoPartner }, []string{
			`/unserved/0/reason does not follow: "depends", of 3 technicians allowed, 0 certified, 0 able`,
		}},
		{"the score", func(plan *solve.Plan) { plan.Score[1]--; plan.Score[11] = 1 }, []string{
			"/score/1 is 3599; it must be 3600",
			"/score/11 is 1; it must be 0",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, plan := workshop(t)
			tt.change(plan)
			if got := wrong(p, plan); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
	p, plan := workshop(t)
	for f := range plan.Figures {
		plan.Figures[f]++
		if got, want := wrong(p, plan), fmt.Sprintf("/figures/%d is %d; it must be %d", f, plan.Figures[f], plan.Figures[f]-1); !slices.Equal(got, []string{want}) {
			t.Errorf("figure %d: %q", f, got)
		}
		plan.Figures[f]--
	}
}
