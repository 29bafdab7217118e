package travel

import (
	"context"
	"errors"
	"time"

	"callout/internal/pg"
	"callout/internal/words"

	"github.com/paulmach/orb"
)

// Router is a Provider that asks a network of roads, remembers what it said, and estimates what
// it did not say.
type Router struct {
	Patience time.Duration // how long the network may take for one question
	Kept     time.Duration // how long Postgres remembers a drive

	network Network
	memory  *memory
	db      *pg.DB
	now     func() time.Time
}

// remembered is how many drives are kept in memory, about 60 bytes each.
const remembered = 500_000

// NewRouter returns the Router over a network. It remembers in db as well, unless db is nil.
func NewRouter(network Network, db *pg.DB, now func() time.Time) *Router {
	return &Router{
		Patience: 30 * time.Second, Kept: 30 * 24 * time.Hour,
		network: network, memory: newMemory(remembered), db: db, now: now,
	}
}

// Matrix asks from memory, from Postgres, from the network, and estimates the rest.
func (r *Router) Matrix(ctx context.Context, q Question) (*Matrix, error) {
	if err := q.Figures.check(); err != nil {
		return nil, err
	}
	cells, of := cellsOf(q.Points)
	t, failed, err := r.ask(ctx, cells)
	if err != nil {
		return nil, err
	}
	n := len(q.Points)
	m := &Matrix{
		N: n, Slowness: q.Figures.slowness(q.Spans), Source: r.source(t),
		seconds: make([]int32, n*n), metres: make([]int32, n*n),
	}
	m.Notes = r.notes(t, failed)
	if m.Notes != nil {
		m.guessed = make([]bool, n*n)
	}
	spots := spotsOf(q.Points)
	for i := range n {
		for j := range n {
			at, cell := i*n+j, of[i]*t.N+of[j]
			seconds, metres := int64(t.Seconds[cell]), t.Metres[cell]
			if seconds < 0 {
				leg := q.Figures.Travel.Between(spots[i], spots[j])
				seconds, metres = leg.Seconds, int32(leg.Metres)
				m.guessed[at] = true
			}
			m.seconds[at], m.metres[at] = slowed(seconds, m.Slowness), metres
		}
	}
	return m, nil
}

// ask tells the base drives among cells. failed is why some are unknown; err that nothing can be
// told at all.
func (r *Router) ask(ctx context.Context, cells []cell) (t *Table, failed, err error) {
	t = NewTable(len(cells))
	r.memory.recall(cells, t)
	asked := t.unknown()
	if asked == nil {
		return t, nil, nil
	}
	if r.db != nil {
		if err := read(ctx, r.db, r.network.Name(), cells, t, r.now().Add(-r.Kept)); err != nil {
			return nil, nil, err
		}
	}
	if fresh := t.unknown(); fresh != nil {
		patient, cancel := context.WithTimeout(ctx, r.Patience)
		defer cancel()
		failed = r.network.Fill(patient, middles(cells), t)
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if r.db != nil {
			if err := write(ctx, r.db, r.network.Name(), cells, t, fresh, r.now()); err != nil {
				return nil, nil, err
			}
		}
	}
	r.memory.keep(cells, t, asked)
	return t, failed, nil
}

// unknown marks the unknown drives; nil where there is none.
func (t *Table) unknown() []bool {
	var marks []bool
	for i, s := range t.Seconds {
		if s == Unknown {
			if marks == nil {
				marks = make([]bool, len(t.Seconds))
			}
			marks[i] = true
		}
	}
	return marks
}

func middles(cells []cell) []orb.Point {
	points := make([]orb.Point, len(cells))
	for i, c := range cells {
		points[i] = c.middle()
	}
	return points
}

// source says whose drives they are: the network's own are its alone.
func (r *Router) source(t *Table) words.Text {
	told, all := -t.N, t.N*(t.N-1) // nobody tells the drives from a place to itself
	for _, s := range t.Seconds {
		if s >= 0 {
			told++
		}
	}
	switch told {
	case all:
		return words.Say("drives are those of the road network %s", r.network.Name())
	case 0:
		return words.Say("drives are estimates by distance")
	}
	return words.Say("%d of %d drives are those of the road network %s", told, all, r.network.Name())
}

// notes say how many drives are estimates, and why; nil where none is.
func (r *Router) notes(t *Table, failed error) (notes []words.Text) {
	var unknown, noRoad int
	for _, s := range t.Seconds {
		switch s {
		case Unknown:
			unknown++
		case NoRoad:
			noRoad++
		}
	}
	all := t.N * (t.N - 1)
	switch {
	case unknown > 0 && errors.Is(failed, context.DeadlineExceeded):
		notes = append(notes, words.Say("the road network did not answer in time: %d of %d drives are estimates by distance", unknown, all))
	case unknown > 0:
		notes = append(notes, words.Say("the road network could not be asked: %d of %d drives are estimates by distance", unknown, all))
	}
	if noRoad > 0 {
		notes = append(notes, words.Say("the road network has no way: %d of %d drives are estimates by distance", noRoad, all))
	}
	return notes
}
