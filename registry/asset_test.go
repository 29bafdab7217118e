package registry_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
)

func TestAssetIsUniqueByProductAndSerial(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	s := w.site(w.customer(registry.NewCustomer{}), shanghai, "1 Bund")
	p, q := w.product("FR-1", 12), w.product("FR-2", 12)
	// é as one character and as two is the same serial.
	first, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: p.ID, Serial: " SN-\u00e9 ", SiteID: s.ID})
	if err != nil || first.Serial != "SN-\u00e9" {
		t.Fatalf("%+v, %v", first, err)
	}
	tests := []struct {
		name    string
		product uuid.UUID
		serial  string
		code    fault.Code
	}{
		{"the same", p.ID, "SN-\u00e9", fault.Conflict},
		{"the same in another form", p.ID, "\tSN-e\u0301", fault.Conflict},
		{"another case is another serial", p.ID, "sn-\u00e9", ""},
		{"another product may have the same", q.ID, "SN-\u00e9", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: tt.product, Serial: tt.serial, SiteID: s.ID})
			if tt.code == "" && err != nil || tt.code != "" && !fault.Is(err, tt.code) {
				t.Errorf("%v, want %q", err, tt.code)
			}
		})
	}
	other, _, err := w.ListAssets(ctx, w.desk, registry.AssetQuery{ProductID: &q.ID}, uuid.Nil, 50)
	if err != nil || len(other) != 1 {
		t.Fatal(other, err)
	}
	_, err = w.AmendAsset(ctx, w.desk, other[0].ID, 1, registry.AssetChange{ProductID: &p.ID})
	refused(t, err, fault.Conflict)
}

func TestAssetRefused(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	_, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: uuid.New(), Serial: " ", SiteID: uuid.New(), WarrantyMonths: ptr(601)})
	refused(t, err, fault.Invalid, "/serial", "/warranty_months", "/product_id", "/site_id")
	p := w.product("FR-1", 12)
	west := w.site(w.customer(registry.NewCustomer{}), losAngeles, "1 Main St")
	_, err = w.OpenAsset(ctx, w.eastern, registry.NewAsset{ProductID: p.ID, Serial: "1", SiteID: west.ID})
	refused(t, err, fault.Invalid, "/site_id")
}

func TestPurchaseIsNotInTheFutureOfTheSite(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	c := w.customer(registry.NewCustomer{})
	p := w.product("FR-1", 12)
	east := w.site(c, shanghai, "1 Bund")
	west, err := w.OpenSite(ctx, w.desk, registry.NewSite{CustomerID: c.ID, Address: "1 Main St", Location: losAngeles, TimeZone: "America/Los_Angeles"})
	if err != nil {
		t.Fatal(err)
	}
	// At noon in Los Angeles it is the 23rd in Shanghai already.
	tests := []struct {
		name, on string
		site     uuid.UUID
		ok       bool
	}{
		{"today in Shanghai", "2026-11-23", east.ID, true},
		{"tomorrow in Shanghai", "2026-11-24", east.ID, false},
		{"in another age", "1899-12-31", east.ID, false},
		{"today in Los Angeles", "2026-11-22", west.ID, true},
		{"tomorrow in Los Angeles", "2026-11-23", west.ID, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: p.ID, Serial: tt.name, SiteID: tt.site, PurchasedOn: ptr(day(tt.on).Add(time.Hour))})
			if tt.ok && err != nil {
				t.Error(err)
			} else if !tt.ok {
				refused(t, err, fault.Invalid, "/purchased_on")
			}
		})
	}
}

func TestCoverageOfAnAsset(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	s := w.site(w.customer(registry.NewCustomer{}), shanghai, "1 Bund")
	p := w.product("FR-1", 12)
	k, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: p.ID, Serial: "1", SiteID: s.ID})
	if err != nil || k.Coverage.Status != registry.CoverageUnknown || k.Coverage.Until != nil {
		t.Fatalf("%+v, %v", k, err)
	}
	// In Shanghai it is 23 November: the warranty ended yesterday.
	k, err = w.AmendAsset(ctx, w.desk, k.ID, 1, registry.AssetChange{PurchasedOn: ptr(ptr(day("2025-11-22")))})
	if err != nil || k.Coverage.Status != registry.CoverageExpired || !k.Coverage.Until.Equal(day("2026-11-22")) {
		t.Fatalf("%+v, %v", k, err)
	}
	k, err = w.AmendAsset(ctx, w.desk, k.ID, 2, registry.AssetChange{WarrantyMonths: ptr(ptr(24))})
	if err != nil || k.Coverage.Status != registry.CoverageCovered || !k.Coverage.Until.Equal(day("2027-11-22")) {
		t.Fatalf("its own term: %+v, %v", k, err)
	}
	k, err = w.AmendAsset(ctx, w.desk, k.ID, 3, registry.AssetChange{WarrantyMonths: ptr[*int](nil)})
	if err != nil || k.Coverage.Status != registry.CoverageExpired {
		t.Fatalf("the product's again: %+v, %v", k, err)
	}
	if _, err := w.AmendProduct(ctx, w.admin, p.ID, 1, registry.ProductChange{WarrantyMonths: ptr(13)}); err != nil {
		t.Fatal(err)
	}
	k, err = w.FindAsset(ctx, w.eastern, k.ID)
	if err != nil || k.Coverage.Status != registry.CoverageCovered || k.ProductCode != "FR-1" || *k.OutletID != w.east || k.CustomerID != s.CustomerID {
		t.Fatalf("a new term of the product holds at once: %+v, %v", k, err)
	}
	_, err = w.AmendAsset(ctx, w.western, k.ID, 4, registry.AssetChange{Serial: ptr("2")})
	refused(t, err, fault.NotFound)
	if got := w.kinds(k.ID); !slices.Equal(got, []string{"asset.opened", "asset.amended", "asset.amended", "asset.amended"}) {
		t.Errorf("events %v", got)
	}
}

func TestAssetsAreFound(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	c := w.customer(registry.NewCustomer{})
	east, west := w.site(c, shanghai, "1 Bund"), w.site(c, losAngeles, "1 Main St")
	p, q := w.product("FR-1", 12), w.product("WM-2", 12)
	a, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: p.ID, Serial: "SN-7", SiteID: east.ID})
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: q.ID, Serial: "SN-77", SiteID: west.ID})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		by   who.Actor
		q    registry.AssetQuery
		want []uuid.UUID
	}{
		{"all", w.desk, registry.AssetQuery{}, []uuid.UUID{a.ID, b.ID}},
		{"an outlet's own", w.western, registry.AssetQuery{}, []uuid.UUID{b.ID}},
		{"at a site", w.desk, registry.AssetQuery{SiteID: &east.ID}, []uuid.UUID{a.ID}},
		{"of a customer", w.desk, registry.AssetQuery{CustomerID: &c.ID}, []uuid.UUID{a.ID, b.ID}},
		{"of a product", w.desk, registry.AssetQuery{ProductID: &q.ID}, []uuid.UUID{b.ID}},
		{"by serial, whole and in any case", w.desk, registry.AssetQuery{Serial: "sn-7"}, []uuid.UUID{a.ID}},
		{"by a part of the serial", w.desk, registry.AssetQuery{Any: "n-7"}, []uuid.UUID{a.ID, b.ID}},
		{"by the product's code", w.desk, registry.AssetQuery{Any: "wm-"}, []uuid.UUID{b.ID}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := w.ListAssets(ctx, tt.by, tt.q, uuid.Nil, 50)
			var ids []uuid.UUID
			for _, k := range got {
				ids = append(ids, k.ID)
			}
			if err != nil || !slices.Equal(ids, tt.want) {
				t.Errorf("found %+v, %v", got, err)
			}
		})
	}
	first, next, err := w.ListAssets(ctx, w.desk, registry.AssetQuery{}, uuid.Nil, 1)
	if err != nil || len(first) != 1 || next != a.ID {
		t.Fatalf("first page %+v, %v, %v", first, next, err)
	}
	if last, next, err := w.ListAssets(ctx, w.desk, registry.AssetQuery{}, next, 1); err != nil || len(last) != 1 || last[0].ID != b.ID || next != uuid.Nil {
		t.Errorf("last page %+v, %v, %v", last, next, err)
	}
}

func TestProductsAreEverybodys(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	p := w.product("FR-1", 12)
	_, err := w.OpenProduct(ctx, w.admin, registry.NewProduct{Code: "FR-1", Name: "x"})
	refused(t, err, fault.Conflict)
	_, err = w.OpenProduct(ctx, w.admin, registry.NewProduct{Code: " ", Name: "", WarrantyMonths: -1})
	refused(t, err, fault.Invalid, "/code", "/name", "/warranty_months")
	_, err = w.OpenProduct(ctx, w.eastern, registry.NewProduct{Code: "FR-2", Name: "x"})
	refused(t, err, fault.Forbidden)
	_, err = w.AmendProduct(ctx, w.western, p.ID, 1, registry.ProductChange{Name: ptr("x")})
	refused(t, err, fault.Forbidden)
	p, err = w.AmendProduct(ctx, w.admin, p.ID, 1, registry.ProductChange{NameZh: ptr("冰箱"), Category: ptr("cooling")})
	if err != nil || p.NameZh != "冰箱" || p.Version != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = w.AmendProduct(ctx, w.admin, p.ID, 1, registry.ProductChange{Name: ptr("x")})
	refused(t, err, fault.Stale)
	w.product("WM-2", 24)
	for _, q := range []registry.ProductQuery{{Any: "冰"}, {Any: "fr-"}, {Category: "cooling"}} {
		if got, _, err := w.ListProducts(ctx, q, uuid.Nil, 50); err != nil || len(got) != 1 || got[0].ID != p.ID {
			t.Errorf("%+v finds %+v, %v", q, got, err)
		}
	}
	again, added, err := w.EnsureProduct(ctx, who.System, registry.NewProduct{Code: "FR-1", Name: "other"})
	if err != nil || added || again.ID != p.ID {
		t.Errorf("ensured %+v, %v, %v", again, added, err)
	}
	s := w.site(w.customer(registry.NewCustomer{}), shanghai, "x")
	for i, want := range []bool{true, false} {
		a, added, err := w.EnsureAsset(ctx, who.System, registry.NewAsset{ProductID: p.ID, Serial: " 7", SiteID: s.ID})
		if err != nil || added != want || a.Serial != "7" {
			t.Errorf("time %d: ensured %+v, %v, %v", i+1, a, added, err)
		}
	}
}
