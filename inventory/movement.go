package inventory

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// MovementKind is why parts moved.
type MovementKind string

// The kinds of movements.
const (
	MovementReceive  MovementKind = "receive"  // from a supplier
	MovementTransfer MovementKind = "transfer" // between places, as the warehouse sees fit
	MovementIssue    MovementKind = "issue"    // handed out for a part request
	MovementDelivery MovementKind = "delivery" // received into the van
	MovementUse      MovementKind = "use"      // on a job
	MovementReturn   MovementKind = "return"   // an old part came back
	MovementReverse  MovementKind = "reverse"  // corrects another movement
)

// Movement is one line of the ledger. It never changes; a reverse movement corrects it.
type Movement struct {
	ID           uuid.UUID
	PartID       uuid.UUID
	FromLocation uuid.UUID
	ToLocation   uuid.UUID
	Quantity     int
	Serials      []string
	Kind         MovementKind
	JobID        *uuid.UUID
	ReferenceID  *uuid.UUID // the part request or part return that it belongs to
	ReversesID   *uuid.UUID
	ReversedByID *uuid.UUID
	Note         string
	MovedBy      *uuid.UUID
	MovedAt      time.Time
}

// Receipt is what a supplier delivered.
type Receipt struct {
	LocationID uuid.UUID
	Lines      []Line
	Note       string // the supplier's papers
}

// storing are the kinds of places that a supplier delivers to.
var storing = []Kind{KindWarehouse, KindOutlet, KindQuarantine}

// Receive takes a delivery into a warehouse. Serials that the books know elsewhere are a fault.Conflict.
func (l *Ledger) Receive(ctx context.Context, by who.Actor, r Receipt) (moved []Movement, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		var f fault.Faults
		to, err := l.named(ctx, by, r.LocationID, "/location_id", storing, &f)
		if err != nil {
			return err
		}
		from, err := l.place(ctx, KindSupplier, nil)
		if err != nil {
			return err
		}
		moved, err = l.moveLines(ctx, by, slip{kind: MovementReceive, note: r.Note}, from, to, r.Lines, f)
		if err != nil {
			return err
		}
		return l.tell(ctx, by, "stock.received", to.ID, to.OutletID, manifest(moved))
	})
	return moved, err
}

// Transfer is what somebody carries from one place to another.
type Transfer struct {
	FromLocation uuid.UUID
	ToLocation   uuid.UUID
	Lines        []Line
	Note         string
}

// giving and taking are the kinds of places that a transfer leads from and to. Customers' sites are
// the affair of uses and returns; transit gives up what a request never delivered.
var (
	giving = []Kind{KindWarehouse, KindDefective, KindQuarantine, KindOutlet, KindVan, KindVendorRepair, KindTransit, KindAdjustment}
	taking = []Kind{KindWarehouse, KindDefective, KindQuarantine, KindOutlet, KindVan, KindVendorRepair, KindScrap, KindSupplier, KindAdjustment}
)

// Transfer moves parts between two places. What the first does not hold is a fault.Conflict.
func (l *Ledger) Transfer(ctx context.Context, by who.Actor, t Transfer) (moved []Movement, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		var f fault.Faults
		from, err := l.named(ctx, by, t.FromLocation, "/from_location_id", giving, &f)
		if err != nil {
			return err
		}
		to, err := l.named(ctx, by, t.ToLocation, "/to_location_id", taking, &f)
		if err != nil {
			return err
		}
		if from.ID == to.ID {
			f.Add("/to_location_id", "is where the parts are already")
		}
		moved, err = l.moveLines(ctx, by, slip{kind: MovementTransfer, note: t.Note}, from, to, t.Lines, f)
		if err != nil {
			return err
		}
		return l.tell(ctx, by, "stock.transferred", from.ID, from.OutletID, manifest(moved))
	})
	return moved, err
}

// moveLines moves lines between two places, if nothing is wrong with them nor was before (f).
func (l *Ledger) moveLines(ctx context.Context, by who.Actor, s slip, from, to Location, lines []Line, f fault.Faults) ([]Movement, error) {
	all, err := l.resolve(ctx, lines, &f)
	if err != nil {
		return nil, err
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	return l.move(ctx, by, s, between(all, from, to))
}

func between(all []counted, from, to Location) []entry {
	entries := make([]entry, len(all))
	for i, c := range all {
		entries[i] = entry{c, from, to}
	}
	return entries
}

// manifest is what an event says about movements.
func manifest(moved []Movement) map[string]any {
	lines := make([]map[string]any, len(moved))
	for i, m := range moved {
		lines[i] = map[string]any{"movement_id": m.ID, "part_id": m.PartID, "from": m.FromLocation, "to": m.ToLocation, "quantity": m.Quantity}
		if len(m.Serials) > 0 {
			lines[i]["serials"] = m.Serials
		}
	}
	return map[string]any{"lines": lines}
}

// MovementFilter narrows a list of movements; the zero filter is all of them.
type MovementFilter struct {
	PartID     *uuid.UUID
	LocationID *uuid.UUID
	JobID      *uuid.UUID
	Kind       MovementKind
}

// An outlet's user sees what touches a location of his outlet.
const movementsSQL = `
SELECT m.id, m.part_id, m.from_location, m.to_location, m.quantity, m.kind, m.job_id, m.reference_id, m.reverses_id,
  (SELECT r.id FROM movements r WHERE r.reverses_id = m.id) AS reversed_by_id, m.note, m.moved_by, m.moved_at,
  ARRAY(SELECT u.serial FROM unit_moves s JOIN units u ON u.id = s.unit_id WHERE s.movement_id = m.id ORDER BY u.serial) AS serials
FROM movements m
WHERE ($1::uuid IS NULL OR EXISTS (SELECT FROM locations l WHERE l.id IN (m.from_location, m.to_location) AND l.outlet_id = $1))`

const listMovementsSQL = movementsSQL + `
  AND ($2::uuid = '00000000-0000-0000-0000-000000000000' OR m.id < $2)
  AND ($3::uuid IS NULL OR m.part_id = $3) AND ($4::uuid IS NULL OR m.from_location = $4 OR m.to_location = $4)
  AND ($5::uuid IS NULL OR m.job_id = $5) AND ($6 = '' OR m.kind = $6)
ORDER BY m.id DESC LIMIT $7`

// ListMovements returns the movements within the actor's scope, newest first, and the id to go on from; uuid.Nil at the end.
func (l *Ledger) ListMovements(ctx context.Context, by who.Actor, f MovementFilter, after uuid.UUID, limit int) ([]Movement, uuid.UUID, error) {
	rows, err := pg.Query[Movement](ctx, l.db, listMovementsSQL, by.OutletID, after, f.PartID, f.LocationID, f.JobID, f.Kind, limit+1)
	page, next := cut(rows, limit, func(m Movement) uuid.UUID { return m.ID })
	return page, next, err
}

// FindMovement returns one movement within the actor's scope.
func (l *Ledger) FindMovement(ctx context.Context, by who.Actor, id uuid.UUID) (Movement, error) {
	rows, err := pg.Query[Movement](ctx, l.db, movementsSQL+` AND m.id = $2`, by.OutletID, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("movement"))
	}
	return one(rows), err
}
