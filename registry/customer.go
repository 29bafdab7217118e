package registry

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Customer is whom we serve.
type Customer struct {
	ID          uuid.UUID
	Name        string
	Phone       *string // E.164
	Email       *string
	Language    words.Language
	ValueClass  ValueClass
	Notes       string
	OutletID    *uuid.UUID // whose user recorded the customer; nil: the central desk
	ExternalKey *string    // the customer's name in the system that he was imported from
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// ValueClass is what the customer is worth to us: a dimension of priority (requirement 26).
type ValueClass string

// The classes of customers.
const (
	ValueStandard  ValueClass = "standard"
	ValueImportant ValueClass = "important"
	ValueKey       ValueClass = "key"
)

// NewCustomer is what opens a customer.
type NewCustomer struct {
	Name        string
	Phone       *string // as people write it
	Region      string  // whose national numbers Phone may be; "": only a number with + and its country's code
	Email       *string
	Language    words.Language // "" is Chinese
	ValueClass  ValueClass     // "" is standard
	Notes       string
	ExternalKey *string
}

// CustomerChange says what to change: nil leaves a member as it is, a pointer to nil clears it.
type CustomerChange struct {
	Name       *string
	Phone      **string
	Region     string
	Email      **string
	Language   *words.Language
	ValueClass *ValueClass
	Notes      *string
}

// CustomerQuery narrows a list of customers; what is given must all fit.
type CustomerQuery struct {
	Any     string // a fragment of the name, of an address, of an asset's serial, or of the phone number
	Name    string // a fragment
	Phone   string // a whole number, or some of its digits
	Region  string // whose national number Phone and Any may be
	Serial  string // of an asset at one of the customer's sites, whole, in whatever case
	Address string // a fragment
}

func (n NewCustomer) customer(f *fault.Faults) Customer {
	c := Customer{
		Name: Line(f, "/name", n.Name), Phone: PhoneOf(f, "/phone", n.Phone, n.Region), Email: optional(f, "/email", n.Email),
		Language: n.Language, ValueClass: n.ValueClass, Notes: Note(f, "/notes", n.Notes), ExternalKey: optional(f, "/external_key", n.ExternalKey),
	}
	if c.Language == "" {
		c.Language = words.Chinese
	}
	if c.ValueClass == "" {
		c.ValueClass = ValueStandard
	}
	return c
}

// apply changes c and returns which members it set.
func (n CustomerChange) apply(c *Customer, f *fault.Faults) []string {
	var did change
	set(&did, "name", &c.Name, n.Name)
	set(&did, "phone", &c.Phone, n.Phone)
	set(&did, "email", &c.Email, n.Email)
	set(&did, "language", &c.Language, n.Language)
	set(&did, "value_class", &c.ValueClass, n.ValueClass)
	set(&did, "notes", &c.Notes, n.Notes)
	if n.Phone != nil {
		c.Phone = PhoneOf(f, "/phone", c.Phone, n.Region)
	}
	c.Name, c.Email, c.Notes = Line(f, "/name", c.Name), optional(f, "/email", c.Email), Note(f, "/notes", c.Notes)
	return did.members
}

// FindCustomer returns one customer.
func (r *Register) FindCustomer(ctx context.Context, by who.Actor, id uuid.UUID) (Customer, error) {
	scope, args := customerScope(by)
	c, err := pg.Rows[Customer](ctx, r.db).Where("id = ?", id).Where(scope, args...).Take(ctx)
	return c, pg.Fault(err, "customer")
}

// ListCustomers returns the customers that fit q after an id, oldest first, and the id to go on
// from; uuid.Nil at the end.
func (r *Register) ListCustomers(ctx context.Context, by who.Actor, q CustomerQuery, after uuid.UUID, limit int) ([]Customer, uuid.UUID, error) {
	return listCustomers(ctx, r.db, by, q, after, limit)
}

// OpenCustomer records a customer, for the outlet of whoever does.
func (r *Register) OpenCustomer(ctx context.Context, by who.Actor, n NewCustomer) (Customer, error) {
	var f fault.Faults
	c := n.customer(&f)
	if err := wrong(f, "customer"); err != nil {
		return Customer{}, err
	}
	return c, r.db.InTx(ctx, func(ctx context.Context) error { return r.openCustomer(ctx, by, &c) })
}

func (r *Register) openCustomer(ctx context.Context, by who.Actor, c *Customer) error {
	at := r.now()
	c.ID, c.OutletID, c.Version, c.CreatedAt, c.UpdatedAt = newID(), by.OutletID, 1, at, at
	if err := pg.Rows[Customer](ctx, r.db).Create(ctx, c); pg.Violates(err, "one_customer_per_external_key") {
		return taken("customer")
	} else if err != nil {
		return pg.Fault(err, "customer")
	}
	return r.tell(ctx, by, at, "customer.opened", c.ID, c.OutletID, nil)
}

// EnsureCustomer returns the customer of n's external key, whom it records where there is none,
// and whether it did. It changes nothing of one who is there: an import that runs again adds nothing.
func (r *Register) EnsureCustomer(ctx context.Context, by who.Actor, n NewCustomer) (c Customer, added bool, err error) {
	var f fault.Faults
	c = n.customer(&f)
	if c.ExternalKey == nil {
		f.Add("/external_key", "is required")
	}
	if err := wrong(f, "customer"); err != nil {
		return Customer{}, false, err
	}
	added, err = ensure(ctx, r, by, &c, "external_key = ?", []any{*c.ExternalKey},
		func(ctx context.Context) error { return r.openCustomer(ctx, by, &c) })
	return c, added, err
}

// AmendCustomer changes what is known of a customer.
func (r *Register) AmendCustomer(ctx context.Context, by who.Actor, id uuid.UUID, version int, change CustomerChange) (c Customer, err error) {
	at := r.now()
	scope, args := customerScope(by)
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if c, err = pg.Locked[Customer](ctx, r.db).Where("id = ?", id).Where(scope, args...).Take(ctx); err != nil {
			return pg.Fault(err, "customer")
		}
		if err := unchanged("customer", c.Version, version); err != nil {
			return err
		}
		var f fault.Faults
		members := change.apply(&c, &f)
		if err := wrong(f, "customer"); err != nil {
			return err
		}
		c.Version, c.UpdatedAt = c.Version+1, at
		if _, err := pg.Rows[Customer](ctx, r.db).Where("id = ?", c.ID).
			Select("name", "phone", "email", "language", "value_class", "notes", "version", "updated_at").Updates(ctx, c); err != nil {
			return pg.Fault(err, "customer")
		}
		return r.tell(ctx, by, at, "customer.amended", c.ID, c.OutletID, changed{members})
	})
	return c, err
}
