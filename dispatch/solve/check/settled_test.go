package check_test

import (
	"slices"
	"testing"

	"callout/dispatch/solve"
)

// pinnedTo makes jobs of the workshop settled at the times of its plan.
func pinnedTo(p *solve.Problem, plan *solve.Plan, jobs ...int) {
	for i, r := range plan.Routes {
		for _, s := range r.Stops {
			if slices.Contains(jobs, s.Job) {
				p.Jobs[s.Job].Pin = &solve.Pin{Shift: i, Timed: true, Start: s.Start}
			}
		}
	}
}

func TestWhatIsSettledIsNotJudged(t *testing.T) {
	tests := []struct {
		name   string
		jobs   []int
		change func(p *solve.Problem)
	}{
		{"a window", []int{0}, func(p *solve.Problem) { p.Jobs[0].Windows = []solve.Window{{From: 0, To: 1}} }},
		{"a release", []int{2}, func(p *solve.Problem) { p.Jobs[2].Release = at(20, 0) }},
		{"a certificate", []int{1}, func(p *solve.Problem) { p.Shifts[0].Grants = nil }},
		{"who is allowed", []int{3}, func(p *solve.Problem) { p.Jobs[3].Allowed, p.Jobs[3].Forbidden = []int{0}, []int{1} }},
		{"how many jobs", []int{0, 1, 2}, func(p *solve.Problem) { p.Shifts[0].MaxJobs = 1 }},
		{"how much driving", []int{0, 1, 2}, func(p *solve.Problem) { p.Shifts[0].MaxDriving, p.Shifts[0].MaxMetres = 1, 1 }},
		{"the load", []int{0, 1}, func(p *solve.Problem) { p.Shifts[0].Capacity = nil }},
		{"the parts", []int{0, 1}, func(p *solve.Problem) { p.Stock = nil }},
		{"a chain", []int{0, 4}, func(p *solve.Problem) { p.Jobs[4].Chain = 2; p.Jobs[0].Chain = 2; p.Jobs[1].Chain = 0 }},
		{"which of two comes first", []int{1, 4}, func(p *solve.Problem) { p.Jobs[4].After = []int{1} }},
		{"a crew of one technician", []int{4, 3}, func(p *solve.Problem) { p.Jobs[4].Group, p.Jobs[3].Group, p.Jobs[2].Group = 5, 5, 0 }},
		{"a crew of which one is missing", []int{4}, func(p *solve.Problem) { p.Jobs[4].Group, p.Jobs[6].Group = 6, 6 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, plan := workshop(t)
			tt.change(p)
			if wrong(p, plan) == nil {
				t.Error("it is no fault where it is not settled")
			}
			pinnedTo(p, plan, tt.jobs...)
			if got := wrong(p, plan); got != nil {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestDrivesBetweenSetTimesTakeTheTimeThatThereIs(t *testing.T) {
	lunch := solve.Break{Windows: []solve.Window{{From: at(9, 0), To: at(9, 30)}}, Duration: 30 * minute}
	pin := func(place int, start, work int64) solve.Job {
		return solve.Job{Place: place, Work: work, Pin: &solve.Pin{Timed: true, Start: start}}
	}
	tests := []struct {
		name   string
		jobs   []solve.Job
		breaks []solve.Break
		want   solve.Route // its times
		starts []int64
		fault  string
	}{
		{"the first cannot be reached", []solve.Job{pin(2, at(8, 10), hour)}, nil, solve.Route{Leave: at(8, 0), Home: at(9, 30), Waiting: 0}, []int64{at(8, 10)}, ""},
		{"two at once", []solve.Job{pin(1, at(8, 10), hour), pin(1, at(8, 40), hour)}, nil, solve.Route{Leave: at(8, 0), Home: at(9, 50)}, []int64{at(8, 10), at(8, 40)}, ""},
		{"before the shift", []solve.Job{pin(1, at(7, 0), hour)}, nil, solve.Route{Leave: at(7, 0), Home: at(8, 10)}, []int64{at(7, 0)}, ""},
		{"into the evening", []solve.Job{pin(1, at(16, 30), hour)}, nil, solve.Route{Leave: at(8, 0), Home: at(17, 30), Waiting: 8*hour + 20*minute, Overtime: 30 * minute}, []int64{at(16, 30)}, ""},
		{"home is too far", []solve.Job{pin(6, at(16, 0), 30*minute)}, nil, solve.Route{Leave: at(8, 0), Home: at(17, 0), Waiting: 7 * hour}, []int64{at(16, 0)}, ""},
		{"no room for the break", []solve.Job{pin(1, at(8, 30), 2*hour)}, []solve.Break{lunch}, solve.Route{Leave: at(8, 0), Home: at(10, 40), Waiting: 20 * minute}, []int64{at(8, 30)}, ""},
		{"room for the break", []solve.Job{pin(1, at(8, 10), 50*minute)}, []solve.Break{lunch}, solve.Route{Leave: at(8, 0), Home: at(9, 10)}, []int64{at(8, 10)}, "/routes/0/pauses break 0 is not taken"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &solve.Problem{Places: 9, Travel: []solve.Travel{road{}}, Jobs: tt.jobs, Shifts: []solve.Shift{{From: at(8, 0), To: at(17, 0), Breaks: tt.breaks}}}
			r := tt.want
			place, free := 0, r.Leave
			for n, start := range tt.starts {
				leg := road{}.Leg(place, tt.jobs[n].Place)
				stop := solve.Stop{Job: n, Driving: int64(leg.Seconds), Metres: int64(leg.Metres), Start: start, End: start + tt.jobs[n].Work}
				stop.Arrive = min(start, free+stop.Driving)
				r.Stops = append(r.Stops, stop)
				r.Driving, r.Metres, r.Cost, r.Working = r.Driving+stop.Driving, r.Metres+stop.Metres, r.Cost+solve.CostUnit*int64(leg.Cost), r.Working+tt.jobs[n].Work
				place, free = tt.jobs[n].Place, stop.End
			}
			leg := road{}.Leg(place, 0)
			r.Driving, r.Metres, r.Cost = r.Driving+int64(leg.Seconds), r.Metres+int64(leg.Metres), r.Cost+solve.CostUnit*int64(leg.Cost)
			minutes := (r.Driving + r.Working) / 60
			plan := &solve.Plan{Routes: []solve.Route{r}}
			plan.Figures[solve.Cost], plan.Figures[solve.Imbalance] = r.Cost, minutes*minutes
			plan.Score[3] = r.Cost
			var want []string
			if tt.fault != "" {
				want = []string{tt.fault}
			}
			if got := wrong(p, plan); !slices.Equal(got, want) {
				t.Errorf("%q", got)
			}
		})
	}
}
