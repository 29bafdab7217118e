package native

import (
	"time"

	"github.com/paulmach/orb"
)

// list reads an array of so many items at the most.
func (r *reader) list(most int, item func()) {
	if n := r.Array(func(int) { item() }); n > most {
		r.Faults.Add(r.At(), "must hold at most %d", most)
	}
}

// id reads the text that something goes by.
func (r *reader) id() string {
	text := r.Kind() == "string"
	id := r.Text(maxText)
	if text && id == "" {
		r.Faults.Add(r.At(), "must have at least %d characters", 1)
	}
	return id
}

func (r *reader) name() name { return name{r.id(), r.At()} }

func (r *reader) names() []name {
	var all []name
	r.list(maxListed, func() { all = append(all, r.name()) })
	return all
}

func (r *reader) amounts() []int64 {
	var all []int64
	r.list(maxDimension, func() { all = append(all, r.Int(0, maxAmount)) })
	return all
}

// moment reads a time, and takes the zone of the first as the one to write times in.
func (r *reader) moment() int64 {
	if r.Kind() != "string" {
		r.Text(0)
		return 0
	}
	text := r.Text(maxText)
	t, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
		r.Faults.Add(r.At(), "must be a %s", "date-time")
		return 0
	case t.Nanosecond() != 0:
		r.Faults.Add(r.At(), "must be a whole second")
	case t.Unix() <= 0:
		r.Faults.Add(r.At(), "must be after %s", "1970")
	}
	r.doc.zone.see(t)
	return t.Unix()
}

// place reads coordinates or a number.
func (r *reader) place() place {
	p := place{known: true}
	switch r.Kind() {
	case "number":
		p.number = int(r.Int(0, maxPlaces-1))
	case "array":
		at := r.point()
		p.at = &at
	default:
		r.Skip()
		r.Faults.Add(r.At(), "must be %s", "[longitude, latitude]")
	}
	p.where = r.At()
	return p
}

func (r *reader) point() orb.Point { return r.Point("[longitude, latitude]") }

// clock says times in the zone of the first that was read.
type clock struct{ zone *time.Location }

func (c *clock) see(t time.Time) {
	if c.zone == nil {
		_, offset := t.Zone()
		c.zone = time.FixedZone("", offset)
	}
}

func (c *clock) at(t int64) time.Time {
	if c.zone == nil {
		return time.Unix(t, 0).UTC()
	}
	return time.Unix(t, 0).In(c.zone)
}

func (c *clock) say(t int64) string { return c.at(t).Format(time.RFC3339) }
