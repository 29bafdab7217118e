package inventory

import (
	"context"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Kind is what sort of place a location is.
type Kind string

// The kinds of locations.
const (
	KindSupplier     Kind = "supplier"
	KindWarehouse    Kind = "warehouse"
	KindBin          Kind = "bin"        // a shelf of a warehouse
	KindDefective    Kind = "defective"  // of one warehouse: what came back
	KindQuarantine   Kind = "quarantine" // what nobody may use until somebody has looked at it
	KindOutlet       Kind = "outlet"     // the shelf of a shop
	KindVan          Kind = "van"
	KindCollected    Kind = "collected" // of one van: the box for old parts
	KindTransit      Kind = "transit"   // one an outlet: handed out and not yet received
	KindReturning    Kind = "returning" // one an outlet: old parts on their way to a warehouse
	KindCustomerSite Kind = "customer_site"
	KindCustomerKept Kind = "customer_kept" // old parts that customers kept
	KindVendorRepair Kind = "vendor_repair"
	KindScrap        Kind = "scrap"
	KindAdjustment   Kind = "adjustment"
)

// Outside says whether parts come from there or end there, so that its balance may be negative.
func (k Kind) Outside() bool {
	return k == KindSupplier || k == KindCustomerSite || k == KindCustomerKept || k == KindScrap || k == KindAdjustment
}

// Noun is the kind as people say it.
func (k Kind) Noun() words.Noun {
	switch k {
	case KindCustomerSite:
		return "customer site"
	case KindCustomerKept:
		return "customer kept"
	case KindVendorRepair:
		return "vendor repair"
	case KindCollected:
		return "collected old parts"
	case KindReturning:
		return "returning old parts"
	default:
		return words.Noun(k)
	}
}

// Location is a place where parts can be.
type Location struct {
	ID            uuid.UUID
	Code          string
	Name          string
	Kind          Kind
	OutletID      *uuid.UUID // nil is everybody's
	WarehouseID   *uuid.UUID // the warehouse or van that this is a part of
	MayGoNegative bool
	Active        bool
	Position      *pg.Point // WGS-84, of a store that people drive to; nil where nobody knows
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Called is what a place of the kind is called, wherever people read of it: where nobody named it, the books
// call it by its kind, which is said in the listener's language.
func (k Kind) Called(name string) words.Text {
	spelled := strings.ReplaceAll(string(k), "_", " ")
	if whole, unnamed := strings.CutSuffix(name, " ("+string(k)+")"); unnamed {
		return words.Say("%s (%s)", whole, k.Noun())
	}
	if name == spelled {
		return words.Say("%s", k.Noun())
	}
	if outlet, unnamed := strings.CutSuffix(name, " "+spelled); unnamed && k.unnamed() {
		return words.Say("%s %s", outlet, k.Noun())
	}
	return words.Say("%s", name)
}

// unnamed says whether the books open such places by themselves, one an outlet.
func (k Kind) unnamed() bool { return k.Outside() || k == KindTransit || k == KindReturning }

// Called is what the location is called: what nobody named goes by its kind.
func (l Location) Called() words.Text { return l.Kind.Called(l.Name) }

// Readable says whether the actor sees the location: his outlet's, or everybody's.
func (l Location) Readable(by who.Actor) bool { return l.OutletID == nil || by.Sees(l.OutletID) }

// Usable says whether the actor may move parts there: in his outlet's, or out of the house.
func (l Location) Usable(by who.Actor) bool {
	return by.Sees(l.OutletID) || (l.OutletID == nil && l.Kind.Outside())
}

// OpenLocation opens a place of a kind that people open. A user of an outlet opens his outlet's.
func (l *Ledger) OpenLocation(ctx context.Context, by who.Actor, loc Location) (Location, error) {
	if loc.OutletID == nil {
		loc.OutletID = by.OutletID
	}
	if !by.Sees(loc.OutletID) {
		return Location{}, Wrong("/outlet_id", "no such %s", words.Noun("outlet"))
	}
	now := l.now()
	loc.ID, loc.MayGoNegative, loc.Active, loc.Version, loc.CreatedAt, loc.UpdatedAt = uuid.Must(uuid.NewV7()), loc.Kind.Outside(), true, 1, now, now
	err := l.db.InTx(ctx, func(ctx context.Context) error {
		if err := checkPosition(loc.Position); err != nil {
			return err
		}
		if err := l.checkWhole(ctx, by, loc); err != nil {
			return err
		}
		err := pg.Rows[Location](ctx, l.db).Create(ctx, &loc)
		if pg.Violates(err, "locations_outlet_id_fkey") {
			return Wrong("/outlet_id", "no such %s", words.Noun("outlet"))
		}
		if err != nil {
			return pg.Fault(err, "location")
		}
		return l.Tell(ctx, by, "location.opened", loc.ID, loc.OutletID, map[string]any{"code": loc.Code, "kind": loc.Kind})
	})
	return loc, err
}

// checkWhole refuses a bin without a warehouse, and one of another outlet or inside what has no bins.
func (l *Ledger) checkWhole(ctx context.Context, by who.Actor, loc Location) error {
	switch {
	case loc.WarehouseID == nil && loc.Kind == KindBin:
		return Wrong("/warehouse_id", "is required")
	case loc.WarehouseID == nil:
		return nil
	case loc.Kind != KindBin && loc.Kind != KindQuarantine:
		return Wrong("/warehouse_id", "a place of the kind %s is no part of another", loc.Kind.Noun())
	}
	whole, err := l.Locate(ctx, *loc.WarehouseID)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !whole.Readable(by):
		return Wrong("/warehouse_id", "no such %s", words.Noun("location"))
	case err != nil:
		return err
	case whole.Kind != KindWarehouse && whole.Kind != KindOutlet:
		return Wrong("/warehouse_id", "a place of the kind %s has no bins", whole.Kind.Noun())
	case !sameOutlet(whole.OutletID, loc.OutletID):
		return Wrong("/warehouse_id", "belongs to another outlet")
	}
	return nil
}

func sameOutlet(a, b *uuid.UUID) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// Position is a point as a location keeps it; nil stays nil.
func Position(p *orb.Point) *pg.Point {
	if p == nil {
		return nil
	}
	at := pg.Point(*p)
	return &at
}

// checkPosition refuses a place that is not on earth.
func checkPosition(p *pg.Point) error {
	if p != nil && !geo.Valid(p.Orb()) {
		return Wrong("/position", "is not a place on earth")
	}
	return nil
}

// LocationChange is what may be changed about a location; nil leaves it.
type LocationChange struct {
	Name     *string
	Position **pg.Point // to nil forgets it
	Active   *bool      // false closes it
}

// AmendLocation changes a location. What is everybody's is not an outlet user's to change.
func (l *Ledger) AmendLocation(ctx context.Context, by who.Actor, id uuid.UUID, version int, c LocationChange) (loc Location, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		loc, err = pg.Locked[Location](ctx, l.db).Where("id = ?", id).Take(ctx)
		switch {
		case err != nil:
			return pg.Fault(err, "location")
		case !loc.Readable(by):
			return fault.New(fault.NotFound, "no such %s", words.Noun("location"))
		case !by.Sees(loc.OutletID):
			return fault.New(fault.Forbidden, "%s is not your outlet's", loc.Called())
		}
		if err := Stale("location", version, loc.Version); err != nil {
			return err
		}
		set(&loc.Name, c.Name)
		set(&loc.Position, c.Position)
		if c.Active != nil && *c.Active != loc.Active {
			if loc.Active = *c.Active; !loc.Active {
				if err := l.checkEmpty(ctx, by, loc); err != nil {
					return err
				}
			}
		}
		if err := checkPosition(loc.Position); err != nil {
			return err
		}
		loc.Version, loc.UpdatedAt = loc.Version+1, l.now()
		if _, err := pg.Rows[Location](ctx, l.db).Where("id = ?", id).Select("name", "position", "active", "version", "updated_at").Updates(ctx, loc); err != nil {
			return pg.Fault(err, "location")
		}
		return l.Tell(ctx, by, "location.amended", id, loc.OutletID, map[string]any{"name": loc.Name, "active": loc.Active})
	})
	return loc, err
}

// FindLocation returns one location that the actor sees.
func (l *Ledger) FindLocation(ctx context.Context, by who.Actor, id uuid.UUID) (Location, error) {
	loc, err := pg.Rows[Location](ctx, l.db).Where("id = ?", id).Take(ctx)
	if err == nil && !loc.Readable(by) {
		return Location{}, fault.New(fault.NotFound, "no such %s", words.Noun("location"))
	}
	return loc, pg.Fault(err, "location")
}

const listLocationsSQL = `
SELECT id, code, name, kind, outlet_id, warehouse_id, may_go_negative, active, position, version, created_at, updated_at
FROM locations
WHERE id > $1 AND ($2::uuid IS NULL OR outlet_id = $2 OR outlet_id IS NULL)
  AND ($3 = '' OR kind = $3) AND ($4::uuid IS NULL OR outlet_id = $4)
  AND ($5 = '' OR code || ' ' || name ILIKE '%' || $5 || '%')
ORDER BY id LIMIT $6`

// LocationFilter narrows a list of locations; the zero filter is all of them.
type LocationFilter struct {
	Kind     Kind
	OutletID *uuid.UUID
	Search   string // a piece of the code or name
}

// ListLocations returns the locations of the actor's outlet and everybody's, and the id to go on from; uuid.Nil at the end.
func (l *Ledger) ListLocations(ctx context.Context, by who.Actor, f LocationFilter, after uuid.UUID, limit int) ([]Location, uuid.UUID, error) {
	list := Statement{listLocationsSQL, []any{after, by.OutletID, f.Kind, f.OutletID, Literal(f.Search)}}
	return Page(ctx, l.db, list, limit, func(l Location) uuid.UUID { return l.ID }, nil)
}
