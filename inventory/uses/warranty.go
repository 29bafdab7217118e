package uses

import (
	"context"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/registry"

	"github.com/google/uuid"
)

// Warranty says whether the customer pays for a part.
type Warranty string

// The decisions about a part: covered by a warranty, to be paid, or given out of goodwill.
const (
	WarrantyCovered    Warranty = "covered"
	WarrantyNotCovered Warranty = "not_covered"
	WarrantyGoodwill   Warranty = "goodwill"
)

// Charge is a person's decision about who pays, with the reason.
type Charge struct {
	Warranty Warranty
	Reason   string
}

// judgment is what the books say about who pays.
type judgment struct {
	warranty Warranty
	reason   words.Text
}

const dayForm = time.DateOnly

// judge says who pays by the books: nobody, while an earlier repair of the part is covered or the
// product's warranty lasts on the day of the fault; the customer otherwise. earlier and product
// are nil where there is none.
func judge(earlier *Coverage, product *registry.Coverage) judgment {
	switch {
	case earlier != nil:
		return judgment{WarrantyCovered, words.Say("the part of job %s is covered until %s", earlier.JobNumber, earlier.EndsOn.Format(dayForm))}
	case product == nil:
		return judgment{WarrantyNotCovered, words.Say("the job names no product that a warranty could cover")}
	case product.Status == registry.CoverageCovered:
		return judgment{WarrantyCovered, words.Say("the product's warranty lasts until %s", product.Until.Format(dayForm))}
	case product.Status == registry.CoverageExpired:
		return judgment{WarrantyNotCovered, words.Say("the product's warranty ended on %s", product.Until.Format(dayForm))}
	default:
		return judgment{WarrantyNotCovered, words.Say("nobody knows when the product was bought")}
	}
}

// said is the decision of a person, or the books' where there is none. Goodwill, and a coverage
// that the books do not know, are a supervisor's to grant.
func (j judgment) said(by who.Actor, c *Charge) (judgment, error) {
	if c == nil {
		return j, nil
	}
	granted := c.Warranty == WarrantyGoodwill || c.Warranty == WarrantyCovered && j.warranty != WarrantyCovered
	if granted && !by.Has(who.Supervisor, who.Admin) {
		return j, fault.New(fault.Forbidden, "only a supervisor gives parts away that no warranty covers")
	}
	return judgment{c.Warranty, words.Say("decided by hand: %s", c.Reason)}, nil
}

// price is what the customer pays of so many parts.
func (w Warranty) price(each *int64, quantity int) *int64 {
	var price int64
	if w == WarrantyNotCovered {
		if each == nil {
			return nil
		}
		price = *each * int64(quantity)
	}
	return &price
}

// byTheBooks judges a use on the day of the fault, and what it replaced on its own day as well.
func (u *Uses) byTheBooks(ctx context.Context, v visit, parts []uuid.UUID, oldSerial string, used time.Time) (judgment, error) {
	day, err := v.day(v.FaultAt)
	if err != nil {
		return judgment{}, err
	}
	useDay, err := v.day(used)
	if err != nil {
		return judgment{}, err
	}
	earlier, err := u.earlier(ctx, v, parts, oldSerial, day, useDay)
	if err != nil || earlier != nil || v.AssetID == nil {
		return judge(earlier, nil), err
	}
	a, err := u.register.FindAsset(ctx, who.System, *v.AssetID)
	if err != nil {
		return judgment{}, err
	}
	p, err := u.register.FindProduct(ctx, a.ProductID)
	if err != nil {
		return judgment{}, err
	}
	months := p.WarrantyMonths
	if a.WarrantyMonths != nil {
		months = *a.WarrantyMonths
	}
	product := registry.CoverageOn(a.PurchasedOn, months, day)
	return judge(nil, &product), nil
}

const decideSQL = `
INSERT INTO part_use_decisions (use_id, seq, warranty, reason, price, decided_by, decided_at)
SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5::uuid, $6 FROM part_use_decisions WHERE use_id = $1`

func (u *Uses) decide(ctx context.Context, by *uuid.UUID, use uuid.UUID, j judgment, price *int64) error {
	_, err := pg.Exec(ctx, u.DB(), decideSQL, use, j.warranty, j.reason, price, by, u.Now())
	if pg.Violates(err, "one_decision_after_another") {
		return fault.New(fault.Conflict, "somebody else decided about this part meanwhile")
	}
	return pg.Fault(err, "part use")
}

// decideFirst decides who pays for a new use.
func (u *Uses) decideFirst(ctx context.Context, by who.Actor, v visit, use uuid.UUID, w weighed, used time.Time) error {
	j, err := u.byTheBooks(ctx, v, w.concerned(), w.OldSerial, used)
	if err != nil {
		return err
	}
	var person *uuid.UUID
	if w.Charge != nil {
		person = inventory.ActorID(by)
	}
	if j, err = j.said(by, w.Charge); err != nil {
		return err
	}
	return u.decide(ctx, person, use, j, j.warranty.price(w.Part.ListPrice, w.Counted.Quantity))
}

// Decide decides anew who pays for a use, until the customer has signed for the job. The earlier
// decision is kept.
func (u *Uses) Decide(ctx context.Context, by who.Actor, job, use uuid.UUID, c Charge) (used Use, err error) {
	err = u.DB().InTx(ctx, func(ctx context.Context) error {
		j, err := u.Job(ctx, by, job, nil)
		if err != nil {
			return err
		}
		if used, err = u.find(ctx, job, use); err != nil {
			return err
		}
		if j.Status == "closed" {
			return fault.New(fault.Conflict, "job %s is closed, and its sealed record names this part", j.Number)
		}
		v, err := u.visit(ctx, job)
		if err != nil {
			return err
		}
		books, err := u.byTheBooks(ctx, v, slices.Compact([]uuid.UUID{used.PartID, used.OldPartID}), used.OldSerial, used.OccurredAt)
		if err != nil {
			return err
		}
		said, err := books.said(by, &c)
		if err != nil {
			return err
		}
		price := used.ListPrice
		if said.warranty != WarrantyNotCovered {
			price = said.warranty.price(nil, used.Quantity)
		}
		if err := u.decide(ctx, inventory.ActorID(by), use, said, price); err != nil {
			return err
		}
		if used, err = u.find(ctx, job, use); err != nil {
			return err
		}
		return u.Tell(ctx, by, "part.warranty_decided", job, j.OutletID, map[string]any{
			"number": j.Number, "use_id": use, "part_id": used.PartID, "warranty": said.warranty, "price": price, "currency": used.Currency, "reason": c.Reason,
		})
	})
	return used, err
}
