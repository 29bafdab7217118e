package importer_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"callout/dispatch"
	"callout/house"
	"callout/importer"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"
)

// desk is the mapping of a small office in Shanghai.
const desk = `
source: old-desk
time: {zone: Asia/Shanghai, layouts: ["2006-01-02 15:04"]}
customers: {region: CN, language: zh-CN}
fields:
  external_id: "{id}"
  customer: {external_id: "{customer}", name: "{name}", phone: "{phone}"}
  site: {external_id: "{address}", address: "{address}", point: {lat: "{lat}", lng: "{lng}", system: wgs84}}
  case: {description: "{text}", received_at: "{at}"}
  product: {code: "{product}"}
  asset: {serial: "{serial}"}
  job: {title: "{text}", skills: "{skills}", parts: "{parts}", duration: "60"}
defaults:
  case: {channel: hotline, type: fault, severity: general, priority: P2}
`

const columns = "id,customer,name,phone,address,lat,lng,text,at,product,serial,skills,parts\n"

func open(t *testing.T) *house.House {
	t.Helper()
	h, err := house.Open(t.Context(), house.Options{DatabaseURL: pgtest.URL(t), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	if _, err := h.Network.OpenSkill(t.Context(), who.System, dispatch.NewSkill{Code: "lift", Name: "Lifts"}); err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"LAMP-1", "LAMP-10"} {
		if _, err := h.Ledger.OpenPart(t.Context(), who.System, inventory.Part{Number: number, Name: "A lamp"}); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func doors(h *house.House) importer.Doors {
	return importer.Doors{Register: h.Register, Desk: h.Desk, Board: h.Board, Ledger: h.Ledger, InTx: h.DB.InTx}
}

// load loads rows by the mapping above and fails where the sum is not right.
func load(t *testing.T, h *house.House, rows string, o importer.Options) importer.Report {
	t.Helper()
	m, err := importer.Parse([]byte(desk), nil, importer.Words())
	if err != nil {
		t.Fatal(err)
	}
	r, err := importer.Load(t.Context(), doors(h), m, strings.NewReader(columns+rows), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Read != r.Added+r.There+r.Refused || r.Refused != len(r.Refusals) {
		t.Fatalf("the sum is wrong: %+v", r)
	}
	return r
}

// sums counts the rows of the tables that an import writes to.
func sums(t *testing.T, h *house.House) string {
	t.Helper()
	var all []string
	for _, table := range []string{"customers", "sites", "products", "assets", "cases", "jobs"} {
		n, err := pg.One[int](t.Context(), h.DB, `SELECT count(*) FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%d %s", n, table))
	}
	return strings.Join(all, ", ")
}

const sound = `1,c1,王芳,021-5555 0101,南京路1号,31.23,121.47,灯不亮,2026-01-05 09:00,LIFT-9,SN1,lift:2,LAMP-1:2
2,c1,王芳,,南京路1号,31.23,121.47,门卡住,2026-01-05 10:00,LIFT-9,SN1,lift,
3,c2,李强,,淮海路2号,31.22,121.46,漏水,2026-01-05 11:00,,,,
`

func TestLoadTwiceAddsOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	const want = "2 customers, 2 sites, 1 products, 1 assets, 3 cases, 3 jobs"
	if r := load(t, h, sound, importer.Options{}); r.Added != 3 {
		t.Errorf("%+v", r)
	}
	if got := sums(t, h); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if r := load(t, h, sound, importer.Options{}); r.There != 3 {
		t.Errorf("the second run: %+v", r)
	}
	if got := sums(t, h); got != want {
		t.Errorf("%s after the second run, want %s", got, want)
	}
	j, err := h.Board.FindByKey(t.Context(), who.System, "old-desk:1")
	if err != nil {
		t.Fatal(err)
	}
	if j.CaseID == nil || j.AssetID == nil || j.Minutes != 60 || len(j.Needs) != 1 || j.Needs[0].Level != 2 || len(j.Parts) != 1 || j.DueAt == nil {
		t.Errorf("%+v", j)
	}
	c, err := h.Register.FindCustomer(t.Context(), who.System, j.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	if c.Phone == nil || *c.Phone != "+862155550101" {
		t.Errorf("phone %v", c.Phone)
	}
}

func TestRefusedRowLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct{ name, row, why string }{
		{"no such skill", "9,c,n,,a,31,121,t,2026-01-05 09:00,P,S9,welding:1,", "job.skills welding: no such skill"},
		{"no such part", "9,c,n,,a,31,121,t,2026-01-05 09:00,,,,LAMP", `job.parts: there is no part "LAMP"`},
		{"a phone number that is none", "9,c,n,12,a,31,121,t,2026-01-05 09:00,,,,", "customer.phone: is not a telephone number, or has an extension"},
		{"received tomorrow", "9,c,n,,a,31,121,t," + time.Now().AddDate(0, 0, 2).Format("2006-01-02 15:04") + ",,,,", "case.received_at: must not be later than now"},
		{"unreadable time", "9,c,n,,a,31,121,t,yesterday,,,,", `case.received_at: "yesterday" is not a time in a layout of the mapping`},
	} {
		r := load(t, h, c.row+"\n", importer.Options{})
		if r.Refused != 1 || r.Refusals[0].Line != 2 || r.Refusals[0].ID != "9" || len(r.Refusals[0].Reasons) != 1 || r.Refusals[0].Reasons[0].String() != c.why {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	if got, want := sums(t, h), "0 customers, 0 sites, 0 products, 0 assets, 0 cases, 0 jobs"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSiteOfAnotherCustomerIsRefusedWhicheverHandTakesIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	var rows strings.Builder
	for i := range 40 {
		fmt.Fprintf(&rows, "%d,c%d,n,,a%d,31,121,t,2026-01-05 09:00,,,,\n", i, i, i/2)
	}
	r := load(t, h, rows.String(), importer.Options{})
	if r.Added != 20 || r.Refused != 20 {
		t.Errorf("%+v", r)
	}
	for i, refusal := range r.Refusals {
		if want := 2*i + 3; refusal.Line != want {
			t.Errorf("refusal %d is of line %d, want %d", i, refusal.Line, want)
		}
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	told := 0
	r := load(t, h, sound+"4,c,n,,a,31,121,t,never,,,,\n", importer.Options{DryRun: true, Progress: func(importer.Report) { told++ }})
	if r.Added != 3 || r.Refused != 1 || told != 4 {
		t.Errorf("%+v, told %d times", r, told)
	}
	if got, want := sums(t, h), "0 customers, 0 sites, 0 products, 0 assets, 0 cases, 0 jobs"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLoadStopsWithItsContext(t *testing.T) {
	t.Parallel()
	h := open(t)
	m, err := importer.Parse([]byte(desk), nil, importer.Words())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = importer.Load(ctx, doors(h), m, strings.NewReader(columns+sound), importer.Options{Progress: func(importer.Report) { cancel() }})
	if err == nil {
		t.Error("a run that was broken off says nothing")
	}
	if r := load(t, h, sound, importer.Options{}); r.Added+r.There != 3 || r.There == 0 {
		t.Errorf("the run after: %+v", r)
	}
}
