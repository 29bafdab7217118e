package api

import (
	"encoding/json"
	"time"

	"callout/registry"

	"github.com/google/uuid"
)

func (s *Server) assetsHandlers() map[string]handler {
	return map[string]handler{"listAssets": s.listAssets, "openAsset": s.openAsset, "getAsset": s.getAsset, "amendAsset": s.amendAsset}
}

// day is a date on the wire.
type day time.Time

// MarshalJSON writes the date.
func (d day) MarshalJSON() ([]byte, error) { return json.Marshal(time.Time(d).Format(time.DateOnly)) }

// UnmarshalJSON reads the date as midnight UTC.
func (d *day) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	t, err := time.Parse(time.DateOnly, text)
	*d = day(t)
	return err
}

type asset struct {
	ID              uuid.UUID  `json:"id"`
	ProductID       uuid.UUID  `json:"product_id"`
	ProductCode     string     `json:"product_code"`
	ProductName     string     `json:"product_name"`
	Serial          string     `json:"serial"`
	SiteID          uuid.UUID  `json:"site_id"`
	CustomerID      uuid.UUID  `json:"customer_id"`
	OutletID        *uuid.UUID `json:"outlet_id"`
	PurchasedOn     *day       `json:"purchased_on"`
	PurchaseChannel string     `json:"purchase_channel"`
	WarrantyMonths  *int       `json:"warranty_months"`
	Coverage        coverage   `json:"coverage"`
	Version         int        `json:"version"`
	CreatedAt       time.Time  `json:"created_at"`
}

type coverage struct {
	Status registry.CoverageStatus `json:"status"`
	Until  *day                    `json:"until"`
}

func wireAsset(a registry.AssetRecord) asset {
	return asset{
		ID: a.ID, ProductID: a.ProductID, ProductCode: a.ProductCode, ProductName: a.ProductName, Serial: a.Serial, SiteID: a.SiteID,
		CustomerID: a.CustomerID, OutletID: a.OutletID, PurchasedOn: (*day)(a.PurchasedOn), PurchaseChannel: a.PurchaseChannel,
		WarrantyMonths: a.WarrantyMonths, Coverage: coverage{a.Coverage.Status, (*day)(a.Coverage.Until)}, Version: a.Version, CreatedAt: a.CreatedAt,
	}
}

func (s *Server) listAssets(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := registry.AssetQuery{
		SiteID: k.queryID("site_id"), CustomerID: k.queryID("customer_id"), ProductID: k.queryID("product_id"), Serial: k.query("serial"), Any: k.query("q"),
	}
	assets, next, err := s.Register.ListAssets(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, assets, goOn(next), wireAsset)
}

func (s *Server) openAsset(k *call) (answer, error) {
	var body struct {
		ProductID       uuid.UUID `json:"product_id"`
		Serial          string    `json:"serial"`
		SiteID          uuid.UUID `json:"site_id"`
		PurchasedOn     *day      `json:"purchased_on"`
		PurchaseChannel string    `json:"purchase_channel"`
		WarrantyMonths  *int      `json:"warranty_months"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	a, err := s.Register.OpenAsset(k.ctx, k.by, registry.NewAsset{
		ProductID: body.ProductID, Serial: body.Serial, SiteID: body.SiteID, PurchasedOn: (*time.Time)(body.PurchasedOn),
		PurchaseChannel: body.PurchaseChannel, WarrantyMonths: body.WarrantyMonths,
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/assets/"+a.ID.String(), a.Version, wireAsset(a))
}

func (s *Server) getAsset(k *call) (answer, error) {
	a, err := s.Register.FindAsset(k.ctx, k.by, k.id("asset_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wireAsset(a))
}

func (s *Server) amendAsset(k *call) (answer, error) {
	var body struct {
		ProductID       *uuid.UUID    `json:"product_id"`
		Serial          *string       `json:"serial"`
		SiteID          *uuid.UUID    `json:"site_id"`
		PurchasedOn     optional[day] `json:"purchased_on"`
		PurchaseChannel *string       `json:"purchase_channel"`
		WarrantyMonths  optional[int] `json:"warranty_months"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	change := registry.AssetChange{
		ProductID: body.ProductID, Serial: body.Serial, SiteID: body.SiteID, PurchaseChannel: body.PurchaseChannel, WarrantyMonths: body.WarrantyMonths.set(),
	}
	if body.PurchasedOn.present {
		bought := (*time.Time)(body.PurchasedOn.value)
		change.PurchasedOn = &bought
	}
	a, err := s.Register.AmendAsset(k.ctx, k.by, k.id("asset_id"), k.version(), change)
	if err != nil {
		return answer{}, err
	}
	return versioned(a.Version, wireAsset(a))
}
