package policy

import (
	"math"
	"time"

	"callout/internal/calendar"

	"github.com/google/uuid"
)

// Policy is a version of the figures.
type Policy struct {
	Version       int
	EffectiveFrom time.Time
	PublishedBy   *uuid.UUID // nil for the defaults
	PublishedAt   time.Time
	Note          string
	Document      Document

	calendar *calendar.Calendar
}

// Calendar is the working calendar, in the time zone of the operation.
func (p Policy) Calendar() *calendar.Calendar { return p.calendar }

// Number is the value of a figure in its unit.
func (p Policy) Number(n Name) float64 { return p.Document.Figures[n].Value }

// Points is the value of a figure that counts points.
func (p Policy) Points(n Name) int64 { return int64(p.Number(n)) }

// Due is the moment when the time of a figure has passed since from, to the second.
func (p Policy) Due(n Name, from time.Time) time.Time {
	f := p.Document.Figures[n]
	switch {
	case f.Calendar != Working:
		return from.Add(f.duration())
	case f.Unit == UnitDay:
		return p.calendar.AddDays(from, int(f.Value)).UTC()
	}
	return p.calendar.Add(from, f.duration()).UTC()
}

// duration is a time as it passes on a clock.
func (f Figure) duration() time.Duration {
	return time.Duration(math.Round(f.Value*units[f.Unit].seconds)) * time.Second
}
