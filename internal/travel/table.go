package travel

import (
	"context"

	"github.com/paulmach/orb"
)

// What a Table says of drives that it does not tell.
const (
	Unknown = -1 // nobody was asked, or nobody answered
	NoRoad  = -2 // the network has no way there, or no road near one of the points
)

// Table is the base drives among some points, from row to column: from × N + to.
type Table struct {
	N               int
	Seconds, Metres []int32 // seconds may be Unknown or NoRoad
}

// NewTable knows of n points only that each is where it is.
func NewTable(n int) *Table {
	t := &Table{N: n, Seconds: make([]int32, n*n), Metres: make([]int32, n*n)}
	for i := range t.Seconds {
		if i%(n+1) != 0 {
			t.Seconds[i] = Unknown
		}
	}
	return t
}

// Tell sets a drive that is unknown; what is known stays.
func (t *Table) Tell(from, to int, seconds, metres int32) {
	if i := from*t.N + to; t.Seconds[i] == Unknown {
		t.Seconds[i], t.Metres[i] = seconds, metres
	}
}

// Network tells base drives on real roads.
type Network interface {
	// Name is the network and its version: another name, other drives.
	Name() string
	// Fill tells the unknown drives of t among points. Where it fails midway, what it told stays.
	Fill(ctx context.Context, points []orb.Point, t *Table) error
}

// Gap is unknown drives: from each of some points to each of others.
type Gap struct{ From, To []int }

// Gaps are all unknown drives of t. Points that lack the same ones are in one gap, so a few new
// points among many known ones make two: from the new to all, and from the others to the new.
func (t *Table) Gaps() []Gap {
	// Nobody lacks the drive to himself, which must not set him apart from those who lack it: each
	// point may be among those who lack what it lacks, or that and itself, and is where more are.
	votes := map[string]int{}
	lacks := make([][2]string, t.N)
	for from := range t.N {
		if lacks[from] = t.lacks(from); lacks[from][0] != "" {
			votes[lacks[from][0]]++
			votes[lacks[from][1]]++
		}
	}
	var gaps []Gap
	at := map[string]int{}
	for from, l := range lacks {
		if l[0] == "" {
			continue
		}
		key := l[0]
		if votes[l[1]] > votes[key] {
			key = l[1]
		}
		g, known := at[key]
		if !known {
			g = len(gaps)
			at[key] = g
			gaps = append(gaps, Gap{To: members(key, t.N)})
		}
		gaps[g].From = append(gaps[g].From, from)
	}
	return gaps
}

// lacks is the set of points that the drives from one to are unknown, without that one and with
// it, a bit a point; empty where there is none.
func (t *Table) lacks(from int) (sets [2]string) {
	set := make([]byte, (t.N+7)/8)
	none := true
	for to, s := range t.Seconds[from*t.N : (from+1)*t.N] {
		if s == Unknown {
			set[to/8] |= 1 << (to % 8)
			none = false
		}
	}
	if none {
		return sets
	}
	sets[0] = string(set)
	set[from/8] |= 1 << (from % 8)
	sets[1] = string(set)
	return sets
}

// members are the points of a set.
func members(set string, n int) (points []int) {
	for i := range n {
		if set[i/8]&(1<<(i%8)) != 0 {
			points = append(points, i)
		}
	}
	return points
}
