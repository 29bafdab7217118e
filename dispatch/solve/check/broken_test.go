package check_test

import (
	"slices"
	"strings"
	"testing"

	"callout/dispatch/solve"
)

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
		{"somebody holds the certificate", func(p *solve.Problem) {
			p.Shifts[3].Grants = []solve.Grant{{Skill: 9, Level: 1, From: 0, To: at(20, 0)}}
		}, nil},
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
