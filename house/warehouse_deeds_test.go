package house_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// What each may do at random, of whatever kind.
var (
	clerkDeeds      = slices.Concat(stockDeeds, dockDeeds, returnDeeds, countDeeds)
	technicianDeeds = slices.Concat(useDeeds, oldPartDeeds)
	supervisorDeeds = slices.Concat(judgingDeeds, reviewDeeds, lossDeeds, periodDeeds)
)

// row is something that a deed is done to.
type row struct {
	ID      uuid.UUID
	Version int
}

// errIdle says that there is nothing to do such a deed to.
var errIdle = errors.New("idle")

// some is a row of a table at random, which may have changed when the deed comes to it; sometimes
// its version is wrong.
func some(ctx context.Context, w *walk, rnd *rand.Rand, from string, args ...any) (row, error) {
	rows, err := pg.Query[row](ctx, w.DB, `SELECT id, version FROM `+from+` ORDER BY random() LIMIT 1`, args...)
	if err != nil {
		return row{}, err
	}
	if len(rows) == 0 {
		return row{}, errIdle
	}
	if rnd.IntN(20) == 0 {
		rows[0].Version--
	}
	return rows[0], nil
}

func any1[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// serial is one of those that there are, that there will be, or that never were.
func serial(rnd *rand.Rand) string { return fmt.Sprintf("S%d", rnd.IntN(60)) }

// line is a few of some part, which may or may not be there.
func (w *walk) line(rnd *rand.Rand) inventory.Line {
	p := any1(rnd, w.parts)
	if p.Serialized {
		return inventory.Line{PartID: p.ID, Serials: []string{serial(rnd)}}
	}
	return inventory.Line{PartID: p.ID, Quantity: 1 + rnd.IntN(3)}
}

// held is a line of what is really in a place, so that half of the deeds have a chance.
func (w *walk) heldAt(ctx context.Context, rnd *rand.Rand, places ...inventory.Location) (inventory.Line, inventory.Location, error) {
	at := any1(rnd, places)
	if rnd.IntN(4) == 0 {
		return w.line(rnd), at, nil
	}
	type there struct {
		PartID   uuid.UUID
		Quantity int
		Serials  []string
	}
	rows, err := pg.Query[there](ctx, w.DB, `
		SELECT b.part_id, b.quantity, ARRAY(SELECT u.serial FROM units u JOIN LATERAL (SELECT to_location FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
			WHERE u.part_id = b.part_id AND m.to_location = b.location_id ORDER BY random() LIMIT 2) AS serials
		FROM balances b WHERE b.location_id = $1 AND b.quantity > 0 ORDER BY random() LIMIT 1`, at.ID)
	if err != nil || len(rows) == 0 {
		return w.line(rnd), at, err
	}
	if r := rows[0]; len(r.Serials) > 0 {
		return inventory.Line{PartID: r.PartID, Serials: r.Serials}, at, nil
	}
	return inventory.Line{PartID: rows[0].PartID, Quantity: 1 + rnd.IntN(min(4, rows[0].Quantity))}, at, nil
}

// part is one of the walk's parts.
func (w *walk) part(id uuid.UUID) inventory.Part {
	for _, p := range w.parts {
		if p.ID == id {
			return p
		}
	}
	return inventory.Part{}
}
