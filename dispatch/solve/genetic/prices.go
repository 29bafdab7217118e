package genetic

// prices are what broken rules cost. They follow the share of plans that keep the rule, so that
// about so many do (Vidal et al. 2013).
type prices struct {
	warp, load int64
	seen       int
	timely     int // of those seen: without warp
	roomy      int // of those seen: without excess load
}

// The share of plans that should keep a rule, per mille; how many are seen between two
// adjustments; the strongest of these, per mille; how far off the share may be; and how much dearer
// it gets for a plan that is being repaired.
const (
	wanted    = 430
	watched   = 50
	dearer    = 340
	cheaper   = 680
	tolerated = 50
	repair    = 12
	repairs   = 80 // of a hundred plans that break a rule
	dearest   = 1 << 20
)

func newPrices(p *Problem) prices {
	cost, time := p.scales()
	dear, load := int32(1), int32(1)
	for _, c := range p.Cost {
		dear = max(dear, c)
	}
	for _, l := range p.Load {
		load = max(load, l)
	}
	return prices{warp: max(1, rate*cost/time), load: max(1, rate*int64(dear)/int64(load))}
}

// charge sets the prices of a tour.
func (c *prices) charge(t *tour, times int64) {
	t.warpRate, t.loadRate = c.warp*times, c.load*times
}

// watch sees a plan, and says whether prices have changed.
func (c *prices) watch(q *plan) bool {
	if q.warp == 0 {
		c.timely++
	}
	if q.excess == 0 {
		c.roomy++
	}
	if c.seen++; c.seen < watched {
		return false
	}
	c.warp = adjust(c.warp, int64(c.timely)*1000/watched)
	c.load = adjust(c.load, int64(c.roomy)*1000/watched)
	c.seen, c.timely, c.roomy = 0, 0, 0
	return true
}

// adjust moves a price, the more the further the share is from the one wanted.
func adjust(price, share int64) int64 {
	switch off := wanted - share; {
	case off > tolerated:
		return min(dearest*rate, price+price*dearer/1000*off/wanted+1)
	case off < -tolerated:
		return max(1, price-price*cheaper/1000*-off/(1000-wanted))
	}
	return price
}
