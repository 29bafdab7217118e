package travel

import (
	"context"
	"math"
	"time"

	"callout/internal/geo"

	"github.com/paulmach/orb"
)

// Provider tells drives. It fails only where ctx ends or the database does: a road network that
// does not answer is a note of the Matrix.
type Provider interface {
	Matrix(ctx context.Context, q Question) (*Matrix, error)
}

// Question asks for all drives among some points.
type Question struct {
	Points  []orb.Point
	Figures Figures
	Spans   []Span // when people drive: the pace is averaged over them; at the base speed where there are none
}

// Figures are what a policy says of driving.
type Figures struct {
	Travel geo.Travel
	Pace   geo.Pace
	Zone   *time.Location // where the hours of the pace are meant; UTC where nil
}

// Span is a time during which people drive.
type Span struct{ From, To time.Time }

// slowness is the mean of the pace over spans, by their lengths, in millionths.
func (f Figures) slowness(spans []Span) int64 {
	var sum, weights float64
	for _, s := range spans {
		from := f.secondOfWeek(s.From)
		length := max(1, int64(s.To.Sub(s.From)/time.Second))
		sum += float64(f.Pace.Slowness(from, from+length)) * float64(length)
		weights += float64(length)
	}
	if weights == 0 {
		return geo.One
	}
	return int64(math.Round(sum / weights))
}

// Mean is the Travel whose estimates take as long as drives do on average over a span.
func (f Figures) Mean(over Span) geo.Travel {
	t := f.Travel
	if slowness := f.slowness([]Span{over}); slowness != geo.One {
		t.KmPerHour *= geo.One / float64(slowness)
	}
	return t
}

// secondOfWeek counts from the beginning of Monday by the clock on the wall.
func (f Figures) secondOfWeek(t time.Time) int64 {
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	day := (int64(t.Weekday()) + 6) % 7
	return day*86400 + int64(t.Hour())*3600 + int64(t.Minute())*60 + int64(t.Second())
}

// Arrive is when a base drive ends that begins at leave, hour by hour.
func (f Figures) Arrive(leave time.Time, base geo.Leg) time.Time {
	return leave.Add(time.Duration(f.Pace.Drive(f.secondOfWeek(leave), base.Seconds)) * time.Second)
}

// Leave is the latest moment at which a base drive may begin to end by arrive.
func (f Figures) Leave(arrive time.Time, base geo.Leg) time.Time {
	return arrive.Add(-time.Duration(f.Pace.Before(f.secondOfWeek(arrive), base.Seconds)) * time.Second)
}

// slowed is a base drive at the mean pace.
func slowed(seconds, slowness int64) int32 {
	return int32(min((seconds*slowness+geo.One/2)/geo.One, math.MaxInt32))
}
