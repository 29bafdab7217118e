package counts

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// underway is a unit that was found here while the books have it on its way, or at a vendor's.
type underway struct {
	PartNumber string
	Serial     string
	Place      string
	Paper      *string // the part request, transfer or part return by whose word it is there
}

// Only what its own paper has not let go of yet: whoever took it off the way here would leave that
// paper with a unit that can be neither received nor settled.
const underwaySQL = `
SELECT p.number AS part_number, u.serial, l.name AS place, coalesce(
  (SELECT number FROM part_requests WHERE id = v.reference_id), (SELECT number FROM transfers WHERE id = v.reference_id),
  (SELECT number FROM part_returns WHERE id = v.reference_id)) AS paper
FROM unnest($1::uuid[], $2::text[]) AS w (part_id, serial)
JOIN units u ON u.part_id = w.part_id AND u.serial = w.serial JOIN parts p ON p.id = u.part_id
JOIN LATERAL (SELECT movement_id, to_location FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
JOIN movements v ON v.id = m.movement_id JOIN locations l ON l.id = m.to_location
WHERE l.kind = ANY($3) ORDER BY p.number, u.serial`

var onTheirWay = []string{string(inventory.KindTransit), string(inventory.KindReturning), string(inventory.KindVendorRepair)}

// settled refuses to take units off their way: that is settled by the paper that sent them there.
func (c *Counts) settled(ctx context.Context, s Sheet) error {
	var parts []uuid.UUID
	var serials []string
	for _, v := range s.Lines {
		for _, d := range v.Differs {
			if d.Difference == DifferenceMisplaced {
				parts, serials = append(parts, v.PartID), append(serials, d.Serial)
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	rows, err := pg.Query[underway](ctx, c.DB(), underwaySQL, parts, serials, onTheirWay)
	if err != nil {
		return err
	}
	var f fault.Faults
	for _, u := range rows {
		if u.Paper == nil {
			f.Add("", "the books have unit %s of part %s in %s: settle that first", u.Serial, u.PartNumber, u.Place)
			continue
		}
		f.Add("", "the books have unit %s of part %s on its way by %s: settle that first", u.Serial, u.PartNumber, *u.Paper)
	}
	return f.Err(fault.Conflict, "count %s cannot be approved as it is", s.Count.Number)
}
