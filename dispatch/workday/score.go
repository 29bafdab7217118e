package workday

// Weights turn the terms of an Insertion into points, of which fewer are better. They are whole
// numbers so that a score is the same on every machine, and none may be below 0.
type Weights struct {
	Travel   int64 // points per second of added driving
	Lateness int64 // points per second of lateness, its own or pushed onto later stops
	Waiting  int64 // points per second idle before it
	Level    int64 // points per level of certificate beyond what is needed
	Load     int64 // points per mille of the shift that is taken already
	Cost     int64 // points per minor unit of money
}

// DefaultWeights reckon in hundredths of a second of driving: a second late counts as four on
// the road and five idle seconds as one; a level wasted as five minutes, a full day as twenty,
// a whole unit of money (100 minor units) as two seconds.
var DefaultWeights = Weights{Travel: 100, Lateness: 400, Waiting: 20, Level: 30_000, Load: 120, Cost: 2}

// Score sums the terms up.
func (w Weights) Score(in Insertion) int64 {
	return w.Travel*in.Travel + w.Lateness*(in.Lateness+in.Pushed) + w.Waiting*in.Waiting +
		w.Level*int64(in.LevelsOver) + w.Load*in.Load + w.Cost*in.Cost
}
