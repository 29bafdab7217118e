package travel

import (
	"context"

	"callout/internal/words"
)

// Estimate is the Provider that needs nobody: great circle × detour at the speed and pace of the
// question's figures. Its Matrix takes no memory to speak of, however many the points are.
type Estimate struct{}

// Matrix estimates the drives.
func (Estimate) Matrix(_ context.Context, q Question) (*Matrix, error) {
	if err := q.Figures.check(); err != nil {
		return nil, err
	}
	return &Matrix{
		N: len(q.Points), Slowness: q.Figures.slowness(q.Spans), Source: words.Say("drives are estimates by distance"),
		spots: spotsOf(q.Points), travel: q.Figures.Travel,
	}, nil
}

func (f Figures) check() error {
	if err := f.Travel.Check(); err != nil {
		return err
	}
	return f.Pace.Check()
}
