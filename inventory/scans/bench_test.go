package scans_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/gs1"
	"callout/inventory/scans"

	"github.com/google/uuid"
)

// nobodys are the vans of a house without technicians.
type nobodys struct{}

func (nobodys) VanOf(context.Context, uuid.UUID) (uuid.UUID, error) { return uuid.Nil, nil }

// stocked are the statements that give an outlet a warehouse with 1,000 parts of 100 units each.
var stocked = []string{
	`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, 'O', 'Outlet', 'UTC', now(), now())`,
	`INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at) VALUES ($1, 'WH', 'Warehouse', 'warehouse', $1, false, now(), now())`,
	`INSERT INTO parts (id, number, name, serialized, return_required, created_at, updated_at)
		SELECT gen_random_uuid(), 'P-' || n, 'Part', true, true, now(), now() FROM generate_series(1, 1000) n WHERE $1::uuid IS NOT NULL`,
	`INSERT INTO movements (id, part_id, from_location, to_location, quantity, kind, moved_at, occurred_at, booked_at)
		SELECT gen_random_uuid(), id, '01900000-0000-7000-8000-000000000001', $1, 100, 'receive', now(), now(), now() FROM parts`,
	`INSERT INTO units (id, part_id, serial, created_at)
		SELECT gen_random_uuid(), p.id, 'SN-' || substr(p.number, 3) || '-' || n, now() FROM parts p, generate_series(1, 100) n WHERE $1::uuid IS NOT NULL`,
	`INSERT INTO unit_moves (unit_id, seq, movement_id, part_id, from_location, to_location)
		SELECT u.id, 1, m.id, u.part_id, m.from_location, m.to_location FROM units u JOIN movements m USING (part_id) WHERE $1::uuid IS NOT NULL`,
}

func BenchmarkResolve(b *testing.B) {
	db := pgtest.Open(b)
	outlet := uuid.Must(uuid.NewV7())
	// In one transaction: a movement of units names them before it is committed.
	err := db.InTx(b.Context(), func(ctx context.Context) error {
		for _, statement := range stocked {
			if _, err := pg.Exec(ctx, db, statement, outlet); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Pool().Exec(b.Context(), `RESET ROLE; ANALYZE; SET ROLE `+pg.AppRole); err != nil {
		b.Fatal(err)
	}
	s := scans.NewScanner(inventory.NewLedger(db, nobodys{}, time.Now))
	clerk := who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Warehouse}, OutletID: &outlet}
	for name, scan := range map[string]func(part, unit int) string{
		"unit": func(part, unit int) string {
			return gs1.UnitLabel(fmt.Sprintf("P-%d", part), fmt.Sprintf("SN-%d-%d", part, unit))
		},
		"plain": func(part, unit int) string { return fmt.Sprintf("SN-%d-%d", part, unit) },
		"part":  func(part, _ int) string { return gs1.PartLabel(fmt.Sprintf("P-%d", part)) },
		"none":  func(part, unit int) string { return fmt.Sprintf("XX-%d-%d", part, unit) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				m, err := s.Resolve(b.Context(), clerk, scans.Ask{Scan: scan(n%1000+1, n/1000%100+1)})
				if err != nil || (len(m.Matches) == 0) != (name == "none") {
					b.Fatalf("%+v, %v", m, err)
				}
			}
		})
	}
}
