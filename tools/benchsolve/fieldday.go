package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
)

// splitmix is the random numbers of the generator: splitmix64.
type splitmix uint64

func (s *splitmix) next() uint64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (s *splitmix) float() float64 { return float64(s.next()>>11) * (1.0 / (1 << 53)) }

// upTo is a number from 0 to most.
func (s *splitmix) upTo(most int) int { return int(s.next() % uint64(most+1)) }

// gauss is nearly normal: twelve uniform numbers less six.
func (s *splitmix) gauss() float64 {
	sum := 0.0
	for range 12 {
		sum += s.float()
	}
	return sum - 6
}

func (s *splitmix) pick(weights []float64) int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	r := s.float() * total
	for k, v := range weights {
		if r < v {
			return k
		}
		r -= v
	}
	return len(weights) - 1
}

// city is a box of latitudes and longitudes.
type city struct{ south, north, west, east float64 }

var cities = map[string]city{
	"berlin": {52.38, 52.64, 13.15, 13.70}, "chengdu": {30.52, 30.80, 103.90, 104.25}, "shanghai": {31.00, 31.45, 121.20, 121.75},
}

// day is a day of field service in the terms of VROOM's problem.
type day struct {
	Vehicles []vehicle `json:"vehicles"`
	Jobs     []job     `json:"jobs"`
	at       [][2]float64
}

type vehicle struct {
	ID       int     `json:"id"`
	Start    int     `json:"start_index"`
	End      int     `json:"end_index"`
	Window   [2]int  `json:"time_window"`
	Skills   []int   `json:"skills"`
	Capacity []int   `json:"capacity"`
	Breaks   []lunch `json:"breaks"`
	levels   [6]int
	at       [2]float64
}

type lunch struct {
	ID      int      `json:"id"`
	Windows [][2]int `json:"time_windows"`
	Service int      `json:"service"`
}

type job struct {
	ID       int      `json:"id"`
	Index    int      `json:"location_index"`
	Service  int      `json:"service"`
	Windows  [][2]int `json:"time_windows"`
	Priority int      `json:"priority"`
	Skills   []int    `json:"skills"`
	Delivery []int    `json:"delivery"`
	at       [2]float64
}

const hour = 3600

// field makes a day: jobs in clusters over a city, six trades of three levels, windows of two
// hours for most, a lunch, parts on vans, and more work than fits. The same seed makes the same day.
func field(where city, jobs, technicians int, seed uint64) *day {
	r := splitmix(seed)
	g := &generator{r: &r, city: where}
	g.clusters(max(4, int(math.Sqrt(float64(jobs))/2)))
	d := &day{}
	for i := range technicians {
		d.Vehicles = append(d.Vehicles, g.technician(i, jobs))
	}
	for trade := range 6 { // every trade is covered by somebody at every level
		covered := false
		for _, v := range d.Vehicles {
			covered = covered || v.levels[trade] == 3
		}
		if !covered {
			d.Vehicles[r.upTo(technicians-1)].levels[trade] = 3
		}
	}
	for i := range jobs {
		d.Jobs = append(d.Jobs, g.job(i))
		d.at = append(d.at, d.Jobs[i].at)
	}
	for i := range d.Vehicles {
		v := &d.Vehicles[i]
		d.at = append(d.at, v.at)
		for trade, level := range v.levels {
			for l := 1; l <= level; l++ {
				v.Skills = append(v.Skills, trade*10+l)
			}
		}
	}
	return d
}

type generator struct {
	r *splitmix
	city
	lat, lng float64 // degrees of a kilometre
	centres  [][3]float64
	weights  []float64
}

func (g *generator) clusters(n int) {
	g.lat, g.lng = 1/111.2, 1/(111.2*math.Cos((g.south+g.north)/2*(math.Pi/180)))
	for range n {
		lat := g.south + (g.north-g.south)*(.15+.7*g.r.float())
		lng := g.west + (g.east-g.west)*(.15+.7*g.r.float())
		g.centres = append(g.centres, [3]float64{lat, lng, 1 + 2.5*g.r.float()})
	}
	for range n {
		g.weights = append(g.weights, .3+g.r.float())
	}
}

// point is in a cluster with some chance, otherwise anywhere.
func (g *generator) point(clustered float64) [2]float64 {
	if g.r.float() >= clustered {
		lat := g.south + (g.north-g.south)*g.r.float()
		return [2]float64{six(lat), six(g.west + (g.east-g.west)*g.r.float())}
	}
	c := g.centres[g.r.pick(g.weights)]
	lat := c[0] + g.r.gauss()*c[2]*g.lat
	lng := c[1] + g.r.gauss()*c[2]*g.lng
	return [2]float64{six(min(max(lat, g.south), g.north)), six(min(max(lng, g.west), g.east))}
}

// six is a number to six digits after the point.
func six(f float64) float64 {
	f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'f', 6, 64), 64)
	return f
}

var (
	trades  = []float64{.30, .25, .18, .12, .10, .05}
	minutes = []float64{35, 50, 60, 75, 90, 110} // of a job, by trade
)

func (g *generator) technician(i, jobs int) vehicle {
	v := vehicle{ID: i + 1, Start: jobs + i, End: jobs + i, Window: [2]int{8 * hour, 18 * hour}, at: g.point(.5)}
	for range 1 + g.r.pick([]float64{.35, .45, .20}) {
		level := 1 + g.r.pick([]float64{.35, .40, .25})
		v.levels[g.r.pick(trades)] = level
	}
	v.Breaks = []lunch{{1, [][2]int{{11*hour + 1800, 13*hour + 1800}}, 2700}}
	for range 4 {
		v.Capacity = append(v.Capacity, g.r.upTo(4))
	}
	return v
}

func (g *generator) job(i int) job {
	j := job{ID: i + 1, Index: i, at: g.point(.7), Delivery: make([]int, 4)}
	trade := g.r.pick(trades)
	level := 1 + g.r.pick([]float64{.6, .3, .1})
	j.Skills = []int{trade*10 + level}
	service := minutes[trade] * (.6 + .8*g.r.float())
	j.Service = 60 * min(120, max(20, 5*int(service/5+.5)))
	j.Priority = []int{100, 50, 10}[g.r.pick([]float64{.10, .30, .60})]
	j.Windows = [][2]int{{8 * hour, 18 * hour}}
	if g.r.float() < .60 {
		from := 8 + 2*g.r.upTo(4)
		j.Windows = [][2]int{{from * hour, (from + 2) * hour}}
	}
	if g.r.float() < .15 {
		j.Delivery[g.r.upTo(3)] = 1
	}
	return j
}

// write writes the day with its matrix of durations: the great circle × 1.3 at 30 km/h.
func (d *day) write(out io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<20)
	head, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, _ = w.Write(head[:len(head)-1])
	_, _ = w.WriteString(`,"matrices":{"car":{"durations":[`)
	line := make([]byte, 0, 64<<10)
	for i := range d.at {
		line = line[:0]
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, '[')
		for k := range d.at {
			if k > 0 {
				line = append(line, ',')
			}
			line = strconv.AppendInt(line, int64(drive(d.at[i], d.at[k])), 10)
		}
		_, _ = w.Write(append(line, ']'))
	}
	_, _ = fmt.Fprint(w, "]}}}")
	return w.Flush()
}

func drive(a, b [2]float64) int {
	const radians = math.Pi / 180
	p, q := a[0]*radians, b[0]*radians
	h := square(math.Sin((q-p)/2)) + math.Cos(p)*math.Cos(q)*square(math.Sin((b[1]*radians-a[1]*radians)/2))
	return int(1.3*2*6371008.8*math.Asin(math.Sqrt(h))/(30/3.6) + .5)
}

func square(x float64) float64 { return x * x }
