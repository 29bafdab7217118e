package cases

import (
	"context"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// NewCase is what opens a case. The outlet follows from the site.
type NewCase struct {
	Channel     Channel
	Type        Type
	Severity    Severity
	Priority    *dispatch.Priority // nil: it follows from type and severity
	CustomerID  uuid.UUID
	SiteID      uuid.UUID  // one of the customer's
	AssetID     *uuid.UUID // must stand at the site
	Description string
	ReceivedAt  *time.Time // nil for now
	ExternalKey *string
}

// earliest is before any request that somebody may want to record.
var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Open takes a request in. Its deadlines are those of the policy that was in force when it was
// received. It returns Invalid with a pointer to each member that cannot stand.
func (d *Desk) Open(ctx context.Context, by who.Actor, n NewCase) (c Case, err error) {
	at := d.now()
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		var added bool
		if c, added, err = d.open(ctx, by, n, at, time.Time{}); err == nil && !added {
			err = fault.New(fault.Conflict, "a case with the external key %s is there already", *n.ExternalKey)
		}
		return err
	})
	return c.seen(at), err
}

// Import is Open for a request out of another system: it returns the case of n's external key,
// which it records where there is none, and whether it did. It changes nothing of one that is
// there. Of deadlines that have passed already nobody is told: that is history.
func (d *Desk) Import(ctx context.Context, by who.Actor, n NewCase) (c Case, added bool, err error) {
	at := d.now()
	if n.ExternalKey == nil {
		var f fault.Faults
		f.Add("/external_key", "is required")
		return Case{}, false, wrong(f)
	}
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		if c, err = find(ctx, d.db, by, "c.external_key = ?", *n.ExternalKey); !fault.Is(err, fault.NotFound) {
			return err
		}
		if c, added, err = d.open(ctx, by, n, at, at); err != nil || added {
			return err
		}
		c, err = find(ctx, d.db, by, "c.external_key = ?", *n.ExternalKey)
		return err
	})
	return c.seen(at), added, err
}

// open records a case, unless one of the external key is there, with timers for its deadlines
// since a moment.
func (d *Desk) open(ctx context.Context, by who.Actor, n NewCase, at, since time.Time) (Case, bool, error) {
	c, err := d.opened(ctx, by, n, at)
	if err != nil {
		return Case{}, false, err
	}
	p, err := d.policies.At(ctx, c.ReceivedAt)
	if err != nil {
		return Case{}, false, err
	}
	c.reckon(p)
	if added, err := insert(ctx, d.db, &c, dayOf(p, c.ReceivedAt)); err != nil || !added {
		return Case{}, false, err
	}
	for which := range overdue {
		if due, _ := c.due(which); due.Before(since) {
			continue
		}
		if err := d.setTimer(ctx, c, which); err != nil {
			return Case{}, false, err
		}
	}
	return c, true, d.tell(ctx, by, at, "case.opened", c, "", opening{c.Channel, c.judgement()})
}

// opening is what the log keeps of a new case.
type opening struct {
	Channel Channel `json:"channel"`
	judgement
}

// dayOf is the day of a moment where the operation is.
func dayOf(p policy.Policy, t time.Time) string {
	return t.In(p.Calendar().Zone).Format(time.DateOnly)
}

// opened works out the case that n asks for.
func (d *Desk) opened(ctx context.Context, by who.Actor, n NewCase, at time.Time) (Case, error) {
	var f fault.Faults
	c := Case{
		ID: uuid.Must(uuid.NewV7()), Status: StatusReceived, Channel: n.Channel, Type: n.Type, Severity: n.Severity,
		CustomerID: n.CustomerID, SiteID: n.SiteID, AssetID: n.AssetID, ReceivedAt: at,
		ExternalKey: n.ExternalKey, Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	c.Description = described(&f, n.Description)
	if c.Priority = PriorityOf(c.Type, c.Severity); n.Priority != nil {
		c.Priority, c.PriorityByHand = *n.Priority, true
	}
	if n.ReceivedAt != nil {
		c.ReceivedAt = n.ReceivedAt.UTC().Truncate(time.Microsecond)
	}
	switch {
	case c.ReceivedAt.After(at):
		f.Add("/received_at", "must not be later than now")
	case c.ReceivedAt.Before(earliest):
		f.Add("/received_at", "is too long ago")
	}
	if err := d.settle(ctx, by, &c, &f); err != nil {
		return Case{}, err
	}
	return c, wrong(f)
}

// settle notes what of customer, site and asset does not belong together, and gives c its outlet.
func (d *Desk) settle(ctx context.Context, by who.Actor, c *Case, f *fault.Faults) error {
	p, there, err := findPlace(ctx, d.db, by, c.SiteID, c.AssetID)
	if err != nil {
		return err
	}
	if !there || p.CustomerID != c.CustomerID {
		_, err := d.board.Register.FindCustomer(ctx, by, c.CustomerID)
		switch {
		case err == nil && there:
			f.Add("/site_id", "is another customer's")
		case fault.Is(err, fault.NotFound):
			f.Add("/customer_id", "no such %s", words.Noun("customer"))
		case err != nil:
			return err
		}
	}
	if !there {
		f.Add("/site_id", "no such %s", words.Noun("site"))
	}
	if c.AssetID != nil && (!there || p.AssetSiteID == nil || *p.AssetSiteID != c.SiteID) {
		f.Add("/asset_id", "no such %s at this site", words.Noun("asset"))
	}
	c.OutletID = p.OutletID
	return nil
}

func described(f *fault.Faults, text string) string {
	text = registry.Note(f, "/description", text)
	if text == "" {
		f.Add("/description", "must not be blank")
	}
	return text
}

func wrong(f fault.Faults) error {
	return f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("case"))
}
