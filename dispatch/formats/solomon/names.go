package solomon

import (
	"strconv"

	"callout/dispatch/formats/chart"
)

// Names says how a drawing calls vehicles and customers: by their numbers.
func (d *Document) Names() chart.Names {
	return chart.Names{
		Title: d.name,
		Shift: func(i int) string { return strconv.Itoa(i + 1) },
		Job:   func(i int) string { return strconv.FormatInt(d.numbers[i], 10) },
		Point: func(place int) (x, y float64, known bool) { return d.at[place][0], d.at[place][1], true },
		Clock: func(t int64) string { return strconv.FormatInt(t/10, 10) },
		Tick:  100,
	}
}
