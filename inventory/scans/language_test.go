package scans_test

import (
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/receiving"
	"callout/inventory/requests"
	"callout/inventory/scans"
	"callout/inventory/stocktest"
	"callout/inventory/uses"
)

// Whatever a scan means goes by its name in the language of whoever scans.
func TestEveryMeaningHasANameInBothLanguages(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	dock := receiving.New(s.House.Ledger, receiving.Deps{Policies: policy.NewBook(s.DB, time.Now)})
	tech, van := s.Technician(s.Outlet)
	job := s.Job(s.Outlet, tech)
	number, err := pg.One[string](ctx, s.DB, `SELECT number FROM jobs WHERE id = $1`, job)
	s.Must(err)
	s.Exec(`UPDATE jobs SET title = 'Fix the fan' WHERE id = $1`, job)
	s.Exec(`UPDATE locations SET name = 'Van 7' WHERE id = $1`, van.ID)
	van.Name = "Van 7"
	p, err := s.OpenPart(ctx, who.System, inventory.Part{Number: "CB-1", Name: "Board", NameZh: "控制板", Serialized: true, ReturnRequired: true})
	s.Must(err)
	s.Stock(van, p, 0, "N1")
	used, err := s.Uses.Use(ctx, tech, job, uses.PartUse{PartID: p.ID, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	s.Must(err)
	back, err := s.Returns.Find(ctx, s.Clerk, *used.ReturnID)
	s.Must(err)
	s.Exec(`INSERT INTO part_return_shipments (id, carrier, waybill, outlet_id, shipped_at, created_at) VALUES ($1, 'SF', 'SF-1', $2, now(), now())`, stocktest.NewID(), s.Outlet)
	asked, err := s.Counter.Request(ctx, tech, requests.Wanted{Reason: "for tomorrow", Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
	s.Must(err)
	box, err := s.SubPlace(ctx, inventory.KindCollected, van)
	s.Must(err)
	defective, err := s.SubPlace(ctx, inventory.KindDefective, s.Warehouse)
	s.Must(err)
	supplier, err := dock.OpenSupplier(ctx, who.System, receiving.Supplier{Code: "S", Name: "Maker", NameZh: "厂家"})
	s.Must(err)
	foreign, err := dock.OpenSupplier(ctx, who.System, receiving.Supplier{Code: "F", Name: "Foreign"})
	s.Must(err)
	announce := func(of receiving.Supplier, note string) string {
		d, err := dock.Announce(ctx, s.Clerk, receiving.Announced{SupplierID: of.ID, NoteNumber: note, WarehouseID: s.Warehouse.ID, Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 1}}})
		s.Must(err)
		return d.Number
	}
	s.Stock(s.Warehouse, p, 0, "N2")
	boss := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &s.Outlet}
	sent, err := dock.Send(ctx, boss, inventory.Transfer{FromLocation: s.Warehouse.ID, ToLocation: van.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"N2"}})})
	s.Must(err)
	taking := counts.New(s.House.Ledger, policy.NewBook(s.DB, time.Now))
	count := func(at inventory.Location) string {
		k, err := taking.Open(ctx, s.Clerk, counts.Opening{LocationID: at.ID, Scope: counts.ScopeFull})
		s.Must(err)
		return k.Number
	}
	for name, c := range map[string]struct {
		scan             string
		kind             scans.Kind
		english, chinese string
	}{
		"a unit":                       {"N1", scans.KindUnit, "Board", "控制板"},
		"a part":                       {"CB-1", scans.KindPart, "Board", "控制板"},
		"a van":                        {van.Code, scans.KindLocation, "Van 7", "Van 7"},
		"a box for old parts":          {box.Code, scans.KindLocation, "Van 7 (collected old parts)", "Van 7 (已收旧件)"},
		"a request":                    {asked.Number, scans.KindPartRequest, "for tomorrow", "for tomorrow"},
		"a return":                     {back.Number, scans.KindPartReturn, "CB-1 O1 Board", "CB-1 O1 控制板"},
		"a parcel":                     {"SF-1", scans.KindShipment, "SF", "SF"},
		"a delivery":                   {announce(supplier, "DN-1"), scans.KindDelivery, "Maker DN-1", "厂家 DN-1"},
		"one of a maker with one name": {announce(foreign, "DN-2"), scans.KindDelivery, "Foreign DN-2", "Foreign DN-2"},
		"a transfer":                   {sent.Number, scans.KindTransfer, s.Warehouse.Name + " → Van 7", s.Warehouse.Name + " → Van 7"},
		"a count":                      {count(defective), scans.KindCount, s.Warehouse.Name + " (defective)", s.Warehouse.Name + " (旧件库)"},
		"a job":                        {number, scans.KindJob, "Fix the fan", "Fix the fan"},
	} {
		m, err := s.Resolve(ctx, s.Clerk, scans.Ask{Scan: c.scan})
		s.Must(err)
		found := false
		for _, match := range m.Matches {
			if match.Kind != c.kind {
				continue
			}
			found = true
			if zh := words.Either(words.Chinese, match.Name, match.NameZh); match.Name != c.english || zh != c.chinese {
				t.Errorf("%s is called %q and %q, want %q and %q", name, match.Name, zh, c.english, c.chinese)
			}
			for _, a := range match.Actions {
				if en, zh := a.Title.In(words.English), a.Title.In(words.Chinese); en == zh {
					t.Errorf("%s offers %q in either language", name, en)
				}
			}
		}
		if !found {
			t.Errorf("%s is not found: %+v", name, m.Matches)
		}
	}
}
