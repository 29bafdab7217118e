package check

import (
	"fmt"

	"callout/dispatch/solve"
)

// sums counts the figures of the plan anew, and its score from them.
func (v *verifier) sums() {
	count := v.count(solve.AllClasses)
	for f, is := range v.plan.Figures {
		v.equal(fmt.Sprintf("/figures/%d", f), is, count[solve.Figure(f)])
	}
	objective := v.p.Objective
	if objective == nil {
		objective = solve.DefaultObjective()
	}
	var score solve.Score
	for l, level := range objective {
		for _, term := range level {
			class := solve.AllClasses
			if term.Of == solve.Missed {
				class = term.Class
			}
			score[l] += term.Price * v.count(class)[term.Of]
		}
	}
	for l := range score {
		v.equal(fmt.Sprintf("/score/%d", l), v.plan.Score[l], score[l])
	}
}

// count gives every figure; the unserved weigh in Missed where they are of the class.
func (v *verifier) count(class int) map[solve.Figure]int64 {
	count := map[solve.Figure]int64{}
	for j := range v.p.Jobs {
		job, s := &v.p.Jobs[j], v.served[j]
		if s.shift == nobody {
			count[solve.Unserved]++
			if class == solve.AllClasses || class == job.Class {
				count[solve.Missed] += job.Weight
			}
		} else {
			if job.Due != 0 {
				count[solve.Lateness] += max(0, s.end-job.Due) * max(1, job.LateWeight)
			}
			for _, like := range job.Preferences {
				if like.Technician == s.technician {
					count[solve.Dislike] += like.Points
				}
			}
		}
		if job.Published != nil && job.Published.Shift != s.shift {
			count[solve.Changed]++
		}
	}
	for _, r := range v.plan.Routes {
		minutes := (r.Driving + r.Working) / 60
		count[solve.Cost] += r.Cost
		count[solve.Imbalance] += minutes * minutes
	}
	return count
}
