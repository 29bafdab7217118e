package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"callout/dispatch/solve"
)

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
