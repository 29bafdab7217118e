package dispatch

import (
	"context"
	"math"
	"time"

	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Position is where the technician's phone says that it is.
type Position struct {
	Point    orb.Point
	Accuracy int // metres, as the phone estimates
}

// ArrivalFlag is something odd about an arrival. It is recorded, never refused: who must be believed
// later is for a person to say.
type ArrivalFlag string

// The flags.
const (
	ArrivalLate       ArrivalFlag = "late"         // after the window, or without one after the booked start
	ArrivalOutOfRange ArrivalFlag = "out_of_range" // farther from the site than phones err
	ArrivalImprecise  ArrivalFlag = "imprecise"    // the phone itself does not know well where it is
	ArrivalNoPosition ArrivalFlag = "no_position"  // it did not say
)

// arrival is what an event says of an arrival.
type arrival struct {
	Metres   *int          `json:"metres,omitempty"`
	Accuracy *int          `json:"accuracy,omitempty"`
	Flags    []ArrivalFlag `json:"flags,omitempty"`
}

// Arrive says that the technician is at the site, and from where his phone says so.
func (b *Board) Arrive(ctx context.Context, by who.Actor, id uuid.UUID, version int, p *Position) (Job, error) {
	return b.change(ctx, by, id, version, VerbArrive, func(ctx context.Context, j *Job, at time.Time) (any, error) {
		figures, err := b.Policies.At(ctx, at)
		if err != nil {
			return nil, err
		}
		j.arrive(p, figures, at)
		return arrival{j.ArrivalMetres, j.ArrivalAccuracy, j.ArrivalFlags}, nil
	})
}

// arrive records the arrival and flags what is odd about it.
func (j *Job) arrive(p *Position, figures policy.Policy, at time.Time) {
	j.ArrivedAt, j.ArrivalFlags = &at, pg.Strings[ArrivalFlag]{}
	expected := figures.Due(policy.ArrivalLate, j.Booking.StartsAt)
	if j.WindowTo != nil {
		expected = *j.WindowTo
	}
	if at.After(expected) {
		j.ArrivalFlags = append(j.ArrivalFlags, ArrivalLate)
	}
	if p == nil {
		j.ArrivalFlags = append(j.ArrivalFlags, ArrivalNoPosition)
		return
	}
	point, metres := pg.Point(p.Point), int(math.Round(geo.Metres(p.Point, j.Location.Orb())))
	j.ArrivalAtPoint, j.ArrivalAccuracy, j.ArrivalMetres = &point, &p.Accuracy, &metres
	if metres > int(figures.Number(policy.ArrivalRange))+p.Accuracy {
		j.ArrivalFlags = append(j.ArrivalFlags, ArrivalOutOfRange)
	}
	if p.Accuracy > int(figures.Number(policy.ArrivalPrecision)) {
		j.ArrivalFlags = append(j.ArrivalFlags, ArrivalImprecise)
	}
}
