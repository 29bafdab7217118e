package dispatch

import "callout/dispatch/solve"

// Objective says what a plan is to be good at, and so in which order its figures decide.
type Objective string

// The objectives. Each serves the urgent jobs before anything else.
const (
	ObjectiveService   Objective = "service"   // most jobs, the urgent classes first; then punctuality, then cost
	ObjectiveSLA       Objective = "sla"       // a job that can wait is left for another where that keeps others in time
	ObjectiveCost      Objective = "cost"      // a job that can wait is left where it costs more than it is worth
	ObjectiveStability Objective = "stability" // as service, and whom customers expect comes next
	ObjectiveFairness  Objective = "fairness"  // as service, and the work is spread over the technicians
)

// What the figures weigh against each other where one level holds several, in seconds on the road.
const (
	worthJob    = 2 * 3600 // a job that can wait
	worthChange = 10 * 60  // another technician than people were told of
)

// levels are an objective's levels; second is what a second on the road costs.
func (o Objective) levels(second, lateness int64) solve.Objective {
	missed := func(class int) solve.Level { return solve.Level{{Of: solve.Missed, Class: class, Price: 1}} }
	late := solve.Level{{Of: solve.Lateness, Price: 1}}
	cost := solve.Level{{Of: solve.Cost, Price: 1}, {Of: solve.Dislike, Price: second}, {Of: solve.Changed, Price: second * worthChange}}
	switch o {
	case ObjectiveSLA:
		// What a missed job weighs is in seconds of its lateness.
		return solve.Objective{missed(0), missed(1), {
			{Of: solve.Missed, Class: 2, Price: worthJob * lateness}, {Of: solve.Lateness, Price: 1},
		}, cost}
	case ObjectiveCost:
		return solve.Objective{missed(0), missed(1), append(solve.Level{
			{Of: solve.Missed, Class: 2, Price: second * worthJob}, {Of: solve.Lateness, Price: max(1, second/lateness/4)},
		}, cost...)}
	case ObjectiveStability:
		return solve.Objective{missed(0), missed(1), missed(2), {{Of: solve.Changed, Price: 1}}, late, cost}
	case ObjectiveFairness:
		// A quarter of an hour's drive, where it moves an hour of work from a day to one that is two hours shorter.
		return solve.Objective{missed(0), missed(1), missed(2), late, append(solve.Level{{Of: solve.Imbalance, Price: max(1, second/16)}}, cost...)}
	default:
		return solve.Objective{missed(0), missed(1), missed(2), late, cost}
	}
}
