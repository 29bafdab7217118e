package roads

import (
	"context"
	"math"
	"runtime"
	"sync"

	"callout/internal/travel"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"
)

// Fill tells the unknown drives, by one search per point that drives begin at, on all processors.
func (n *Network) Fill(ctx context.Context, points []orb.Point, t *travel.Table) error {
	places := make([]place, len(points))
	for i, p := range points {
		places[i] = n.snap(p)
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, gap := range t.Gaps() {
		for _, from := range gap.From {
			group.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				s := n.searches.Get().(*search)
				defer n.searches.Put(s)
				// Each search has its own row of the table.
				s.from(n, places, from, gap.To, t)
				return nil
			})
		}
	}
	return group.Wait()
}

// pool lends searches out: each is as large as the network.
type pool struct{ sync.Pool }

// search is Dijkstra's from one place.
type search struct {
	round   int32
	reached []mark // by crossing
	queue   []entry
	waiting int // crossings that are asked for and not settled
}

// mark is what a search knows of a crossing.
type mark struct {
	round, asked, settled int32 // the rounds in which it was reached, asked for, settled
	tenths, length        int32 // of the fastest way so far, and how long that is
}

// entry is a crossing in the queue; one that was reached faster meanwhile is passed over.
type entry struct{ tenths, crossing int32 }

func newSearch(crossings int) *search { return &search{reached: make([]mark, crossings)} }

// from tells the drives from one place to others.
func (s *search) from(n *Network, places []place, from int, to []int, t *travel.Table) {
	s.round++
	s.queue, s.waiting = s.queue[:0], 0
	p := places[from]
	if p.road == none {
		for _, j := range to {
			t.Tell(from, j, travel.NoRoad, 0)
		}
		return
	}
	for _, j := range to {
		if q := places[j]; q.road != none {
			r := n.roads[q.road]
			if r.along >= 0 || q.at == 0 {
				s.ask(r.from)
			}
			if r.against >= 0 || q.at == r.length {
				s.ask(r.to)
			}
		}
	}
	r := n.roads[p.road]
	// At a crossing, all its roads are open, whichever of them the place is said to be on.
	if r.along >= 0 || p.at == r.length {
		s.reach(r.to, share(r.along, r.length-p.at, r.length), r.length-p.at)
	}
	if r.against >= 0 || p.at == 0 {
		s.reach(r.from, share(r.against, p.at, r.length), p.at)
	}
	s.run(n)
	for _, j := range to {
		tenths, length := s.end(n, p, places[j])
		if tenths == math.MaxInt32 {
			t.Tell(from, j, travel.NoRoad, 0)
			continue
		}
		last := float64(p.off+places[j].off) / 10
		t.Tell(from, j, int32((float64(tenths)+last*lastTenths+5)/10), int32(math.Round(float64(length)/10+last)))
	}
}

// share is the part of a road's time that a part of its length takes.
func share(tenths, part, length int32) int32 {
	if length == 0 {
		return 0
	}
	return int32((int64(tenths)*int64(part) + int64(length)/2) / int64(length))
}

func (s *search) ask(crossing int32) {
	if m := &s.reached[crossing]; m.asked != s.round {
		m.asked = s.round
		s.waiting++
	}
}

func (s *search) reach(crossing, tenths, length int32) {
	m := &s.reached[crossing]
	if m.round == s.round && m.tenths <= tenths {
		return
	}
	m.round, m.tenths, m.length = s.round, tenths, length
	s.push(entry{tenths, crossing})
}

// run settles crossings, the nearest first, until all that were asked for are settled.
func (s *search) run(n *Network) {
	for s.waiting > 0 && len(s.queue) > 0 {
		e := s.pop()
		m := &s.reached[e.crossing]
		if m.settled == s.round {
			continue
		}
		m.settled = s.round
		if m.asked == s.round {
			s.waiting--
		}
		length := m.length
		for _, a := range n.arcs[n.first[e.crossing]:n.first[e.crossing+1]] {
			s.reach(a.to, e.tenths+a.tenths, length+a.length)
		}
	}
}

// end is the fastest way from p to q: by one of the ends of q's road, or along the road that both
// are on. It takes math.MaxInt32 where there is none.
func (s *search) end(n *Network, p, q place) (tenths, length int32) {
	tenths = math.MaxInt32
	if q.road == none {
		return tenths, 0
	}
	r := n.roads[q.road]
	try := func(t, l int32) {
		if t < tenths {
			tenths, length = t, l
		}
	}
	if m := s.reached[r.from]; (r.along >= 0 || q.at == 0) && m.settled == s.round {
		try(m.tenths+share(r.along, q.at, r.length), m.length+q.at)
	}
	if m := s.reached[r.to]; (r.against >= 0 || q.at == r.length) && m.settled == s.round {
		try(m.tenths+share(r.against, r.length-q.at, r.length), m.length+r.length-q.at)
	}
	if p.road == q.road && q.at >= p.at && r.along >= 0 {
		try(share(r.along, q.at-p.at, r.length), q.at-p.at)
	}
	if p.road == q.road && q.at <= p.at && r.against >= 0 {
		try(share(r.against, p.at-q.at, r.length), p.at-q.at)
	}
	return tenths, length
}
