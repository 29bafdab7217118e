package receiving

import (
	"context"
	"slices"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// Entry is one entry of a count: so many of a part, with what the checks found.
type Entry struct {
	ID         uuid.UUID
	DeliveryID uuid.UUID
	PartID     uuid.UUID
	Quantity   int
	Serials    []string
	Scans      []string
	Raw        map[string]string // by serial, the scan that it was read from
	Lots       []string
	Checks
	Note      string
	Photos    []uuid.UUID
	CountedBy *uuid.UUID
	CountedAt time.Time
	StruckBy  *uuid.UUID // who counted the part anew
	StruckAt  *time.Time
}

// CountLine is what somebody counted of a part, and found.
type CountLine struct {
	inventory.Line
	Checks
	Note   string
	Photos []uuid.UUID // of this delivery
}

// Count adds to the count of a delivery. Several people may count at once. A unit that was scanned
// before counts once; one that the books have somewhere else is refused, with the place.
func (d *Dock) Count(ctx context.Context, by who.Actor, id uuid.UUID, lines []CountLine) (dl Delivery, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if dl, err = d.lock(ctx, by, id); err != nil {
			return err
		}
		if err := dl.become(StatusCounting); err != nil {
			return err
		}
		entries, err := d.entries(ctx, by, dl, lines)
		if err != nil {
			return err
		}
		told := make([]map[string]any, len(entries))
		for i, e := range entries {
			if err := d.addEntry(ctx, dl.ID, e); err != nil {
				return err
			}
			told[i] = map[string]any{"part_id": e.PartID, "quantity": e.Quantity, "serials": e.Serials, "failed": e.failed()}
		}
		if err := d.save(ctx, &dl); err != nil {
			return err
		}
		if err := d.Tell(ctx, by, "delivery.counted", dl.ID, dl.OutletID, map[string]any{"number": dl.Number, "lines": told}); err != nil {
			return err
		}
		dl, err = d.Find(ctx, by, dl.ID)
		return err
	})
	return dl, err
}

// entries reads what was counted, and leaves out what was counted before as it is now.
func (d *Dock) entries(ctx context.Context, by who.Actor, dl Delivery, lines []CountLine) ([]Entry, error) {
	var f fault.Faults
	plain := make([]inventory.Line, len(lines))
	for i, l := range lines {
		plain[i] = l.Line
	}
	all, err := d.Resolve(ctx, plain, &f)
	if err != nil {
		return nil, err
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	if err := d.checkPhotos(ctx, dl.ID, lines, &f); err != nil {
		return nil, err
	}
	if err := d.checkAtSupplier(ctx, by, all, &f); err != nil {
		return nil, err
	}
	var entries []Entry
	for i, c := range all {
		l := lines[i]
		if bad := l.failed(); len(bad) > 0 && strings.TrimSpace(l.Note) == "" {
			f.Add(inventory.LineAt(i)+"/note", "must say what the checks found")
		}
		e := Entry{
			ID: uuid.Must(uuid.NewV7()), DeliveryID: dl.ID, PartID: c.Part.ID, Quantity: c.Quantity, Serials: c.Serials, Scans: c.Scans,
			Raw: c.Raw, Lots: lots(c.Scans), Checks: l.Checks, Note: l.Note, Photos: l.Photos,
			CountedBy: inventory.ActorID(by), CountedAt: d.Now(),
		}
		if dl.newTo(&e) {
			entries = append(entries, e)
		}
	}
	return entries, f.Err(fault.Invalid, "the request cannot be met as it is")
}

// newTo leaves of e the units that dl does not count yet, or counts as good while e found a fault.
func (dl Delivery) newTo(e *Entry) bool {
	i := slices.IndexFunc(dl.Lines, func(l Line) bool { return l.PartID == e.PartID })
	if i < 0 || len(e.Serials) == 0 {
		return true
	}
	known := dl.Lines[i].serials()
	if len(e.failed()) > 0 {
		known = dl.Lines[i].FailedSerials
	}
	e.Serials = without(e.Serials, known)
	e.Quantity = len(e.Serials)
	return e.Quantity > 0
}

// lots are the lot numbers that scans say.
func lots(scans []string) (all []string) {
	for _, raw := range scans {
		if code, err := gs1.Parse(raw); err == nil && code.Lot != "" {
			all = with(all, code.Lot)
		}
	}
	return all
}

// checkAtSupplier refuses units that the books have elsewhere: no supplier can deliver them.
func (d *Dock) checkAtSupplier(ctx context.Context, by who.Actor, all []inventory.Counted, f *fault.Faults) error {
	var units []inventory.SerialOf
	for _, c := range all {
		for _, s := range c.Serials {
			units = append(units, inventory.SerialOf{Part: c.Part.ID, Serial: s})
		}
	}
	if len(units) == 0 {
		return nil
	}
	at, err := d.Standings(ctx, units)
	for _, c := range all {
		for i, s := range c.Serials {
			switch now, known := at[inventory.SerialOf{Part: c.Part.ID, Serial: s}]; {
			case !known || now.Kind == inventory.KindSupplier:
			case now.Location().Readable(by):
				f.Add(c.SerialAt(i), "unit %s of part %s is no new one: it is in %s", s, c.Part.Number, now.Location().Called())
			default:
				f.Add(c.SerialAt(i), "unit %s of part %s is no new one", s, c.Part.Number)
			}
		}
	}
	return err
}

const (
	knownPhotosSQL = `SELECT id FROM delivery_photos WHERE delivery_id = $1 AND id = ANY($2)`

	strikeSQL = `
UPDATE delivery_counts SET struck_by = $3, struck_at = $4 WHERE delivery_id = $1 AND part_id = $2 AND struck_at IS NULL`
)

// checkPhotos refuses pictures that are not of this delivery.
func (d *Dock) checkPhotos(ctx context.Context, delivery uuid.UUID, lines []CountLine, f *fault.Faults) error {
	var named []uuid.UUID
	for _, l := range lines {
		named = append(named, l.Photos...)
	}
	if len(named) == 0 {
		return nil
	}
	known, err := pg.Query[struct{ ID uuid.UUID }](ctx, d.DB(), knownPhotosSQL, delivery, named)
	for i, l := range lines {
		for _, p := range l.Photos {
			if !slices.ContainsFunc(known, func(k struct{ ID uuid.UUID }) bool { return k.ID == p }) {
				f.Add(inventory.LineAt(i)+"/photo_ids", "no such %s", words.Noun("photo"))
			}
		}
	}
	return err
}

// Recount strikes out what was counted of a part, so that it can be counted anew.
func (d *Dock) Recount(ctx context.Context, by who.Actor, id uuid.UUID, version int, part uuid.UUID) (dl Delivery, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if dl, err = d.lock(ctx, by, id); err != nil {
			return err
		}
		if err := inventory.Stale("delivery", version, dl.Version); err != nil {
			return err
		}
		if dl.Status != StatusCounting {
			return inventory.CannotBecome("delivery", dl.Status, StatusCounting)
		}
		if err := dl.become(StatusCounting); err != nil {
			return err
		}
		i := slices.IndexFunc(dl.Lines, func(l Line) bool { return l.PartID == part })
		if i < 0 || dl.Lines[i].Counted() == 0 {
			return inventory.Wrong("/part_id", "nothing was counted of this part")
		}
		if _, err := pg.Exec(ctx, d.DB(), strikeSQL, dl.ID, part, inventory.ActorID(by), d.Now()); err != nil {
			return pg.Fault(err, "delivery")
		}
		if err := d.save(ctx, &dl); err != nil {
			return err
		}
		err := d.Tell(ctx, by, "delivery.recounted", dl.ID, dl.OutletID, map[string]any{
			"number": dl.Number, "part_id": part, "counted": dl.Lines[i].Counted(),
		})
		if err != nil {
			return err
		}
		dl, err = d.Find(ctx, by, dl.ID)
		return err
	})
	return dl, err
}
