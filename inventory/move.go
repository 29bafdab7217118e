package inventory

import (
	"context"
	"errors"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// slip is what the entries of one command have in common.
type slip struct {
	kind        MovementKind
	jobID       *uuid.UUID
	referenceID *uuid.UUID
	reversesID  *uuid.UUID
	note        string
}

// entry takes a part from one location and gives it to another.
type entry struct {
	counted
	from, to Location
}

// key is a place in the table of balances.
type key struct{ location, part uuid.UUID }

// move writes entries into the ledger and is the only one that does. Within the transaction of
// ctx it adds the movements, keeps the balances and lengthens the paths of the units. What a
// location does not hold is a fault.Conflict that says what is there, at each entry's pointer.
//
// Locks are taken in the order of location and part, once a command: two commands never wait
// for each other.
func (l *Ledger) move(ctx context.Context, by who.Actor, s slip, entries []entry) ([]Movement, error) {
	if _, err := pg.Tx(ctx); err != nil {
		return nil, err
	}
	have, err := l.lockBalances(ctx, entries)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	units, err := l.unitsToMove(ctx, by, entries, &f)
	if err != nil {
		return nil, err
	}
	shortages(entries, have, &f)
	if err := f.Err(fault.Conflict, "the books do not allow this movement"); err != nil {
		return nil, err
	}
	moved, err := l.record(ctx, by, s, entries)
	if err == nil {
		err = l.addToBalances(ctx, entries)
	}
	if err == nil {
		err = l.recordUnits(ctx, units, moved)
	}
	return moved, brokenPromise(err)
}

// shortages names each place that gives more than it holds. Of parts with serials the units say
// what is missing.
func shortages(entries []entry, have map[key]int, f *fault.Faults) {
	left := map[key]int{}
	for k, n := range have {
		left[k] = n
	}
	for _, e := range entries {
		k := key{e.from.ID, e.part.ID}
		if left[k] -= e.quantity; left[k] < 0 && !e.from.MayGoNegative && !e.part.Serialized {
			f.Add(e.countAt(), "%s holds %d of part %s, %d more are needed", e.from.called(), have[k], e.part.Number, -left[k])
		}
	}
}

// brokenPromise says what a constraint means that a racing command ran into.
func brokenPromise(err error) error {
	for _, name := range []string{"starts_where_it_is", "unit_moves_pkey", "one_unit_per_serial"} {
		if pg.Violates(err, name) {
			return fault.New(fault.Conflict, "somebody moved one of these units meanwhile")
		}
	}
	if pg.Violates(err, "reversed_once") {
		return fault.New(fault.Conflict, "this movement is reversed already")
	}
	return pg.Fault(err, "movement")
}

const beginBalancesSQL = `
INSERT INTO balances (location_id, part_id, quantity, may_go_negative)
SELECT w.location_id, w.part_id, 0, w.may FROM unnest($1::uuid[], $2::uuid[], $3::bool[]) AS w (location_id, part_id, may)
WHERE NOT EXISTS (SELECT FROM balances b WHERE b.location_id = w.location_id AND b.part_id = w.part_id)
ORDER BY 1, 2 ON CONFLICT DO NOTHING`

const lockBalancesSQL = `
SELECT b.location_id, b.part_id, b.quantity
FROM balances b JOIN unnest($1::uuid[], $2::uuid[]) AS w (location_id, part_id) USING (location_id, part_id)
ORDER BY 1, 2 FOR UPDATE OF b`

// lockBalances holds every balance that the entries touch, and returns them. Those that are not
// there yet are begun first: nobody who waits there holds a lock that another waits for.
func (l *Ledger) lockBalances(ctx context.Context, entries []entry) (map[key]int, error) {
	var locations, parts []uuid.UUID
	var may []bool
	seen := map[key]bool{}
	for _, e := range entries {
		for _, at := range []Location{e.from, e.to} {
			if k := (key{at.ID, e.part.ID}); !seen[k] {
				seen[k] = true
				locations, parts, may = append(locations, k.location), append(parts, k.part), append(may, at.MayGoNegative)
			}
		}
	}
	if _, err := pg.Exec(ctx, l.db, beginBalancesSQL, locations, parts, may); err != nil {
		return nil, err
	}
	rows, err := pg.Query[Balance](ctx, l.db, lockBalancesSQL, locations, parts)
	have := map[key]int{}
	for _, b := range rows {
		have[key{b.LocationID, b.PartID}] = b.Quantity
	}
	return have, err
}

const addToBalancesSQL = `
UPDATE balances b SET quantity = b.quantity + w.quantity
FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS w (location_id, part_id, quantity)
WHERE b.location_id = w.location_id AND b.part_id = w.part_id`

func (l *Ledger) addToBalances(ctx context.Context, entries []entry) error {
	change := map[key]int{}
	for _, e := range entries {
		change[key{e.from.ID, e.part.ID}] -= e.quantity
		change[key{e.to.ID, e.part.ID}] += e.quantity
	}
	var locations, parts []uuid.UUID
	var quantities []int
	for k, n := range change {
		locations, parts, quantities = append(locations, k.location), append(parts, k.part), append(quantities, n)
	}
	n, err := pg.Exec(ctx, l.db, addToBalancesSQL, locations, parts, quantities)
	if err == nil && n != int64(len(change)) {
		err = errors.New("inventory: a balance went missing while it was locked")
	}
	return err
}

const recordSQL = `
INSERT INTO movements (id, part_id, from_location, to_location, quantity,
  kind, job_id, reference_id, reverses_id, note, moved_by, moved_at)
SELECT w.*, $6, $7::uuid, $8::uuid, $9::uuid, $10, $11::uuid, $12::timestamptz
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[]) AS w`

// record adds one movement for each entry.
func (l *Ledger) record(ctx context.Context, by who.Actor, s slip, entries []entry) ([]Movement, error) {
	moved := make([]Movement, len(entries))
	var ids, parts, from, to []uuid.UUID
	var quantities []int
	for i, e := range entries {
		moved[i] = Movement{
			ID: uuid.Must(uuid.NewV7()), PartID: e.part.ID, FromLocation: e.from.ID, ToLocation: e.to.ID, Quantity: e.quantity, Serials: e.serials,
			Kind: s.kind, JobID: s.jobID, ReferenceID: s.referenceID, ReversesID: s.reversesID, Note: s.note, MovedBy: actor(by), MovedAt: l.now(),
		}
		ids, parts = append(ids, moved[i].ID), append(parts, e.part.ID)
		from, to = append(from, e.from.ID), append(to, e.to.ID)
		quantities = append(quantities, e.quantity)
	}
	_, err := pg.Exec(ctx, l.db, recordSQL, ids, parts, from, to, quantities,
		s.kind, s.jobID, s.referenceID, s.reversesID, s.note, actor(by), l.now())
	return moved, err
}
