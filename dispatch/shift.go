package dispatch

import (
	"database/sql/driver"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// Shift is a time when a technician works. Shifts of a technician do not overlap, canceled ones aside.
type Shift struct {
	ID           uuid.UUID
	TechnicianID uuid.UUID
	StartsAt     time.Time
	EndsAt       time.Time
	Breaks       Breaks
	Status       ShiftStatus
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// ShiftStatus is where a shift stands.
type ShiftStatus string

// The statuses of a shift.
const (
	ShiftPlanned  ShiftStatus = "planned"
	ShiftOnDuty   ShiftStatus = "on_duty"
	ShiftOffDuty  ShiftStatus = "off_duty"
	ShiftAbsent   ShiftStatus = "absent"
	ShiftCanceled ShiftStatus = "canceled"
)

// Break is a rest of so many minutes that begins between two moments.
type Break struct {
	Earliest time.Time
	Latest   time.Time
	Minutes  int
}

// Length is how long the break takes.
func (b Break) Length() time.Duration { return time.Duration(b.Minutes) * time.Minute }

// Breaks are the rests of a shift, in order.
type Breaks []Break

type breakColumn struct {
	Earliest time.Time `json:"earliest"`
	Latest   time.Time `json:"latest"`
	Minutes  int       `json:"minutes"`
}

// Value is the list as the column keeps it.
func (l Breaks) Value() (driver.Value, error) {
	return list(l, func(b Break) breakColumn {
		return breakColumn(b)
	}).Value()
}

// Scan reads the column.
func (l *Breaks) Scan(src any) error {
	var c pg.JSON[[]breakColumn]
	err := c.Scan(src)
	*l = list(c.V, func(b breakColumn) Break { return Break(b) }).V
	return err
}

// NewShift is a shift to plan.
type NewShift struct {
	StartsAt time.Time
	EndsAt   time.Time
	Breaks   []Break
}

// ShiftChange says what to change: nil leaves a member as it is.
type ShiftChange struct {
	StartsAt *time.Time
	EndsAt   *time.Time
	Breaks   *[]Break
}

// ShiftQuery narrows a list of shifts; its zero value is all of them.
type ShiftQuery struct {
	TechnicianID *uuid.UUID
	OutletID     *uuid.UUID
	From, To     *time.Time // only shifts that reach into this time
	Canceled     bool       // canceled ones too
}

// ShiftPlace is a shift's place in a list, which is in the order of the starts.
type ShiftPlace struct {
	StartsAt time.Time
	ID       uuid.UUID
}

// kept is the shift with moments as the database keeps them.
func (s NewShift) kept() NewShift {
	k := NewShift{instant(s.StartsAt), instant(s.EndsAt), make([]Break, len(s.Breaks))}
	for i, b := range s.Breaks {
		k.Breaks[i] = Break{instant(b.Earliest), instant(b.Latest), b.Minutes}
	}
	return k
}

// maxShift is the longest shift: nobody works round the clock.
const maxShift = 24 * time.Hour

// check notes what is wrong with a shift at a place in the request: it must end after it
// begins, and its breaks must lie inside, in order and apart.
func (s NewShift) check(f *fault.Faults, at string) {
	checkYears(f, at+"/starts_at", s.StartsAt)
	if !s.EndsAt.After(s.StartsAt) {
		f.Add(at+"/ends_at", "must be after the start")
	} else if s.EndsAt.Sub(s.StartsAt) > maxShift {
		f.Add(at+"/ends_at", "must be within %d hours of the start", int(maxShift.Hours()))
	}
	free := s.StartsAt
	for i, b := range s.Breaks {
		here := fmt.Sprintf("%s/breaks/%d", at, i)
		switch {
		case b.Minutes < 1:
			f.Add(here+"/minutes", "must be at least %d", 1)
		case b.Latest.Before(b.Earliest):
			f.Add(here+"/latest", "must not be before the earliest moment")
		case b.Earliest.Before(s.StartsAt):
			f.Add(here+"/earliest", "must not be before the shift begins")
		case b.Latest.Add(b.Length()).After(s.EndsAt):
			f.Add(here+"/latest", "must leave time for the break before the shift ends")
		case b.Earliest.Before(free):
			f.Add(here+"/earliest", "must not be before the break before it is surely over")
		}
		free = b.Latest.Add(b.Length())
	}
}
