package genetic

// price is what breaking a rule costs. It follows the share of plans that keep the rule, so that
// about as many do as are wanted (Vidal et al. 2013).
type price struct {
	now     int64
	seen    int
	kept    int
	settled bool // it was once high enough
}

// The share of plans that should keep a rule, and how far off it may be; the most by which a
// price rises and falls at once; all per mille. How many plans are seen before that, and before it is
// doubled while it was never high enough.
const (
	wanted    = 430
	tolerated = 50
	rise      = 340
	fall      = 680
	watched   = 50
	glanced   = 5
	dearest   = rate << 20
)

// watch sees a plan, and says whether the price has changed.
func (c *price) watch(keeps bool) bool {
	c.seen++
	if keeps {
		c.kept++
	}
	share := int64(c.kept) * 1000 / int64(c.seen)
	off := wanted - share
	switch {
	case !c.settled && c.seen == glanced:
		if c.settled = off <= 0; c.settled {
			return false
		}
		c.now = min(dearest, 2*c.now)
	case c.seen < watched:
		return false
	case off > tolerated:
		c.now = min(dearest, c.now+c.now*rise/1000*off/wanted+1)
	case off < -tolerated:
		c.now = max(1, c.now-c.now*fall/1000*-off/(1000-wanted))
	}
	c.seen, c.kept = 0, 0
	return true
}

// prices are those of being late and of carrying too much.
type prices struct {
	warp, load price
}

// A plan that breaks a rule is repaired in so many of a hundred cases, at so many times the prices.
const (
	repairs = 80
	repair  = 12
)

// newPrices begins where a second late costs what a second's drive does, and the largest load too
// much what the dearest way does.
func newPrices(p *Problem) prices {
	cost, time := p.scales()
	way, load := int32(1), int32(1)
	for _, c := range p.Cost {
		way = max(way, c)
	}
	for _, l := range p.Load {
		load = max(load, l)
	}
	return prices{warp: price{now: max(1, rate*cost/time)}, load: price{now: max(1, rate*int64(way)/int64(load))}}
}

// charge sets the prices of a tour.
func (c *prices) charge(t *tour, times int64) {
	t.warpRate, t.loadRate = c.warp.now*times, c.load.now*times
}

// of is the cost of a plan with all that it breaks.
func (c *prices) of(q *plan) int64 { return q.cost*rate + q.warp*c.warp.now + q.excess*c.load.now }

// watch sees a plan, and says whether prices have changed.
func (c *prices) watch(q *plan) bool {
	warp, load := c.warp.watch(q.warp == 0), c.load.watch(q.excess == 0)
	return warp || load
}
