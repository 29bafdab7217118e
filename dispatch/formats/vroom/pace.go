package vroom

import (
	"maps"
	"slices"
)

// paces finds the pace of each type of vehicle from the times that jobs name for it: the one per
// mille of their usual times, each rounded up, that gives them all.
func (c *compiler) paces() {
	kinds := map[string]int{}
	for _, v := range c.vehicles {
		if v.kind != "" {
			kinds[v.kind] = 1000
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		kinds[kind] = c.pace(kind)
	}
	for i, v := range c.vehicles {
		if p := kinds[v.kind]; v.kind != "" && p != 1000 {
			c.p.Shifts[i].Pace = p
		}
	}
}

// maxPace is a hundred times as slow as usual.
const maxPace = 100_000

func (c *compiler) pace(kind string) int {
	low, high := int64(1), int64(maxPace)
	fits := func(usual, here int64) bool {
		switch {
		case usual == here && usual == 0:
			return true
		case usual == 0 || here == 0:
			return false
		}
		l, h := max(low, 1000*(here-1)/usual+1), min(high, 1000*here/usual)
		if l > h {
			return false
		}
		low, high = l, h
		return true
	}
	usual := func(own map[string]int64) bool { _, named := own[kind]; return !named }
	for i := range c.jobs {
		j := &c.jobs[i]
		if usual(j.serviceFor) {
			fits(j.service, j.service)
		}
		if usual(j.setupFor) {
			fits(j.setup, j.setup)
		}
	}
	for i := range c.jobs {
		j := &c.jobs[i]
		for member, own := range map[string]map[string]int64{"service_per_type": j.serviceFor, "setup_per_type": j.setupFor} {
			here, named := own[kind]
			was := j.service
			if member == "setup_per_type" {
				was = j.setup
			}
			if named && !fits(was, here) {
				c.Add(at("/jobs/%d/%s/%s", i, member, kind), "one type of vehicle needs one pace for all jobs, and this is another")
			}
		}
	}
	if low <= 1000 && high >= 1000 {
		return 1000
	}
	return int(high)
}
