package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// column is a column that a row cannot do without.
type column struct{ Name, Kind string }

const columnsSQL = `
SELECT column_name::text AS name, udt_name::text AS kind FROM information_schema.columns
WHERE table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'`

// row writes a row behind the doors' backs: the columns that matter to the test, and something
// harmless in all others that must not be empty. It returns the row's id.
func (w *world) row(table string, given map[string]any) uuid.UUID {
	w.t.Helper()
	ctx := context.Background()
	values := map[string]any{"id": uuid.Must(uuid.NewV7())}
	needed, err := pg.Query[column](ctx, w.house.DB, columnsSQL, table)
	if err != nil {
		w.t.Fatal(err)
	}
	hasID := false
	for _, c := range needed {
		hasID = hasID || c.Name == "id"
		switch c.Kind {
		case "text", "bpchar":
			values[c.Name] = "x" + uuid.NewString()[:2]
		case "timestamptz":
			values[c.Name] = time.Now()
		case "jsonb":
			values[c.Name] = "{}"
		case "int4", "int8":
			values[c.Name] = 1
		case "bool":
			values[c.Name] = false
		case "point":
			values[c.Name] = pg.Point{121.47, 31.23}
		case "bytea":
			sum := sha256.Sum256([]byte(table))
			values[c.Name] = sum[:]
		case "_uuid":
			values[c.Name] = pg.IDs{}
		case "date":
			values[c.Name] = time.Now()
		}
	}
	maps.Copy(values, given)
	if !hasID {
		delete(values, "id")
	}
	names := slices.Sorted(maps.Keys(values))
	args, places := make([]any, len(names)), make([]string, len(names))
	for i, n := range names {
		args[i], places[i] = values[n], fmt.Sprintf("$%d", i+1)
	}
	w.exec(fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(names, ", "), strings.Join(places, ", ")), args...)
	id, _ := values["id"].(uuid.UUID)
	return id
}

// A movement names its units at once: in one statement.
const pathSQL = `
WITH m AS (INSERT INTO movements (id, part_id, quantity, kind, from_location, to_location, moved_at, occurred_at, booked_at)
  VALUES ($1, $2, 1, 'receive', '01900000-0000-7000-8000-000000000001', $3, now(), now(), now()) RETURNING id, part_id, from_location, to_location),
u AS (INSERT INTO units (id, part_id, serial, created_at) VALUES ($4, $2, $5, now()))
INSERT INTO unit_moves (unit_id, seq, movement_id, part_id, from_location, to_location) SELECT $4, 1, m.* FROM m`

// somebodyElses fills an outlet with one row of every noun, by the names of the path parameters.
func (w *world) somebodyElses(outlet uuid.UUID) map[string]uuid.UUID {
	w.t.Helper()
	type m = map[string]any
	now, in := time.Now(), outlet
	user := w.row("users", m{"login": "x" + uuid.NewString(), "roles": pg.Strings[who.Role]{who.Technician}, "outlet_id": in})
	van := w.row("locations", m{"code": "van" + uuid.NewString(), "kind": "van", "outlet_id": in})
	store := w.row("locations", m{"code": "store" + uuid.NewString(), "kind": "warehouse", "outlet_id": in})
	tech := w.row("technicians", m{"user_id": user, "outlet_id": in, "currency": "CNY", "van_id": van})
	skill := w.row("skills", m{"code": uuid.NewString()})
	customer := w.row("customers", m{"outlet_id": in})
	site := w.row("sites", m{"customer_id": customer, "outlet_id": in, "time_zone": "Asia/Shanghai"})
	product := w.row("products", m{"code": uuid.NewString()})
	asset := w.row("assets", m{"product_id": product, "site_id": site, "serial": uuid.NewString()})
	file := w.row("cases", m{
		"number": uuid.NewString(), "status": "received", "channel": "app", "type": "fault", "severity": "general", "priority": "P1",
		"customer_id": customer, "site_id": site, "outlet_id": in,
	})
	job := w.row("jobs", m{
		"number": uuid.NewString(), "status": "closed", "closed_at": now, "priority": "P1", "case_id": file, "customer_id": customer, "site_id": site,
		"outlet_id": in, "time_zone": "Asia/Shanghai",
	})
	w.row("bookings", m{"job_id": job, "technician_id": tech, "outlet_id": in, "starts_at": now, "ends_at": now.Add(time.Hour)})
	w.row("slot_holds", m{
		"job_id": job, "technician_id": tech, "outlet_id": in, "window_from": now, "window_to": now.Add(time.Hour), "starts_at": now,
		"ends_at": now.Add(time.Hour), "created_at": now, "expires_at": now.Add(time.Hour),
	})
	part := w.row("parts", m{"number": uuid.NewString(), "serialized": true})
	unit, move := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	w.exec(pathSQL, move, part, store, unit, uuid.NewString())
	use := w.row("part_uses", m{"job_id": job, "part_id": part, "movement_id": move, "old_part_wish": "return"})
	sign := w.row("sign_offs", m{"job_id": job, "outlet_id": in, "chain": uuid.New(), "previous": bytes.Repeat([]byte{0}, 32), "score": 5, "record": []byte("{}")})
	parcel := w.row("part_return_shipments", m{"outlet_id": in})
	oldPart := w.row("part_returns", m{
		"number": uuid.NewString(), "status": "expected", "use_id": use, "job_id": job, "part_id": part, "technician_id": tech, "outlet_id": in,
		"expected_serial": "OLD-1", "due_at": now, "shipment_id": parcel,
	})
	w.row("part_return_signatures", m{"return_id": oldPart})
	delivery := w.row("deliveries", m{
		"number": uuid.NewString(), "status": "announced", "supplier_id": w.row("suppliers", m{"code": uuid.NewString()}), "note_number": uuid.NewString(),
		"warehouse_id": store, "outlet_id": in,
	})
	return map[string]uuid.UUID{
		"user_id": user, "outlet_id": outlet, "technician_id": tech, "customer_id": customer, "site_id": site, "asset_id": asset,
		"case_id": file, "job_id": job, "location_id": van, "movement_id": move, "unit_id": unit, "sign_off_id": sign,
		"part_use_id":      use,
		"certification_id": w.row("certifications", m{"technician_id": tech, "skill_id": skill, "valid_to": now.Add(time.Hour)}),
		"shift_id":         w.row("shifts", m{"technician_id": tech, "ends_at": now.Add(time.Hour)}),
		"absence_id":       w.row("absences", m{"technician_id": tech, "ends_at": now.Add(time.Hour)}),
		"photo_id":         w.row("photos", m{"job_id": job, "kind": "after", "status": "announced", "announced_by": user}),
		"part_request_id": w.row("part_requests", m{
			"number": uuid.NewString(), "status": "requested", "technician_id": tech, "van_id": van, "outlet_id": in,
		}),
		"part_return_id":          oldPart,
		"part_return_shipment_id": parcel,
		"count_id": w.row("counts", m{
			"number": uuid.NewString(), "status": "opened", "scope": "full", "location_id": van, "outlet_id": in,
		}),
		"delivery_id":       delivery,
		"delivery_photo_id": w.row("delivery_photos", m{"delivery_id": delivery}),
		"transfer_id": w.row("transfers", m{
			"number": uuid.NewString(), "status": "sent", "from_location": store, "to_location": van, "transit_id": store, "from_outlet": in, "to_outlet": in,
		}),
		"run_id":    w.row("board_runs", m{"status": "done", "outlet_id": in, "outlets": pg.IDs{in}}),
		"signal_id": w.signal(m{"outlet_id": in, "technician_id": tech}),
		"plan_id":   w.row("plans", m{"status": "discarded", "outlet_id": in, "outlets": pg.IDs{in}, "options": `{"Objective": "service"}`}),
	}
}

// signal writes a signal that a rule might have raised.
func (w *world) signal(given map[string]any) uuid.UUID {
	w.t.Helper()
	p, err := w.house.Policies.Current(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	row := map[string]any{
		"rule": "return_overdue", "key": uuid.NewString(), "marks": pg.IDs{uuid.New()}, "severity": "medium", "policy_version": p.Version,
		"text": `{"format": "signal"}`, "evidence": `[{"kind": "figure", "label": "threshold", "unit": "day", "href": "/v1/policies/current"}]`, "measured": 2, "threshold": 1,
	}
	maps.Copy(row, given)
	return w.row("signals", row)
}

func (w *world) outlet() uuid.UUID {
	w.t.Helper()
	return w.row("outlets", map[string]any{"code": uuid.NewString(), "time_zone": "Asia/Shanghai"})
}

func TestRowsOfAnotherOutletAreNotThere(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := newSampler(w.law)
	if err != nil {
		t.Fatal(err)
	}
	here, there := w.outlet(), w.outlet()
	rows := w.somebodyElses(there)
	asked, lists := 0, 0
	for _, op := range w.law.Operations {
		if op.Scope != "outlet" || slices.Contains(op.Roles, "public") {
			continue
		}
		roles := op.Roles
		if slices.Contains(roles, "everyone") {
			roles = nil
			for _, r := range who.Roles {
				roles = append(roles, string(r))
			}
		}
		for _, role := range roles {
			c := w.as(who.Role(role), here)
			a := s.ask(op).clone()
			for name := range a.path {
				id, known := rows[name]
				if !known {
					t.Fatalf("%s: no row of another outlet for %s", op.ID, name)
				}
				a.path[name] = id.String()
			}
			got := a.send(c)
			asked++
			switch {
			case len(a.path) > 0 && got.status != http.StatusNotFound && got.status != http.StatusForbidden:
				t.Errorf("%s as %s of another outlet: answered %d: %s", op.ID, role, got.status, got.body)
			case len(a.path) == 0 && op.Method == http.MethodGet:
				lists++
				for name, id := range rows {
					if bytes.Contains(got.body, []byte(id.String())) {
						t.Errorf("%s as %s of another outlet lists its %s", op.ID, role, name)
					}
				}
			}
		}
	}
	t.Logf("%d requests for another outlet's rows, %d of them lists", asked, lists)
}

func TestRowsAreThereForTheirOwnOutletAndForTheCentralDesk(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := newSampler(w.law)
	if err != nil {
		t.Fatal(err)
	}
	there := w.outlet()
	rows := w.somebodyElses(there)
	for _, op := range w.law.Operations {
		if op.Scope != "outlet" || op.Method != http.MethodGet || slices.Contains(op.Roles, "public") {
			continue
		}
		a := s.ask(op).clone()
		if len(a.path) == 0 || op.ID == "getSignOffPackage" || op.ID == "getDeliveryPhoto" { // packing wants a real seal: sign_offs_test.go has one
			continue
		}
		for name := range a.path {
			a.path[name] = rows[name].String()
		}
		role := who.Supervisor
		if !slices.Contains(op.Roles, string(role)) && !slices.Contains(op.Roles, "everyone") {
			role = who.Role(op.Roles[0])
		}
		for _, c := range []*client{w.as(role, there), w.as(role)} {
			if got := a.send(c); got.status == http.StatusNotFound {
				t.Errorf("%s as %s: answered %d: %s", op.ID, role, got.status, got.body)
			}
		}
	}
}
