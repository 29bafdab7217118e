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
	Movement               uuid.UUID
}

type check struct {
	query string
	say   func(finding) words.Text
}

// placesSQL is where each unit is now.
const placesSQL = `SELECT DISTINCT ON (unit_id) unit_id, part_id, to_location FROM unit_moves ORDER BY unit_id, seq DESC`

var checks = []check{
	{`SELECT l.code AS location, p.number AS part, coalesce(f.n, 0)::int AS want, coalesce(b.quantity, 0) AS have
		FROM (SELECT location_id, part_id, sum(n) AS n FROM (
			SELECT to_location AS location_id, part_id, quantity AS n FROM movements
			UNION ALL SELECT from_location, part_id, -quantity FROM movements) m GROUP BY 1, 2) f
		FULL JOIN balances b USING (location_id, part_id)
		JOIN locations l ON l.id = location_id JOIN parts p ON p.id = part_id
		WHERE coalesce(f.n, 0) <> coalesce(b.quantity, 0) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s holds %d of part %s by the movements and %d by the balance", f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, sum(b.quantity)::int AS have FROM balances b JOIN parts p ON p.id = b.part_id
		GROUP BY 1 HAVING sum(b.quantity) <> 0 ORDER BY 1`, func(f finding) words.Text {
		return words.Say("part %s sums to %d over all locations, not to nought", f.Part, f.Have)
	}},
	{`SELECT l.code AS location, p.number AS part, coalesce(u.n, 0)::int AS want, coalesce(b.quantity, 0) AS have
		FROM (SELECT to_location AS location_id, part_id, count(*) AS n FROM (` + placesSQL + `) s GROUP BY 1, 2) u
		FULL JOIN (SELECT b.* FROM balances b JOIN parts p ON p.id = b.part_id WHERE p.serialized) b USING (location_id, part_id)
		JOIN locations l ON l.id = location_id JOIN parts p ON p.id = part_id
		WHERE NOT l.may_go_negative AND coalesce(u.n, 0) <> coalesce(b.quantity, 0) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s holds %d units of part %s by their paths and %d by the balance", f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, u.serial, s.seq AS have FROM (
			SELECT unit_id, part_id, seq, from_location, lag(seq, 1, 0) OVER w AS before, lag(to_location) OVER w AS place
			FROM unit_moves WINDOW w AS (PARTITION BY unit_id ORDER BY seq)) s
		JOIN units u ON u.id = s.unit_id JOIN parts p ON p.id = s.part_id JOIN locations l ON l.id = s.from_location
		WHERE s.seq <> s.before + 1 OR s.from_location <> s.place OR (s.place IS NULL AND NOT l.may_go_negative) ORDER BY 1, 2, 3`, func(f finding) words.Text {
		return words.Say("the path of unit %s of part %s is broken at step %d", f.Serial, f.Part, f.Have)
	}},
	{`SELECT m.id AS movement, p.number AS part, CASE WHEN p.serialized THEN m.quantity ELSE 0 END AS want,
			(SELECT count(*) FROM unit_moves s WHERE s.movement_id = m.id)::int AS have
		FROM movements m JOIN parts p ON p.id = m.part_id
		WHERE (SELECT count(*) FROM unit_moves s WHERE s.movement_id = m.id) <> CASE WHEN p.serialized THEN m.quantity ELSE 0 END ORDER BY 1`, func(f finding) words.Text {
		return words.Say("movement %s of part %s should name %d units and names %d", f.Movement, f.Part, f.Want, f.Have)
	}},
	{`SELECT m.id AS movement FROM movements m JOIN movements o ON o.id = m.reverses_id
		WHERE (m.part_id, m.quantity, m.from_location, m.to_location) <> (o.part_id, o.quantity, o.to_location, o.from_location) ORDER BY 1`, func(f finding) words.Text {
		return words.Say("movement %s does not mirror the one that it reverses", f.Movement)
	}},
}
