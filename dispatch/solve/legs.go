package solve

// plane holds the drives of one profile between a model's places, row by row. The row into a
// place is the column of those that lead to it: where drives are the same both ways it is one table.
type plane struct {
	width                int
	seconds, secondsInto []int32
	metres, metresInto   []int32 // nil where no shift counts them
	tolls, tollsInto     []int32 // nil where all are 0
	perSecond            int64   // the tolls where they go by the second
}

// newPlane asks for all drives between the places; the last place stands for nowhere.
func newPlane(t Travel, places []int32, metres bool) plane {
	n := len(places) + 1
	pl := plane{width: n, seconds: make([]int32, n*n)}
	if metres {
		pl.metres = make([]int32, n*n)
	}
	symmetric, tolls := true, false
	for i, a := range places {
		for k, b := range places {
			l := t.Leg(int(a), int(b))
			pl.seconds[i*n+k] = min(l.Seconds, far)
			if metres {
				pl.metres[i*n+k] = l.Metres
			}
			if l.Cost != 0 || tolls {
				if !tolls {
					tolls = true
					pl.tolls = make([]int32, n*n)
				}
				pl.tolls[i*n+k] = l.Cost
			}
			if k < i && (pl.seconds[i*n+k] != pl.seconds[k*n+i] || metres && pl.metres[i*n+k] != pl.metres[k*n+i] || tolls && pl.tolls[i*n+k] != pl.tolls[k*n+i]) {
				symmetric = false
			}
		}
	}
	if tolls {
		if ratio := proportion(pl.seconds, pl.tolls); ratio >= 0 {
			pl.tolls, pl.perSecond = nil, ratio*CostUnit
		}
	}
	pl.secondsInto, pl.metresInto, pl.tollsInto = pl.seconds, pl.metres, pl.tolls
	if !symmetric {
		pl.secondsInto, pl.metresInto, pl.tollsInto = turned(pl.seconds, n), turned(pl.metres, n), turned(pl.tolls, n)
	}
	return pl
}

// proportion is by what whole number b is a multiple of a throughout; -1 = it is none.
func proportion(a, b []int32) int64 {
	ratio := int64(-1)
	for i := range a {
		switch {
		case a[i] == 0 && b[i] == 0:
		case a[i] == 0 || b[i]%a[i] != 0 || ratio >= 0 && ratio != int64(b[i]/a[i]):
			return -1
		default:
			ratio = int64(b[i] / a[i])
		}
	}
	return ratio
}

func turned(a []int32, n int) []int32 {
	if a == nil {
		return nil
	}
	b := make([]int32, n*n)
	for i := range n {
		for k := range n {
			b[k*n+i] = a[i*n+k]
		}
	}
	return b
}

// price is what a drive costs a shift.
func (m *model) price(sh *shift, from, to int32) int64 {
	pl := &m.legs[sh.profile]
	k := int(from)*pl.width + int(to)
	c := (sh.perSecond + pl.perSecond) * int64(pl.seconds[k])
	if pl.metres != nil {
		c += sh.perMetre * int64(pl.metres[k])
	}
	if pl.tolls != nil {
		c += CostUnit * int64(pl.tolls[k])
	}
	return c
}

// What rounding can make of a detour, and how many detours are looked at.
const (
	shortCut       = 2
	sampledDetours = 4096
)

// metric says whether no drive is shorter over a third place, as far as a sample shows.
func (pl *plane) metric() bool {
	n := pl.width - 1
	if n == 0 {
		return true
	}
	r := newRandom(1, 2)
	for range sampledDetours {
		a, b, c := r.below(n)*pl.width, r.below(n), r.below(n)
		if pl.seconds[a+c] > pl.seconds[a+b]+pl.seconds[b*pl.width+c]+shortCut {
			return false
		}
	}
	return true
}
