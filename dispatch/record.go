package dispatch

import (
	"context"

	"callout/evidence"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

const outletNameSQL = `SELECT name FROM outlets WHERE id = $1`

// whomAndWhere puts outlet, case, customer, site and asset into a record.
func (b *Board) whomAndWhere(ctx context.Context, j Job, r *evidence.Record) (err error) {
	if r.Outlet.Name, err = pg.One[string](ctx, b.db, outletNameSQL, r.Outlet.ID); err != nil {
		return pg.Fault(err, "outlet")
	}
	customer, err := b.Register.FindCustomer(ctx, who.System, j.CustomerID)
	if err != nil {
		return err
	}
	r.Customer = evidence.Customer{ID: customer.ID, Name: customer.Name}
	if customer.Phone != nil {
		r.Customer.Phone = *customer.Phone
	}
	site, err := b.Register.FindSite(ctx, who.System, j.SiteID)
	if err != nil {
		return err
	}
	r.Site = evidence.Site{
		ID: site.ID, Name: site.Name, Address: site.Address, TimeZone: j.TimeZone,
		Position: evidence.Position{Lng: j.Location.Lng(), Lat: j.Location.Lat()},
	}
	if r.Asset, err = b.asset(ctx, j.AssetID); err != nil {
		return err
	}
	if j.CaseID == nil {
		return nil
	}
	found, err := pg.Query[struct{ Number, Type string }](ctx, b.db, caseOfSQL, j.CaseID)
	if err == nil && len(found) > 0 {
		r.Case = &evidence.CaseRef{ID: *j.CaseID, Number: found[0].Number}
		r.Job.Type = found[0].Type
	}
	return pg.Fault(err, "case")
}

func (b *Board) asset(ctx context.Context, id *uuid.UUID) (*evidence.Asset, error) {
	if id == nil {
		return nil, nil
	}
	a, err := b.Register.FindAsset(ctx, who.System, *id)
	if err != nil {
		return nil, err
	}
	return &evidence.Asset{ID: a.ID, Product: a.ProductName, Serial: a.Serial}, nil
}
