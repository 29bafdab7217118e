package dispatch

import (
	"context"
	"sync/atomic"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Network is the outlets with their territories, and the skills that the operation speaks of.
type Network struct {
	db   *pg.DB
	now  func() time.Time
	kept atomic.Pointer[atlas]
}

// NewNetwork returns the network in db.
func NewNetwork(db *pg.DB, now func() time.Time) *Network {
	return &Network{db: db, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// FindOutlet returns one outlet, with its territory.
func (n *Network) FindOutlet(ctx context.Context, by who.Actor, id uuid.UUID) (Outlet, error) {
	return findOutlet(ctx, n.db, by, id)
}

// ListOutlets returns outlets after an id, oldest first, without their territories, and the id
// to go on from; uuid.Nil at the end.
func (n *Network) ListOutlets(ctx context.Context, by who.Actor, status OutletStatus, after uuid.UUID, limit int) ([]Outlet, uuid.UUID, error) {
	return listOutlets(ctx, n.db, by, status, after, limit)
}

// OpenOutlet adds an outlet to the network. Its territory must not overlap with another's; the
// sites that lie in it become its own.
func (n *Network) OpenOutlet(ctx context.Context, by who.Actor, w NewOutlet) (Outlet, error) {
	at := n.now()
	o := Outlet{ID: uuid.Must(uuid.NewV7()), Status: OutletActive, Version: 1, CreatedAt: at, UpdatedAt: at}
	var f fault.Faults
	o.Code, o.Name = registry.Line(&f, "/code", w.Code), registry.Line(&f, "/name", w.Name)
	o.TimeZone = registry.ZoneOf(&f, "/time_zone", w.TimeZone)
	if w.Territory != nil {
		o.Territory = &pg.JSON[geo.Territory]{V: *w.Territory}
	}
	if err := central(by); err != nil {
		return Outlet{}, err
	}
	if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("outlet")); err != nil {
		return Outlet{}, err
	}
	return o, n.redraw(ctx, func(ctx context.Context) error {
		if err := n.apart(ctx, o); err != nil {
			return err
		}
		if err := insertOutlet(ctx, n.db, o); err != nil {
			return err
		}
		moved, err := n.rehome(ctx, o)
		if err != nil {
			return err
		}
		return n.tell(ctx, by, at, "outlet.opened", o, map[string]any{"code": o.Code, "sites_moved": moved})
	})
}

// AmendOutlet changes what an outlet is called and by which clock it lives.
func (n *Network) AmendOutlet(ctx context.Context, by who.Actor, id uuid.UUID, version int, change OutletChange) (o Outlet, err error) {
	if err := central(by); err != nil {
		return Outlet{}, err
	}
	at := n.now()
	err = n.db.InTx(ctx, func(ctx context.Context) error {
		if o, err = lockOutlet(ctx, n.db, by, id); err != nil {
			return err
		}
		if err := unchanged("outlet", o.Version, version); err != nil {
			return err
		}
		var f fault.Faults
		if change.Name != nil {
			o.Name = registry.Line(&f, "/name", *change.Name)
		}
		if change.TimeZone != nil {
			o.TimeZone = registry.ZoneOf(&f, "/time_zone", *change.TimeZone)
		}
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("outlet")); err != nil {
			return err
		}
		o.Version, o.UpdatedAt = o.Version+1, at
		if err := saveOutlet(ctx, n.db, o); err != nil {
			return err
		}
		return n.tell(ctx, by, at, "outlet.amended", o, nil)
	})
	return o, err
}

// AmendTerritory draws an outlet's territory anew; nil gives it up. It is refused where it
// overlaps with another's. In the same transaction the sites that the outlet had, and those
// that lie in the new territory, go to the outlet that covers them now; it returns how many did.
// Jobs and cases that are open already stay with the outlet that has them.
func (n *Network) AmendTerritory(ctx context.Context, by who.Actor, id uuid.UUID, version int, territory *geo.Territory) (o Outlet, moved int, err error) {
	if err := central(by); err != nil {
		return Outlet{}, 0, err
	}
	at := n.now()
	err = n.redraw(ctx, func(ctx context.Context) error {
		if o, err = lockOutlet(ctx, n.db, by, id); err != nil {
			return err
		}
		if err := unchanged("outlet", o.Version, version); err != nil {
			return err
		}
		if o.Status == OutletEnded {
			return fault.New(fault.Conflict, "outlet %s is %s", o.Code, o.Status)
		}
		o.Territory = nil
		if territory != nil {
			o.Territory = &pg.JSON[geo.Territory]{V: *territory}
		}
		if err := n.apart(ctx, o); err != nil {
			return err
		}
		o.Version, o.UpdatedAt = o.Version+1, at
		if err := saveOutlet(ctx, n.db, o); err != nil {
			return err
		}
		if moved, err = n.rehome(ctx, o); err != nil {
			return err
		}
		return n.tell(ctx, by, at, "outlet.territory_amended", o, map[string]any{"sites_moved": moved})
	})
	return o, moved, err
}

// SuspendOutlet takes an outlet out of work for a while. It keeps its territory and its sites.
func (n *Network) SuspendOutlet(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Outlet, error) {
	return n.move(ctx, by, id, version, OutletSuspend, "outlet.suspended")
}

// ResumeOutlet puts a suspended outlet back to work.
func (n *Network) ResumeOutlet(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Outlet, error) {
	return n.move(ctx, by, id, version, OutletResume, "outlet.resumed")
}

// EndOutlet ends an outlet for good: its sites go to whoever covers them, or to nobody. It is
// refused while it has technicians who have not left.
func (n *Network) EndOutlet(ctx context.Context, by who.Actor, id uuid.UUID, version int) (Outlet, error) {
	return n.move(ctx, by, id, version, OutletEnd, "outlet.ended")
}

func (n *Network) move(ctx context.Context, by who.Actor, id uuid.UUID, version int, v OutletVerb, kind string) (o Outlet, err error) {
	if err := central(by); err != nil {
		return Outlet{}, err
	}
	at := n.now()
	err = n.redraw(ctx, func(ctx context.Context) error {
		if o, err = lockOutlet(ctx, n.db, by, id); err != nil {
			return err
		}
		if err := o.undergo(v, version, at); err != nil {
			return err
		}
		if v == OutletEnd {
			if err := staffless(ctx, n.db, o); err != nil {
				return err
			}
		}
		if err := saveOutlet(ctx, n.db, o); err != nil {
			return err
		}
		moved := 0
		if v == OutletEnd {
			if moved, err = n.rehome(ctx, o); err != nil {
				return err
			}
		}
		return n.tell(ctx, by, at, kind, o, map[string]any{"sites_moved": moved})
	})
	return o, err
}

// apart refuses a territory that overlaps with another outlet's, and names the outlet.
func (n *Network) apart(ctx context.Context, o Outlet) error {
	mine := o.Area()
	if mine == nil {
		return nil
	}
	drawn, err := n.atlas(ctx)
	if err != nil {
		return err
	}
	var f fault.Faults
	for _, t := range drawn.territories {
		if t.outlet != o.ID && mine.Overlaps(t.area) {
			f.Add("/territory", "overlaps with the territory of outlet %s, %s", t.code, t.name)
		}
	}
	return f.Err(fault.Conflict, "every place has one outlet")
}

// rehome gives sites to the outlets that cover them after o's territory changed.
func (n *Network) rehome(ctx context.Context, o Outlet) (int, error) {
	drawn, err := n.atlas(ctx)
	if err != nil {
		return 0, err
	}
	var bound orb.Bound
	if area := o.Area(); area != nil && o.Status != OutletEnded {
		bound = area.Bound()
	}
	return registry.Rehome(ctx, n.db, o.UpdatedAt, o.ID, o.Status == OutletEnded, bound, drawn.at)
}

// central refuses people of an outlet: the network is everybody's.
func central(by who.Actor) error {
	if by.OutletID != nil {
		return fault.New(fault.Forbidden, "only people of all outlets may do this")
	}
	return nil
}

func (n *Network) tell(ctx context.Context, by who.Actor, at time.Time, kind string, o Outlet, data any) error {
	return event.Append(ctx, n.db, by, at, event.Entry{Kind: kind, SubjectID: o.ID, OutletID: &o.ID, Data: data})
}
