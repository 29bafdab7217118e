package registry

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Product is a model that customers have and we look after.
type Product struct {
	ID             uuid.UUID
	Code           string
	Name           string
	NameZh         string
	Category       string
	WarrantyMonths int // of every asset that has no term of its own
	Version        int
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// NewProduct is what opens a product.
type NewProduct struct {
	Code           string
	Name           string
	NameZh         string
	Category       string
	WarrantyMonths int
}

// ProductChange says what to change: nil leaves a member as it is.
type ProductChange struct {
	Name           *string
	NameZh         *string
	Category       *string
	WarrantyMonths *int
}

// ProductQuery narrows a list of products; what is given must all fit.
type ProductQuery struct {
	Any      string // a fragment of the code or of a name
	Category string // whole
}

// maxWarranty is the longest warranty in months, fifty years.
const maxWarranty = 600

func (n NewProduct) product(f *fault.Faults) Product {
	p := Product{
		Code: Line(f, "/code", n.Code), Name: Line(f, "/name", n.Name), NameZh: Note(f, "/name_zh", n.NameZh),
		Category: Note(f, "/category", n.Category), WarrantyMonths: n.WarrantyMonths,
	}
	checkMonths(f, &p.WarrantyMonths)
	return p
}

func checkMonths(f *fault.Faults, months *int) {
	if months != nil && (*months < 0 || *months > maxWarranty) {
		f.Add("/warranty_months", "must be from %d to %d", 0, maxWarranty)
	}
}

// FindProduct returns one product.
func (r *Register) FindProduct(ctx context.Context, id uuid.UUID) (Product, error) {
	p, err := pg.Rows[Product](ctx, r.db).Where("id = ?", id).Take(ctx)
	return p, pg.Fault(err, "product")
}

// ListProducts returns the products that fit q after an id, oldest first, and the id to go on
// from; uuid.Nil at the end.
func (r *Register) ListProducts(ctx context.Context, q ProductQuery, after uuid.UUID, limit int) ([]Product, uuid.UUID, error) {
	return listProducts(ctx, r.db, q, after, limit)
}

// OpenProduct records a product. Products are everybody's: people of an outlet may not.
func (r *Register) OpenProduct(ctx context.Context, by who.Actor, n NewProduct) (Product, error) {
	var f fault.Faults
	p := n.product(&f)
	if err := wrong(f, "product"); err != nil {
		return Product{}, err
	}
	return p, r.db.InTx(ctx, func(ctx context.Context) error { return r.openProduct(ctx, by, &p) })
}

func (r *Register) openProduct(ctx context.Context, by who.Actor, p *Product) error {
	if err := central(by); err != nil {
		return err
	}
	at := r.now()
	p.ID, p.Version, p.CreatedAt, p.UpdatedAt = newID(), 1, at, at
	if err := pg.Rows[Product](ctx, r.db).Create(ctx, p); pg.Violates(err, "one_product_per_code") {
		return fault.New(fault.Conflict, "there is a product with the code %q already", p.Code)
	} else if err != nil {
		return pg.Fault(err, "product")
	}
	return r.tell(ctx, by, at, "product.opened", p.ID, nil, map[string]any{"code": p.Code})
}

// EnsureProduct returns the product of n's code, which it records where there is none, and
// whether it did. It changes nothing of one that is there.
func (r *Register) EnsureProduct(ctx context.Context, by who.Actor, n NewProduct) (p Product, added bool, err error) {
	var f fault.Faults
	p = n.product(&f)
	if err := wrong(f, "product"); err != nil {
		return Product{}, false, err
	}
	added, err = ensure(ctx, r, by, &p, "code = ?", []any{p.Code}, func(ctx context.Context) error { return r.openProduct(ctx, by, &p) })
	return p, added, err
}

// AmendProduct changes what is known of a product. A new warranty term is at once the term of
// every asset of the product that has none of its own.
func (r *Register) AmendProduct(ctx context.Context, by who.Actor, id uuid.UUID, version int, n ProductChange) (p Product, err error) {
	if err := central(by); err != nil {
		return Product{}, err
	}
	at := r.now()
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if p, err = pg.Locked[Product](ctx, r.db).Where("id = ?", id).Take(ctx); err != nil {
			return pg.Fault(err, "product")
		}
		if err := unchanged("product", p.Version, version); err != nil {
			return err
		}
		var did change
		set(&did, "name", &p.Name, n.Name)
		set(&did, "name_zh", &p.NameZh, n.NameZh)
		set(&did, "category", &p.Category, n.Category)
		set(&did, "warranty_months", &p.WarrantyMonths, n.WarrantyMonths)
		var f fault.Faults
		p.Name, p.NameZh, p.Category = Line(&f, "/name", p.Name), Note(&f, "/name_zh", p.NameZh), Note(&f, "/category", p.Category)
		checkMonths(&f, &p.WarrantyMonths)
		if err := wrong(f, "product"); err != nil {
			return err
		}
		p.Version, p.UpdatedAt = p.Version+1, at
		if _, err := pg.Rows[Product](ctx, r.db).Where("id = ?", p.ID).
			Select("name", "name_zh", "category", "warranty_months", "version", "updated_at").Updates(ctx, p); err != nil {
			return pg.Fault(err, "product")
		}
		return r.tell(ctx, by, at, "product.amended", p.ID, nil, changed{did.members})
	})
	return p, err
}
