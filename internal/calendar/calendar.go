package calendar

import (
	"errors"
	"slices"
	"time"

	_ "time/tzdata" // deadlines hold on machines without a zone database too
)

// Calendar says which hours of which days are worked. Every working day has the same hours.
type Calendar struct {
	Zone          *time.Location
	Week          []time.Weekday // worked in an ordinary week
	Opens, Closes Clock
	Off           map[Date]bool // days of the week that are not worked: holidays
	MakeUp        map[Date]bool // other days that are worked in their place
}

// Check refuses a calendar in which no working time ever passes.
func (c *Calendar) Check() error {
	switch {
	case c.Zone == nil:
		return errors.New("a calendar needs a time zone")
	case len(c.Week) == 0:
		return errors.New("a week needs a working day")
	case c.Opens < 0 || c.Closes > 24*60 || c.Opens >= c.Closes:
		return errors.New("a working day needs to close after it opens")
	}
	return nil
}

// Works says whether a date is a working day.
func (c *Calendar) Works(d Date) bool {
	if c.Off[d] {
		return false
	}
	return c.MakeUp[d] || slices.Contains(c.Week, d.weekday())
}

// Open is the moment itself if it is working time, or else the next opening.
func (c *Calendar) Open(t time.Time) time.Time {
	d := dateOf(t.In(c.Zone))
	for ; ; d = d.next() {
		opens, closes := c.Opens.on(d, c.Zone), c.Closes.on(d, c.Zone)
		// Clocks that jump over an opening may leave nothing of the day.
		if !c.Works(d) || !t.Before(closes) || !opens.Before(closes) {
			continue
		}
		if t.Before(opens) {
			return opens
		}
		return t
	}
}

// AddDays is the moment when n working days have passed since t: the same time of day n working
// days later. What begins outside working hours begins at the next opening; what would end at
// an opening ends at the close before it. n is 1 or more.
func (c *Calendar) AddDays(t time.Time, n int) time.Time {
	from := c.Open(t).In(c.Zone)
	d := dateOf(from)
	atOpening := !from.After(c.Opens.on(d, c.Zone))
	if atOpening {
		n--
	}
	for range n {
		d = c.nextDay(d)
	}
	if atOpening {
		return c.Closes.on(d, c.Zone)
	}
	h, m, s := from.Clock()
	end := time.Date(d.Year, d.Month, d.Day, h, m, s, from.Nanosecond(), c.Zone)
	// In the hour that a clock shows twice, the same time of day may lie past the close.
	if closes := c.Closes.on(d, c.Zone); end.After(closes) {
		return closes
	}
	return end
}

// Add is the moment when an amount of working time has passed since t: only working hours count.
func (c *Calendar) Add(t time.Time, amount time.Duration) time.Time {
	for at := c.Open(t); ; at = c.Open(at) {
		closes := c.Closes.on(dateOf(at.In(c.Zone)), c.Zone)
		if left := closes.Sub(at); amount > left {
			amount -= left
			at = closes
			continue
		}
		return at.Add(amount)
	}
}

func (c *Calendar) nextDay(d Date) Date {
	d = d.next()
	for !c.Works(d) {
		d = d.next()
	}
	return d
}
