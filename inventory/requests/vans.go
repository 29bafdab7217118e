package requests

import (
	"context"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// What requests for jobs that go on have a claim to in the vans, the newest first.
const claimsSQL = linesSQL + `
WHERE r.job_id IS NOT NULL AND r.status IN ('picking', 'issued', 'backordered', 'received') AND r.van_id = ANY($1) AND l.part_id = ANY($2)
  AND l.received > 0 AND NOT p.serialized
ORDER BY l.request_id DESC`

const inVansSQL = `SELECT location_id AS van_id, part_id, quantity FROM balances WHERE location_id = ANY($1) AND part_id = ANY($2)`

// load is a part in a van.
type load struct{ van, part uuid.UUID }

// claim is what a request for a job has of a part.
type claim struct{ request, part uuid.UUID }

// lookIntoVans notes of each line how much of it the van holds still: units by their serials. Of other
// parts nobody knows which piece is which, so that what was used elsewhere came out of the van's own stock first,
// and then out of the oldest request for a job.
func (c *Counter) lookIntoVans(ctx context.Context, requests []Request) error {
	var vans, parts []uuid.UUID
	var units []inventory.SerialOf
	for _, r := range requests {
		for _, l := range r.Lines {
			switch {
			case l.Left() == 0:
			case l.Serialized:
				for _, s := range l.VanSerials() {
					units = append(units, inventory.SerialOf{Part: l.PartID, Serial: s})
				}
			default:
				vans, parts = append(vans, r.VanID), append(parts, l.PartID)
			}
		}
	}
	if len(vans)+len(units) == 0 {
		return nil
	}
	holds, claims, err := c.loads(ctx, vans, parts)
	if err != nil {
		return err
	}
	at, err := c.Standings(ctx, units)
	for _, r := range requests {
		for i := range r.Lines {
			l := &r.Lines[i]
			n, claimed := claims[claim{r.ID, l.PartID}]
			switch {
			case l.Serialized:
				for _, s := range l.VanSerials() {
					if at[inventory.SerialOf{Part: l.PartID, Serial: s}].LocationID == r.VanID {
						l.there++
					}
				}
			case claimed:
				l.there = n
			default:
				l.there = max(0, holds[load{r.VanID, l.PartID}])
			}
		}
	}
	return err
}

// loads says how much of parts vans hold beyond the claims of requests, and what each claim gets.
func (c *Counter) loads(ctx context.Context, vans, parts []uuid.UUID) (map[load]int, map[claim]int, error) {
	holds, claims := map[load]int{}, map[claim]int{}
	if len(vans) == 0 {
		return holds, claims, nil
	}
	rows, err := pg.Query[struct {
		VanID, PartID uuid.UUID
		Quantity      int
	}](ctx, c.DB(), inVansSQL, vans, parts)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		holds[load{row.VanID, row.PartID}] = row.Quantity
	}
	open, err := pg.Query[Line](ctx, c.DB(), claimsSQL, vans, parts)
	for _, l := range open {
		at := load{l.VanID, l.PartID}
		n := min(l.Left(), max(0, holds[at]))
		holds[at] -= n
		claims[claim{l.RequestID, l.PartID}] = n
	}
	return holds, claims, err
}
