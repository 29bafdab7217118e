package solve

// Figure is something of a plan that is counted, and of which less is better.
type Figure int

// The figures.
const (
	Missed    Figure = iota // the weights of the unserved jobs, of one class or of all
	Unserved                // how many jobs are unserved
	Lateness                // seconds by which work ends after it is due, times their weights
	Cost                    // in parts of a minor unit of money: CostUnit is one
	Imbalance               // the squares of whole minutes on duty (driving, set-up, work), summed over shifts
	Dislike                 // points of preference
	Changed                 // published jobs that are unserved or another shift's
	figures
)

// CostUnit is a minor unit of money in the figure Cost, small enough for rates per hour and per
// kilometre to stay whole: 3600 seconds × 5 = 1000 metres × 18.
const CostUnit = 18000

// AllClasses is the Class of a term that counts every class.
const AllClasses = -1

// Term is a figure and what one of it counts within its level.
type Term struct {
	Of    Figure
	Class int // for Missed: of this class, or AllClasses
	Price int64
}

// Level is a sum of terms.
type Level []Term

// Objective compares plans level by level: the first that differs decides.
type Objective []Level

// MaxLevels is how many levels an objective may have.
const MaxLevels = 12

// DefaultObjective serves what weighs most, then most jobs, then avoids lateness, then saves cost.
func DefaultObjective() Objective {
	return Objective{
		{{Missed, AllClasses, 1}},
		{{Unserved, 0, 1}},
		{{Lateness, 0, 1}},
		{{Cost, 0, 1}},
	}
}

// Score is what a plan comes to, level by level. Less is better.
type Score [MaxLevels]int64

// Compare is below 0 where s is better than t.
func (s Score) Compare(t Score) int {
	for i := range s {
		switch {
		case s[i] < t[i]:
			return -1
		case s[i] > t[i]:
			return 1
		}
	}
	return 0
}
