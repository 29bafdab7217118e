package travel

import (
	"slices"
	"testing"

	"callout/internal/geo"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// A memory is a list from the newest to the oldest: whoever is asked for becomes the newest, and
// beyond the limit the oldest go.
func TestMemoryForgetsTheOldest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 12).Draw(t, "most")
		m := newMemory(most)
		var model []pair // the newest last
		value := map[pair]int32{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			cells := []cell{cell(rapid.IntRange(0, 4).Draw(t, "from")), cell(5 + rapid.IntRange(0, 4).Draw(t, "to"))}
			p := pair{cells[0], cells[1]}
			table := NewTable(2)
			if rapid.Bool().Draw(t, "ask") {
				m.recall(cells, table)
				known := slices.Contains(model, p)
				if (table.Seconds[1] != Unknown) != known || known && (table.Seconds[1] != value[p] || table.Metres[1] != 2*value[p]) {
					t.Fatalf("%v: %d s; known: %v, %d", p, table.Seconds[1], known, value[p])
				}
				if !known {
					continue
				}
			} else {
				value[p] = rapid.Int32Range(-2, 5).Filter(func(v int32) bool { return v != Unknown }).Draw(t, "seconds")
				table.Tell(0, 1, value[p], 2*value[p])
				m.keep(cells, table, []bool{false, true, true, false})
			}
			model = append(slices.DeleteFunc(model, func(o pair) bool { return o == p }), p)
			model = model[max(0, len(model)-most):]
		}
		if len(m.at) != len(model) || len(m.slots) > most {
			t.Fatalf("%d drives in %d slots, want %d", len(m.at), len(m.slots), len(model))
		}
	})
}

func TestCellsStandForTheirPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lng"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		c := cellOf(p)
		q := c.middle()
		if d := geo.Metres(p, q); d > 8 {
			t.Fatalf("%v is in the cell of %v, %.1f m off", p, q, d)
		}
		if cellOf(q) != c || !geo.Valid(q) {
			t.Fatalf("the middle of the cell of %v is in another", p)
		}
	})
	a, b := orb.Point{179.99999, 0}, orb.Point{-179.99999, .0001}
	if cellOf(a) == cellOf(b) {
		t.Error("two cells have one name")
	}
}

// The gaps of a table are its unknown drives, whichever they are, and few where few points are new.
func TestGapsAreTheUnknownDrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9).Draw(t, "points")
		table := NewTable(n)
		fresh := make([]bool, n)
		for i := range fresh {
			fresh[i] = rapid.Bool().Draw(t, "new")
		}
		scattered := rapid.Bool().Draw(t, "scattered")
		for i := range n {
			for j := range n {
				if scattered && rapid.Bool().Draw(t, "known") || !scattered && !fresh[i] && !fresh[j] {
					table.Tell(i, j, 7, 7)
				}
			}
		}
		want := slices.Clone(table.Seconds)
		gaps := table.Gaps()
		if !scattered && len(gaps) > 2 {
			t.Fatalf("%d gaps for new points %v", len(gaps), fresh)
		}
		for _, g := range gaps {
			for _, i := range g.From {
				for _, j := range g.To {
					if i != j && table.Seconds[i*n+j] != Unknown {
						t.Fatalf("%d to %d is known, or twice in the gaps", i, j)
					}
					table.Tell(i, j, 7, 7)
				}
			}
		}
		for i := range want {
			if table.Seconds[i] == Unknown {
				t.Fatalf("%d to %d is in no gap", i/n, i%n)
			}
		}
	})
}
