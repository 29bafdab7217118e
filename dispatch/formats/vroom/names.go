package vroom

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"callout/dispatch/formats/chart"
)

// Names says how a drawing calls vehicles and jobs: as they are described, otherwise by their ids.
func (d *Document) Names() chart.Names {
	return chart.Names{
		Title: "VROOM",
		Shift: func(i int) string { v := &d.doc.vehicles[i]; return cmp.Or(v.description, strconv.FormatInt(v.id, 10)) },
		Job:   func(i int) string { j := &d.doc.jobs[i]; return cmp.Or(j.description, strconv.FormatInt(j.id, 10)) },
		Point: func(place int) (x, y float64, known bool) {
			p, known := d.doc.points[place]
			return p[0], p[1], known
		},
		Earth: true, Clock: clock, Tick: 3600,
	}
}

// clock says a time: as one of the day where it is a timestamp, otherwise as hours and minutes
// from the begin.
func clock(t int64) string {
	if t > 1e8 {
		return time.Unix(t, 0).UTC().Format("15:04")
	}
	return fmt.Sprintf("%d:%02d", t/3600, t/60%60)
}
