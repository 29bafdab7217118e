package solve

import (
	"reflect"
	"testing"
)

func solved(t *testing.T, p *Problem, o Options) *Plan {
	t.Helper()
	plan, err := Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestTheSameSearchGivesTheSamePlan(t *testing.T) {
	for name, p := range map[string]*Problem{
		"usual rules": fieldDay(120, 15, 1), "all rules": rulesOfEveryKind(fieldDay(60, 10, 2)), "regions": fieldDay(1600, 160, 3),
	} {
		for _, threads := range []int{1, 2} {
			o := Options{Seed: 7, Iterations: 1500, Threads: threads}
			if a, b := solved(t, p, o), solved(t, p, o); !reflect.DeepEqual(a, b) {
				t.Errorf("%s, %d threads: scores %v and %v", name, threads, a.Score, b.Score)
			}
		}
		other := solved(t, p, Options{Seed: 8, Iterations: 1500})
		if reflect.DeepEqual(other, solved(t, p, Options{Seed: 7, Iterations: 1500})) {
			t.Errorf("%s: another seed gives the same plan", name)
		}
	}
}

func TestATraceRepeatsASearchByTheClock(t *testing.T) {
	for name, p := range map[string]*Problem{"one region": fieldDay(120, 15, 1), "regions": fieldDay(1600, 160, 3)} {
		asked := 0
		first := solved(t, p, Options{Seed: 3, Spent: func() float64 { asked++; return float64(asked) / 100 }})
		again := solved(t, p, Options{Seed: 3, Trace: first.Trace})
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%s: scores %v and %v", name, first.Score, again.Score)
		}
	}
}

func TestStopEndsTheSearchAtOnce(t *testing.T) {
	for name, p := range map[string]*Problem{"one region": fieldDay(120, 15, 1), "regions": fieldDay(1600, 160, 3)} {
		for _, until := range []int{0, 1, 5, 40} {
			asked := 0
			plan := solved(t, p, Options{Seed: 3, Iterations: 1 << 40, Stop: func() bool { asked++; return asked > until }})
			if asked > until+1+4 {
				t.Errorf("%s: asked %d times more after it was to stop", name, asked-until-1)
			}
			if n := len(plan.Unserved); until == 0 && n != len(p.Jobs) || until == 40 && n == len(p.Jobs) {
				t.Errorf("%s, stopped at %d: %d unserved", name, until, n)
			}
		}
	}
}

func TestBetterPlansAreToldOf(t *testing.T) {
	for name, p := range map[string]*Problem{"one region": fieldDay(120, 15, 1), "regions": fieldDay(1600, 160, 3)} {
		var told []Score
		plan := solved(t, p, Options{Seed: 3, Iterations: 20000, Improved: func(plan *Plan) { told = append(told, plan.Score) }})
		if len(told) < 2 || len(told) > 101 {
			t.Errorf("%s: told %d times", name, len(told))
		}
		for i := 1; i < len(told); i++ {
			if told[i].Compare(told[i-1]) >= 0 {
				t.Errorf("%s: %v is told of as better than %v", name, told[i], told[i-1])
			}
		}
		if plan.Score.Compare(told[len(told)-1]) > 0 {
			t.Errorf("%s: the plan is worse than the last told of", name)
		}
	}
}

func TestNobodyWorks(t *testing.T) {
	for name, p := range map[string]*Problem{
		"one job":        {Places: 1, Jobs: []Job{{Place: 0, Weight: 1}}},
		"drives as well": {Places: 1, Travel: []Travel{&matrix{1, []int32{0}}}, Jobs: []Job{{Place: 0, Weight: 1}, {Place: 0, Work: 60, After: []int{0}}}},
		"nothing to do":  {},
		"a group of two": {Places: 1, Jobs: []Job{{Place: 0, Group: 1, Chain: 1}, {Place: 0, Group: 1}}},
		"many jobs":      {Places: 1, Jobs: make([]Job, divideAbove+1)},
	} {
		for _, o := range []Options{{Iterations: 500, Threads: 2}, {Spent: func() float64 { return 1 }}} {
			plan := solved(t, p, o)
			if len(plan.Unserved) != len(p.Jobs) || len(plan.Routes) != 0 {
				t.Errorf("%s: %d unserved, %d routes", name, len(plan.Unserved), len(plan.Routes))
			}
			for _, a := range plan.Unserved {
				if a.Reason != NoShift || a.Able != 0 {
					t.Errorf("%s: %+v", name, a)
				}
			}
		}
	}
}

func TestMostRegionsHaveNobody(t *testing.T) {
	plan := solved(t, fieldDay(divideAbove+100, 1, 4), Options{Seed: 1, Iterations: 300})
	if len(plan.Unserved) == 0 || len(plan.Unserved) > divideAbove+99 {
		t.Errorf("%d unserved", len(plan.Unserved))
	}
}
