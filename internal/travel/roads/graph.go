package roads

import (
	"math"
	"slices"

	"callout/internal/geo"

	"github.com/paulmach/orb"
)

// lay makes roads and segments of the ways: a road runs from one node that several ways share, or
// that a way ends at, to the next. It returns how many such crossings there are.
func (n *Network) lay(x *extract) int {
	at := make([]int32, len(x.refs)) // refs as indices
	uses := make([]uint8, len(x.ids))
	for i, ref := range x.refs {
		where, _ := slices.BinarySearch(x.ids, ref)
		at[i] = int32(where)
		uses[where] = min(uses[where]+1, 2)
	}
	for _, w := range x.ways {
		uses[at[w.first]], uses[at[w.last-1]] = 2, 2
	}
	crossing := make([]int32, len(x.ids)) // one more than the number of the crossing; 0 for none yet
	count := int32(0)
	number := func(node int32) int32 {
		if crossing[node] == 0 {
			count++
			crossing[node] = count
		}
		return crossing[node] - 1
	}
	for _, w := range x.ways {
		begun := false
		var r road
		for i := w.first; i+1 < w.last; i++ {
			a, b := at[i], at[i+1]
			if !x.passable(a) || !x.passable(b) {
				if begun {
					n.finish(&r, number(a), w)
				}
				begun = false
				continue
			}
			if !begun {
				r, begun = road{from: number(a)}, true
			}
			n.segments = append(n.segments, segment{x.points[a], x.points[b], int32(len(n.roads)), r.length})
			r.length += int32(math.Round(10 * geo.Metres(x.points[a].point(), x.points[b].point())))
			if uses[b] > 1 || i+2 == w.last {
				n.finish(&r, number(b), w)
				begun = false
			}
		}
	}
	return int(count)
}

func (x *extract) passable(node int32) bool { return x.points[node] != missing && !x.closed[node] }

// finish ends a road at a crossing.
func (n *Network) finish(r *road, to int32, w way) {
	r.to, r.along, r.against = to, tenths(r.length, w.along), tenths(r.length, w.against)
	n.roads = append(n.roads, *r)
}

// tenths of a second that a length in decimetres takes; closedWay at no speed.
func tenths(length int32, kmh float64) int32 {
	if kmh == 0 {
		return closedWay
	}
	return int32(math.Round(float64(length) * 3.6 / kmh))
}

func (s spot) point() orb.Point { return orb.Point{float64(s.lng) / 1e7, float64(s.lat) / 1e7} }

// link makes the arcs of the roads, crossing by crossing.
func (n *Network) link(crossings int) {
	n.first = make([]int32, crossings+1)
	for _, r := range n.roads {
		if r.along >= 0 {
			n.first[r.from+1]++
		}
		if r.against >= 0 {
			n.first[r.to+1]++
		}
	}
	for i := range crossings {
		n.first[i+1] += n.first[i]
	}
	n.arcs = make([]arc, n.first[crossings])
	next := slices.Clone(n.first)
	put := func(from int32, a arc) {
		n.arcs[next[from]] = a
		next[from]++
	}
	for _, r := range n.roads {
		if r.along >= 0 {
			put(r.from, arc{r.to, r.along, r.length})
		}
		if r.against >= 0 {
			put(r.to, arc{r.from, r.against, r.length})
		}
	}
}

// keep drops the roads that lead to or from crossings which are not in.
func (n *Network) keep(in []bool, crossings int) {
	number := make([]int32, crossings)
	kept := int32(0)
	for i := range number {
		if in[i] {
			number[i] = kept
			kept++
		}
	}
	renumbered := make([]int32, len(n.roads))
	roads := n.roads[:0]
	for i, r := range n.roads {
		renumbered[i] = none
		if in[r.from] && in[r.to] {
			renumbered[i] = int32(len(roads))
			r.from, r.to = number[r.from], number[r.to]
			roads = append(roads, r)
		}
	}
	segments := n.segments[:0]
	for _, s := range n.segments {
		if s.road = renumbered[s.road]; s.road != none {
			segments = append(segments, s)
		}
	}
	n.roads, n.segments = slices.Clip(roads), slices.Clip(segments)
	n.link(int(kept))
}

const none = -1
