package registry

import (
	"context"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// joined is an asset with the columns that follow from its product and its site.
type joined struct {
	Asset

	ProductCode   string
	ProductName   string
	ProductMonths int
	CustomerID    uuid.UUID
	OutletID      *uuid.UUID
	TimeZone      string
}

// TableName is that of the asset; the rest is joined.
func (joined) TableName() string { return "assets" }

const recordColumns = `assets.*, p.code AS product_code, p.name AS product_name, p.warranty_months AS product_months,
	sites.customer_id, sites.outlet_id, sites.time_zone`

func findAsset(ctx context.Context, db *pg.DB, by who.Actor, now time.Time, id uuid.UUID) (AssetRecord, error) {
	scope, args := siteScope(by)
	rows, err := pg.Rows[joined](ctx, db).Raw(`SELECT `+recordColumns+` FROM assets JOIN sites ON sites.id = assets.site_id
		JOIN products p ON p.id = assets.product_id WHERE assets.id = ? AND `+scope, append([]any{id}, args...)...).Find(ctx)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("asset"))
	}
	if err != nil {
		return AssetRecord{}, err
	}
	return rows[0].record(now)
}

func listAssets(ctx context.Context, db *pg.DB, by who.Actor, now time.Time, q AssetQuery, after uuid.UUID, limit int) ([]AssetRecord, uuid.UUID, error) {
	scope, scopeArgs := siteScope(by)
	where, args := []string{"assets.id > ?", scope}, append([]any{after}, scopeArgs...)
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if q.SiteID != nil {
		add("assets.site_id = ?", q.SiteID)
	}
	if q.CustomerID != nil {
		add("sites.customer_id = ?", q.CustomerID)
	}
	if q.ProductID != nil {
		add("assets.product_id = ?", q.ProductID)
	}
	if q.Serial != "" {
		add("assets.serial ILIKE ?", exactly(q.Serial))
	}
	if q.Any != "" {
		p := Fragment(q.Any)
		add("(assets.serial ILIKE ? OR p.code ILIKE ? OR p.name ILIKE ? OR p.name_zh ILIKE ?)", p, p, p, p)
	}
	rows, err := pg.Rows[joined](ctx, db).Raw(`SELECT `+recordColumns+` FROM assets JOIN sites ON sites.id = assets.site_id
		JOIN products p ON p.id = assets.product_id WHERE `+strings.Join(where, " AND ")+` ORDER BY assets.id LIMIT ?`, append(args, limit+1)...).Find(ctx)
	if err != nil {
		return nil, uuid.Nil, err
	}
	rows, next := place(rows, limit, func(j joined) uuid.UUID { return j.ID })
	all := make([]AssetRecord, len(rows))
	for i, j := range rows {
		if all[i], err = j.record(now); err != nil {
			return nil, uuid.Nil, err
		}
	}
	return all, next, nil
}

// record works out the warranty.
func (j joined) record(now time.Time) (AssetRecord, error) {
	zone, err := Zone(j.TimeZone)
	if err != nil {
		return AssetRecord{}, err
	}
	months := j.ProductMonths
	if j.WarrantyMonths != nil {
		months = *j.WarrantyMonths
	}
	return AssetRecord{j.Asset, j.ProductCode, j.ProductName, j.CustomerID, j.OutletID, CoverageOn(j.PurchasedOn, months, now.In(zone))}, nil
}
