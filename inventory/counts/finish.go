package counts

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Uncounted is what becomes of parts that the books have and nobody counted.
type Uncounted string

// What may become of them.
const (
	UncountedZero Uncounted = "zero" // there is none: whoever says so has counted it
	UncountedKeep Uncounted = "keep" // they stay as the books have them, and stand in the count as not counted
)

// missed is a part in a place that nobody counted.
type missed struct {
	LocationID   uuid.UUID
	LocationName string
	LocationKind inventory.Kind
	PartID       uuid.UUID
	PartNumber   string
}

// Either what the books have in the scope and has no line, or in a recount the lines that wait.
const missedSQL = `
SELECT b.location_id, o.name AS location_name, o.kind AS location_kind, b.part_id, p.number AS part_number
FROM balances b JOIN locations o ON o.id = b.location_id JOIN parts p ON p.id = b.part_id
JOIN count_scopes s ON s.count_id = $1 AND s.location_id = b.location_id AND s.parts @> b.part_id
WHERE NOT $2 AND b.quantity <> 0
  AND NOT EXISTS (SELECT FROM count_lines l WHERE l.count_id = $1 AND l.location_id = b.location_id AND l.part_id = b.part_id)
UNION ALL
SELECT l.location_id, o.name, o.kind, l.part_id, p.number
FROM count_lines l JOIN locations o ON o.id = l.location_id JOIN parts p ON p.id = l.part_id
WHERE $2 AND l.count_id = $1 AND l.round = $3 AND l.counted IS NULL
ORDER BY 2, 5`

// listed is how many of what was not counted a refusal names.
const listed = 100

// Finish ends the counting: the variances are looked at. What the books have and nobody counted must
// be confirmed to be gone, or to stay as it is; otherwise it is a fault.Conflict that names each. So
// is a line from which the books moved while it was counted: it is counted anew. What stays wants a
// reason, and in a full count a supervisor who says so: to anybody else it is a fault.Forbidden.
func (c *Counts) Finish(ctx context.Context, by who.Actor, id uuid.UUID, version int, as Uncounted, why string) (Count, error) {
	return c.change(ctx, by, id, "count.finished", func(ctx context.Context, k *Count) (map[string]any, error) {
		again := k.Status == StatusRecount
		if err := k.become(StatusReview, version); err != nil {
			return nil, err
		}
		k.FinishedBy = inventory.ActorID(by)
		rest, err := pg.Query[missed](ctx, c.DB(), missedSQL, k.ID, again, k.Round)
		if err != nil {
			return nil, err
		}
		switch {
		case as == UncountedZero && len(rest) > 0:
			err = c.assumeNone(ctx, by, k, rest, again)
		case as == UncountedKeep:
			err = c.leave(ctx, by, k, rest, why)
		}
		if err != nil {
			return nil, err
		}
		if k.Lines, err = c.lines(ctx, k.ID, nil); err != nil {
			return nil, err
		}
		var f fault.Faults
		if as == "" {
			for i, m := range rest {
				if i < listed {
					f.Add("/uncounted_as", "part %s in %s is not counted", m.PartNumber, m.LocationKind.Called(m.LocationName))
				}
			}
		}
		for _, l := range k.Lines {
			if l.Disturbed {
				f.Add("", "part %s in %s moved while it was counted: count it anew", l.PartNumber, l.LocationKind.Called(l.LocationName))
			}
		}
		return map[string]any{"lines": len(k.Lines), "uncounted": len(rest), "uncounted_as": as, "reason": why},
			f.Err(fault.Conflict, "count %s is not complete", k.Number)
	})
}

// assumeNone counts nought of what nobody counted, as the actor says.
func (c *Counts) assumeNone(ctx context.Context, by who.Actor, k *Count, rest []missed, again bool) error {
	var named []uuid.UUID
	for _, m := range rest {
		named = append(named, m.PartID)
	}
	parts, err := c.PartNames(ctx, named)
	if err != nil {
		return err
	}
	all := make([]found, len(rest))
	for i, m := range rest {
		all[i] = found{place: *k.at(m.LocationID), part: parts[m.PartID], at: "/uncounted_as"}
	}
	return c.enter(ctx, by, k, all, entering{assumed: true, again: again})
}

const leaveSQL = `
INSERT INTO count_lines (count_id, location_id, part_id, round, expected, unit_cost, kept_reason, kept_by)
SELECT $1, b.location_id, b.part_id, $4, b.quantity, coalesce(v.last_cost, 0), $5, $6
FROM hold_balances($2, $3) b JOIN locations o ON o.id = b.location_id
LEFT JOIN part_values v ON v.part_id = b.part_id AND v.pool = CASE WHEN o.kind IN ('warehouse', 'bin', 'outlet', 'van') THEN 'good' ELSE 'held' END
ON CONFLICT (count_id, location_id, part_id) DO UPDATE SET expected = excluded.expected, unit_cost = excluded.unit_cost,
  kept_reason = excluded.kept_reason, kept_by = excluded.kept_by`

// leave writes down what nobody counted and stays as the books have it.
func (c *Counts) leave(ctx context.Context, by who.Actor, k *Count, rest []missed, why string) error {
	if k.Scope == ScopeFull && !by.Has(who.Supervisor, who.Admin) {
		return fault.New(fault.Forbidden, "in a full count only a supervisor leaves what nobody counted as it is")
	}
	if why = strings.TrimSpace(why); why == "" {
		return inventory.Wrong("/reason", "is required")
	}
	var places, parts []uuid.UUID
	for _, m := range rest {
		places, parts = append(places, m.LocationID), append(parts, m.PartID)
	}
	_, err := pg.Exec(ctx, c.DB(), leaveSQL, k.ID, places, parts, k.Round, why, inventory.ActorID(by))
	return pg.Fault(err, "count")
}
