package solve

import "math"

// splitmix is Vigna's splitmix64, of which the generator of field-service days is made.
type splitmix uint64

func (s *splitmix) next() uint64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (s *splitmix) unit() float64 { return float64(s.next()>>11) / (1 << 53) }

func (s *splitmix) from(a, b int) int { return a + int(s.next()%uint64(b-a+1)) }

func (s *splitmix) normal() float64 {
	sum := -6.0
	for range 12 {
		sum += s.unit()
	}
	return sum
}

func (s *splitmix) pick(weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	r := s.unit() * sum
	for k, w := range weights {
		if r < w {
			return k
		}
		r -= w
	}
	return len(weights) - 1
}

// table of drives between all places.
type matrix struct {
	width   int
	seconds []int32
}

func (m *matrix) Leg(from, to int) Leg { return Leg{Seconds: m.seconds[from*m.width+to]} }

// fieldDay makes up a day of field service in a city: six trades on three levels, appointments of
// two hours for most jobs, lunch at noon, parts in the vans, and more work than fits.
func fieldDay(jobs, technicians int, seed uint64) *Problem {
	const hour = 3600
	r := splitmix(seed)
	south, north, west, east := 52.38, 52.64, 13.15, 13.70
	var lat, lon []float64
	type hub struct{ lat, lon, km float64 }
	var hubs []hub
	var weights []float64
	for range max(4, int(math.Sqrt(float64(jobs))/2)) {
		hubs = append(hubs, hub{south + (north-south)*(.15+.7*r.unit()), west + (east-west)*(.15+.7*r.unit()), 1 + 2.5*r.unit()})
	}
	for range hubs {
		weights = append(weights, .3+r.unit())
	}
	somewhere := func(clustered float64) int {
		if r.unit() < clustered {
			h := hubs[r.pick(weights...)]
			lat = append(lat, h.lat+r.normal()*h.km/111.2)
			lon = append(lon, h.lon+r.normal()*h.km/68)
		} else {
			lat, lon = append(lat, south+(north-south)*r.unit()), append(lon, west+(east-west)*r.unit())
		}
		return len(lat) - 1
	}
	trades := []float64{.30, .25, .18, .12, .10, .05}
	p := &Problem{}
	for k := range technicians {
		s := Shift{Technician: k, Start: somewhere(.5), From: 8 * hour, To: 18 * hour, Rates: Rates{Driving: 3600}}
		s.End = s.Start
		for range 1 + r.pick(.35, .45, .20) {
			s.Grants = append(s.Grants, Grant{Skill: r.pick(trades...), Level: 1 + r.pick(.35, .40, .25), From: -Forever, To: Forever})
		}
		s.Breaks = []Break{{Windows: []Window{{11*hour + 1800, 13*hour + 1800}}, Duration: 2700}}
		for range 4 {
			s.Capacity = append(s.Capacity, int64(r.from(0, 4)))
		}
		p.Shifts = append(p.Shifts, s)
	}
	minutes := []float64{35, 50, 60, 75, 90, 110}
	for range jobs {
		j := Job{Place: somewhere(.7)}
		trade := r.pick(trades...)
		j.Needs = []Need{{trade, 1 + r.pick(.6, .3, .1)}}
		j.Work = 60 * min(120, max(20, 5*int64(minutes[trade]*(.6+.8*r.unit())/5+.5)))
		j.Weight = []int64{100, 50, 10}[r.pick(.10, .30, .60)]
		if r.unit() < .60 {
			from := int64(8+2*r.from(0, 4)) * hour
			j.Windows = []Window{{from, from + 2*hour}}
		}
		if r.unit() < .15 {
			j.Deliver = make([]int64, 4)
			j.Deliver[r.from(0, 3)] = 1
		}
		p.Jobs = append(p.Jobs, j)
	}
	p.Places = len(lat)
	m := &matrix{len(lat), make([]int32, len(lat)*len(lat))}
	for a := range lat {
		for b := range lat {
			y, x := (lat[a]-lat[b])*111200, (lon[a]-lon[b])*68000
			m.seconds[a*m.width+b] = int32(1.3*math.Hypot(x, y)/(30/3.6) + .5)
		}
	}
	p.Travel = []Travel{m}
	return p
}

// rulesOfEveryKind makes a day ask for all the arithmetic: dues, overtime, second breaks, crews,
// jobs that wait for others, set-up, and drives that differ by direction.
func rulesOfEveryKind(p *Problem) *Problem {
	m := p.Travel[0].(*matrix)
	for i := range m.seconds {
		m.seconds[i] += int32(i % 7 * 10)
	}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Overtime, s.Rates.Overtime = 3600, 6000
		if i%3 == 0 {
			s.Breaks = append(s.Breaks, Break{Windows: []Window{{15 * 3600, 15*3600 + 1800}, {16 * 3600, 17 * 3600}}, Duration: 900})
		}
	}
	for i := range p.Jobs {
		j := &p.Jobs[i]
		j.Setup = 300
		if i%4 == 0 {
			j.Due = 15 * 3600
		}
		if i%20 == 1 {
			j.Group, p.Jobs[i-1].Group = i, i
			j.Needs, p.Jobs[i-1].Needs = nil, nil
			j.Windows = p.Jobs[i-1].Windows
		}
		if i%20 == 7 {
			j.After = []int{i - 1}
		}
		if i%5 == 2 {
			j.Place = p.Jobs[i-1].Place
		}
	}
	return p
}
