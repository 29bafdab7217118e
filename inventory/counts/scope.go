package counts

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Choice is how the parts of a cycle count are picked.
type Choice string

// The choices.
const (
	ChooseLongest Choice = "longest" // those that were not counted for the longest time
	ChooseValue   Choice = "value"   // those that are worth the most
)

const placesSQL = `
SELECT id, code, name, kind FROM locations
WHERE id = $1 OR ($2 AND warehouse_id = $1 AND kind = 'bin' AND active) ORDER BY id <> $1, code`

// cover says which places and parts a new count is of.
func (c *Counts) cover(ctx context.Context, k *Count, o Opening) (err error) {
	if k.Places, err = pg.Query[Place](ctx, c.DB(), placesSQL, o.LocationID, o.WithBins); err != nil {
		return err
	}
	if o.Scope == ScopeCycle {
		if k.Parts, err = c.partsToCount(ctx, k, o); err != nil {
			return err
		}
	}
	taken, err := pg.Query[Count](ctx, c.DB(), takenSQL, ids(k.Places), partIDs(k.Parts))
	if err == nil && len(taken) > 0 {
		err = fault.New(fault.Conflict, "count %s covers some of this and is not over", taken[0].Number)
	}
	return err
}

const takenSQL = `
SELECT DISTINCT c.number FROM count_scopes s JOIN counts c ON c.id = s.count_id
WHERE s.open AND s.location_id = ANY($1) AND (s.part_id IS NULL OR cardinality($2::uuid[]) = 0 OR s.part_id = ANY($2)) ORDER BY 1 LIMIT 1`

const chooseLongestSQL = `
SELECT p.id, p.number, p.name FROM balances b JOIN parts p ON p.id = b.part_id
LEFT JOIN LATERAL (SELECT max(l.counted_at) AS at FROM count_lines l JOIN counts c ON c.id = l.count_id
  WHERE l.location_id = b.location_id AND l.part_id = b.part_id AND c.status = 'approved') last ON true
WHERE b.location_id = ANY($1) AND b.quantity <> 0
  AND NOT EXISTS (SELECT FROM count_scopes s WHERE s.open AND s.location_id = ANY($1) AND s.parts @> p.id)
GROUP BY p.id ORDER BY min(coalesce(last.at, '-infinity')), p.number LIMIT $2`

const chooseValueSQL = `
SELECT p.id, p.number, p.name FROM balances b JOIN parts p ON p.id = b.part_id JOIN locations l ON l.id = b.location_id
LEFT JOIN part_values v ON v.part_id = p.id AND v.pool = CASE WHEN l.kind IN ('warehouse', 'bin', 'outlet', 'van') THEN 'good' ELSE 'held' END
WHERE b.location_id = ANY($1) AND b.quantity <> 0
  AND NOT EXISTS (SELECT FROM count_scopes s WHERE s.open AND s.location_id = ANY($1) AND s.parts @> p.id)
GROUP BY p.id ORDER BY sum(abs(b.quantity) * coalesce(v.last_cost, 0)) DESC, p.number LIMIT $2`

// partsToCount are the parts of a cycle count: those that are named, or those that the choice picks
// among what is there and not being counted.
func (c *Counts) partsToCount(ctx context.Context, k *Count, o Opening) ([]Part, error) {
	if len(o.PartIDs) > 0 {
		return c.namedParts(ctx, o.PartIDs)
	}
	if o.Limit == 0 {
		p, err := c.policies.Current(ctx)
		if err != nil {
			return nil, err
		}
		o.Limit = int(p.Number(policy.CountCycleParts))
	}
	choose := chooseLongestSQL
	if o.Choose == ChooseValue {
		choose = chooseValueSQL
	}
	parts, err := pg.Query[Part](ctx, c.DB(), choose, ids(k.Places), o.Limit)
	if err == nil && len(parts) == 0 {
		err = fault.New(fault.Conflict, "there is nothing left to count in %s", k.LocationKind.Called(k.LocationName))
	}
	return parts, err
}

func (c *Counts) namedParts(ctx context.Context, named []uuid.UUID) ([]Part, error) {
	known, err := c.PartNames(ctx, named)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	var parts []Part
	seen := map[uuid.UUID]bool{}
	for i, id := range named {
		p, there := known[id]
		switch at := pointer("/part_ids", i); {
		case !there:
			f.Add(at, "no such %s", words.Noun("part"))
		case seen[id]:
			f.Add(at, "part %s stands in two lines", p.Number)
		}
		seen[id] = true
		parts = append(parts, Part{ID: p.ID, Number: p.Number, Name: p.Name, NameZh: p.NameZh})
	}
	return parts, f.Err(fault.Invalid, "the request cannot be met as it is")
}

// covers says whether a part is counted at all.
func (k *Count) covers(part uuid.UUID) bool {
	for _, p := range k.Parts {
		if p.ID == part {
			return true
		}
	}
	return k.Scope == ScopeFull
}

// at is the place of the count that has an id, nil where it has none such.
func (k *Count) at(id uuid.UUID) *Place {
	for i := range k.Places {
		if k.Places[i].ID == id {
			return &k.Places[i]
		}
	}
	return nil
}

func ids(places []Place) []uuid.UUID {
	all := make([]uuid.UUID, len(places))
	for i, p := range places {
		all[i] = p.ID
	}
	return all
}

func partIDs(parts []Part) []uuid.UUID {
	all := make([]uuid.UUID, len(parts))
	for i, p := range parts {
		all[i] = p.ID
	}
	return all
}
