package receiving

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Supplier is somebody who delivers parts.
type Supplier struct {
	ID        uuid.UUID
	Code      string
	Name      string
	NameZh    string
	Active    bool // an inactive one announces nothing new
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// SupplierChange is what may be changed about a supplier; nil leaves it.
type SupplierChange struct {
	Name   *string
	NameZh *string
	Active *bool
}

var errEverybodys = fault.New(fault.Forbidden, "suppliers are everybody's: an outlet's user neither adds nor changes them")

// OpenSupplier adds a supplier, which is not an outlet's user to do. A code that is taken, in capitals or not, is a
// fault.Conflict.
func (d *Dock) OpenSupplier(ctx context.Context, by who.Actor, s Supplier) (Supplier, error) {
	if by.OutletID != nil {
		return Supplier{}, errEverybodys
	}
	now := d.Now()
	s.ID, s.Active, s.Version, s.CreatedAt, s.UpdatedAt = uuid.Must(uuid.NewV7()), true, 1, now, now
	err := d.DB().InTx(ctx, func(ctx context.Context) error {
		if err := pg.Rows[Supplier](ctx, d.DB()).Create(ctx, &s); err != nil {
			return pg.Fault(err, "supplier")
		}
		return d.Tell(ctx, by, "supplier.opened", s.ID, nil, map[string]any{"code": s.Code})
	})
	return s, err
}

// AmendSupplier changes a supplier that the client read at version. Suppliers are everybody's: an outlet's user changes none.
func (d *Dock) AmendSupplier(ctx context.Context, by who.Actor, id uuid.UUID, version int, c SupplierChange) (s Supplier, err error) {
	if by.OutletID != nil {
		return s, errEverybodys
	}
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		if s, err = pg.Locked[Supplier](ctx, d.DB()).Where("id = ?", id).Take(ctx); err != nil {
			return pg.Fault(err, "supplier")
		}
		if err := inventory.Stale("supplier", version, s.Version); err != nil {
			return err
		}
		set(&s.Name, c.Name)
		set(&s.NameZh, c.NameZh)
		set(&s.Active, c.Active)
		s.Version, s.UpdatedAt = s.Version+1, d.Now()
		if _, err := pg.Rows[Supplier](ctx, d.DB()).Where("id = ?", id).Select("name", "name_zh", "active", "version", "updated_at").Updates(ctx, s); err != nil {
			return pg.Fault(err, "supplier")
		}
		return d.Tell(ctx, by, "supplier.amended", id, nil, map[string]any{"code": s.Code, "active": s.Active})
	})
	return s, err
}

func set[T any](dst *T, v *T) {
	if v != nil {
		*dst = *v
	}
}

// FindSupplier returns one supplier. Suppliers are everybody's to see.
func (d *Dock) FindSupplier(ctx context.Context, id uuid.UUID) (Supplier, error) {
	s, err := pg.Rows[Supplier](ctx, d.DB()).Where("id = ?", id).Take(ctx)
	return s, pg.Fault(err, "supplier")
}

const suppliersSQL = `
SELECT id, code, name, name_zh, active, version, created_at, updated_at FROM suppliers
WHERE id > $1 AND ($2 = '' OR code || ' ' || name || ' ' || name_zh ILIKE '%' || $2 || '%') ORDER BY id LIMIT $3`

// ListSuppliers returns the suppliers whose code or name holds search, oldest first, and the id to go on from; uuid.Nil at the end.
func (d *Dock) ListSuppliers(ctx context.Context, search string, after uuid.UUID, limit int) ([]Supplier, uuid.UUID, error) {
	list := inventory.Statement{SQL: suppliersSQL, Args: []any{after, inventory.Literal(search)}}
	return inventory.Page(ctx, d.DB(), list, limit, func(s Supplier) uuid.UUID { return s.ID }, nil)
}
