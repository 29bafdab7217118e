package inventory

import (
	"context"
	"strings"
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
	MovementUnused   MovementKind = "unused"   // handed out and came back as it was
	MovementUse      MovementKind = "use"      // on a job
	MovementKeep     MovementKind = "keep"     // the customer keeps the old part
	MovementCollect  MovementKind = "collect"  // the technician took the old part along
	MovementShip     MovementKind = "ship"     // the old part is on its way to a warehouse
	MovementReturn   MovementKind = "return"   // an old part came back
	MovementDispose  MovementKind = "dispose"  // what became of an old part, or of what was held back
	MovementCount    MovementKind = "count"    // the shelf held another number than the books
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
	MovedAt      time.Time // when the books heard of it
	OccurredAt   time.Time // when it happened
	BookedAt     time.Time // when it counts: not within a locked period
	Value        *int64    // minor units of Currency that changed pools; nil where none did
	Added        int64     // to it, by work that made held stock good again
	Currency     string
	Short        int      // of Quantity, what the books did not have: a flagged variance
	Scans        []string // as the scanner read them
}

// Receipt is what a supplier delivered.
type Receipt struct {
	LocationID uuid.UUID
	Lines      []Line
	Note       string // the supplier's papers
}

// storing are the kinds of places that a supplier delivers to.
var storing = []Kind{KindWarehouse, KindBin, KindOutlet, KindQuarantine}

// Receive takes a delivery into a warehouse. Serials that the books know elsewhere are a fault.Conflict.
func (l *Ledger) Receive(ctx context.Context, by who.Actor, r Receipt) (moved []Movement, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		var f fault.Faults
		to, err := l.Named(ctx, by, r.LocationID, "/location_id", storing, &f)
		if err != nil {
			return err
		}
		from, err := l.Place(ctx, KindSupplier, nil)
		if err != nil {
			return err
		}
		moved, err = l.moveLines(ctx, by, Slip{Kind: MovementReceive, Note: r.Note}, from, to, r.Lines, f)
		if err != nil {
			return err
		}
		return l.Tell(ctx, by, "stock.received", to.ID, to.OutletID, Manifest(moved))
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

// giving and taking are the kinds of places that a transfer leads from and to: good stock, and what
// somebody holds back. Each of the others has a flow of its own, with a second pair of eyes: customers'
// sites, old parts, quarantine, scrap, transit, and adjustments, which counts alone make.
var (
	giving = []Kind{KindWarehouse, KindBin, KindOutlet, KindVan}
	taking = []Kind{KindWarehouse, KindBin, KindOutlet, KindVan, KindQuarantine}
)

// Transfer moves parts between two places. What the first does not hold is a fault.Conflict. A person
// moves nothing into a van, and nothing out of one: that takes two; and he says why he holds something back.
func (l *Ledger) Transfer(ctx context.Context, by who.Actor, t Transfer) (moved []Movement, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		var f fault.Faults
		from, err := l.Named(ctx, by, t.FromLocation, "/from_location_id", giving, &f)
		if err != nil {
			return err
		}
		to, err := l.endOf(ctx, by, t.ToLocation, &f)
		if err != nil {
			return err
		}
		if from.ID == to.ID {
			f.Add("/to_location_id", "is where the parts are already")
		}
		refuseVan(by, from, "/from_location_id", &f)
		refuseVan(by, to, "/to_location_id", &f)
		if to.Kind == KindQuarantine && by.UserID != uuid.Nil && strings.TrimSpace(t.Note) == "" {
			f.Add("/note", "must say why it is held back")
		}
		moved, err = l.moveLines(ctx, by, Slip{Kind: MovementTransfer, Note: t.Note}, from, to, t.Lines, f)
		if err != nil {
			return err
		}
		return l.Tell(ctx, by, "stock.transferred", from.ID, from.OutletID, Manifest(moved))
	})
	return moved, err
}

// endOf finds where a transfer in one step leads. To another outlet's store it is one in two: somebody there receives it.
func (l *Ledger) endOf(ctx context.Context, by who.Actor, id uuid.UUID, f *fault.Faults) (Location, error) {
	to, err := l.Locate(ctx, id)
	if err == nil && to.Active && !to.Usable(by) && (to.Kind == KindWarehouse || to.Kind == KindOutlet) {
		f.Add("/to_location_id", "is another outlet's: send the parts there by a transfer in two steps (sendTransfer)")
		return to, nil
	}
	return l.Named(ctx, by, id, "/to_location_id", taking, f)
}

// refuseVan keeps one person alone from what a technician has to answer for.
func refuseVan(by who.Actor, at Location, pointer string, f *fault.Faults) {
	if by.UserID != uuid.Nil && at.Kind == KindVan && at.Usable(by) {
		f.Add(pointer, "a van is loaded by part requests and transfers, and emptied by its technician")
	}
}

// moveLines moves lines between two places, if nothing is wrong with them nor was before (f).
func (l *Ledger) moveLines(ctx context.Context, by who.Actor, s Slip, from, to Location, lines []Line, f fault.Faults) ([]Movement, error) {
	all, err := l.Resolve(ctx, lines, &f)
	if err != nil {
		return nil, err
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	return l.Move(ctx, by, s, Between(all, from, to))
}

// Manifest is what an event says about movements.
func Manifest(moved []Movement) map[string]any {
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
	PartID      *uuid.UUID
	LocationID  *uuid.UUID
	JobID       *uuid.UUID
	Kind        MovementKind
	ReferenceID *uuid.UUID
	Serial      string // of a unit that moved
	MovedBy     *uuid.UUID
	From        *time.Time // booked then or later
	To          *time.Time // booked before
	OutletID    *uuid.UUID // from or to one of its places
}

// An outlet's user sees what touches a location of his outlet.
const movementsSQL = `
SELECT m.id, m.part_id, m.from_location, m.to_location, m.quantity, m.kind, m.job_id, m.reference_id, m.reverses_id,
  (SELECT r.id FROM movements r WHERE r.reverses_id = m.id) AS reversed_by_id, m.note, m.moved_by, m.moved_at,
  m.occurred_at, m.booked_at, m.value, m.added, p.currency, m.short, m.scans,
  ARRAY(SELECT u.serial FROM unit_moves s JOIN units u ON u.id = s.unit_id WHERE s.movement_id = m.id ORDER BY u.serial) AS serials
FROM movements m JOIN parts p ON p.id = m.part_id
WHERE ($1::uuid IS NULL OR EXISTS (SELECT FROM locations l WHERE l.id IN (m.from_location, m.to_location) AND l.outlet_id = $1))`

const listMovementsSQL = movementsSQL + `
  AND ($2::uuid = '00000000-0000-0000-0000-000000000000' OR m.id < $2)
  AND ($3::uuid IS NULL OR m.part_id = $3) AND ($4::uuid IS NULL OR m.from_location = $4 OR m.to_location = $4)
  AND ($5::uuid IS NULL OR m.job_id = $5) AND ($6 = '' OR m.kind = $6) AND ($7::uuid IS NULL OR m.reference_id = $7)
  AND ($8 = '' OR m.id = ANY (ARRAY(SELECT s.movement_id FROM units u JOIN unit_moves s ON s.unit_id = u.id WHERE u.serial = $8)))
  AND ($9::uuid IS NULL OR m.moved_by = $9) AND ($10::timestamptz IS NULL OR m.booked_at >= $10) AND ($11::timestamptz IS NULL OR m.booked_at < $11)
  AND NOT EXISTS (SELECT FROM unnest($13::uuid[], $14::uuid[]) AS k (place, part)
    WHERE k.place IN (m.from_location, m.to_location) AND (k.part IS NULL OR k.part = m.part_id))
  AND ($15::uuid IS NULL OR EXISTS (SELECT FROM locations l WHERE l.id IN (m.from_location, m.to_location) AND l.outlet_id = $15))
ORDER BY m.id DESC LIMIT $12`

// ListMovements returns the movements within the actor's scope, newest first, and the id to go on from; uuid.Nil at the end.
// Those of what he counts are left out: their sum is what the books expect.
func (l *Ledger) ListMovements(ctx context.Context, by who.Actor, f MovementFilter, after uuid.UUID, limit int) ([]Movement, uuid.UUID, error) {
	blind, err := l.Blind(ctx, by)
	if err != nil {
		return nil, uuid.Nil, err
	}
	places, parts := blind.spotsOf()
	rows, err := pg.Query[Movement](ctx, l.db, listMovementsSQL, by.OutletID, after, f.PartID, f.LocationID, f.JobID, f.Kind,
		f.ReferenceID, f.Serial, f.MovedBy, f.From, f.To, limit+1, places, parts, f.OutletID)
	page, next := Cut(rows, limit, func(m Movement) uuid.UUID { return m.ID })
	return page, next, err
}

// FindMovement returns one movement within the actor's scope.
func (l *Ledger) FindMovement(ctx context.Context, by who.Actor, id uuid.UUID) (Movement, error) {
	rows, err := pg.Query[Movement](ctx, l.db, movementsSQL+` AND m.id = $2`, by.OutletID, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("movement"))
	}
	return One(rows), err
}

// ReadMovement is FindMovement for whoever looks: of what he counts it is a fault.Forbidden.
func (l *Ledger) ReadMovement(ctx context.Context, by who.Actor, id uuid.UUID) (Movement, error) {
	m, err := l.FindMovement(ctx, by, id)
	if err != nil {
		return m, err
	}
	blind, err := l.Blind(ctx, by)
	for _, at := range []uuid.UUID{m.FromLocation, m.ToLocation} {
		if err == nil {
			err = blind.Refuse(&at, &m.PartID)
		}
	}
	return m, err
}
