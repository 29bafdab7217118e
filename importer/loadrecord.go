package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
)

// errDry undoes what a dry run did.
var errDry = errors.New("importer: dry run")

// load brings in one record, or nothing of it, and says whether its job was not there before.
func (l *loading) load(ctx context.Context, r Record) (added bool, err error) {
	err = l.InTx(ctx, func(ctx context.Context) error {
		if added, err = l.open(ctx, r); err == nil && l.DryRun {
			return errDry
		}
		return err
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return added, err
}

// name is how we call something of the source.
func name(source, id string) *string {
	s := source + ":" + id
	return &s
}

func (l *loading) open(ctx context.Context, r Record) (bool, error) {
	key := name(r.Key.Source, r.Key.ID)
	_, err := l.Board.FindByKey(ctx, who.System, *key)
	if err == nil {
		return false, nil
	} else if !fault.Is(err, fault.NotFound) {
		return false, err
	}
	site, err := l.place(ctx, r)
	if err != nil {
		return false, err
	}
	asset, err := l.asset(ctx, r, site)
	if err != nil {
		return false, err
	}
	priority := dispatch.Priority(r.Case.Priority)
	c, _, err := l.Desk.Import(ctx, who.System, cases.NewCase{
		Channel: cases.Channel(r.Case.Channel), Type: cases.Type(r.Case.Type), Severity: cases.Severity(r.Case.Severity),
		Priority: &priority, CustomerID: site.CustomerID, SiteID: site.ID, AssetID: asset,
		Description: r.Case.Description, ReceivedAt: &r.Case.ReceivedAt, ExternalKey: key,
	})
	if err != nil {
		return false, at(err, "case", nil)
	}
	return true, l.job(ctx, r, c, key)
}

// place finds or opens the customer and his site.
func (l *loading) place(ctx context.Context, r Record) (registry.Site, error) {
	c, _, err := l.Register.EnsureCustomer(ctx, who.System, registry.NewCustomer{
		Name: r.Customer.Name, Phone: optional(r.Customer.Phone), Region: cmp.Or(l.mapping.region, registry.DefaultRegion), Email: optional(r.Customer.Email),
		Language: l.mapping.language, ExternalKey: name(r.Key.Source, r.Customer.ExternalID),
	})
	if err != nil {
		return registry.Site{}, at(err, "customer", nil)
	}
	s, _, err := l.Register.EnsureSite(ctx, who.System, registry.NewSite{
		CustomerID: c.ID, Name: r.Site.Name, Address: r.Site.Address, Location: r.Site.Point, TimeZone: r.Site.Zone,
		AccessNotes: r.Site.Notes, ExternalKey: name(r.Key.Source, r.Site.ExternalID),
	})
	if err != nil {
		return registry.Site{}, at(err, "site", nil)
	}
	if s.CustomerID != c.ID {
		return registry.Site{}, fault.New(fault.Conflict, "site %q belongs to another customer already", r.Site.ExternalID)
	}
	return s, nil
}

// asset finds or opens the product and the unit that a record names.
func (l *loading) asset(ctx context.Context, r Record, s registry.Site) (*uuid.UUID, error) {
	if r.Product == nil {
		return nil, nil
	}
	called := r.Product.Name
	if called == "" {
		called = r.Product.Code
	}
	p, _, err := l.Register.EnsureProduct(ctx, who.System, registry.NewProduct{Code: r.Product.Code, Name: called})
	if err != nil {
		return nil, at(err, "product", nil)
	}
	if r.Asset == nil {
		return nil, nil
	}
	a, _, err := l.Register.EnsureAsset(ctx, who.System, registry.NewAsset{
		ProductID: p.ID, Serial: r.Asset.Serial, SiteID: s.ID, PurchasedOn: r.Asset.PurchasedOn,
		PurchaseChannel: r.Asset.PurchaseChannel, WarrantyMonths: r.Asset.WarrantyMonths,
	})
	if err != nil {
		return nil, at(err, "asset", nil)
	}
	if a.SiteID != s.ID {
		return nil, fault.New(fault.Conflict, "the unit %s of %s stands at another site", r.Asset.Serial, r.Product.Code)
	}
	return &a.ID, nil
}

func (l *loading) job(ctx context.Context, r Record, c cases.Case, key *string) error {
	n := dispatch.NewJob{
		Title: r.Job.Title, Description: r.Case.Description, Minutes: int(r.Job.Duration.Minutes()), DueAt: r.Job.Due, ExternalKey: key,
	}
	if w := r.Job.Window; w != nil {
		n.WindowFrom, n.WindowTo = &w.From, &w.To
	}
	names := map[string]string{} // of what stands at a pointer
	for i, s := range r.Job.Skills {
		n.Needs = append(n.Needs, dispatch.NewNeed{Code: s.Code, Level: s.Level})
		names[fmt.Sprintf("needs/%d", i)] = "skills " + s.Code
	}
	for _, p := range r.Job.Photos {
		n.Photos = append(n.Photos, dispatch.PhotoNeed{Kind: p.Kind, Count: p.Count})
	}
	var f fault.Faults
	for _, p := range r.Job.Parts {
		id, there, err := l.parts.find(ctx, p.Number)
		if err != nil {
			return err
		}
		if !there {
			f.Add("job.parts", "there is no part %q", p.Number)
		}
		n.Parts = append(n.Parts, dispatch.PartNeed{PartID: id, Quantity: p.Quantity})
	}
	if err := f.Err(fault.Invalid, "the job asks for parts that are not there"); err != nil {
		return err
	}
	_, err := l.Desk.OpenJob(ctx, who.System, c.ID, n)
	return at(err, "job", names)
}

// at says of a fault's fields where in a record they stand: "/phone" of a customer is customer.phone.
func at(err error, noun string, names map[string]string) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	told := fault.Error{Code: f.Code, Detail: f.Detail}
	for _, each := range f.Fields {
		path := strings.TrimPrefix(each.Pointer, "/")
		if called, known := names[path]; known {
			path = called
		}
		told.Fields = append(told.Fields, fault.Field{Pointer: noun + "." + strings.ReplaceAll(path, "/", "."), Detail: each.Detail})
	}
	return &told
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
