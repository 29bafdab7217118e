package registry

import (
	"cmp"
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Site is where a customer's things are: one place, one outlet that looks after it.
type Site struct {
	ID         uuid.UUID
	CustomerID uuid.UUID
	Name       string
	Address    string
	Location   pg.Point
	// CoordinateSystem is the one that the location was given in, before it became WGS-84.
	CoordinateSystem geo.System
	TimeZone         string // IANA
	AccessNotes      string
	OutletID         *uuid.UUID // follows from the territories; nil where none covers the place
	ByHand           bool       // a person named the outlet, for no territory covers the place
	ExternalKey      *string
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// NewSite is what opens a site.
type NewSite struct {
	CustomerID  uuid.UUID
	Name        string
	Address     string
	Location    orb.Point  // WGS-84
	System      geo.System // that it was given in; WGS84 where empty
	TimeZone    string
	AccessNotes string
	OutletID    *uuid.UUID // only where no territory covers the place
	ExternalKey *string
}

// SiteChange says what to change: nil leaves a member as it is, a pointer to nil clears it.
type SiteChange struct {
	Name        *string
	Address     *string
	Location    *orb.Point  // WGS-84
	System      *geo.System // that Location was given in; goes with it alone, WGS84 where nil
	TimeZone    *string
	AccessNotes *string
	OutletID    **uuid.UUID
}

// SiteQuery narrows a list of sites; what is given must all fit.
type SiteQuery struct {
	CustomerID *uuid.UUID
	OutletID   *uuid.UUID
	Homeless   bool   // only sites that no outlet looks after
	Any        string // a fragment of the name, of the address or of the customer's name
	Address    string // a fragment
}

func (n NewSite) site(f *fault.Faults) Site {
	s := Site{
		CustomerID: n.CustomerID, Name: Note(f, "/name", n.Name), Address: Line(f, "/address", n.Address), Location: pg.Point(n.Location),
		CoordinateSystem: cmp.Or(n.System, geo.WGS84), TimeZone: ZoneOf(f, "/time_zone", n.TimeZone), AccessNotes: Note(f, "/access_notes", n.AccessNotes),
		OutletID: n.OutletID, ExternalKey: optional(f, "/external_key", n.ExternalKey),
	}
	if !geo.Valid(n.Location) {
		f.Add("/location", "is not a place on earth")
	}
	return s
}

// apply changes s and returns which members it set.
func (n SiteChange) apply(s *Site, f *fault.Faults) []string {
	var did change
	set(&did, "name", &s.Name, n.Name)
	set(&did, "address", &s.Address, n.Address)
	set(&did, "location", &s.Location, (*pg.Point)(n.Location))
	switch {
	case n.Location != nil && n.System != nil:
		s.CoordinateSystem = *n.System
	case n.Location != nil:
		s.CoordinateSystem = geo.WGS84
	case n.System != nil:
		f.Add("/coordinate_system", "says what a location is in: give them together")
	}
	set(&did, "time_zone", &s.TimeZone, n.TimeZone)
	set(&did, "access_notes", &s.AccessNotes, n.AccessNotes)
	set(&did, "outlet_id", &s.OutletID, n.OutletID)
	s.Name, s.Address, s.AccessNotes = Note(f, "/name", s.Name), Line(f, "/address", s.Address), Note(f, "/access_notes", s.AccessNotes)
	ZoneOf(f, "/time_zone", s.TimeZone)
	if !geo.Valid(s.Location.Orb()) {
		f.Add("/location", "is not a place on earth")
	}
	return did.members
}

// FindSite returns one site.
func (r *Register) FindSite(ctx context.Context, by who.Actor, id uuid.UUID) (Site, error) {
	scope, args := siteScope(by)
	s, err := pg.Rows[Site](ctx, r.db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return s, pg.Fault(err, "site")
}

// ListSites returns the sites that fit q after an id, oldest first, and the id to go on from;
// uuid.Nil at the end.
func (r *Register) ListSites(ctx context.Context, by who.Actor, q SiteQuery, after uuid.UUID, limit int) ([]Site, uuid.UUID, error) {
	return listSites(ctx, r.db, by, q, after, limit)
}

// OpenSite records a site of a customer. The outlet follows from the territory that covers the
// place; where none does, whoever runs all outlets may name one. People of an outlet open
// sites in its territory only.
func (r *Register) OpenSite(ctx context.Context, by who.Actor, n NewSite) (Site, error) {
	var f fault.Faults
	s := n.site(&f)
	return s, r.db.InTx(ctx, func(ctx context.Context) error { return r.openSite(ctx, by, &s, &f) })
}

func (r *Register) openSite(ctx context.Context, by who.Actor, s *Site, f *fault.Faults) error {
	if _, err := r.FindCustomer(ctx, by, s.CustomerID); fault.Is(err, fault.NotFound) {
		f.Add("/customer_id", "no such %s", words.Noun("customer"))
	} else if err != nil {
		return err
	}
	if err := r.settle(ctx, by, s, s.OutletID, f); err != nil {
		return err
	}
	if err := wrong(*f, "site"); err != nil {
		return err
	}
	at := r.now()
	s.ID, s.Version, s.CreatedAt, s.UpdatedAt = newID(), 1, at, at
	if err := pg.Rows[Site](ctx, r.db).Create(ctx, s); pg.Violates(err, "one_site_per_external_key") {
		return taken("site")
	} else if err != nil {
		return pg.Fault(err, "site")
	}
	return r.tell(ctx, by, at, "site.opened", s.ID, s.OutletID, map[string]any{"customer_id": s.CustomerID})
}

// EnsureSite returns the site of n's external key, which it records where there is none, and
// whether it did. It changes nothing of one that is there.
func (r *Register) EnsureSite(ctx context.Context, by who.Actor, n NewSite) (s Site, added bool, err error) {
	var f fault.Faults
	s = n.site(&f)
	if s.ExternalKey == nil {
		f.Add("/external_key", "is required")
	}
	if err := wrong(f, "site"); err != nil {
		return Site{}, false, err
	}
	added, err = ensure(ctx, r, by, &s, "external_key = ?", []any{*s.ExternalKey},
		func(ctx context.Context) error { return r.openSite(ctx, by, &s, &f) })
	return s, added, err
}

// AmendSite changes what is known of a site. A site that moves goes to the outlet of its new
// place; jobs that are open already stay where they are.
func (r *Register) AmendSite(ctx context.Context, by who.Actor, id uuid.UUID, version int, change SiteChange) (s Site, err error) {
	at := r.now()
	scope, args := siteScope(by)
	moves := change.Location != nil || change.OutletID != nil
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if moves {
			// Territories stand still before the site does: who redraws them takes both in this order.
			if _, err := r.outlets.At(ctx, orb.Point{}); err != nil {
				return err
			}
		}
		if s, err = pg.Locked[Site](ctx, r.db).Where("id = ?", id).Where(scope, args...).Take(ctx); err != nil {
			return pg.Fault(err, "site")
		}
		if err := unchanged("site", s.Version, version); err != nil {
			return err
		}
		var f fault.Faults
		before := s.OutletID
		members := change.apply(&s, &f)
		if moves {
			if err := r.resettle(ctx, by, &s, before, change.OutletID, &f); err != nil {
				return err
			}
		}
		if err := wrong(f, "site"); err != nil {
			return err
		}
		s.Version, s.UpdatedAt = s.Version+1, at
		if _, err := pg.Rows[Site](ctx, r.db).Where("id = ?", s.ID).
			Select("name", "address", "location", "coordinate_system", "time_zone", "access_notes", "outlet_id", "by_hand", "version", "updated_at").Updates(ctx, s); err != nil {
			return pg.Fault(err, "site")
		}
		return r.tell(ctx, by, at, "site.amended", s.ID, s.OutletID, changed{members})
	})
	return s, err
}
