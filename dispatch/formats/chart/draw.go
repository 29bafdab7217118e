package chart

import (
	"bufio"
	"fmt"
	"html"
	"io"

	"callout/dispatch/solve"
)

// Names says how a drawing calls what a plan is made of.
type Names struct {
	Title string
	Shift func(i int) string
	Job   func(i int) string
	Point func(place int) (x, y float64, known bool) // where a place is; y grows to the north
	Earth bool                                       // whether points are longitude and latitude
	Clock func(t int64) string
	Tick  int64 // what the ticks of the timeline are multiples of, in seconds: 3600 for hours
}

// The measures of a drawing, in pixels.
const (
	width  = 1200
	margin = 24
	name   = 130 // of the column of names
	row    = 22
	high   = 800 // the map at the most
)

// drawing is a picture that is being written. Nothing is asked of a failed write: Draw tells.
type drawing struct {
	out   *bufio.Writer
	p     *solve.Problem
	plan  *solve.Plan
	n     Names
	used  []int // shifts with stops
	hue   map[int]int
	y     float64
	frame frame
}

// Draw writes the drawing of a plan.
func Draw(out io.Writer, p *solve.Problem, plan *solve.Plan, n Names) error {
	d := &drawing{out: bufio.NewWriter(out), p: p, plan: plan, n: n, hue: map[int]int{}, y: 56}
	for i, r := range plan.Routes {
		if len(r.Stops) > 0 {
			d.hue[i] = hue(len(d.used))
			d.used = append(d.used, i)
		}
	}
	mapped := d.survey()
	height := d.y + float64(row*len(d.used)) + 3*margin
	if mapped {
		height += d.frame.height + margin
	}
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" width="%d" height="%.0f" font-family="system-ui,sans-serif" font-size="12">`+"\n", width, height, width, height)
	d.put("<title>%s</title>\n%s", d.safe(n.Title), style)
	d.put(`<rect width="%d" height="%.0f" class="page"/>`+"\n", width, height)
	d.put(`<text x="%d" y="34" font-size="18" class="ink">%s</text>`+"\n", margin, d.safe(n.Title))
	d.put(`<text x="%d" y="34" text-anchor="end" class="soft">%d routes · %d jobs · %d unserved</text>`+"\n", width-margin, len(d.used), len(p.Jobs)-len(plan.Unserved), len(plan.Unserved))
	if mapped {
		d.mapped()
	}
	d.timeline()
	d.put("</svg>\n")
	return d.out.Flush()
}

// style says the colours once, for light and dark.
const style = `<style>
.page{fill:#fff}.ink{fill:#1b1f24}.soft{fill:#59636e}.grid{stroke:#d8dee4}.panel{fill:#f6f8fa;stroke:#d8dee4}
.way{fill:none;stroke-width:1.5;stroke-opacity:.75;stroke-linejoin:round}.pause{fill:#8c959f}.idle{fill:#8c959f;fill-opacity:.2}
.late{stroke:#cf222e;stroke-width:2}.lost{stroke:#cf222e;stroke-width:1.5;fill:none}.onwork{fill:#fff}
@media (prefers-color-scheme:dark){.page{fill:#0d1117}.ink{fill:#e6edf3}.soft{fill:#9198a1}.grid{stroke:#30363d}
.panel{fill:#151b23;stroke:#30363d}.late,.lost{stroke:#ff7b72}.onwork{fill:#0d1117}}
</style>
`

// hue is the colour of the n-th route: by the golden angle, neighbours are far apart.
func hue(n int) int { return (n*13751/100 + 210) % 360 }

func (d *drawing) put(format string, args ...any) { _, _ = fmt.Fprintf(d.out, format, args...) }

// safe is a text as it may stand in a drawing.
func (d *drawing) safe(text string) string { return html.EscapeString(text) }

// short is a text that fits into so many characters.
func short(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
