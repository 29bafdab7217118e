package demo_test

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/quadtree"
)

// The grid that territories are drawn on: cells of about 220 m.
const (
	cellLng = 0.0024
	cellLat = 0.0020
	reach   = 2000 // metres from the nearest request that still belong to a territory
	margin  = 15   // cells around the requests: more than reach
	fewest  = 12   // requests that keep an island of a region from its surroundings
)

// spot is a labelled request, in metres on a plane so that nearest means nearest.
type spot struct {
	at     orb.Point
	region int
}

func (s spot) Point() orb.Point { return s.at }

// flat puts a point of Los Angeles on a plane in metres, good to a part in a thousand.
func flat(p orb.Point) orb.Point {
	return orb.Point{p[0] * 111_320 * math.Cos(34*math.Pi/180), p[1] * 110_574}
}

// cell is a square of the grid by column and row from its south-west.
type cell struct{ x, y int }

func (c cell) sides() [4]cell {
	return [4]cell{{c.x + 1, c.y}, {c.x, c.y + 1}, {c.x - 1, c.y}, {c.x, c.y - 1}}
}

// grid labels each cell with a region; 0 is outside of all.
type grid struct {
	origin        orb.Point
	width, height int
	region        map[cell]int
	requests      map[cell]int // how many lie in a cell
}

func (g *grid) cellAt(p orb.Point) cell {
	return cell{int((p[0] - g.origin[0]) / cellLng), int((p[1] - g.origin[1]) / cellLat)}
}

// label draws the regions: a cell belongs to the region that most of its requests are of, and
// one without labelled requests to that of the nearest.
func label(points []orb.Point, regions []int) *grid {
	box := orb.MultiPoint(points).Bound()
	g := &grid{
		origin: orb.Point{box.Min[0] - margin*cellLng, box.Min[1] - margin*cellLat},
		region: map[cell]int{}, requests: map[cell]int{},
	}
	g.width = int((box.Max[0]-g.origin[0])/cellLng) + margin + 1
	g.height = int((box.Max[1]-g.origin[1])/cellLat) + margin + 1
	votes := map[cell]map[int]int{}
	plane := orb.Bound{Min: flat(g.origin), Max: flat(orb.Point{box.Max[0] + 1, box.Max[1] + 1})}
	all, labelled := quadtree.New(plane), quadtree.New(plane)
	for i, p := range points {
		c := g.cellAt(p)
		g.requests[c]++
		add(all, spot{flat(p), regions[i]})
		if regions[i] == 0 {
			continue
		}
		add(labelled, spot{flat(p), regions[i]})
		if votes[c] == nil {
			votes[c] = map[int]int{}
		}
		votes[c][regions[i]]++
	}
	for y := range g.height {
		for x := range g.width {
			c := cell{x, y}
			if len(votes[c]) > 0 {
				g.region[c] = most(votes[c])
				continue
			}
			at := flat(orb.Point{g.origin[0] + (float64(x)+.5)*cellLng, g.origin[1] + (float64(y)+.5)*cellLat})
			if near := all.Find(at).Point(); math.Hypot(near[0]-at[0], near[1]-at[1]) < reach {
				g.region[c] = labelled.Find(at).(spot).region
			}
		}
	}
	g.settleIslands()
	g.settleCorners()
	return g
}

func add(tree *quadtree.Quadtree, s spot) {
	if err := tree.Add(s); err != nil {
		panic(err) // the plane holds all requests
	}
}

// most is the label with the most votes, the lowest of equals.
func most(votes map[int]int) int {
	return slices.MaxFunc(slices.Sorted(maps.Keys(votes)), func(a, b int) int {
		return cmp.Or(cmp.Compare(votes[a], votes[b]), cmp.Compare(b, a))
	})
}

// settleIslands gives each small piece of a region, and each hole, to what surrounds it.
func (g *grid) settleIslands() {
	seen := map[cell]bool{}
	for y := range g.height {
		for x := range g.width {
			if seen[cell{x, y}] {
				continue
			}
			piece, around, requests := g.piece(cell{x, y})
			for _, c := range piece {
				seen[c] = true
			}
			delete(around, 0)
			own := g.region[cell{x, y}]
			if len(around) == 0 || own != 0 && requests >= fewest || own == 0 && len(piece) > g.width {
				continue
			}
			for _, c := range piece {
				g.region[c] = most(around)
			}
		}
	}
}

// piece is the connected cells of one label with c among them, how often each other label
// stands beside them, and how many requests lie in them.
func (g *grid) piece(c cell) ([]cell, map[int]int, int) {
	piece, in, around, requests := []cell{c}, map[cell]bool{c: true}, map[int]int{}, 0
	for i := 0; i < len(piece); i++ {
		requests += g.requests[piece[i]]
		for _, n := range piece[i].sides() {
			switch {
			case n.x < 0 || n.y < 0 || n.x >= g.width || n.y >= g.height || in[n]:
			case g.region[n] == g.region[c]:
				in[n] = true
				piece = append(piece, n)
			default:
				around[g.region[n]]++
			}
		}
	}
	return piece, around, requests
}

// settleCorners removes the corners where cells of a label touch across and the others do not
// belong to it: a border that passes through one would touch itself there.
func (g *grid) settleCorners() {
	for changed := true; changed; {
		changed = false
		for y := range g.height - 1 {
			for x := range g.width - 1 {
				sw, se, nw, ne := cell{x, y}, cell{x + 1, y}, cell{x, y + 1}, cell{x + 1, y + 1}
				for _, d := range [2][4]cell{{sw, ne, se, nw}, {se, nw, sw, ne}} {
					own := g.region[d[0]]
					if own != g.region[d[1]] || own == g.region[d[2]] || own == g.region[d[3]] {
						continue
					}
					// The emptier of the two gives way; a cell with requests never falls outside.
					give := d[2]
					if g.requests[d[3]] < g.requests[give] {
						give = d[3]
					}
					if own == 0 {
						give, own = d[0], g.region[d[2]]
					}
					g.region[give] = own
					changed = true
				}
			}
		}
	}
}
