package receiving

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// after is what happened to a delivery's part after it was received: pieces left again, or were announced as its rest.
type after struct {
	DeliveryID uuid.UUID
	PartID     uuid.UUID
	Quantity   int
	Serials    []string
}

// What was taken back is what the ledger reversed of a delivery's receipt.
const takenBackSQL = `
SELECT m.reference_id AS delivery_id, m.part_id, sum(m.quantity)::int AS quantity, ARRAY(
    SELECT u.serial FROM unit_moves s JOIN units u ON u.id = s.unit_id WHERE s.movement_id = ANY(array_agg(m.id)) ORDER BY u.serial) AS serials
FROM movements m JOIN movements r ON r.reverses_id = m.id
WHERE m.reference_id = ANY($1) AND m.kind = 'receive' GROUP BY 1, 2`

const restsSQL = `
SELECT d.rest_of_id AS delivery_id, l.part_id, l.quantity, l.serials FROM deliveries d JOIN delivery_lines l ON l.delivery_id = d.id
WHERE d.rest_of_id = ANY($1) AND d.status <> 'canceled' AND l.quantity > 0`

// readAfter adds to deliveries what was taken back of them, and what is announced as their rest.
func (d *Dock) readAfter(ctx context.Context, all []Delivery, ids []uuid.UUID) error {
	back, err := pg.Query[after](ctx, d.DB(), takenBackSQL, ids)
	if err != nil {
		return err
	}
	rests, err := pg.Query[after](ctx, d.DB(), restsSQL, ids)
	for i := range all {
		for j := range all[i].Lines {
			l := &all[i].Lines[j]
			of := func(a after) bool { return a.DeliveryID == l.DeliveryID && a.PartID == l.PartID }
			for _, a := range back {
				if of(a) {
					l.TakenBack, l.TakenBackSerials = a.Quantity, a.Serials
				}
			}
			for _, a := range rests {
				if of(a) {
					l.Rest, l.RestSerials = l.Rest+a.Quantity, append(l.RestSerials, a.Serials...)
				}
			}
		}
	}
	return err
}

// due is what a line waits for, announced as a rest or not: what has not come, and what came and left again.
func (l Line) due() (n int, serials []string) {
	if len(l.Serials) == 0 {
		kept := l.Counted() - l.TakenBack - l.SentBack
		return max(l.Quantity-kept, l.TakenBack), l.TakenBackSerials
	}
	left := slices.Concat(l.TakenBackSerials, l.SentBackSerials)
	serials = without(l.Serials, without(l.serials(), left))
	for _, s := range l.TakenBackSerials {
		serials = with(serials, s)
	}
	return len(serials), serials
}

// ToCome is how many have not come, were taken back, or went back to the supplier, and are not
// announced as a rest.
func (l Line) ToCome() int {
	n, _ := l.due()
	return max(0, n-l.Rest)
}

// ToComeSerials are the serials of what is to come, as far as they are known.
func (l Line) ToComeSerials() []string {
	_, serials := l.due()
	return without(serials, l.RestSerials)
}

// toCome counts, by part, what of a delivery may be announced as its rest.
func (d Delivery) toCome() map[uuid.UUID]int {
	left := map[uuid.UUID]int{}
	for _, l := range d.Lines {
		if n := l.ToCome(); n > 0 {
			left[l.PartID] = n
		}
	}
	return left
}

// restOf checks the delivery whose rest is announced, and says what of it is to come where the new note
// does not say what comes.
func (d *Dock) restOf(ctx context.Context, by who.Actor, dl *Delivery, a Announced, f *fault.Faults) ([]AnnouncedLine, error) {
	first, err := d.lock(ctx, by, *a.RestOfID)
	switch {
	case fault.Is(err, fault.NotFound):
		f.Add("/rest_of_id", "no such %s", words.Noun("delivery"))
		return a.Lines, nil
	case err != nil:
		return nil, err
	case first.SupplierID != dl.SupplierID:
		f.Add("/rest_of_id", "is another supplier's delivery")
		return a.Lines, nil
	case first.Status != StatusReceived:
		f.Add("/rest_of_id", "delivery %s waits for no rest", first.Number)
		return a.Lines, nil
	}
	left := first.toCome()
	switch announced := func(l Line) bool { return l.Rest > 0 }; {
	case len(left) == 0 && slices.ContainsFunc(first.Lines, announced):
		return nil, taken("/rest_of_id", "its rest is announced already")
	case len(left) == 0:
		f.Add("/rest_of_id", "delivery %s waits for no rest", first.Number)
		return a.Lines, nil
	}
	dl.SameNote = sameNote(dl.NoteNumber, first.NoteNumber)
	if len(a.Lines) == 0 {
		return first.rest(f), nil
	}
	if !slices.ContainsFunc(a.Lines, func(l AnnouncedLine) bool { return left[l.PartID] > 0 }) {
		f.Add("/lines", "nothing of this is missing from delivery %s", first.Number)
	}
	for i, l := range a.Lines {
		// One note is not delivered twice.
		if n := left[l.PartID]; dl.SameNote && l.Quantity > n {
			f.Add(inventory.LineAt(i)+"/quantity", "%d of it are still to come of delivery note %s", n, first.NoteNumber)
		}
	}
	return a.Lines, nil
}

// rest is all that is to come. What was taken back was booked wrongly: somebody says what is right.
func (d Delivery) rest(f *fault.Faults) (lines []AnnouncedLine) {
	for _, l := range d.Lines {
		n := l.ToCome()
		if n == 0 {
			continue
		}
		if l.TakenBack > 0 {
			f.Add("/lines", "must say what comes and what it costs: some of delivery %s was taken back", d.Number)
			return nil
		}
		line := AnnouncedLine{PartID: l.PartID, Quantity: n, UnitCost: l.UnitCost, Lot: l.Lot}
		if serials := l.ToComeSerials(); len(serials) == n {
			line.Serials = serials
		}
		lines = append(lines, line)
	}
	return lines
}

const (
	underWaySQL = `SELECT EXISTS (SELECT FROM deliveries WHERE rest_of_id = $1 AND status IN ('announced', 'counting'))`

	closeFirstSQL = `
UPDATE deliveries SET status = 'closed', version = version + 1, updated_at = $2 WHERE id = $1 AND status = 'received'`
)

// closeFirst closes the delivery whose rest came with this one, once rests were announced for all that it
// waits for and none is under way: what is missing still is missing there.
func (d *Dock) closeFirst(ctx context.Context, dl Delivery) error {
	if dl.RestOfID == nil {
		return nil
	}
	first, err := d.lock(ctx, who.System, *dl.RestOfID)
	if err != nil || len(first.toCome()) > 0 {
		return err
	}
	more, err := pg.One[bool](ctx, d.DB(), underWaySQL, first.ID)
	if err != nil || more {
		return err
	}
	_, err = pg.Exec(ctx, d.DB(), closeFirstSQL, first.ID, d.Now())
	return pg.Fault(err, "delivery")
}
