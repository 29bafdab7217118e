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
	var gaps []Gap
	var lacks [][]byte // by gap: a bit a point
	known := map[string]int{}
	row := make([]byte, (t.N+7)/8)
	for from := range t.N {
		clear(row)
		none := true
		for to, s := range t.Seconds[from*t.N : (from+1)*t.N] {
			if s == Unknown {
				row[to/8] |= 1 << (to % 8)
				none = false
			}
		}
		if none {
			continue
		}
		// Nobody lacks the drive to himself, which must not set him apart from those who lack it.
		without := string(row)
		row[from/8] |= 1 << (from % 8)
		with := string(row)
		g, ok := known[with]
		if !ok {
			g, ok = known[without]
		}
		if !ok {
			g = len(gaps)
			gaps, lacks = append(gaps, Gap{}), append(lacks, make([]byte, len(row)))
			known[with], known[without] = g, g
		}
		gaps[g].From = append(gaps[g].From, from)
		for i := range lacks[g] {
			lacks[g][i] |= without[i]
		}
	}
	for g := range gaps {
		for to := range t.N {
			if lacks[g][to/8]&(1<<(to%8)) != 0 {
				gaps[g].To = append(gaps[g].To, to)
			}
		}
	}
	return gaps
}
