package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without hours or zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a date as ISO 8601 writes it: 2026-02-17. A day that no calendar has is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("read date: %w", err)
	}
	return dateOf(t), nil
}

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// next is the day after.
func (d Date) next() Date { return dateOf(time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC)) }

func (d Date) weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Clock is a time of day in minutes after midnight, up to 24:00.
type Clock int

// ParseClock reads a time of day from 00:00 to 24:00.
func ParseClock(s string) (Clock, error) {
	if s == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("read time of day: %q is not HH:MM", s)
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

// on is the moment that clocks in the zone show the time of day on a date. One that they jump
// over in spring is the moment as far after the jump.
func (c Clock) on(d Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, int(c), 0, 0, zone)
}
