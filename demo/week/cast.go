package week

import (
	"context"
	"crypto/rand"
	"strings"

	"callout/access"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// cast are the people and places of the week.
type cast struct {
	head     who.Actor // a supervisor of the whole house
	witness  uuid.UUID // an inspector, who sees old parts scrapped
	shops    []*shop
	parts    map[string]inventory.Part // by number
	ids      map[uuid.UUID]inventory.Part
	supplier uuid.UUID
	product  uuid.UUID // of the street lights
}

// shop is an outlet with its warehouse.
type shop struct {
	ID        uuid.UUID
	Code      string
	Warehouse uuid.UUID

	clerk  who.Actor
	bins   []bin
	crew   []*hand
	vendor inventory.Location // who repairs its old parts
}

// bin is a shelf, which keeps parts of some ranges.
type bin struct {
	ID          uuid.UUID
	WarehouseID uuid.UUID
	Code        string
}

// hand is a technician.
type hand struct {
	ID       uuid.UUID
	OutletID uuid.UUID
	UserID   uuid.UUID
	Name     string
	Home     pg.Point
	VanID    uuid.UUID
	Code     string // of his van
	Lights   bool   // his van carries what street lights need

	by     who.Actor
	shop   *shop
	street uuid.UUID // the site of the lights that he looks after
	jobs   []visit   // what he is booked for
}

// A technician who has no account acts by his own id.
const (
	shopsSQL = `SELECT o.id, o.code, w.id AS warehouse FROM outlets o JOIN locations w ON w.outlet_id = o.id AND w.kind = 'warehouse' ORDER BY o.code`
	crewSQL  = `
SELECT t.id, t.outlet_id, coalesce(t.user_id, t.id) AS user_id, t.name, t.home, t.van_id, v.code,
  EXISTS (SELECT FROM van_levels l JOIN parts p ON p.id = l.part_id WHERE l.location_id = t.van_id AND p.number = 'SL-LED-100') AS lights
FROM technicians t JOIN locations v ON v.id = t.van_id WHERE t.status = 'active' ORDER BY v.code`
	binsSQL = `SELECT id, warehouse_id, code FROM locations WHERE kind = 'bin' ORDER BY code`
)

// muster finds who and what there is.
func (w *week) muster(ctx context.Context) error {
	shops, err := pg.Query[shop](ctx, w.DB, shopsSQL)
	if err != nil {
		return err
	}
	head, err := w.Staff.FindLogin(ctx, who.System, "supervisor@callout.example")
	if err != nil {
		return err
	}
	inspector, err := w.Staff.FindLogin(ctx, who.System, "inspector@callout.example")
	if err != nil {
		return err
	}
	w.witness = inspector.ID
	w.head = who.Actor{UserID: head.ID, Name: head.Name, Roles: []who.Role{who.Supervisor}}
	bins, err := pg.Query[bin](ctx, w.DB, binsSQL)
	if err != nil {
		return err
	}
	crew, err := pg.Query[hand](ctx, w.DB, crewSQL)
	if err != nil {
		return err
	}
	for _, s := range shops {
		for _, b := range bins {
			if b.WarehouseID == s.Warehouse {
				s.bins = append(s.bins, b)
			}
		}
		for _, t := range crew {
			if t.OutletID == s.ID {
				t.shop = &s
				t.by = who.Actor{UserID: t.UserID, Name: t.Name, Roles: []who.Role{who.Technician}, OutletID: &t.OutletID, TechnicianID: &t.ID}
				s.crew = append(s.crew, &t)
			}
		}
		if err := w.staff(ctx, &s); err != nil {
			return err
		}
		w.shops = append(w.shops, &s)
		w.summary.Vans += len(s.crew)
	}
	w.summary.Outlets = len(w.shops)
	if err := w.know(ctx); err != nil {
		return err
	}
	if err := w.spread(ctx); err != nil {
		return err
	}
	w.plan()
	return nil
}

// staff finds the shop's clerk, or hires one whose password nobody knows.
func (w *week) staff(ctx context.Context, s *shop) error {
	login := "clerk-" + strings.ToLower(s.Code) + "@callout.example"
	u, err := w.Staff.FindLogin(ctx, who.System, login)
	if fault.Is(err, fault.NotFound) {
		u, err = w.Staff.Open(ctx, who.System, access.Opening{
			Login: login, Name: "Clerk of " + s.Code + " (made up)", Password: rand.Text(), Language: words.English,
			Roles: []who.Role{who.Warehouse}, OutletID: &s.ID,
		})
	}
	if err != nil {
		return err
	}
	s.clerk = who.Actor{UserID: u.ID, Name: u.Name, Roles: []who.Role{who.Warehouse}, OutletID: &s.ID}
	s.vendor, err = w.Ledger.OpenLocation(ctx, who.System, inventory.Location{
		Code: "FIX-" + s.Code, Name: "Repair shop for " + s.Code + " (made up)", Kind: inventory.KindVendorRepair, OutletID: &s.ID,
	})
	return err
}

// know reads the catalogue and who delivers.
func (w *week) know(ctx context.Context) error {
	parts, _, err := w.Ledger.ListParts(ctx, "", uuid.Nil, 500)
	if err != nil {
		return err
	}
	w.parts, w.ids = map[string]inventory.Part{}, map[uuid.UUID]inventory.Part{}
	for _, p := range parts {
		w.parts[p.Number], w.ids[p.ID] = p, p
	}
	suppliers, _, err := w.Dock.ListSuppliers(ctx, "", uuid.Nil, 1)
	if err != nil {
		return err
	}
	w.supplier = suppliers[0].ID
	return nil
}

// shelf is the bin where a part lies.
func (s *shop) shelf(number string) uuid.UUID {
	last := map[string]string{"SL": "A", "WA": "B"}[number[:2]]
	for _, b := range s.bins {
		if strings.HasSuffix(b.Code, "-"+last) || last == "" && strings.HasSuffix(b.Code, "-C") {
			return b.ID
		}
	}
	return s.Warehouse
}

// holding is so much of a part in a place.
type holding struct {
	PartID   uuid.UUID
	Quantity int
	Serials  []string
}

const holdingsSQL = `
SELECT b.part_id, b.quantity, CASE WHEN p.serialized THEN ARRAY(
  SELECT u.serial FROM unit_moves m JOIN units u ON u.id = m.unit_id WHERE m.to_location = b.location_id AND u.part_id = b.part_id
    AND NOT EXISTS (SELECT FROM unit_moves n WHERE n.unit_id = m.unit_id AND n.seq > m.seq) ORDER BY u.serial) ELSE '{}' END AS serials
FROM balances b JOIN parts p ON p.id = b.part_id WHERE b.location_id = $1 AND b.quantity > 0 ORDER BY p.number`

// holds is what is really in a place: what the books say, for nobody has done otherwise yet.
func (w *week) holds(ctx context.Context, at uuid.UUID) (map[uuid.UUID]holding, []holding, error) {
	rows, err := pg.Query[holding](ctx, w.DB, holdingsSQL, at)
	all := map[uuid.UUID]holding{}
	for _, r := range rows {
		all[r.PartID] = r
	}
	return all, rows, err
}

func (w *week) movements(ctx context.Context) (int, error) {
	return pg.One[int](ctx, w.DB, `SELECT count(*)::int FROM movements`)
}
