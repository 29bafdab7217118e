package inventory_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// books is the ledger as a child would keep it: where each unit is, and how many of the plain part.
type books struct {
	*stocktest.House
	plain, unit inventory.Part
	places      []inventory.Location // the first is the supplier
	count       map[uuid.UUID]int
	at          map[string]uuid.UUID
	moves       []inventory.Movement
	reversed    map[uuid.UUID]bool
}

// TestBooksAgreeWithAChildsBooks does random things to the ledger and to a map, and demands after each that
// both say the same: done or refused, and then what is where.
func TestBooksAgreeWithAChildsBooks(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	suppliers, _, err := h.Ledger.ListLocations(t.Context(), who.System, inventory.LocationFilter{Kind: inventory.KindSupplier}, uuid.Nil, 1)
	h.Must(err)
	van, shelf := h.Place(inventory.KindVan, h.Outlet), h.Place(inventory.KindOutlet, h.Outlet)
	rapid.Check(t, func(rt *rapid.T) {
		b := &books{
			House: h, plain: h.Part(""), unit: h.Part("s"), places: []inventory.Location{suppliers[0], h.Warehouse, van, shelf},
			count: map[uuid.UUID]int{}, at: map[string]uuid.UUID{}, reversed: map[uuid.UUID]bool{},
		}
		rt.Repeat(map[string]func(*rapid.T){
			"receive":  b.receive,
			"transfer": b.transfer,
			"reverse":  b.reverse,
			"":         b.agree,
		})
	})
	h.Sound()
}

// line draws a line of either part, and says whether a place could give it.
func (b *books) line(rt *rapid.T) inventory.Line {
	if rapid.Bool().Draw(rt, "plain") {
		return inventory.Line{PartID: b.plain.ID, Quantity: rapid.IntRange(1, 5).Draw(rt, "quantity")}
	}
	serials := rapid.SliceOfNDistinct(rapid.IntRange(1, 4), 1, 3, rapid.ID).Draw(rt, "serials")
	line := inventory.Line{PartID: b.unit.ID}
	for _, s := range serials {
		line.Serials = append(line.Serials, fmt.Sprint("S", s))
	}
	return line
}

// gives says whether a place could give a line.
func (b *books) gives(from uuid.UUID, line inventory.Line) bool {
	outside := from == b.places[0].ID
	if line.PartID == b.plain.ID {
		return outside || b.count[from] >= line.Quantity
	}
	return !slices.ContainsFunc(line.Serials, func(s string) bool {
		at, known := b.at[s]
		return (known && at != from) || (!known && !outside)
	})
}

// book writes a line into the child's books.
func (b *books) book(from, to uuid.UUID, line inventory.Line) {
	if line.PartID == b.plain.ID {
		b.count[from] -= line.Quantity
		b.count[to] += line.Quantity
	}
	for _, s := range line.Serials {
		b.at[s] = to
	}
}

// settle holds what the ledger said against what the child expected.
func (b *books) settle(rt *rapid.T, possible bool, moved []inventory.Movement, err error, from, to uuid.UUID, line inventory.Line) {
	switch {
	case possible != (err == nil), err != nil && !fault.Is(err, fault.Conflict):
		rt.Fatalf("expected success %t of %+v: %v", possible, line, err)
	case err == nil:
		b.book(from, to, line)
		b.moves = append(b.moves, moved...)
	}
}

func (b *books) receive(rt *rapid.T) {
	line, to := b.line(rt), b.places[1].ID
	moved, err := b.Ledger.Receive(b.Context(), b.Clerk, inventory.Receipt{LocationID: to, Lines: stocktest.Lines(line)})
	b.settle(rt, b.gives(b.places[0].ID, line), moved, err, b.places[0].ID, to, line)
}

func (b *books) transfer(rt *rapid.T) {
	line := b.line(rt)
	from := rapid.IntRange(1, 3).Draw(rt, "from")
	to := (from+rapid.IntRange(0, 1).Draw(rt, "step"))%3 + 1
	moved, err := b.Ledger.Transfer(b.Context(), who.System, inventory.Transfer{FromLocation: b.places[from].ID, ToLocation: b.places[to].ID, Lines: stocktest.Lines(line)})
	b.settle(rt, b.gives(b.places[from].ID, line), moved, err, b.places[from].ID, b.places[to].ID, line)
}

func (b *books) reverse(rt *rapid.T) {
	if len(b.moves) == 0 {
		rt.Skip("nothing to reverse")
	}
	m := rapid.SampledFrom(b.moves).Draw(rt, "movement")
	line := inventory.Line{PartID: m.PartID, Quantity: m.Quantity, Serials: m.Serials}
	possible := !b.reversed[m.ID] && m.Kind != inventory.MovementReverse && b.gives(m.ToLocation, line)
	back, err := b.Ledger.Reverse(b.Context(), who.System, m.ID, "a child said so")
	b.settle(rt, possible, []inventory.Movement{back}, err, m.ToLocation, m.FromLocation, line)
	b.reversed[m.ID] = b.reversed[m.ID] || err == nil
}

const seenSQL = `
SELECT b.location_id AS place, CASE WHEN b.part_id = $1 THEN '' ELSE '#' END AS serial, b.quantity FROM balances b WHERE b.part_id IN ($1, $2) AND b.quantity <> 0
UNION ALL SELECT (SELECT m.to_location FROM unit_moves m WHERE m.unit_id = u.id ORDER BY m.seq DESC LIMIT 1), u.serial, 1 FROM units u WHERE u.part_id = $2
UNION ALL SELECT NULL, 'movements', count(*)::int FROM movements WHERE part_id IN ($1, $2)`

// seen is a line of what both books should say: so many of the plain part ("") or units ("#") in a
// place, a unit in a place, or so many movements.
type seen struct {
	Place    *uuid.UUID
	Serial   string
	Quantity int
}

func (s seen) String() string { return fmt.Sprint(s.Place, " ", s.Serial, " ", s.Quantity) }

// agree demands that both books say the same. A movement too many is the trace of a refused deed.
func (b *books) agree(rt *rapid.T) {
	want := map[string]bool{seen{nil, "movements", len(b.moves)}.String(): true}
	units := map[uuid.UUID]int{b.places[0].ID: -len(b.at)} // each came out of there
	for s, at := range b.at {
		units[at]++
		want[seen{&at, s, 1}.String()] = true
	}
	for _, at := range b.places {
		for kind, n := range map[string]int{"": b.count[at.ID], "#": units[at.ID]} {
			if n != 0 {
				want[seen{&at.ID, kind, n}.String()] = true
			}
		}
	}
	rows, err := pg.Query[seen](b.Context(), b.DB, seenSQL, b.plain.ID, b.unit.ID)
	if err != nil {
		rt.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range rows {
		have[r.String()] = true
	}
	if !maps.Equal(have, want) {
		rt.Fatalf("the books say\n%v, want\n%v", have, want)
	}
}
