package inventory

import (
	"context"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// Reservation is so many of a part, set aside in a place for a part request.
type Reservation struct {
	ID         uuid.UUID
	LocationID uuid.UUID
	PartID     uuid.UUID
	Quantity   int
	RequestID  uuid.UUID
	ExpiresAt  time.Time
	CreatedAt  time.Time
}

// Want is what a part request would like set aside.
type Want struct {
	PartID   uuid.UUID
	Quantity int
}

const freeSQL = `
SELECT b.location_id, b.part_id, b.quantity, b.reserved
FROM balances b JOIN locations l ON l.id = b.location_id
WHERE b.part_id = ANY($1) AND b.quantity > b.reserved AND (l.id = $2 OR (l.warehouse_id = $2 AND l.kind = 'bin'))
ORDER BY l.kind, l.code`

const reserveSQL = `
INSERT INTO reservations (id, location_id, part_id, quantity, request_id, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ON CONSTRAINT one_reservation_per_place DO UPDATE SET quantity = reservations.quantity + excluded.quantity, expires_at = excluded.expires_at`

// Reserve sets aside for a request as much of what it wants as a warehouse and its bins have free,
// and says how much of each part that was. It joins the transaction of ctx.
func (l *Ledger) Reserve(ctx context.Context, request uuid.UUID, warehouse Location, wants []Want, until time.Time) (map[uuid.UUID]int, error) {
	got := map[uuid.UUID]int{}
	parts := make([]uuid.UUID, len(wants))
	for i, w := range wants {
		parts[i] = w.PartID
	}
	places, err := pg.Query[Balance](ctx, l.db, freeSQL, parts, warehouse.ID)
	if err != nil || len(places) == 0 {
		return got, err
	}
	var locations, of []uuid.UUID
	for _, p := range places {
		locations, of = append(locations, p.LocationID), append(of, p.PartID)
	}
	rows, err := pg.Query[Balance](ctx, l.db, holdSQL, locations, of)
	if err != nil {
		return nil, err
	}
	free := map[key]int{}
	for _, b := range rows {
		free[key{b.LocationID, b.PartID}] = b.Quantity - b.Reserved
	}
	for _, w := range wants {
		for _, p := range places {
			n := min(w.Quantity-got[w.PartID], free[key{p.LocationID, w.PartID}])
			if p.PartID != w.PartID || n < 1 {
				continue
			}
			if _, err := pg.Exec(ctx, l.db, reserveSQL, uuid.Must(uuid.NewV7()), p.LocationID, w.PartID, n, request, until, l.now()); err != nil {
				return nil, err
			}
			got[w.PartID] += n
		}
	}
	return got, nil
}

const releaseSQL = `
WITH h AS (SELECT count(*) FROM hold_balances(
  ARRAY(SELECT location_id FROM reservations WHERE request_id = $1 ORDER BY location_id, part_id),
  ARRAY(SELECT part_id FROM reservations WHERE request_id = $1 ORDER BY location_id, part_id)))
DELETE FROM reservations r USING h WHERE r.request_id = $1 AND ($2::uuid IS NULL OR r.part_id = $2)`

// Release gives back what is set aside for a request: of one part, or of all where part is nil.
// It joins the transaction of ctx.
func (l *Ledger) Release(ctx context.Context, request uuid.UUID, part *uuid.UUID) error {
	_, err := pg.Exec(ctx, l.db, releaseSQL, request, part)
	return err
}

const reservationsSQL = `
SELECT id, location_id, part_id, quantity, request_id, expires_at, created_at FROM reservations WHERE `

// Reservations returns what is set aside for part requests.
func (l *Ledger) Reservations(ctx context.Context, requests []uuid.UUID) ([]Reservation, error) {
	return pg.Query[Reservation](ctx, l.db, reservationsSQL+`request_id = ANY($1) ORDER BY request_id, id`, requests)
}

func (l *Ledger) reservationsOf(ctx context.Context, request uuid.UUID) ([]Reservation, error) {
	return l.Reservations(ctx, []uuid.UUID{request})
}

// useReservations takes out of the reservations what the entries use up: those of the slip's
// request, and where the slip overrides them the newest of anybody's, as many as stand in the way.
func (l *Ledger) useReservations(ctx context.Context, s Slip, entries []Entry, have map[key]held) error {
	given := map[key]int{}
	for _, e := range entries {
		given[key{e.From.ID, e.Part.ID}] += e.Quantity
		given[key{e.To.ID, e.Part.ID}] -= e.Quantity
	}
	for k, n := range given {
		h := have[k]
		if h.reserved == 0 || n <= 0 {
			continue
		}
		use := min(n, h.mine)
		if use > 0 {
			if err := l.lessen(ctx, k, s.ReservedFor, use); err != nil {
				return err
			}
		}
		if over := (h.reserved - use) - (h.quantity - n); over > 0 && s.Override {
			if err := l.lessen(ctx, k, nil, over); err != nil {
				return err
			}
		}
	}
	return nil
}

// lessen takes so many out of the reservations of a place: of a request, or the newest first.
func (l *Ledger) lessen(ctx context.Context, k key, request *uuid.UUID, n int) error {
	all, err := pg.Query[Reservation](ctx, l.db, reservationsSQL+`location_id = $1 AND part_id = $2 ORDER BY created_at DESC, id DESC FOR UPDATE`, k.location, k.part)
	if err != nil {
		return err
	}
	if request != nil {
		all = slices.DeleteFunc(all, func(r Reservation) bool { return r.RequestID != *request })
	}
	for _, r := range all {
		take := min(n, r.Quantity)
		if n -= take; take == r.Quantity {
			_, err = pg.Exec(ctx, l.db, `DELETE FROM reservations WHERE id = $1`, r.ID)
		} else if take > 0 {
			_, err = pg.Exec(ctx, l.db, `UPDATE reservations SET quantity = quantity - $2 WHERE id = $1`, r.ID, take)
		}
		if err != nil {
			return err
		}
	}
	if n > 0 {
		return fault.New(fault.Conflict, "what was reserved is gone meanwhile")
	}
	return nil
}
