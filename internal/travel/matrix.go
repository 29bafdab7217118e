package travel

import (
	"math"

	"callout/internal/geo"
	"callout/internal/words"

	"github.com/paulmach/orb"
)

// Matrix is the drives among the points of a question, which go by their indices. It may be
// asked by several goroutines at once.
type Matrix struct {
	N        int
	Slowness int64        // millionths that base drives were multiplied with
	Source   words.Text   // who tells the drives
	Notes    []words.Text // which drives come from elsewhere, and why; none where all is as it should be

	seconds, metres []int32 // from row to column; nil where drives are estimated as they are asked for
	guessed         []bool  // which of them are estimates; nil where none is

	spots  []geo.Spot
	travel geo.Travel
}

// Between is the drive from one point to another. A point is no drive away from itself.
func (m *Matrix) Between(from, to int) geo.Leg {
	if m.seconds != nil {
		i := from*m.N + to
		return geo.Leg{Seconds: int64(m.seconds[i]), Metres: int64(m.metres[i])}
	}
	leg := m.travel.Between(m.spots[from], m.spots[to])
	return geo.Leg{Seconds: int64(slowed(leg.Seconds, m.Slowness)), Metres: min(leg.Metres, math.MaxInt32)}
}

// Estimated says whether the drive is an estimate by distance.
func (m *Matrix) Estimated(from, to int) bool {
	return m.seconds == nil || m.guessed != nil && m.guessed[from*m.N+to]
}

// Table is all drives in flat arrays, row by row: from × N + to.
func (m *Matrix) Table() (seconds, metres []int32) {
	if m.seconds != nil {
		return m.seconds, m.metres
	}
	seconds, metres = make([]int32, m.N*m.N), make([]int32, m.N*m.N)
	for i := range m.N {
		for j := range m.N {
			leg := m.Between(i, j)
			seconds[i*m.N+j], metres[i*m.N+j] = int32(leg.Seconds), int32(leg.Metres)
		}
	}
	return seconds, metres
}

// Fixed is a Matrix of drives that are known already, as Table gives them.
func Fixed(n int, seconds, metres []int32, source words.Text) *Matrix {
	return &Matrix{N: n, Slowness: geo.One, Source: source, seconds: seconds, metres: metres}
}

func spotsOf(points []orb.Point) []geo.Spot {
	spots := make([]geo.Spot, len(points))
	for i, p := range points {
		spots[i] = geo.At(p)
	}
	return spots
}
