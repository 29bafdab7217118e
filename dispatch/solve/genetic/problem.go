package genetic

// Problem is a fleet of like vehicles and the visits that they all must make. Place 0 is the
// depot, visits are places 1 to Visits. Costs and times go from row to column: row 0 holds the
// ways from where vehicles start, column 0 those to where they end, and the first of both, for
// a vehicle that stays, is 0.
type Problem struct {
	Visits   int
	Vehicles int
	Cost     []int32 // (Visits+1)², below MostCost
	Time     []int32 // (Visits+1)²; may be the same slice as Cost
	Early    []int32 // by place: arrivals before it wait. At 0: when vehicles start
	Late     []int32 // by place: the last arrival. At 0: when they must be back
	Service  []int32 // by place; 0 at 0
	Load     []int32 // by place; 0 at 0
	Capacity int32
	Fixed    int32 // the cost of a vehicle that has any visit
}

// MostCost is above every cost of a way, and MostTime above the latest moment times the visits:
// sums of theirs stay within 32 bits.
const (
	MostCost = 1 << 26
	MostTime = 1 << 30
)

// scales is the usual cost and the usual time of a way: times are weighed against costs by them.
func (p *Problem) scales() (cost, time int64) {
	for i := range p.Cost {
		cost += int64(p.Cost[i])
		time += int64(p.Time[i])
	}
	n := int64(len(p.Cost))
	return max(1, cost/n), max(1, time/n)
}
