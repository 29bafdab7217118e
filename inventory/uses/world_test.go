package uses_test

import (
	"testing"
	"time"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// visit is a technician at work on an asset.
type visit struct {
	*stocktest.House
	tech  who.Actor
	van   inventory.Location
	asset uuid.UUID
	job   uuid.UUID
	boss  who.Actor
}

// openVisit opens a visit on an asset with the serial DEVICE-1, bought so many days ago, of a
// product with a year of warranty.
func openVisit(t testing.TB, boughtDaysAgo int) *visit {
	t.Helper()
	h := stocktest.Open(t)
	v := &visit{House: h, asset: stocktest.NewID()}
	v.tech, v.van = h.Technician(h.Outlet)
	v.boss = who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &h.Outlet}
	v.job = h.Job(h.Outlet, v.tech)
	product := stocktest.NewID()
	h.Exec(`INSERT INTO products (id, code, name, warranty_months, created_at, updated_at) VALUES ($1, $2, 'AC', 12, now(), now())`, product, stocktest.Fresh("AC"))
	h.Exec(`INSERT INTO assets (id, product_id, serial, site_id, purchased_on, created_at, updated_at)
		SELECT $1, $2, 'DEVICE-1', site_id, current_date - $3::int, now(), now() FROM jobs WHERE id = $4`, v.asset, product, boughtDaysAgo, v.job)
	h.Exec(`UPDATE jobs SET asset_id = $1 WHERE id = $2`, v.asset, v.job)
	return v
}

// again is another job on the same asset.
func (v *visit) again() uuid.UUID {
	v.Helper()
	job := v.Job(v.Outlet, v.tech)
	v.Exec(`UPDATE jobs SET asset_id = $1, site_id = (SELECT site_id FROM assets WHERE id = $1) WHERE id = $2`, v.asset, job)
	return job
}

// use uses a part, which must go well.
func (v *visit) use(job uuid.UUID, p uses.PartUse) uses.Use {
	v.Helper()
	used, err := v.Uses.Use(v.Context(), v.tech, job, p)
	v.Must(err)
	return used
}

// priced is a part with a list price that the van holds.
func (v *visit) priced(shape string, price int64, quantity int, serials ...string) inventory.Part {
	v.Helper()
	p := v.Part(shape)
	p, err := v.Ledger.AmendPart(v.Context(), who.System, p.ID, p.Version, inventory.PartChange{ListPrice: &price})
	v.Must(err)
	if quantity > 0 || len(serials) > 0 {
		v.Stock(v.van, p, quantity, serials...)
	}
	return p
}

// unit is a use of a unit in place of another.
func unit(p inventory.Part, fresh, old string) uses.PartUse {
	wish := uses.WishReturn
	if old == "" {
		wish = uses.WishNone
	}
	return uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: fresh, OldSerial: old, OldPartWish: wish}
}

func day(t time.Time) string { return t.Format(time.DateOnly) }
