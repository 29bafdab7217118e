package receiving

import (
	"context"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Announced is what a delivery note says.
type Announced struct {
	SupplierID  uuid.UUID
	NoteNumber  string
	WarehouseID uuid.UUID
	RestOfID    *uuid.UUID
	ExpectedAt  *time.Time
	Note        string
	Lines       []AnnouncedLine // none where RestOfID says it: all that is missing there
}

// AnnouncedLine is a part on a delivery note.
type AnnouncedLine struct {
	PartID   uuid.UUID
	Quantity int
	UnitCost *int64 // minor units of the part's currency
	Serials  []string
	Lot      *string
}

// receivers are the kinds of places that a delivery is announced for.
var receivers = []inventory.Kind{inventory.KindWarehouse, inventory.KindOutlet}

// Announce opens a delivery from its delivery note. A note that the supplier sent before is a fault.Conflict.
func (d *Dock) Announce(ctx context.Context, by who.Actor, a Announced) (dl Delivery, err error) {
	now := d.Now()
	a.NoteNumber = strings.TrimSpace(a.NoteNumber)
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		dl = Delivery{
			ID: uuid.Must(uuid.NewV7()), Status: StatusAnnounced, SupplierID: a.SupplierID, NoteNumber: a.NoteNumber, WarehouseID: a.WarehouseID,
			RestOfID: a.RestOfID, ExpectedAt: a.ExpectedAt, Note: a.Note, AnnouncedBy: inventory.ActorID(by), Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		if err := d.fill(ctx, by, &dl, a); err != nil {
			return err
		}
		if dl.Number, err = d.Number(ctx, "delivery", "D"); err != nil {
			return err
		}
		if err := d.openDelivery(ctx, dl); err != nil {
			return err
		}
		err := d.Tell(ctx, by, "delivery.announced", dl.ID, dl.OutletID, map[string]any{
			"number": dl.Number, "supplier_id": dl.SupplierID, "note_number": dl.NoteNumber, "lines": len(dl.Lines), "rest_of": dl.RestOfID,
		})
		if err != nil {
			return err
		}
		dl, err = d.Find(ctx, by, dl.ID)
		return err
	})
	return dl, err
}

// fill finds what a new delivery names: supplier, warehouse, the delivery whose rest it is, and parts.
func (d *Dock) fill(ctx context.Context, by who.Actor, dl *Delivery, a Announced) error {
	var f fault.Faults
	if a.NoteNumber == "" {
		f.Add("/note_number", "must not be blank")
	}
	s, err := d.FindSupplier(ctx, a.SupplierID)
	switch {
	case fault.Is(err, fault.NotFound):
		f.Add("/supplier_id", "no such %s", words.Noun("supplier"))
	case err != nil:
		return err
	case !s.Active:
		f.Add("/supplier_id", "%s is closed", s.Name)
	}
	at, err := d.Named(ctx, by, a.WarehouseID, "/warehouse_id", receivers, &f)
	if err != nil {
		return err
	}
	dl.SupplierName, dl.OutletID = s.Name, at.OutletID
	told := len(a.Lines) > 0
	if a.RestOfID != nil {
		if a.Lines, err = d.restOf(ctx, by, dl, a, &f); err != nil {
			return err
		}
	}
	if len(a.Lines) == 0 && len(f) == 0 {
		f.Add("/lines", "is required")
	}
	if err := d.fillLines(ctx, by, dl, a.Lines, told, &f); err != nil {
		return err
	}
	return f.Err(fault.Invalid, "the request cannot be met as it is")
}

// fillLines checks the lines of a new delivery. Those of a rest that nobody named are not in the request.
func (d *Dock) fillLines(ctx context.Context, by who.Actor, dl *Delivery, lines []AnnouncedLine, told bool, f *fault.Faults) error {
	named := make([]inventory.Line, len(lines))
	for i, l := range lines {
		named[i].PartID = l.PartID
	}
	parts, err := d.PartsOf(ctx, named)
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	var units []inventory.Counted
	for i, l := range lines {
		p, known := parts[l.PartID]
		at := inventory.LineAt(i)
		line := Line{DeliveryID: dl.ID, PartID: l.PartID, Quantity: l.Quantity, UnitCost: l.UnitCost, Serials: l.Serials, Lot: l.Lot}
		switch {
		case !known:
			f.Add(at+"/part_id", "no such %s", words.Noun("part"))
		case seen[p.ID]:
			f.Add(at+"/part_id", "part %s stands in two lines", p.Number)
		default:
			line.check(p, at, false, f)
		}
		if seen[l.PartID] = true; known && told {
			units = append(units, inventory.Counted{Part: p, Serials: l.Serials, At: inventory.Pointers{Line: at}})
		}
		dl.Lines = append(dl.Lines, line)
	}
	return d.checkAtSupplier(ctx, by, units, f)
}

// sameNote compares two numbers of delivery notes: they are typed by hand, in capitals or not.
func sameNote(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// Close ends a delivery whose rest will not come, and says why; whoever counted or received it does not.
func (d *Dock) Close(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Delivery, error) {
	return d.end(ctx, by, id, version, StatusClosed, reason)
}

// Cancel takes a delivery back that was not booked, and says why. What is counted already is a supervisor's
// to take back, and not his who counted it: goods that came are not made to vanish. It stays on record.
func (d *Dock) Cancel(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (Delivery, error) {
	return d.end(ctx, by, id, version, StatusCanceled, reason)
}

// end moves a delivery to a last status without moving parts.
func (d *Dock) end(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Status, reason string) (dl Delivery, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if dl, err = d.lock(ctx, by, id); err != nil {
			return err
		}
		if err := inventory.Stale("delivery", version, dl.Version); err != nil {
			return err
		}
		// A delivery is booked by Receive alone.
		if s == StatusClosed && dl.Status != StatusReceived {
			return inventory.CannotBecome("delivery", dl.Status, s)
		}
		if err := dl.become(s); err != nil {
			return err
		}
		if err := dl.mayEnd(by, s); err != nil {
			return err
		}
		if strings.TrimSpace(reason) == "" {
			return inventory.Wrong("/reason", "must not be blank")
		}
		dl.Reason = &reason
		if err := d.save(ctx, &dl); err != nil {
			return err
		}
		return d.Tell(ctx, by, "delivery."+string(s), dl.ID, dl.OutletID, map[string]any{"number": dl.Number, "reason": reason})
	})
	return dl, err
}

// mayEnd refuses to end a delivery to whoever counted or received it, and a counted one to all but a supervisor.
func (d Delivery) mayEnd(by who.Actor, s Status) error {
	received := d.ReceivedBy != nil && *d.ReceivedBy == by.UserID
	switch {
	case d.countedBy(by.UserID) || received:
		return fault.New(fault.Forbidden, "nobody ends a delivery that he counted or received himself")
	case s == StatusCanceled && len(d.Entries) > 0 && !by.Has(who.Supervisor, who.Admin):
		return fault.New(fault.Forbidden, "a delivery that is counted already is a supervisor's to cancel")
	}
	return nil
}
