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

// Asset is one thing of a customer: a product with a serial number, at a site. Days are midnight UTC.
type Asset struct {
	ID              uuid.UUID
	ProductID       uuid.UUID
	Serial          string // as the maker writes it: upper and lower case differ
	SiteID          uuid.UUID
	PurchasedOn     *time.Time
	PurchaseChannel string
	WarrantyMonths  *int // nil: the product's
	Version         int
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// AssetRecord is an asset with what follows from its product and its site.
type AssetRecord struct {
	Asset

	ProductCode string
	ProductName string
	CustomerID  uuid.UUID
	OutletID    *uuid.UUID // the site's
	Coverage    Coverage   // today, where the site is
}

// NewAsset is what opens an asset.
type NewAsset struct {
	ProductID       uuid.UUID
	Serial          string
	SiteID          uuid.UUID
	PurchasedOn     *time.Time // a day; its time of day is not looked at
	PurchaseChannel string
	WarrantyMonths  *int
}

// AssetChange says what to change: nil leaves a member as it is, a pointer to nil clears it.
type AssetChange struct {
	ProductID       *uuid.UUID
	Serial          *string
	SiteID          *uuid.UUID
	PurchasedOn     **time.Time
	PurchaseChannel *string
	WarrantyMonths  **int
}

// AssetQuery narrows a list of assets; what is given must all fit.
type AssetQuery struct {
	SiteID     *uuid.UUID
	CustomerID *uuid.UUID
	ProductID  *uuid.UUID
	Serial     string // whole, in whatever case
	Any        string // a fragment of the serial, or of the product's code or name
}

// FindAsset returns one asset.
func (r *Register) FindAsset(ctx context.Context, by who.Actor, id uuid.UUID) (AssetRecord, error) {
	return findAsset(ctx, r.db, by, r.now(), id)
}

// ListAssets returns the assets that fit q after an id, oldest first, and the id to go on from;
// uuid.Nil at the end.
func (r *Register) ListAssets(ctx context.Context, by who.Actor, q AssetQuery, after uuid.UUID, limit int) ([]AssetRecord, uuid.UUID, error) {
	return listAssets(ctx, r.db, by, r.now(), q, after, limit)
}

// firstYear is before anything that is still looked after was bought.
const firstYear = 1900

// check brings a into the form in which it is kept and notes what is wrong with it.
func (r *Register) check(ctx context.Context, by who.Actor, a *Asset, f *fault.Faults) error {
	a.Serial, a.PurchaseChannel = Line(f, "/serial", a.Serial), Note(f, "/purchase_channel", a.PurchaseChannel)
	checkMonths(f, a.WarrantyMonths)
	if _, err := r.FindProduct(ctx, a.ProductID); fault.Is(err, fault.NotFound) {
		f.Add("/product_id", "no such %s", words.Noun("product"))
	} else if err != nil {
		return err
	}
	s, err := r.FindSite(ctx, by, a.SiteID)
	if fault.Is(err, fault.NotFound) {
		f.Add("/site_id", "no such %s", words.Noun("site"))
		return nil
	} else if err != nil {
		return err
	}
	zone, err := Zone(s.TimeZone)
	if err != nil {
		return err
	}
	if a.PurchasedOn != nil {
		day := dayOf(*a.PurchasedOn)
		a.PurchasedOn = &day
		if day.After(dayOf(r.now().In(zone))) {
			f.Add("/purchased_on", "must not be after today")
		} else if day.Year() < firstYear {
			f.Add("/purchased_on", "must not be before the year %d", firstYear)
		}
	}
	return nil
}

// OpenAsset records an asset at a site. A product has a serial once.
func (r *Register) OpenAsset(ctx context.Context, by who.Actor, n NewAsset) (k AssetRecord, err error) {
	a := Asset{
		ProductID: n.ProductID, Serial: n.Serial, SiteID: n.SiteID, PurchasedOn: n.PurchasedOn,
		PurchaseChannel: n.PurchaseChannel, WarrantyMonths: n.WarrantyMonths,
	}
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if err := r.openAsset(ctx, by, &a); err != nil {
			return err
		}
		k, err = r.FindAsset(ctx, by, a.ID)
		return err
	})
	return k, err
}

func (r *Register) openAsset(ctx context.Context, by who.Actor, a *Asset) error {
	var f fault.Faults
	if err := r.check(ctx, by, a, &f); err != nil {
		return err
	}
	if err := wrong(f, "asset"); err != nil {
		return err
	}
	at := r.now()
	a.ID, a.Version, a.CreatedAt, a.UpdatedAt = newID(), 1, at, at
	if err := pg.Rows[Asset](ctx, r.db).Create(ctx, a); err != nil {
		return assetFault(err, *a)
	}
	return r.tellOfAsset(ctx, by, at, "asset.opened", *a, nil)
}

// EnsureAsset returns the asset of n's product and serial, which it records where there is none,
// and whether it did. It changes nothing of one that is there.
func (r *Register) EnsureAsset(ctx context.Context, by who.Actor, n NewAsset) (a Asset, added bool, err error) {
	a = Asset{
		ProductID: n.ProductID, Serial: n.Serial, SiteID: n.SiteID, PurchasedOn: n.PurchasedOn,
		PurchaseChannel: n.PurchaseChannel, WarrantyMonths: n.WarrantyMonths,
	}
	var f fault.Faults
	a.Serial = Line(&f, "/serial", a.Serial)
	if err := wrong(f, "asset"); err != nil {
		return Asset{}, false, err
	}
	added, err = ensure(ctx, r, by, &a, "product_id = ? AND serial = ?", []any{a.ProductID, a.Serial},
		func(ctx context.Context) error { return r.openAsset(ctx, by, &a) })
	return a, added, err
}

// AmendAsset changes what is known of an asset: a mistyped serial, a move to another site, a
// date of purchase that was found.
func (r *Register) AmendAsset(ctx context.Context, by who.Actor, id uuid.UUID, version int, n AssetChange) (k AssetRecord, err error) {
	at := r.now()
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.FindAsset(ctx, by, id); err != nil {
			return err
		}
		a, err := pg.Locked[Asset](ctx, r.db).Where("id = ?", id).Take(ctx)
		if err != nil {
			return pg.Fault(err, "asset")
		}
		if err := unchanged("asset", a.Version, version); err != nil {
			return err
		}
		was := a
		var did change
		set(&did, "product_id", &a.ProductID, n.ProductID)
		set(&did, "serial", &a.Serial, n.Serial)
		set(&did, "site_id", &a.SiteID, n.SiteID)
		set(&did, "purchased_on", &a.PurchasedOn, n.PurchasedOn)
		set(&did, "purchase_channel", &a.PurchaseChannel, n.PurchaseChannel)
		set(&did, "warranty_months", &a.WarrantyMonths, n.WarrantyMonths)
		var f fault.Faults
		if err := r.check(ctx, by, &a, &f); err != nil {
			return err
		}
		if err := wrong(f, "asset"); err != nil {
			return err
		}
		if a.Serial != was.Serial {
			if err := r.recordSerial(ctx, by, was, a.Serial, "corrected", nil); err != nil {
				return err
			}
		}
		a.Version, a.UpdatedAt = a.Version+1, at
		if _, err := pg.Rows[Asset](ctx, r.db).Where("id = ?", a.ID).
			Select("product_id", "serial", "site_id", "purchased_on", "purchase_channel", "warranty_months", "version", "updated_at").Updates(ctx, a); err != nil {
			return assetFault(err, a)
		}
		if err := r.tellOfAsset(ctx, by, at, "asset.amended", a, changed{did.members}); err != nil {
			return err
		}
		k, err = r.FindAsset(ctx, by, id)
		return err
	})
	return k, err
}

func (r *Register) tellOfAsset(ctx context.Context, by who.Actor, at time.Time, kind string, a Asset, data any) error {
	s, err := r.FindSite(ctx, by, a.SiteID)
	if err != nil {
		return err
	}
	return r.tell(ctx, by, at, kind, a.ID, s.OutletID, data)
}

func assetFault(err error, a Asset) error {
	if pg.Violates(err, "one_asset_per_serial") {
		return fault.New(fault.Conflict, "an asset of this product with the serial %q is recorded already", a.Serial)
	}
	return pg.Fault(err, "asset")
}
