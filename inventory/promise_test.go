package inventory_test

import (
	"context"
	"strings"
	"testing"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

const (
	stepSQL = `INSERT INTO unit_moves (unit_id, seq, movement_id, part_id, from_location, to_location)
		SELECT u.id, (SELECT max(seq) + 1 FROM unit_moves m WHERE m.unit_id = u.id), $1, u.part_id, $3, $4 FROM units u WHERE u.serial = $2`
	reversalSQL = `INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, reverses_id, moved_at, occurred_at, booked_at)
		SELECT $1, part_id, to_location, from_location, quantity, 'reverse', id, now(), now(), now() FROM movements WHERE id = $2`
)

// Each promise of the schema is tried by somebody who writes lies past the application, with the application's
// own role. The database refuses; and where somebody has dropped the constraint, so that the lie goes
// through, the verifier finds it: no promise is kept by one of the two alone.
func TestLiesAreRefusedOrFound(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		constraint, drop string
		found            string // what the verifier says without the constraint
		lie              func(ctx context.Context, s *scene) error
	}{
		{"never_negative", `ALTER TABLE balances DROP CONSTRAINT never_negative`, "owes nothing to anybody", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, byHandSQL, stocktest.NewID(), s.plain.ID, s.Warehouse.ID, s.a.ID) // nothing is there
		}},
		{"starts_where_it_is", `ALTER TABLE unit_moves DROP CONSTRAINT starts_where_it_is`, "is broken at step", func(ctx context.Context, s *scene) error {
			id := stocktest.NewID() // van b gives a unit, and S1, which is in van a, is the one that went
			if err := s.exec(ctx, byHandSQL, id, s.unit.ID, s.b.ID, s.Warehouse.ID); err != nil {
				return err
			}
			return s.exec(ctx, stepSQL, id, "S1", s.b.ID, s.Warehouse.ID)
		}},
		{"moves_as_its_movement", `ALTER TABLE unit_moves DROP CONSTRAINT moves_as_its_movement`, "is none of its movement", func(ctx context.Context, s *scene) error {
			id := stocktest.NewID()
			if err := s.exec(ctx, byHandSQL, id, s.unit.ID, s.b.ID, s.Warehouse.ID); err != nil {
				return err
			}
			return s.exec(ctx, stepSQL, id, "S1", s.a.ID, s.Warehouse.ID)
		}},
		{"one_unit_per_serial", `ALTER TABLE units DROP CONSTRAINT one_unit_per_serial; DROP TRIGGER is_somewhere ON units`, "is 2 units", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, `INSERT INTO units (id, part_id, serial, created_at) VALUES ($1, $2, 'S1', now())`, stocktest.NewID(), s.unit.ID)
		}},
		{"names_its_units", `DROP TRIGGER names_its_units ON unit_moves`, "should name 1 units and names 2", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, stepSQL, s.old, "S3", s.a.ID, s.Warehouse.ID)
		}},
		{"is_somewhere", `DROP TRIGGER is_somewhere ON units`, "has never been anywhere", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, `INSERT INTO units (id, part_id, serial, created_at) VALUES ($1, $2, 'GHOST', now())`, stocktest.NewID(), s.unit.ID)
		}},
		{"names_its_units", `DROP TRIGGER names_its_units ON movements`, "should name 1 units and names 0", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, byHandSQL, stocktest.NewID(), s.unit.ID, s.a.ID, s.b.ID)
		}},
		{"reversed_once", `ALTER TABLE movements DROP CONSTRAINT reversed_once`, "is reversed 2 times", func(ctx context.Context, s *scene) error {
			for range 2 {
				if err := s.exec(ctx, reversalSQL, stocktest.NewID(), s.moved); err != nil {
					return err
				}
			}
			return nil
		}},
		{"reserved_is_there", `ALTER TABLE balances DROP CONSTRAINT reserved_is_there`, "set aside and holds", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, `INSERT INTO reservations (id, location_id, part_id, quantity, request_id, expires_at, created_at) VALUES ($1, $2, $3, 99, $4, now(), now())`,
				stocktest.NewID(), s.a.ID, s.plain.ID, s.request)
		}},
		{"", `DROP TRIGGER book ON movements`, "by the movements and", func(ctx context.Context, s *scene) error { // refused by nothing: the books just follow
			return s.exec(ctx, byHandSQL, stocktest.NewID(), s.plain.ID, s.a.ID, s.b.ID)
		}},
		{"", `DROP TRIGGER book ON reservations`, "set aside for requests and", func(ctx context.Context, s *scene) error {
			return s.exec(ctx, `INSERT INTO reservations (id, location_id, part_id, quantity, request_id, expires_at, created_at) VALUES ($1, $2, $3, 1, $4, now(), now())`,
				stocktest.NewID(), s.a.ID, s.plain.ID, s.request)
		}},
	} {
		t.Run(tt.drop, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			err := s.DB.InTx(t.Context(), func(ctx context.Context) error { return tt.lie(ctx, s) })
			if tt.constraint == "" {
				s.Must(err)
			} else if !pg.Violates(err, tt.constraint) {
				t.Fatalf("not refused by %s: %v", tt.constraint, err)
			}
			s.Sound()
			s.Exec(`DELETE FROM reservations`)
			s.Owner(strings.Split(tt.drop, "; ")...)
			s.Must(s.DB.InTx(t.Context(), func(ctx context.Context) error { return tt.lie(ctx, s) }))
			r, err := s.Ledger.Verify(t.Context())
			s.Must(err)
			for _, f := range r.Faults {
				if contains(f.String(), tt.found) {
					return
				}
			}
			t.Errorf("without it the verifier found %v, want %q", r.Faults, tt.found)
		})
	}
}

// scene is a warehouse without the plain part, van a with some of it, S1 and S3, van b with S2, a request,
// a movement that can be reversed, and an old one of S4 alone out of van a.
type scene struct {
	*stocktest.House
	plain, unit    inventory.Part
	a, b           inventory.Location
	moved, request uuid.UUID
	old            uuid.UUID
}

func newScene(t *testing.T) *scene {
	t.Helper()
	h := stocktest.Open(t)
	tech, a := h.Technician(h.Outlet)
	s := &scene{House: h, plain: h.Part(""), unit: h.Part("s"), a: a, b: h.Place(inventory.KindVan, h.Outlet)}
	h.Stock(s.a, s.plain, 3)
	h.Stock(s.a, s.unit, 0, "S1", "S3", "S4")
	gone, err := h.Ledger.Transfer(h.Context(), who.System, inventory.Transfer{FromLocation: s.a.ID, ToLocation: h.Warehouse.ID, Lines: stocktest.Lines(inventory.Line{PartID: s.unit.ID, Serials: []string{"S4"}})})
	h.Must(err)
	s.old = gone[0].ID
	h.Stock(s.b, s.unit, 0, "S2")
	s.moved = transfer(h, s.plain, 1, s.a, s.b).ID
	h.Stock(s.b, s.plain, 2)
	s.request = asked(h, tech)
	return s
}

func (s *scene) exec(ctx context.Context, q string, args ...any) error {
	_, err := pg.Exec(ctx, s.DB, q, args...)
	return err
}
