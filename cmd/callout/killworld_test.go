package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"log/slog"
	"testing"
	"time"

	"callout/access"
	"callout/cases"
	"callout/dispatch"
	"callout/evidence"
	"callout/house"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/registry"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// login is what a technician signs in with.
type login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// finished is a job that waits for the signature, and the command that closes it.
type finished struct {
	id      uuid.UUID
	version int
	closing []byte
}

// standing is all that the closing of a job brings about.
type standing struct {
	Status   string
	CaseIs   string
	SignOffs int // sealed
	Linked   int // photos
	Uses     int // of parts
	Expected int // old parts
	AtSite   int // units that moved to the customer
	Told     int // events of the closing
}

var (
	whole     = standing{"closed", "resolved", 1, 1, 1, 1, 1, 1}
	untouched = standing{"finished", "in_service", 0, 0, 0, 0, 0, 0}

	noID        uuid.UUID
	allSignOffs evidence.SignOffQuery
)

const standingSQL = `
SELECT j.status, c.status AS case_is,
  (SELECT count(*) FROM sign_offs s WHERE s.job_id = j.id) AS sign_offs,
  (SELECT count(*) FROM photos p WHERE p.job_id = j.id AND p.status = 'linked') AS linked,
  (SELECT count(*) FROM part_uses u WHERE u.job_id = j.id) AS uses,
  (SELECT count(*) FROM part_returns r WHERE r.job_id = j.id AND r.status = 'expected') AS expected,
  (SELECT count(*) FROM unit_moves m JOIN movements v ON v.id = m.movement_id JOIN locations l ON l.id = m.to_location
    WHERE v.job_id = j.id AND l.kind = 'customer_site') AS at_site,
  (SELECT count(*) FROM events e WHERE e.subject_id = j.id AND e.kind = 'job.closed') AS told
FROM jobs j JOIN cases c ON c.id = j.case_id WHERE j.id = $1`

func stands(t *testing.T, db *pg.DB, j finished) standing {
	t.Helper()
	rows, err := pg.Query[standing](t.Context(), db, standingSQL, j.id)
	if err != nil || len(rows) != 1 {
		t.Fatalf("job %s: %d rows, %v", j.id, len(rows), err)
	}
	return rows[0]
}

// inside opens the house that the server serves.
func inside(t *testing.T, url, data string) *house.House {
	t.Helper()
	h, err := house.Open(t.Context(), house.Options{DatabaseURL: url, Dir: data, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

// bench is an operation of one technician with a van full of boards.
type bench struct {
	*house.House

	t          *testing.T
	part       inventory.Part
	customer   registry.Customer
	site       registry.Site
	technician dispatch.Technician
	me         who.Actor
}

// finishedJobs makes the jobs, each of a case of its own, with its photo and its part in the van.
func finishedJobs(t *testing.T, url, data string) ([]finished, login) {
	t.Helper()
	b := &bench{House: inside(t, url, data), t: t}
	account := login{"technician@callout.example", "seven quiet herons at dawn"}
	b.hire(account)
	signature := closing(t)
	var jobs []finished
	for i := range closings {
		jobs = append(jobs, b.finish(i, signature))
	}
	return jobs, account
}

// must fails the test where err is not nil.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (b *bench) hire(account login) {
	b.t.Helper()
	ctx := b.t.Context()
	outlet := must[dispatch.Outlet](b.t)(b.Network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: "O1", Name: "Outlet", TimeZone: "Asia/Shanghai"}))
	user := must[access.User](b.t)(b.Staff.Open(ctx, who.System, access.Opening{
		Login: account.Login, Password: account.Password, Name: "A technician", Roles: []who.Role{who.Technician}, OutletID: &outlet.ID,
	}))
	shelf := must[inventory.Location](b.t)(b.Ledger.OpenLocation(ctx, who.System, inventory.Location{Code: "W", Name: "W", Kind: inventory.KindWarehouse, OutletID: &outlet.ID}))
	van := must[inventory.Location](b.t)(b.Ledger.OpenLocation(ctx, who.System, inventory.Location{Code: "V", Name: "V", Kind: inventory.KindVan, OutletID: &outlet.ID}))
	b.part = must[inventory.Part](b.t)(b.Ledger.OpenPart(ctx, who.System, inventory.Part{Number: "BOARD", Name: "Board", Serialized: true, ReturnRequired: true}))
	var serials []string
	for i := range closings {
		serials = append(serials, serial("new", i))
	}
	lines := []inventory.Line{{PartID: b.part.ID, Quantity: closings, Serials: serials}}
	must[[]inventory.Movement](b.t)(b.Ledger.Receive(ctx, who.System, inventory.Receipt{LocationID: shelf.ID, Lines: lines}))
	must[[]inventory.Movement](b.t)(b.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: shelf.ID, ToLocation: van.ID, Lines: lines}))
	b.technician = must[dispatch.Technician](b.t)(b.Crew.Open(ctx, who.System, dispatch.NewTechnician{
		UserID: &user.ID, OutletID: outlet.ID, Name: "A technician", Home: orb.Point{121.4, 31.2}, CostPerHour: 100, Currency: "CNY", VanID: &van.ID,
	}))
	b.me = who.Actor{UserID: user.ID, Name: user.Name, Roles: user.Roles, OutletID: &outlet.ID, TechnicianID: &b.technician.ID}
	b.customer = must[registry.Customer](b.t)(b.Register.OpenCustomer(ctx, who.System, registry.NewCustomer{Name: "A customer"}))
	b.site = must[registry.Site](b.t)(b.Register.OpenSite(ctx, who.System, registry.NewSite{
		CustomerID: b.customer.ID, Address: "Nanjing Road 1", Location: orb.Point{121.47, 31.23}, TimeZone: "Asia/Shanghai", OutletID: &outlet.ID,
	}))
}

func serial(kind string, i int) string { return fmt.Sprintf("%s-%03d", kind, i) }

// The visits of a hundred jobs lie in the past, one after the other.
const (
	bookSQL = `INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, '{}', $5, $5)`
	finishSQL = `UPDATE jobs SET status = 'finished', outcome = 'Changed the board', arrived_at = $2, started_at = $2, finished_at = $3 WHERE id = $1`
)

func (b *bench) finish(i int, signature map[string]any) finished {
	b.t.Helper()
	ctx := b.t.Context()
	c := must[cases.Case](b.t)(b.Desk.Open(ctx, who.System, cases.NewCase{
		Channel: cases.ChannelHotline, Type: cases.TypeFault, Severity: cases.SeverityGeneral, CustomerID: b.customer.ID, SiteID: b.site.ID,
		Description: "It is dead",
	}))
	j := must[dispatch.Job](b.t)(b.Desk.OpenJob(ctx, who.System, c.ID, dispatch.NewJob{
		Title: "Change the board", Minutes: 10, Parts: []dispatch.PartNeed{{PartID: b.part.ID, Quantity: 1}}, Photos: []dispatch.PhotoNeed{{Kind: "after", Count: 1}},
	}))
	from := time.Now().Add(-time.Duration(i+2) * 15 * time.Minute)
	to := from.Add(10 * time.Minute)
	must[int64](b.t)(pg.Exec(ctx, b.DB, bookSQL, uuid.New(), j.ID, b.technician.ID, b.technician.OutletID, from, to))
	must[int64](b.t)(pg.Exec(ctx, b.DB, finishSQL, j.ID, from, to))
	picture := photo(b.t, i)
	p := must[evidence.Photo](b.t)(b.Locker.Announce(ctx, b.me, j.ID, evidence.Announcement{
		Kind: evidence.KindAfter, SHA256: sha256.Sum256(picture), Size: int64(len(picture)), TakenAt: to,
	}))
	must[evidence.Photo](b.t)(b.Locker.PutContent(ctx, b.me, p.ID, evidence.MediaJPEG, bytes.NewReader(picture)))
	body := map[string]any{
		"signature": signature, "score": 5, "answers": map[string]any{"solved": true, "satisfied": true}, "photos": []any{p.ID},
		"parts": []any{map[string]any{
			"part_id": b.part.ID, "quantity": 1, "new_serial": serial("new", i), "old_serial": serial("old", i), "old_part_wish": "return",
		}},
	}
	return finished{j.ID, j.Version, must[[]byte](b.t)(json.Marshal(body))}
}

// photo is another picture for each i.
func photo(t *testing.T, i int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		img.SetGray(x, i%48, color.Gray{uint8(100 + i)})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// closing is how the customer signs.
func closing(t *testing.T) map[string]any {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 60, 20))
	for x := range 60 {
		img.SetGray(x, x%20, color.Gray{255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	stroke := []any{map[string]any{"x": 0, "y": 0, "t": 0}, map[string]any{"x": 40, "y": 9, "t": 80}}
	return map[string]any{"signer": "A customer", "strokes": []any{stroke}, "png": b.Bytes()}
}
