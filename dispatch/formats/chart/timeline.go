package chart

import "callout/dispatch/solve"

// timeline draws the days below each other: thin lines are drives, blocks are work, grey are breaks.
func (d *drawing) timeline() {
	if len(d.used) == 0 {
		return
	}
	from, to := d.span()
	x := func(t int64) float64 {
		return name + margin + float64(t-from)/float64(max(to-from, 1))*(width-name-2*margin)
	}
	bottom := d.y + margin + float64(row*len(d.used))
	for t := from; t <= to; t += d.step(from, to) {
		d.put(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="grid"/><text x="%.1f" y="%.1f" text-anchor="middle" font-size="10" class="soft">%s</text>`+"\n",
			x(t), d.y+margin-6, x(t), bottom, x(t), d.y+margin-10, d.safe(d.n.Clock(t)))
	}
	d.y += margin
	for _, i := range d.used {
		d.day(i, x)
		d.y += row
	}
}

// span is from the first moment of the routes to their last, in whole ticks.
func (d *drawing) span() (from, to int64) {
	from, to = solve.Forever, -solve.Forever
	for _, i := range d.used {
		from, to = min(from, d.plan.Routes[i].Leave), max(to, d.plan.Routes[i].Home)
	}
	tick := max(d.n.Tick, 1)
	from -= (from%tick + tick) % tick
	return from, to + tick - 1 - (to-1+tick)%tick
}

// step is how far the ticks are apart: two dozen at the most.
func (d *drawing) step(from, to int64) int64 {
	step := max(d.n.Tick, 1)
	for _, times := range []int64{2, 3, 2, 2, 7, 2, 2} {
		if (to-from)/step <= 24 {
			return step
		}
		step *= times
	}
	return max(step, (to-from)/24)
}

// day draws one route in a row.
func (d *drawing) day(i int, x func(int64) float64) {
	r, hue := &d.plan.Routes[i], d.hue[i]
	top := d.y + 4
	d.put(`<g><text x="%d" y="%.1f" class="ink">%s</text>`, margin, d.y+15, d.safe(short(d.n.Shift(i), 18)))
	d.put(`<rect x="%.1f" y="%.1f" width="%.1f" height="2" fill="hsl(%d 65%% 50%%)"/>`, x(r.Leave), d.y+10, x(r.Home)-x(r.Leave), hue)
	for _, s := range r.Stops {
		job := &d.p.Jobs[s.Job]
		wide := max(x(s.End)-x(s.Start), 1)
		if s.Arrive < s.Start {
			d.put(`<rect x="%.1f" y="%.1f" width="%.1f" height="14" class="idle"/>`, x(s.Arrive), top, x(s.Start)-x(s.Arrive))
		}
		d.put(`<rect x="%.1f" y="%.1f" width="%.1f" height="14" rx="2" fill="hsl(%d 65%% 50%%)"><title>%s %s–%s</title></rect>`,
			x(s.Start), top, wide, hue, d.safe(d.n.Job(s.Job)), d.n.Clock(s.Start), d.n.Clock(s.End))
		if most := int(wide / 6.5); most >= 3 {
			d.put(`<text x="%.1f" y="%.1f" font-size="10" text-anchor="middle" class="onwork">%s</text>`, x(s.Start)+wide/2, d.y+15, d.safe(short(d.n.Job(s.Job), most)))
		}
		if job.Due != 0 && s.End > job.Due {
			d.put(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="late"/>`, x(s.End), top-2, x(s.End), top+16)
		}
	}
	for _, p := range r.Pauses {
		d.put(`<rect x="%.1f" y="%.1f" width="%.1f" height="8" class="pause"/>`, x(p.Start), top+3, max(x(p.End)-x(p.Start), 1))
	}
	d.put("</g>\n")
}
