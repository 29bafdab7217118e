package inventory

import (
	"cmp"
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Slip is what the entries of one command have in common.
type Slip struct {
	Kind        MovementKind
	JobID       *uuid.UUID
	ReferenceID *uuid.UUID // the request, return, delivery or count that the movements belong to
	ReversesID  *uuid.UUID
	Note        string
	OccurredAt  time.Time  // when it happened; zero is now
	ReservedFor *uuid.UUID // the part request whose reservations these movements use up
	Short       bool       // a van may owe what it gives, if the part has no serials: a flagged variance
	Override    bool       // what is reserved goes too: the newest reservations are given up
}

// Entry takes a part from one location and gives it to another.
type Entry struct {
	Counted
	From, To Location
	Note     string // of this entry alone; without one, the slip's

	value *int64 // what it is worth where that is not the books' to say: as much as what it takes back
}

// Between is one entry for each line, all from one location to another.
func Between(all []Counted, from, to Location) []Entry {
	entries := make([]Entry, len(all))
	for i, c := range all {
		entries[i] = Entry{Counted: c, From: from, To: to}
	}
	return entries
}

// key is a place in the table of balances.
type key struct{ location, part uuid.UUID }

// held is what a balance says while it is held.
type held struct {
	quantity int // all that is there
	reserved int // of it, for anybody
	mine     int // of what is reserved, for the request that the movement is for
}

// free is what the movement may take.
func (h held) free() int { return h.quantity - h.reserved + h.mine }

// Move writes entries into the ledger and is the only one that does. Within the transaction of
// ctx it adds the movements, and with them the balances, lengthens the paths of the units and
// carries their value. What a location does not hold, or holds for somebody else, is a
// fault.Conflict that says what is there, at each entry's pointer.
//
// Balances are held in the order of location and part, once a command: two commands never wait
// for each other.
func (l *Ledger) Move(ctx context.Context, by who.Actor, s Slip, entries []Entry) ([]Movement, error) {
	if _, err := pg.Tx(ctx); err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, nil
	}
	times, err := l.timesOf(ctx, s)
	if err != nil {
		return nil, err
	}
	have, err := l.hold(ctx, s, entries)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	units, err := l.unitsToMove(ctx, by, entries, &f)
	if err != nil {
		return nil, err
	}
	wrong := len(f)
	short := shortages(s, entries, have, Blind{}, &f)
	if len(f) > wrong {
		// What a refusal says of a place is nothing to whoever counts there.
		blind, err := l.Blind(ctx, by)
		if err != nil {
			return nil, err
		}
		f = f[:wrong]
		shortages(s, entries, have, blind, &f)
	}
	if err := f.Err(fault.Conflict, "the books do not allow this movement"); err != nil {
		return nil, err
	}
	if err := l.useReservations(ctx, s, entries, have); err != nil {
		return nil, err
	}
	worth, err := l.carryValues(ctx, entries, &f)
	if err != nil {
		return nil, err
	}
	moved := l.movements(by, s, times, entries, short, worth)
	if err = l.record(ctx, s, moved); err == nil {
		err = l.recordUnits(ctx, units, moved)
	}
	return moved, brokenPromise(err)
}

// shortages names each place that gives more than it may, and counts what a van will owe for each
// entry. Of parts with serials the units say what is missing.
func shortages(s Slip, entries []Entry, have map[key]held, blind Blind, f *fault.Faults) []int {
	short := make([]int, len(entries))
	left := map[key]int{}
	for i, e := range entries {
		k := key{e.From.ID, e.Part.ID}
		h := have[k]
		if _, begun := left[k]; !begun {
			left[k] = h.free()
			if s.Override {
				left[k] = h.quantity
			}
		}
		before := left[k]
		if left[k] -= e.Quantity; left[k] >= 0 || e.From.MayGoNegative {
			continue
		}
		switch missing := min(e.Quantity, -left[k]); {
		case s.Short && e.From.Kind == KindVan && !e.Part.Serialized && h.reserved == 0:
			short[i] = missing
		case !e.Part.Serialized && blind.Hides(e.From.ID, e.Part.ID):
			f.Add(e.CountAt(), "%s does not hold so many of part %s", e.From.Called(), e.Part.Number)
		case h.reserved > h.mine && h.quantity >= e.Quantity:
			f.Add(e.CountAt(), "%s holds %d of part %s, and %d of them are reserved", e.From.Called(), h.quantity, e.Part.Number, h.reserved-h.mine)
		case !e.Part.Serialized:
			f.Add(e.CountAt(), "%s holds %d of part %s, %d more are needed", e.From.Called(), max(before, 0), e.Part.Number, missing)
		}
	}
	return short
}

// brokenPromise says what a constraint means that a racing command ran into.
func brokenPromise(err error) error {
	for _, name := range []string{"starts_where_it_is", "unit_moves_pkey", "one_unit_per_serial"} {
		if pg.Violates(err, name) {
			return fault.New(fault.Conflict, "somebody moved one of these units meanwhile")
		}
	}
	if pg.Violates(err, "location_is_closed") {
		return fault.New(fault.Conflict, "the place was closed meanwhile")
	}
	if pg.Violates(err, "reversed_once") {
		return fault.New(fault.Conflict, "this movement is reversed already")
	}
	return pg.Fault(err, "movement")
}

const holdSQL = `SELECT location_id, part_id, quantity, reserved FROM hold_balances($1, $2)`

// hold holds every balance that the entries touch, and says what is there.
func (l *Ledger) hold(ctx context.Context, s Slip, entries []Entry) (map[key]held, error) {
	var locations, parts []uuid.UUID
	seen := map[key]bool{}
	for _, e := range entries {
		for _, at := range []Location{e.From, e.To} {
			if k := (key{at.ID, e.Part.ID}); !seen[k] {
				seen[k] = true
				locations, parts = append(locations, k.location), append(parts, k.part)
			}
		}
	}
	rows, err := pg.Query[Balance](ctx, l.db, holdSQL, locations, parts)
	if err != nil {
		return nil, err
	}
	have := map[key]held{}
	reserved := 0
	for _, b := range rows {
		have[key{b.LocationID, b.PartID}] = held{quantity: b.Quantity, reserved: b.Reserved}
		reserved += b.Reserved
	}
	if s.ReservedFor == nil || reserved == 0 {
		return have, nil
	}
	mine, err := l.reservationsOf(ctx, *s.ReservedFor)
	for _, r := range mine {
		if h, concerned := have[key{r.LocationID, r.PartID}]; concerned {
			h.mine = r.Quantity
			have[key{r.LocationID, r.PartID}] = h
		}
	}
	return have, err
}

// movements is one movement for each entry.
func (l *Ledger) movements(by who.Actor, s Slip, at times, entries []Entry, short []int, worth []carried) []Movement {
	moved := make([]Movement, len(entries))
	for i, e := range entries {
		moved[i] = Movement{
			ID: uuid.Must(uuid.NewV7()), PartID: e.Part.ID, FromLocation: e.From.ID, ToLocation: e.To.ID, Quantity: e.Quantity, Serials: e.Serials,
			Kind: s.Kind, JobID: s.JobID, ReferenceID: s.ReferenceID, ReversesID: s.ReversesID, Note: cmp.Or(e.Note, s.Note), MovedBy: ActorID(by),
			MovedAt: at.moved, OccurredAt: at.occurred, BookedAt: at.booked, Value: worth[i].value, Added: worth[i].added, Currency: e.Part.Currency, Short: short[i], Scans: e.Scans,
		}
	}
	return moved
}

const recordSQL = `
INSERT INTO movements (id, part_id, from_location, to_location, quantity, value, added, short, scans,
  kind, job_id, reference_id, reverses_id, note, moved_by, moved_at, occurred_at, booked_at)
SELECT w.id, w.part_id, w.from_location, w.to_location, w.quantity, w.value, w.added, w.short, ARRAY(SELECT jsonb_array_elements_text(w.scans)),
  $9, $10::uuid, $11::uuid, $12::uuid, w.note, $14::uuid, $15::timestamptz, $16::timestamptz, $17::timestamptz
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::bigint[], $7::int[], $8::jsonb[], $13::text[], $18::bigint[])
  AS w (id, part_id, from_location, to_location, quantity, value, short, scans, note, added)`

// record adds movements; the books follow by themselves.
func (l *Ledger) record(ctx context.Context, s Slip, moved []Movement) error {
	var ids, parts, from, to []uuid.UUID
	var quantities, short []int
	var values []*int64
	var scans [][]string
	var notes []string
	var added []int64
	for _, m := range moved {
		ids, parts, from, to = append(ids, m.ID), append(parts, m.PartID), append(from, m.FromLocation), append(to, m.ToLocation)
		quantities, short, values, scans = append(quantities, m.Quantity), append(short, m.Short), append(values, m.Value), append(scans, orNone(m.Scans))
		notes, added = append(notes, m.Note), append(added, m.Added)
	}
	first := moved[0]
	_, err := pg.Exec(ctx, l.db, recordSQL, ids, parts, from, to, quantities, values, short, scans,
		s.Kind, s.JobID, s.ReferenceID, s.ReversesID, notes, first.MovedBy, first.MovedAt, first.OccurredAt, first.BookedAt, added)
	return err
}

// orNone makes an absent list an empty one.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
