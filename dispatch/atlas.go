package dispatch

import (
	"context"

	"callout/internal/geo"
	"callout/internal/pg"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// atlas is every territory as it stood when its mark was taken.
type atlas struct {
	mark        string
	territories []mapped
}

type mapped struct {
	outlet     uuid.UUID
	code, name string
	area       geo.Territory
}

// at is the outlet whose territory covers p, or nil. On a border that two share it is the one
// whose code comes first.
func (a *atlas) at(p orb.Point) *uuid.UUID {
	for i := range a.territories {
		if a.territories[i].area.Contains(p) {
			return &a.territories[i].outlet
		}
	}
	return nil
}

// mapLock keeps who redraws territories apart from who asks for them.
const mapLock = 72702

// At returns the outlet whose territory covers p, or nil where none does. Within a transaction
// territories stay as they are until it ends.
func (n *Network) At(ctx context.Context, p orb.Point) (*uuid.UUID, error) {
	if _, err := pg.Tx(ctx); err == nil {
		if _, err := pg.Exec(ctx, n.db, `SELECT pg_advisory_xact_lock_shared($1)`, mapLock); err != nil {
			return nil, err
		}
	}
	drawn, err := n.atlas(ctx)
	if err != nil {
		return nil, err
	}
	found := drawn.at(p)
	if found == nil {
		return nil, nil
	}
	id := *found
	return &id, nil
}

// redraw runs fn in a transaction while nobody else redraws a territory or settles a site.
func (n *Network) redraw(ctx context.Context, fn func(context.Context) error) error {
	return n.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := pg.Exec(ctx, n.db, `SELECT pg_advisory_xact_lock($1)`, mapLock); err != nil {
			return err
		}
		return fn(ctx)
	})
}

// The mark changes with every change of an outlet, by whichever process; nothing else is asked
// of the database while the atlas is as it was.
const markSQL = `SELECT coalesce(md5(string_agg(id::text || xmin::text || version::text, ',' ORDER BY id)), '') FROM outlets`

// atlas returns the territories as the transaction of ctx, or the moment, sees them.
func (n *Network) atlas(ctx context.Context) (*atlas, error) {
	mark, err := pg.One[string](ctx, n.db, markSQL)
	if err != nil {
		return nil, err
	}
	if kept := n.kept.Load(); kept != nil && kept.mark == mark {
		return kept, nil
	}
	territories, err := readTerritories(ctx, n.db)
	if err != nil {
		return nil, err
	}
	drawn := &atlas{mark, territories}
	n.kept.Store(drawn)
	return drawn, nil
}
