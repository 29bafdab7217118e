package dispatch

import (
	"context"

	"callout/dispatch/solve"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/travel"
	"callout/internal/words"

	"github.com/paulmach/orb"
)

// drives are the drives of a problem as its inputs keep them: what was asked, and what a road network
// answered. Estimates are not kept: they are made again.
type drives struct {
	Places          []pg.Point
	Detour          float64
	KmPerHour       float64
	Pace            geo.Pace
	Zone            string // in which the hours of the pace are meant: that of the first outlet
	Spans           []travel.Span
	Seconds, Metres []int32 // from × places + to; nil where they are estimates
}

func drivesOf(p policy.Policy, zone string) drives {
	return drives{Detour: p.Number(policy.TravelDetour), KmPerHour: p.Number(policy.TravelSpeed), Pace: paceOf(p), Zone: zone}
}

// second is what a second on the road costs in parts of a minor unit, by a pay per hour and a price per kilometre.
func (d drives) second(perHour, perKm int64) int64 {
	return max(1, perHour*solve.CostUnit/3600+int64(float64(perKm)*solve.CostUnit*d.KmPerHour/3600))
}

func (d drives) question() travel.Question {
	q := travel.Question{
		Points: make([]orb.Point, len(d.Places)), Spans: d.Spans,
		Figures: travel.Figures{Travel: geo.Travel{Detour: d.Detour, KmPerHour: d.KmPerHour}, Pace: d.Pace, Zone: zoneOf(d.Zone)},
	}
	for i, p := range d.Places {
		q.Points[i] = p.Orb()
	}
	return q
}

// ask has a provider tell the drives, and returns them with what is to be said about them.
func (d *drives) ask(ctx context.Context, provider travel.Provider) ([]solve.Travel, []words.Text, error) {
	if provider == nil {
		provider = travel.Estimate{}
	}
	m, err := provider.Matrix(ctx, d.question())
	if err != nil {
		return nil, nil, err
	}
	if _, estimates := provider.(travel.Estimate); !estimates {
		d.Seconds, d.Metres = m.Table()
	}
	return []solve.Travel{legs{m}}, append([]words.Text{m.Source}, m.Notes...), nil
}

// again are the drives as they were told once.
func (d *drives) again(ctx context.Context) ([]solve.Travel, error) {
	if d.Seconds != nil {
		return []solve.Travel{legs{travel.Fixed(len(d.Places), d.Seconds, d.Metres, words.Text{})}}, nil
	}
	m, err := travel.Estimate{}.Matrix(ctx, d.question())
	return []solve.Travel{legs{m}}, err
}

// legs are a provider's drives as the optimizer asks for them: one by one, where they are estimates, so that ten
// thousand places cost no more memory than themselves.
type legs struct{ of *travel.Matrix }

// Leg is the drive from one place to another.
func (l legs) Leg(from, to int) solve.Leg {
	leg := l.of.Between(from, to)
	return solve.Leg{Seconds: int32(leg.Seconds), Metres: int32(leg.Metres)}
}
