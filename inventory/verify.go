package inventory

import (
	"context"

	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Report is what came of folding the whole ledger anew.
type Report struct {
	Movements int
	Balances  int
	Units     int
	Faults    []words.Text // empty where the books are sound
}

// Verify folds every movement anew and holds the result against the balances and the places of
// the units. Each check is one statement, so that it sees one moment of a ledger that goes on
// being written. It names 100 faults of a kind at the most.
func (l *Ledger) Verify(ctx context.Context) (Report, error) {
	var r Report
	counts, err := pg.Query[Report](ctx, l.db, `SELECT (SELECT count(*) FROM movements) AS movements,
		(SELECT count(*) FROM balances) AS balances, (SELECT count(*) FROM units) AS units`)
	if err != nil {
		return r, err
	}
	r = counts[0]
	for _, c := range checks {
		broken, err := pg.Query[finding](ctx, l.db, c.query+" LIMIT 100")
		if err != nil {
			return r, err
		}
		for _, f := range broken {
			r.Faults = append(r.Faults, c.say(f))
		}
	}
	return r, nil
}

// finding is a row of a check: as much of it as the check speaks of.
type finding struct {
	Location, Part, Serial string
	Want, Have             int
	Worth, Valued          string
	Movement               uuid.UUID
}
