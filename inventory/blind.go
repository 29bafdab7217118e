package inventory

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Blind is what a person counts at this moment: of which parts in which places the books tell him nothing.
// The zero Blind is that of whoever counts nothing.
type Blind struct{ spots []blindSpot }

// blindSpot is a place that is being counted, with one part of a cycle count or every part.
type blindSpot struct {
	LocationID uuid.UUID
	PartID     *uuid.UUID // nil is every part
	Number     string     // of the count
}

// Whoever counted into an open count is blind, whatever else he is. So is who opened it, and the technician
// whose van it is, unless they judge what others count.
const blindSQL = `
SELECT s.location_id, s.part_id, c.number FROM counts c JOIN count_scopes s ON s.count_id = c.id
WHERE c.status IN ('opened', 'counting', 'recount') AND (
  EXISTS (SELECT FROM count_entries e WHERE e.count_id = c.id AND e.counted_by = $1)
  OR NOT $2 AND (c.opened_by = $1 OR EXISTS (SELECT FROM technicians t JOIN locations l ON t.van_id IN (l.id, l.warehouse_id)
    WHERE t.id = $3 AND l.id = s.location_id)))`

// Blind says what the actor counts at this moment.
func (l *Ledger) Blind(ctx context.Context, by who.Actor) (b Blind, err error) {
	if by.UserID == uuid.Nil {
		return b, nil
	}
	b.spots, err = pg.Query[blindSpot](ctx, l.db, blindSQL, by.UserID, by.Has(who.Supervisor, who.Admin, who.Inspector), by.TechnicianID)
	return b, err
}

// Hides says whether the books are silent about a part in a place.
func (b Blind) Hides(location, part uuid.UUID) bool { return b.Touches(&location, &part) }

// Touches says whether a list of a place and a part is silent about anything; nil is all places, or all parts.
func (b Blind) Touches(location, part *uuid.UUID) bool { return b.spot(location, part) != nil }

func (b Blind) spot(location, part *uuid.UUID) *blindSpot {
	i := slices.IndexFunc(b.spots, func(s blindSpot) bool {
		return (location == nil || *location == s.LocationID) && (part == nil || s.PartID == nil || *part == *s.PartID)
	})
	if i < 0 {
		return nil
	}
	return &b.spots[i]
}

// Withhold takes the figures away that the books are silent about.
func (b Blind) Withhold(stock []Balance) {
	for i := range stock {
		if s := &stock[i]; b.Hides(s.LocationID, s.PartID) {
			s.Quantity, s.Reserved, s.Withheld = 0, 0, true
		}
	}
}

// Refuse is a fault.Forbidden where a part in a place is what the actor counts; nil is all places, or all parts.
func (b Blind) Refuse(location, part *uuid.UUID) error {
	if s := b.spot(location, part); s != nil {
		return fault.New(fault.Forbidden, "who counts does not see what the books expect before count %s is over", s.Number)
	}
	return nil
}

// spotsOf are the places and the parts (nil is every part) of b, for a statement.
func (b Blind) spotsOf() (places []uuid.UUID, parts []*uuid.UUID) {
	for _, s := range b.spots {
		places, parts = append(places, s.LocationID), append(parts, s.PartID)
	}
	return places, parts
}
