package counts

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Scope is how much of a place is counted.
type Scope string

// The scopes of a count.
const (
	ScopeFull  Scope = "full"  // every part that is there or turns up
	ScopeCycle Scope = "cycle" // chosen parts
)

// Count is a stocktaking of one place.
type Count struct {
	ID            uuid.UUID
	Number        string
	Status        Status
	Scope         Scope
	LocationID    uuid.UUID
	LocationName  string
	LocationKind  inventory.Kind
	OutletID      *uuid.UUID // the location's
	Round         int        // 1, and one more each time that lines are counted again
	Note          string
	OpenedBy      *uuid.UUID
	FinishedBy    *uuid.UUID
	ApprovedBy    *uuid.UUID
	ApprovedAt    *time.Time
	Value         *int64 // over and under together, as approved, in minor units
	PolicyVersion *int   // that the approval was judged by
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Places        []Place // that the count covers
	Parts         []Part  // that a cycle count covers; empty: every part
	Lines         []Line
}

// Place is a location that a count covers.
type Place struct {
	CountID uuid.UUID
	ID      uuid.UUID
	Code    string
	Name    string
	Kind    inventory.Kind
}

// Part is a part that a cycle count covers.
type Part struct {
	CountID uuid.UUID
	ID      uuid.UUID
	Number  string
	Name    string
	NameZh  string // empty where nobody translated it
}

// Counts is where stock is taken.
type Counts struct {
	*inventory.Ledger
	policies *policy.Book
}

// New returns the counts of what ledger says, judged by policies.
func New(ledger *inventory.Ledger, policies *policy.Book) *Counts {
	return &Counts{ledger, policies}
}

// Opening is what somebody wants counted.
type Opening struct {
	LocationID uuid.UUID
	WithBins   bool
	Scope      Scope
	PartIDs    []uuid.UUID // of a cycle count; without any, Choose picks them
	Choose     Choice
	Limit      int // how many parts Choose picks; 0 is as many as the policy says
	Note       string
}

// countable are the kinds of places whose stock can be taken.
var countable = []inventory.Kind{
	inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet, inventory.KindVan,
	inventory.KindDefective, inventory.KindQuarantine, inventory.KindCollected,
}

// Open begins a count. A technician counts his own van and its box for old parts. What is being
// counted already is a fault.Conflict.
func (c *Counts) Open(ctx context.Context, by who.Actor, o Opening) (made Count, err error) {
	now := c.Now()
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		// Held until the end: whoever closes the place waits, and finds the count.
		if _, err := pg.Exec(ctx, c.DB(), `SELECT FROM locations WHERE id = $1 OR warehouse_id = $1 ORDER BY id FOR KEY SHARE`, o.LocationID); err != nil {
			return err
		}
		at, err := c.place(ctx, by, o)
		if err != nil {
			return err
		}
		made = Count{
			ID: uuid.Must(uuid.NewV7()), Status: StatusOpened, Scope: o.Scope, LocationID: at.ID, LocationName: at.Name, LocationKind: at.Kind,
			OutletID: at.OutletID, Round: 1, Note: o.Note, OpenedBy: inventory.ActorID(by), Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		if err := c.cover(ctx, &made, o); err != nil {
			return err
		}
		if made.Number, err = c.Number(ctx, "count", "K"); err != nil {
			return err
		}
		if err := c.insert(ctx, made); err != nil {
			return err
		}
		return c.Tell(ctx, by, "count.opened", made.ID, made.OutletID, map[string]any{
			"number": made.Number, "location_id": made.LocationID, "scope": made.Scope, "places": len(made.Places), "parts": len(made.Parts),
		})
	})
	return made, err
}

// place is the location that a new count is of, where the actor may count.
func (c *Counts) place(ctx context.Context, by who.Actor, o Opening) (inventory.Location, error) {
	var f fault.Faults
	at, err := c.Named(ctx, by, o.LocationID, "/location_id", countable, &f)
	if err != nil {
		return at, err
	}
	if o.WithBins && at.Kind != inventory.KindWarehouse && at.Kind != inventory.KindOutlet && len(f) == 0 {
		f.Add("/with_bins", "a place of the kind %s has no bins", at.Kind.Noun())
	}
	if o.Scope == ScopeFull && (len(o.PartIDs) > 0 || o.Choose != "") {
		f.Add("/scope", "a full count takes every part")
	}
	if len(o.PartIDs) > 0 && o.Choose != "" {
		f.Add("/choose", "the parts are named already")
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return at, err
	}
	if mine := inventory.OnlyHis(by); mine != nil {
		van, err := c.Van(ctx, *mine)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return at, err
		}
		if err != nil || (at.ID != van.ID && (at.WarehouseID == nil || *at.WarehouseID != van.ID)) {
			return at, fault.New(fault.Forbidden, "a technician counts his own van")
		}
	}
	return at, nil
}

// Cancel ends a count without putting anything right. A technician gives up what he opened himself,
// and what is counted already is a supervisor's to give up: a variance is not made to vanish.
func (c *Counts) Cancel(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Count, error) {
	return c.change(ctx, by, id, "count.canceled", func(_ context.Context, k *Count) (map[string]any, error) {
		was := k.Status
		if err := k.become(StatusCanceled, version); err != nil {
			return nil, err
		}
		if inventory.OnlyHis(by) != nil && (k.OpenedBy == nil || *k.OpenedBy != by.UserID) {
			return nil, fault.New(fault.Forbidden, "a technician gives up only a count that he opened himself")
		}
		if (was == StatusReview || was == StatusRecount) && !by.Has(who.Supervisor, who.Admin) {
			return nil, fault.New(fault.Forbidden, "what is counted already is a supervisor's to give up")
		}
		return nil, nil
	})
}

// change locks a count, lets step change it, writes it down and tells of it, all at once.
func (c *Counts) change(ctx context.Context, by who.Actor, id uuid.UUID, kind string, step func(context.Context, *Count) (map[string]any, error)) (k Count, err error) {
	err = c.DB().InTx(ctx, func(ctx context.Context) error {
		if k, err = c.lock(ctx, by, id); err != nil {
			return err
		}
		data, err := step(ctx, &k)
		if err != nil {
			return err
		}
		if err := c.save(ctx, &k); err != nil {
			return err
		}
		if data == nil {
			data = map[string]any{}
		}
		data["number"], data["location_id"] = k.Number, k.LocationID
		return c.Tell(ctx, by, kind, k.ID, k.OutletID, data)
	})
	if err != nil {
		return Count{}, err
	}
	return k, nil
}
