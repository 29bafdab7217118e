package chart

import "math"

// frame is the part of the world that a map shows.
type frame struct {
	west, north   float64
	across, scale float64 // of x to y, of y to pixels
	left, height  float64
}

// survey finds the frame of all places, and says whether any place is known.
func (d *drawing) survey() bool {
	if d.n.Point == nil {
		return false
	}
	west, south, east, north := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := range d.p.Places {
		if x, y, known := d.n.Point(i); known {
			west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
		}
	}
	if west > east {
		return false
	}
	f := frame{west: west, north: north, across: 1}
	if d.n.Earth {
		f.across = max(0.01, math.Cos((north+south)/2*math.Pi/180))
	}
	const inner = 2 * margin
	wide, tall := max((east-west)*f.across, 1e-9), max(north-south, 1e-9)
	f.scale = min((width-2*margin-inner)/wide, (high-inner)/tall)
	f.height = tall*f.scale + inner
	f.left = margin + (width-2*margin-wide*f.scale)/2
	d.frame = f
	return true
}

func (d *drawing) at(place int) (x, y float64, known bool) {
	x, y, known = d.n.Point(max(place, 0))
	f := &d.frame
	return f.left + (x-f.west)*f.across*f.scale, d.y + margin + (f.north-y)*f.scale, known && place >= 0
}

// mapped draws the routes on the map.
func (d *drawing) mapped() {
	d.put(`<rect x="%d" y="%.1f" width="%d" height="%.1f" rx="6" class="panel"/>`+"\n", margin, d.y, width-2*margin, d.frame.height)
	for _, i := range d.used {
		d.way(i)
	}
	for _, a := range d.plan.Unserved {
		if x, y, known := d.at(d.p.Jobs[a.Job].Place); known {
			d.put(`<path d="M%.1f %.1fl6 6m0-6l-6 6" class="lost"><title>%s</title></path>`+"\n", x-3, y-3, d.safe(d.n.Job(a.Job)))
		}
	}
	d.y += d.frame.height + margin
}

// way draws one route: the line, its stops, its home.
func (d *drawing) way(i int) {
	s, r, hue := &d.p.Shifts[i], &d.plan.Routes[i], d.hue[i]
	d.put(`<g><title>%s</title><path class="way" stroke="hsl(%d 65%% 50%%)" d="`, d.safe(d.n.Shift(i)), hue)
	pen := byte('M')
	line := func(place int) {
		if x, y, known := d.at(place); known {
			d.put("%c%.1f %.1f", pen, x, y)
			pen = 'L'
		}
	}
	line(s.Start)
	for _, stop := range r.Stops {
		line(d.p.Jobs[stop.Job].Place)
	}
	line(s.End)
	d.put(`"/>`)
	for _, stop := range r.Stops {
		if x, y, known := d.at(d.p.Jobs[stop.Job].Place); known {
			d.put(`<circle cx="%.1f" cy="%.1f" r="3.5" fill="hsl(%d 65%% 50%%)"><title>%s %s</title></circle>`, x, y, hue, d.safe(d.n.Job(stop.Job)), d.n.Clock(stop.Start))
		}
	}
	for _, place := range []int{s.Start, s.End} {
		if x, y, known := d.at(place); known {
			d.put(`<rect x="%.1f" y="%.1f" width="8" height="8" fill="hsl(%d 65%% 40%%)"/>`, x-4, y-4, hue)
		}
	}
	d.put("</g>\n")
}
