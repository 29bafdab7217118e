package registry

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// settle gives s its outlet: the one whose territory covers the place, else the one that a person
// asks for, else none. It notes what by may not do.
func (r *Register) settle(ctx context.Context, by who.Actor, s *Site, asked *uuid.UUID, f *fault.Faults) error {
	at, err := r.outlets.At(ctx, s.Location.Orb())
	if err != nil {
		return err
	}
	s.OutletID, s.ByHand = at, false
	switch {
	case !by.Sees(at):
		f.Add("/location", "lies outside the territory of your outlet")
		s.OutletID = nil
	case asked == nil:
	case at != nil && *asked != *at:
		f.Add("/outlet_id", "follows from the territory that covers the place")
	case at == nil && by.UserID != uuid.Nil && !by.Has(who.Admin, who.Dispatcher):
		f.Add("/outlet_id", "may be named by an admin or a dispatcher only")
	case at == nil:
		s.OutletID, s.ByHand = asked, true
		return r.checkOutlet(ctx, *asked, f)
	}
	return nil
}

// resettle gives s its outlet after a change of place or outlet. An outlet named by hand stays
// with the site wherever no territory covers it.
func (r *Register) resettle(ctx context.Context, by who.Actor, s *Site, before *uuid.UUID, asked **uuid.UUID, f *fault.Faults) error {
	byHand := s.ByHand
	if asked != nil {
		return r.settle(ctx, by, s, *asked, f)
	}
	if err := r.settle(ctx, by, s, nil, f); err != nil {
		return err
	}
	if s.OutletID == nil && byHand {
		s.OutletID, s.ByHand = before, true
	}
	return nil
}

func (r *Register) checkOutlet(ctx context.Context, id uuid.UUID, f *fault.Faults) error {
	there, err := pg.One[bool](ctx, r.db, `SELECT EXISTS (SELECT FROM outlets WHERE id = $1 AND status <> 'ended')`, id)
	if err == nil && !there {
		f.Add("/outlet_id", "no such %s", words.Noun("outlet"))
	}
	return err
}

type home struct {
	ID       uuid.UUID
	Location pg.Point
	OutletID *uuid.UUID
	ByHand   bool
}

const homesSQL = `
SELECT id, location, outlet_id, by_hand FROM sites
WHERE outlet_id = $1 OR location <@ box(point($2, $3), point($4, $5))
ORDER BY id FOR UPDATE`

const rehomeSQL = `
UPDATE sites SET outlet_id = n.outlet, by_hand = false, version = version + 1, updated_at = $3
FROM unnest($1::uuid[], $2::uuid[]) AS n (id, outlet)
WHERE sites.id = n.id`

// Rehome gives the sites of an outlet, and those within bound, to the outlets that at names now,
// after territories changed. An outlet named by hand stays where no territory covers the site,
// unless it is the one that has ended. It returns how many sites changed outlet, and is part of
// the transaction of ctx.
func Rehome(ctx context.Context, db *pg.DB, now time.Time, outlet uuid.UUID, ended bool, bound orb.Bound, at func(orb.Point) *uuid.UUID) (int, error) {
	sites, err := pg.Query[home](ctx, db, homesSQL, outlet, bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1])
	if err != nil {
		return 0, err
	}
	var ids []uuid.UUID
	var homes []*uuid.UUID
	for _, s := range sites {
		to := at(s.Location.Orb())
		keep := to == nil && s.ByHand && (!ended || s.OutletID == nil || *s.OutletID != outlet)
		if keep || (to == nil) == (s.OutletID == nil) && (to == nil || *to == *s.OutletID) {
			continue
		}
		ids, homes = append(ids, s.ID), append(homes, to)
	}
	if len(ids) > 0 {
		_, err = pg.Exec(ctx, db, rehomeSQL, ids, homes, now)
	}
	return len(ids), err
}
