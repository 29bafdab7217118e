package scans_test

import (
	"slices"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/gs1"
	"callout/inventory/requests"
	"callout/inventory/scans"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// scanner is the operation with a scanner.
type scanner struct {
	*stocktest.House
	*scans.Scanner
}

func open(t *testing.T) scanner {
	t.Helper()
	h := stocktest.Open(t)
	return scanner{h, scans.NewScanner(h.Ledger)}
}

// sees is what a scan means to somebody, in a line each: kind, number, the kinds of places, operations.
func (s scanner) sees(by who.Actor, ask scans.Ask) []string {
	s.Helper()
	m, err := s.Resolve(s.Context(), by, ask)
	s.Must(err)
	var all []string
	for _, match := range m.Matches {
		var at, actions []string
		for _, p := range match.Where {
			at = append(at, string(p.Kind))
		}
		for _, a := range match.Actions {
			actions = append(actions, a.Operation)
			if !words.Known(a.Title.Format) {
				s.Errorf("%q has no Chinese", a.Title.Format)
			}
		}
		all = append(all, string(match.Kind)+" "+match.Number+" @"+strings.Join(at, ",")+" "+strings.Join(actions, " "))
	}
	return all
}

// finds demands that a scan means just so much to somebody.
func (s scanner) finds(by who.Actor, scan string, want ...string) {
	s.Helper()
	if got := s.sees(by, scans.Ask{Scan: scan}); !slices.Equal(got, want) {
		s.Errorf("%q\n got %s\nwant %s", scan, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

const gtin = "09506000134352"

func (s scanner) named(p inventory.Part, gtin string) {
	s.Helper()
	to := &gtin
	_, err := s.AmendPart(s.Context(), who.System, p.ID, p.Version, inventory.PartChange{GTIN: &to})
	s.Must(err)
}

const partEnd = " requestParts announceDelivery receiveStock listStock getPart"

func TestAScanIsWhatItSaysInEveryFormat(t *testing.T) {
	t.Parallel()
	s := open(t)
	p, other := s.Part("s"), s.Part("s")
	s.named(p, gtin)
	s.Stock(s.Warehouse, p, 0, "SN-1")
	s.Stock(s.Warehouse, other, 0, "SN-1", "sn-1", other.Number)
	unit := "unit " + p.Number + " SN-1 @warehouse transferStock sendTransfer getUnit"
	part := "part " + p.Number + " @warehouse transferStock sendTransfer" + partEnd
	for _, scan := range []string{
		"]C101" + gtin + "21SN-1", "(01)" + gtin + "(21)SN-1", "https://id.gs1.org/01/" + gtin + "/21/SN-1", gs1.UnitLabel(p.Number, "SN-1"),
	} {
		s.finds(s.Clerk, scan, unit, part)
	}
	for _, scan := range []string{"]C101" + gtin, gtin[1:], gs1.PartLabel(p.Number), p.Number, " " + p.Number + "\r\n"} {
		s.finds(s.Clerk, scan, part)
	}
	s.finds(s.Clerk, "SN-1", "unit "+other.Number+" SN-1 @warehouse transferStock sendTransfer getUnit", unit)
	s.finds(s.Clerk, "sn-1", "unit "+other.Number+" sn-1 @warehouse transferStock sendTransfer getUnit")
	s.finds(s.Clerk, other.Number, "unit "+other.Number+" "+other.Number+" @warehouse transferStock sendTransfer getUnit", "part "+other.Number+" @warehouse transferStock sendTransfer"+partEnd)
	// A part whose GTIN nobody entered is still found by its serial.
	s.finds(s.Clerk, "]C10100036000291452"+"21sn-1", "unit "+other.Number+" sn-1 @warehouse transferStock sendTransfer getUnit")
	s.finds(s.Clerk, "(01)"+gtin+"(21)SN-9", part)
	at := "location " + s.Warehouse.Code + " @ announceDelivery receiveStock transferStock openCount listStock listUnits getLocation"
	s.finds(s.Clerk, s.Warehouse.Code, at)
	s.finds(s.Clerk, gs1.LocationLabel(s.Warehouse.Code), at)
	s.finds(s.Clerk, "nothing of the sort")
	s.finds(s.Clerk, strings.ToLower(p.Number))
}

func TestWhatCanBeDoneFollowsTheUnit(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	mate, _ := s.Technician(s.Outlet)
	job := s.Job(s.Outlet, tech)
	p := s.Part("sr")
	s.Stock(s.Warehouse, p, 0, "N1", "N2")
	scan := gs1.UnitLabel(p.Number, "N1")
	unit := func(by who.Actor) string { return s.sees(by, scans.Ask{Scan: scan})[0] }
	is := func(by who.Actor, want string) {
		t.Helper()
		if got := unit(by); got != "unit "+p.Number+" N1 @"+want {
			t.Errorf("got  %s\nwant unit %s N1 @%s", got, p.Number, want)
		}
	}
	is(s.Clerk, "warehouse transferStock sendTransfer getUnit")

	r, err := s.Counter.Request(ctx, tech, requests.Wanted{JobID: &job, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Quantity: 1})})
	s.Must(err)
	s.finds(tech, r.Number, "part_request "+r.Number+" @ rejectPartRequest cancelPartRequest getPartRequest")
	s.finds(mate, r.Number)
	s.finds(s.Clerk, r.Number, "part_request "+r.Number+" @ approvePartRequest rejectPartRequest cancelPartRequest getPartRequest")
	is(s.Clerk, "warehouse transferStock sendTransfer getUnit")
	r, err = s.Counter.Approve(ctx, who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &s.Outlet}, r.ID, r.Version, requests.Allowance{})
	s.Must(err)
	is(s.Clerk, "warehouse issuePartRequest transferStock sendTransfer getUnit")
	m, err := s.Resolve(ctx, s.Clerk, scans.Ask{Scan: scan})
	s.Must(err)
	if a := m.Matches[0].Actions[0]; a.IDs["part_request_id"] != r.ID || a.Version != r.Version || !strings.Contains(a.Title.In(words.Chinese), r.Number) {
		t.Errorf("issue: %+v", a)
	}

	r, err = s.Counter.Issue(ctx, s.Clerk, r.ID, r.Version, requests.Issuing{Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"N1"}})})
	s.Must(err)
	is(tech, "transit receivePartRequest getUnit")
	s.finds(tech, r.Number, "part_request "+r.Number+" @ receivePartRequest getPartRequest")
	s.finds(s.Clerk, r.Number, "part_request "+r.Number+" @ getPartRequest")
	is(mate, "transit getUnit")
	_, err = s.Counter.Receive(ctx, tech, r.ID, r.Version, stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"N1"}}))
	s.Must(err)
	is(tech, "van usePart sendTransfer getUnit")
	is(mate, "van getUnit")

	_, err = s.Uses.Use(ctx, tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	s.Must(err)
	is(tech, "customer_site getUnit")
	m, err = s.Resolve(ctx, tech, scans.Ask{Scan: scan})
	s.Must(err)
	if at := m.Matches[0].Where[0]; at.JobID == nil || *at.JobID != job {
		t.Errorf("used at %+v", at)
	}
	if m, err = s.Resolve(ctx, mate, scans.Ask{Scan: scan}); err != nil || m.Matches[0].Where[0].JobID != nil {
		t.Errorf("a technician sees a mate's job: %+v, %v", m, err)
	}
	// The old serial is new to the books, and expected back all the same.
	for _, scan := range []string{"O1", gs1.UnitLabel(p.Number, "O1")} {
		found := s.sees(s.Clerk, scans.Ask{Scan: scan})
		if !slices.ContainsFunc(found, func(l string) bool {
			return strings.HasPrefix(l, "part_return R") && strings.Contains(l, "receivePartReturn")
		}) {
			t.Errorf("%s: %v", scan, found)
		}
	}
	if found := s.sees(mate, scans.Ask{Scan: "O1"}); len(found) != 0 {
		t.Errorf("a mate's return is seen: %v", found)
	}
	_ = van
}

func TestPartsWithoutSerialsAreUsedFromTheVan(t *testing.T) {
	t.Parallel()
	s := open(t)
	tech, van := s.Technician(s.Outlet)
	one, two := s.Job(s.Outlet, tech), s.Job(s.Outlet, tech)
	p := s.Part("")
	s.finds(tech, p.Number, "part "+p.Number+" @"+partEnd)
	s.Stock(s.Warehouse, p, 9)
	s.finds(tech, p.Number, "part "+p.Number+" @warehouse"+partEnd)
	s.Stock(van, p, 3)
	s.finds(tech, p.Number, "part "+p.Number+" @van,warehouse usePart usePart sendTransfer"+partEnd)
	s.finds(s.Clerk, p.Number, "part "+p.Number+" @warehouse,van transferStock sendTransfer"+partEnd)
	m, err := s.Resolve(t.Context(), tech, scans.Ask{Scan: p.Number, JobID: &two})
	s.Must(err)
	if a := m.Matches[0].Actions; a[0].IDs["job_id"] != two || a[1].Operation == "usePart" {
		t.Errorf("the job at hand is %s, not %s: %+v", two, one, a)
	}
	if got := s.sees(s.Clerk, scans.Ask{Scan: p.Number, LocationID: &van.ID})[0]; !strings.Contains(got, "@van,warehouse") {
		t.Errorf("where the clerk stands comes first: %s", got)
	}
}

func TestAnotherOutletsThingsAreNotThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.Part("s")
	s.Stock(s.Warehouse, p, 0, "X1")
	there := s.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &there}
	s.finds(stranger, "X1")
	s.finds(stranger, s.Warehouse.Code)
	s.finds(stranger, p.Number, "part "+p.Number+" @"+partEnd)
	_, err := s.Resolve(t.Context(), stranger, scans.Ask{Scan: "X1", LocationID: &s.Warehouse.ID})
	s.Refused(err, fault.Invalid, "/location_id")
	job := s.Job(s.Outlet)
	_, err = s.Resolve(t.Context(), stranger, scans.Ask{Scan: "X1", JobID: &job})
	s.Refused(err, fault.Invalid, "/job_id")
	// What came from there is known, and where it went is not.
	far := s.Place(inventory.KindWarehouse, there)
	_, err = s.Transfer(t.Context(), who.System, inventory.Transfer{FromLocation: s.Warehouse.ID, ToLocation: far.ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"X1"}})})
	s.Must(err)
	s.finds(s.Clerk, "X1", "unit "+p.Number+" X1 @ getUnit")
	s.finds(stranger, "X1", "unit "+p.Number+" X1 @warehouse transferStock sendTransfer getUnit")
}

func TestBrokenScansAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	missing := uuid.New()
	_, err := s.Resolve(t.Context(), s.Clerk, scans.Ask{Scan: "(01)09506000134353", JobID: &missing, LocationID: &missing})
	s.Refused(err, fault.Invalid, "/scan")
	s.Refused(err, fault.Invalid, "/job_id")
	s.Refused(err, fault.Invalid, "/location_id")
}
