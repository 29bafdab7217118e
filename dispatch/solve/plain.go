package solve

// refresh computes the tables of route r anew where its stops from position lo on, or those up
// to hi, have changed, and what the route comes to. It says whether the route can be done.
func (s *state) refresh(r, lo, hi int) bool {
	var ok bool
	if s.m.plain {
		ok = s.refreshPlain(r, lo, hi)
	} else {
		ok = s.layer(r)
		s.room[r] = never
	}
	s.assess(r)
	return ok
}

func (s *state) refreshPlain(r, lo, hi int) bool {
	m := s.m
	sh, q, n := &m.shifts[r], s.row(r), int(s.length[r])
	work, setup := m.work[int(sh.pace)*len(m.jobs):], m.setup[int(sh.pace)*len(m.jobs):]
	from, to, off := -never, -never, int32(0) // of the break; none is one that is over
	q[0].end0, q[0].end1 = never, sh.from
	if len(sh.breaks) > 0 {
		b := &sh.breaks[0]
		from, to, off = b.windows[0].from, b.windows[0].to, b.duration
		q[0].end0, q[0].end1 = sh.from, never
	}
	x := &q[lo-1]
	for i := lo; i <= n; i++ {
		y := &q[i]
		j := y.job
		s.place[j] = int32(i)
		c := &m.jobs[j]
		t0, t1 := never, never
		if x.end0 < never {
			t0 = x.end0 + x.seconds
			if x.end0 <= to {
				t1 = max(t0, from) + off
			}
		}
		if x.end1 < never {
			t1 = min(t1, x.end1+x.seconds)
		}
		lasts := work[j] + setup[j]
		y.end0, y.end1 = never, never
		if t0 = max(t0, c.first); t0 <= c.last {
			y.end0 = t0 + lasts
		}
		if t1 = max(t1, c.first); t1 <= c.last {
			y.end1 = t1 + lasts
		}
		x = y
	}
	last := &q[n+1]
	last.begin1, last.begin0 = sh.limit, -never
	for i := hi; i >= 1; i-- {
		y := &q[i]
		c := &m.jobs[y.job]
		z := &q[i+1]
		lasts := work[y.job] + setup[y.job]
		// A day may hold with the break over and not with it still to come: too early is never.
		y.begin1 = min(c.last, z.begin1-y.seconds-lasts)
		if y.begin1 < c.first {
			y.begin1 = -never
		}
		b := -never
		if off > 0 || to >= 0 {
			if z.begin0 > -never {
				b = z.begin0 - y.seconds - lasts
			}
			if from+off <= z.begin1 {
				b = max(b, min(to, z.begin1-off-y.seconds)-lasts)
			}
			if b = min(b, c.last); b < c.first {
				b = -never
			}
		}
		y.begin0 = b
	}
	s.measure(r, from, to, off)
	return n == 0 || x.end1 < never && x.end1+x.seconds <= sh.limit || x.end0 <= to && max(x.end0+x.seconds, from)+off <= sh.limit
}

// measure notes how long work can last at most between the stops of a plain route whose break
// begins from from to to and lasts off. Where a stop on the way is never a short cut, that is what
// remains beside the drive.
func (s *state) measure(r int, from, to, off int32) {
	q := s.row(r)[:s.length[r]+2]
	room := -never
	x := &q[0]
	for i := 1; i < len(q); i++ {
		y := &q[i]
		gap := -never
		if x.end1 < never && y.begin1 > -never {
			gap = y.begin1 - x.end1
		}
		if x.end0 < never {
			if y.begin0 > -never {
				gap = max(gap, y.begin0-x.end0)
			}
			if x.end0 <= to && from+off <= y.begin1 {
				gap = max(gap, y.begin1-off-x.end0)
			}
		}
		if s.m.metric {
			gap -= x.seconds - shortCut
		}
		x.gap = gap
		room = max(room, gap)
		x = y
	}
	s.room[r] = room
}
