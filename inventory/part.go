package inventory

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// Part is a kind of thing that jobs use up.
type Part struct {
	ID             uuid.UUID
	Number         string
	Name           string
	NameZh         string
	Unit           string     // what a quantity counts: piece, metre
	Serialized     bool       // each one has a serial and a path of its own; never changes
	ReturnRequired bool       // the old one has to come back when a new one is used
	GTIN           *string    `gorm:"column:gtin"` // 14 digits
	ListPrice      *int64     // what a customer pays for one, in minor units of Currency
	Currency       string     // of price and cost; never changes
	WarrantyDays   *int       // how long a repair with it is covered; nil as the policy says
	SupersededBy   *uuid.UUID // what takes its place
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
	GTIN           **string // to nil takes it away
	ListPrice      *int64
	WarrantyDays   *int
	SupersededBy   **uuid.UUID // to nil takes it back
}

// OpenPart adds a part to the catalogue, which is not an outlet's user to do. A number that is taken is a fault.Conflict.
func (l *Ledger) OpenPart(ctx context.Context, by who.Actor, p Part) (Part, error) {
	if by.OutletID != nil {
		return Part{}, errEverybodys
	}
	now := l.now()
	p.ID, p.Version, p.CreatedAt, p.UpdatedAt = uuid.Must(uuid.NewV7()), 1, now, now
	if p.Unit == "" {
		p.Unit = "piece"
	}
	if p.Currency == "" {
		p.Currency = "CNY"
	}
	if err := p.readGTIN(); err != nil {
		return Part{}, err
	}
	err := l.db.InTx(ctx, func(ctx context.Context) error {
		if err := pg.Rows[Part](ctx, l.db).Create(ctx, &p); err != nil {
			return partFault(err)
		}
		return l.Tell(ctx, by, "part.opened", p.ID, nil, map[string]any{"number": p.Number})
	})
	return p, err
}

var errEverybodys = fault.New(fault.Forbidden, "parts are everybody's: an outlet's user neither adds nor changes them")

// AmendPart changes a part that the client read at version. Parts are everybody's: whether an old one
// comes back, what a part costs and what takes its place is not an outlet's user to change.
func (l *Ledger) AmendPart(ctx context.Context, by who.Actor, id uuid.UUID, version int, c PartChange) (p Part, err error) {
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		if p, err = pg.Locked[Part](ctx, l.db).Where("id = ?", id).Take(ctx); err != nil {
			return pg.Fault(err, "part")
		}
		if by.OutletID != nil {
			return errEverybodys
		}
		if err := Stale("part", version, p.Version); err != nil {
			return err
		}
		before := p
		set(&p.Name, c.Name)
		set(&p.NameZh, c.NameZh)
		set(&p.Unit, c.Unit)
		set(&p.ReturnRequired, c.ReturnRequired)
		set(&p.GTIN, c.GTIN)
		set(&p.SupersededBy, c.SupersededBy)
		if c.ListPrice != nil {
			p.ListPrice = c.ListPrice
		}
		if c.WarrantyDays != nil {
			p.WarrantyDays = c.WarrantyDays
		}
		if err := p.readGTIN(); err != nil {
			return err
		}
		if err := l.checkSuccession(ctx, p); err != nil {
			return err
		}
		p.Version, p.UpdatedAt = p.Version+1, l.now()
		_, err := pg.Rows[Part](ctx, l.db).Where("id = ?", id).
			Select("name", "name_zh", "unit", "return_required", "gtin", "list_price", "warranty_days", "superseded_by", "version", "updated_at").Updates(ctx, p)
		if err != nil {
			return partFault(err)
		}
		return l.Tell(ctx, by, "part.amended", id, nil, map[string]any{"number": p.Number, "before": before.figures(), "after": p.figures()})
	})
	return p, err
}

// figures is what of a part says what it is worth, what it stands for and what has to come back.
func (p Part) figures() map[string]any {
	return map[string]any{
		"name": p.Name, "unit": p.Unit, "return_required": p.ReturnRequired, "gtin": p.GTIN, "list_price": p.ListPrice,
		"warranty_days": p.WarrantyDays, "superseded_by": p.SupersededBy,
	}
}

// readGTIN brings the part's trade item number to its 14 digits, and checks it.
func (p *Part) readGTIN() error {
	if p.GTIN == nil {
		return nil
	}
	gtin, err := gs1.NormalizeGTIN(*p.GTIN)
	if err != nil {
		return fault.Faults{{Pointer: "/gtin", Detail: fault.From(err).Detail}}.Err(fault.Invalid, "the request cannot be met as it is")
	}
	p.GTIN = &gtin
	return nil
}

func partFault(err error) error {
	if pg.Violates(err, "one_part_per_gtin") {
		return fault.Faults{{Pointer: "/gtin", Detail: words.Say("is another part's")}}.Err(fault.Conflict, "the request cannot be met as it is")
	}
	return pg.Fault(err, "part")
}

const successorsSQL = `
WITH RECURSIVE s (id) AS (SELECT $1::uuid UNION SELECT p.superseded_by FROM parts p JOIN s ON p.id = s.id WHERE p.superseded_by IS NOT NULL)
SELECT p.id, p.number, p.serialized, p.currency FROM s JOIN parts p USING (id)`

// checkSuccession refuses a successor that is not there, or that the part itself takes the place of.
func (l *Ledger) checkSuccession(ctx context.Context, p Part) error {
	if p.SupersededBy == nil {
		return nil
	}
	chain, err := pg.Query[Part](ctx, l.db, successorsSQL, *p.SupersededBy)
	if err != nil {
		return err
	}
	if len(chain) == 0 {
		return Wrong("/superseded_by", "no such %s", words.Noun("part"))
	}
	for _, s := range chain {
		if s.ID == p.ID {
			return Wrong("/superseded_by", "takes the place of this very part")
		}
	}
	return nil
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
SELECT id, number, name, name_zh, unit, serialized, return_required, gtin, list_price, currency, warranty_days, superseded_by, version, created_at, updated_at
FROM parts
WHERE id > $1 AND ($2 = '' OR number || ' ' || name || ' ' || name_zh ILIKE '%' || $2 || '%')
ORDER BY id LIMIT $3`

// ListParts returns the parts whose number or name holds search, and the id to go on from; uuid.Nil at the end.
func (l *Ledger) ListParts(ctx context.Context, search string, after uuid.UUID, limit int) ([]Part, uuid.UUID, error) {
	list := Statement{listPartsSQL, []any{after, literal.Replace(search)}}
	return Page(ctx, l.db, list, limit, func(p Part) uuid.UUID { return p.ID }, nil)
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
