package solve

// write gives a plan its times and its figures.
func (m *model) write(out *Plan, p *plan) {
	out.Routes = make([]Route, len(m.shifts))
	served := make([]int32, len(m.jobs))
	for j := range served {
		served[j] = -1
	}
	var f [figures]int64
	var missed [Classes]int64
	for r, jobs := range p.routes {
		route := m.schedule(r, jobs, &p.ties)
		for i, j := range jobs {
			c, stop := &m.jobs[j], &route.Stops[i]
			served[j] = int32(r)
			if c.soft {
				f[Lateness] += max(0, stop.End-m.p.Jobs[j].Due) * c.lateWeight
			}
			f[Dislike] += c.points(m.shifts[r].person)
			if c.published >= 0 && c.published != int32(r) {
				f[Changed]++
			}
		}
		minutes := (route.Driving + route.Working) / 60
		f[Cost] += route.Cost
		f[Imbalance] += minutes * minutes
		out.Routes[r] = route
	}
	for j := range m.jobs {
		if c := &m.jobs[j]; served[j] < 0 {
			missed[c.class] += c.weight
			f[Missed] += c.weight
			f[Unserved]++
			if c.published >= 0 {
				f[Changed]++
			}
		}
	}
	out.Figures = f
	out.Score = m.objective().score(&f, &missed)
	out.Unserved = m.absences(served)
}

// schedule times a route: the way through it that is least late and least overtime, and then
// soonest home; he leaves as late as the first stop allows.
func (m *model) schedule(r int, jobs []int32, t *ties) Route {
	sh, s := &m.shifts[r], &m.p.Shifts[m.shifts[r].id]
	if len(jobs) == 0 {
		return Route{Leave: s.From, Home: s.From}
	}
	q, _, _ := m.drawn(r, jobs)
	l := newLabels(len(q))
	best, ok := m.follow(&l, t, r, q)
	if !ok {
		panic("solve: a plan was kept that does not hold")
	}
	taken := make([]int, len(q)) // breaks, up to each node
	overs := make([]int32, len(q))
	for i := len(q) - 1; i >= 0; i-- {
		x := &l.at[i][best]
		taken[i], overs[i], best = int(x.breaks), x.over, int(x.from)
	}
	out := Route{Stops: make([]Stop, len(jobs))}
	firstDuration := m.lasts(int(jobs[0]), r, q[0].at)
	begin := overs[1] - firstDuration
	leave := sh.departure(0, taken[1], begin, q[0].seconds)
	if leave < sh.from && m.jobs[jobs[0]].fixed {
		leave = min(sh.from, begin)
	}
	overs[0] = leave
	out.Leave = m.origin + int64(leave)
	var tolls int64
	for i := range len(q) - 1 {
		leg := m.leg(sh, q[i].at, q[i+1].at)
		out.Driving += int64(leg.Seconds)
		out.Metres += int64(leg.Metres)
		tolls += int64(leg.Cost)
		arrive := sh.crossing(taken[i], taken[i+1], overs[i], q[i].seconds)
		squeezed := m.set(&q[i]) && m.set(&q[i+1]) && taken[i] == taken[i+1]
		at := overs[i]
		for k := taken[i]; k < taken[i+1]; k++ {
			at = opens(sh.breaks[k].windows, at)
			out.Pauses = append(out.Pauses, Pause{
				Break: int(sh.breaks[k].index), After: i,
				Start: m.origin + int64(at), End: m.origin + int64(at+sh.breaks[k].duration),
			})
			at += sh.breaks[k].duration
		}
		if i == len(jobs) {
			if squeezed {
				arrive = max(at, min(arrive, sh.limit))
			}
			out.Home = m.origin + int64(arrive)
			break
		}
		j := int(q[i+1].job)
		duration := m.lasts(j, r, q[i].at)
		start := overs[i+1] - duration
		if squeezed {
			arrive = min(arrive, start)
		}
		out.Stops[i] = Stop{
			Job: int(m.jobs[j].id), Driving: int64(leg.Seconds), Metres: int64(leg.Metres),
			Arrive: m.origin + int64(arrive), Start: m.origin + int64(start), End: m.origin + int64(overs[i+1]),
		}
		out.Working += int64(duration)
		out.Waiting += int64(max(0, start-arrive))
		if m.jobs[j].soft {
			out.Lateness += int64(max(0, overs[i+1]-m.jobs[j].due))
		}
	}
	out.Overtime = max(0, out.Home-s.To)
	hours := s.Rates.Driving*out.Driving + s.Rates.Work*out.Working + s.Rates.Overtime*out.Overtime
	out.Cost = CostUnit*(s.Rates.Fixed+tolls) + CostUnit/3600*hours + CostUnit/1000*s.Rates.Km*out.Metres
	return out
}
