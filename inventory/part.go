package inventory

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Part is a kind of thing that jobs use up.
type Part struct {
	ID             uuid.UUID
	Number         string
	Name           string
	NameZh         string
	Unit           string // what a quantity counts: piece, metre
	Serialized     bool   // each one has a serial and a path of its own; never changes
	ReturnRequired bool   // the old one has to come back when a new one is used
	Version        int
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// PartChange is what may be changed about a part; nil leaves it.
type PartChange struct {
	Name           *string
	NameZh         *string
	Unit           *string
	ReturnRequired *bool
}

// OpenPart adds a part to the catalogue. A number that is taken is a fault.Conflict.
func (l *Ledger) OpenPart(ctx context.Context, by who.Actor, p Part) (Part, error) {
	now := l.now()
	p.ID, p.Version, p.CreatedAt, p.UpdatedAt = uuid.Must(uuid.NewV7()), 1, now, now
	if p.Unit == "" {
		p.Unit = "piece"
	}
	err := l.db.InTx(ctx, func(ctx context.Context) error {
		if err := pg.Rows[Part](ctx, l.db).Create(ctx, &p); err != nil {
			return pg.Fault(err, "part")
		}
		return l.tell(ctx, by, "part.opened", p.ID, nil, map[string]any{"number": p.Number})
	})
	return p, err
}

// AmendPart changes a part that the client read at version.
func (l *Ledger) AmendPart(ctx context.Context, by who.Actor, id uuid.UUID, version int, c PartChange) (p Part, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		if p, err = pg.Locked[Part](ctx, l.db).Where("id = ?", id).Take(ctx); err != nil {
			return pg.Fault(err, "part")
		}
		if err := stale("part", version, p.Version); err != nil {
			return err
		}
		set(&p.Name, c.Name)
		set(&p.NameZh, c.NameZh)
		set(&p.Unit, c.Unit)
		set(&p.ReturnRequired, c.ReturnRequired)
		p.Version, p.UpdatedAt = p.Version+1, l.now()
		_, err := pg.Rows[Part](ctx, l.db).Where("id = ?", id).
			Select("name", "name_zh", "unit", "return_required", "version", "updated_at").Updates(ctx, p)
		if err != nil {
			return pg.Fault(err, "part")
		}
		return l.tell(ctx, by, "part.amended", id, nil, map[string]any{"number": p.Number})
	})
	return p, err
}

func set[T any](dst *T, v *T) {
	if v != nil {
		*dst = *v
	}
}

// FindPart returns one part. Parts are everybody's to see.
func (l *Ledger) FindPart(ctx context.Context, id uuid.UUID) (Part, error) {
	p, err := pg.Rows[Part](ctx, l.db).Where("id = ?", id).Take(ctx)
	return p, pg.Fault(err, "part")
}

const listPartsSQL = `
SELECT id, number, name, name_zh, unit, serialized, return_required, version, created_at, updated_at
FROM parts
WHERE id > $1 AND ($2 = '' OR number || ' ' || name || ' ' || name_zh ILIKE '%' || $2 || '%')
ORDER BY id LIMIT $3`

// ListParts returns the parts whose number or name holds search, and the id to go on from; uuid.Nil at the end.
func (l *Ledger) ListParts(ctx context.Context, search string, after uuid.UUID, limit int) ([]Part, uuid.UUID, error) {
	rows, err := pg.Query[Part](ctx, l.db, listPartsSQL, after, literal.Replace(search), limit+1)
	page, next := cut(rows, limit, func(p Part) uuid.UUID { return p.ID })
	return page, next, err
}

// PartNames says what parts are called. An id that is no part is absent.
func (l *Ledger) PartNames(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Part, error) {
	rows, err := pg.Rows[Part](ctx, l.db).Where("id IN ?", ids).Find(ctx)
	named := map[uuid.UUID]Part{}
	for _, p := range rows {
		named[p.ID] = p
	}
	return named, err
}
