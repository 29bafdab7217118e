package importer

import (
	"strings"
	"time"
)

// layout is a form of time in Go's reference notation, 2006-01-02 15:04:05.
type layout struct {
	form   string
	offset bool // the text itself says how far it is from UTC
}

// newLayout refuses a form that does not keep the day: one such as yyyy-MM-dd is only text to
// Go, and would read every row alike. Zone abbreviations are refused as well: CST is three zones.
func newLayout(form string) (layout, bool) {
	probe := time.Date(2021, 11, 23, 0, 0, 0, 0, time.UTC)
	back, err := time.Parse(form, probe.Format(form))
	if err != nil || !back.Equal(probe) || strings.Contains(form, "MST") {
		return layout{}, false
	}
	return layout{form, strings.Contains(form, "Z07") || strings.Contains(form, "-07")}, true
}

// sense is what became of a text that should be a time.
type sense int

const (
	fine    sense = iota
	unread        // no layout fits
	skipped       // the clock jumps over it when summer time begins
	distant       // before 1950 or after 2100
)

// parseWall reads what the clock and the calendar show, by the first layout that fits.
func parseWall(text string, layouts []layout) (time.Time, layout, sense) {
	for _, l := range layouts {
		wall, err := time.Parse(l.form, text)
		if err != nil {
			continue
		}
		if wall.Year() < 1950 || wall.Year() > 2100 {
			return time.Time{}, l, distant
		}
		return wall, l, fine
	}
	return time.Time{}, layout{}, unread
}

// parseMoment reads a local time. An hour that the clock shows twice when summer time ends is
// the first of the two.
func parseMoment(text string, layouts []layout, zone *time.Location) (time.Time, sense) {
	wall, l, how := parseWall(text, layouts)
	if how != fine || l.offset {
		return wall.UTC(), how
	}
	t, there := At(wall, zone)
	if !there {
		return time.Time{}, skipped
	}
	return t, fine
}

// At is the first instant when the clocks of a zone show what wall shows in UTC, and whether
// there is one: summer time skips an hour.
func At(wall time.Time, zone *time.Location) (time.Time, bool) {
	var first time.Time
	// A change of the clock is never near another, so a day either side knows both offsets.
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		_, really := t.In(zone).Zone()
		if really == offset && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first, !first.IsZero()
}
