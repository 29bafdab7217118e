package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// still is what a place holds still: a part, a count, or a technician whose van it is.
type still struct {
	Counted          bool
	Part, Technician *string
	Name             string
	Kind             Kind
	Quantity         int

	LocationID, PartID uuid.UUID
}

// A place is its bins and boxes as well. Locked before: a movement to it waits, and is refused afterwards. Counts stand
// first: what is counted is named by them alone, to those who count and to those who do not.
const stillSQL = `
SELECT false AS counted, p.number AS part, NULL AS technician, l.name, l.kind, b.quantity, b.location_id, b.part_id FROM balances b JOIN locations l ON l.id = b.location_id JOIN parts p ON p.id = b.part_id
WHERE (l.id = $1 OR l.warehouse_id = $1) AND b.quantity <> 0
UNION ALL SELECT false, NULL, t.name, '', '', 0, t.van_id, t.id FROM technicians t WHERE t.van_id = $1 AND t.status <> 'left'
UNION ALL SELECT DISTINCT true, NULL, NULL, l.name, l.kind, 0, l.id, l.id FROM count_scopes s JOIN locations l ON l.id = s.location_id
WHERE s.open AND (l.id = $1 OR l.warehouse_id = $1)
ORDER BY 1 DESC, 3, 4, 2 LIMIT 20`

// checkEmpty refuses to close a place that the house itself keeps, that holds stock or units, that is
// being counted, or that is the van of somebody who works.
func (l *Ledger) checkEmpty(ctx context.Context, by who.Actor, loc Location) error {
	switch loc.Kind {
	case KindWarehouse, KindBin, KindVan, KindOutlet, KindQuarantine, KindVendorRepair:
	default:
		return fault.New(fault.Conflict, "a place of the kind %s is never closed", loc.Kind.Noun())
	}
	rows, err := pg.Query[still](ctx, l.db, stillSQL, loc.ID)
	if err != nil {
		return err
	}
	blind, err := l.Blind(ctx, by)
	if err != nil {
		return err
	}
	var f fault.Faults
	for _, s := range rows {
		switch {
		case s.Counted:
			f.Add("/active", "%s is being counted", s.Kind.Called(s.Name))
		case s.Technician != nil:
			f.Add("/active", "it is the van of %s", *s.Technician)
		case blind.Hides(s.LocationID, s.PartID): // the count is named already
		default:
			f.Add("/active", "%s holds %d of part %s", s.Kind.Called(s.Name), s.Quantity, *s.Part)
		}
	}
	return f.Err(fault.Conflict, "a place is closed when it is empty")
}
