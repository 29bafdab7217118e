package scans_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/gs1"
	"callout/inventory/receiving"
	"callout/inventory/returns"
	"callout/inventory/scans"
	"callout/inventory/stocktest"
	"callout/inventory/uses"
)

// offers are the operations that a scan offers somebody with its first match of a kind.
func (s scanner) offers(by who.Actor, kind scans.Kind, ask scans.Ask) string {
	s.Helper()
	m, err := s.Resolve(s.Context(), by, ask)
	s.Must(err)
	at := slices.IndexFunc(m.Matches, func(m scans.Match) bool { return m.Kind == kind })
	if at < 0 {
		return "nothing"
	}
	var all []string
	for _, a := range m.Matches[at].Actions {
		all = append(all, a.Operation)
	}
	return strings.Join(all, " ")
}

func (s scanner) expect(what, got, want string) {
	s.Helper()
	if got != want {
		s.Errorf("%s is offered %q, want %q", what, got, want)
	}
}

func TestAnOldPartIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	job := s.Job(s.Outlet, tech)
	p := s.Part("sr")
	s.Stock(van, p, 0, "N1")
	used, err := s.Uses.Use(ctx, tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	s.Must(err)
	scan := scans.Ask{Scan: gs1.UnitLabel(p.Number, "O1")}
	s.expect("the technician", s.offers(tech, scans.KindPartReturn, scan), "collectPartReturn waivePartReturn getPartReturn")
	s.expect("the clerk", s.offers(s.Clerk, scans.KindPartReturn, scan), "handInPartReturn receivePartReturn waivePartReturn getPartReturn")

	r, err := s.Returns.Find(ctx, s.Clerk, *used.ReturnID)
	s.Must(err)
	r, err = s.Returns.HandIn(ctx, s.Clerk, r.ID, r.Version, returns.Scan{WarehouseID: s.Warehouse.ID, Thing: returns.Thing{Serial: "O1"}, Damaged: true})
	s.Must(err)
	unit := "resolvePartReturn appraisePartReturn getPartReturn getUnit"
	mate := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &s.Outlet}
	s.expect("a supervisor", s.offers(mate, scans.KindUnit, scan), unit)
	s.expect("who received it", s.offers(s.Clerk, scans.KindUnit, scan), strings.TrimPrefix(unit, "resolvePartReturn "))
	r, err = s.Returns.Resolve(ctx, mate, r.ID, r.Version, returns.ResolutionAccepted, "worn")
	s.Must(err)
	s.expect("a supervisor", s.offers(mate, scans.KindUnit, scan), "disposePartReturn appraisePartReturn getPartReturn getUnit")
	s.expect("its number", s.offers(mate, scans.KindPartReturn, scans.Ask{Scan: r.Number}), "disposePartReturn appraisePartReturn getPartReturn")
	vendor := s.Place(inventory.KindVendorRepair, s.Outlet)
	r, err = s.Returns.Dispose(ctx, mate, r.ID, r.Version, returns.Deciding{Kind: returns.DispositionVendor, LocationID: &vendor.ID, RMA: "1"})
	s.Must(err)
	third := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &s.Outlet}
	for _, ask := range []scans.Ask{{Scan: r.Number}, scan} {
		kind := scans.KindPartReturn
		if ask == scan {
			kind = scans.KindUnit
		}
		for by, want := range map[*who.Actor]bool{&s.Clerk: false, &mate: false, &third: true} {
			if got := strings.Contains(s.offers(*by, kind, ask), "takeVendorResult"); got != want {
				t.Errorf("%v is offered the vendor's answer: %v, want %v", by, got, want)
			}
		}
	}

	gone, err := s.Returns.ReceiveUnannounced(ctx, s.Clerk, returns.Found{Scan: returns.Scan{WarehouseID: s.Warehouse.ID, Thing: returns.Thing{PartID: &p.ID, Serial: "LOST"}}})
	s.Must(err)
	s.expect("a supervisor", s.offers(mate, scans.KindUnit, scans.Ask{Scan: "LOST"}), unit)
	s.expect("its number", s.offers(mate, scans.KindPartReturn, scans.Ask{Scan: gone.Number}), "resolvePartReturn appraisePartReturn getPartReturn")
}

func TestAWaybillIsAParcelAndWhatIsInIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	tech, van := s.Technician(s.Outlet)
	job := s.Job(s.Outlet, tech)
	p := s.Part("sr")
	s.Stock(van, p, 0, "N1")
	used, err := s.Uses.Use(t.Context(), tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: uses.WishReturn})
	s.Must(err)
	parcel := stocktest.NewID()
	s.Exec(`INSERT INTO part_return_shipments (id, carrier, waybill, outlet_id, shipped_at, created_at) VALUES ($1, 'SF', 'SF-1', $2, now(), now())`, parcel, s.Outlet)
	s.Exec(`UPDATE part_returns SET status = 'in_transit', shipment_id = $2 WHERE id = $1`, *used.ReturnID, parcel)
	s.expect("the clerk", s.offers(s.Clerk, scans.KindShipment, scans.Ask{Scan: "SF-1"}), "getPartReturnShipment")
	s.expect("the clerk", s.offers(s.Clerk, scans.KindPartReturn, scans.Ask{Scan: "SF-1"}), "receivePartReturn getPartReturn")
	other, _ := s.Technician(s.Outlet)
	s.finds(other, "SF-1")
}

func TestWhatIsUnderWayIsReceivedWhereItGoes(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	dock := receiving.New(s.House.Ledger, receiving.Deps{Policies: policy.NewBook(s.DB, time.Now)})
	there := s.NewOutlet()
	far := s.Place(inventory.KindWarehouse, there)
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &there}
	p, loose := s.Part("s"), s.Part("")
	s.Stock(s.Warehouse, p, 0, "N1")
	s.Stock(s.Warehouse, loose, 5)
	sent, err := dock.Send(ctx, s.Clerk, inventory.Transfer{
		FromLocation: s.Warehouse.ID, ToLocation: far.ID,
		Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"N1"}}, inventory.Line{PartID: loose.ID, Quantity: 2}),
	})
	s.Must(err)
	s.expect("who sent it", s.offers(s.Clerk, scans.KindTransfer, scans.Ask{Scan: sent.Number}), "getTransfer")
	s.expect("the receiver", s.offers(stranger, scans.KindTransfer, scans.Ask{Scan: sent.Number}), "receiveTransfer getTransfer")
	s.expect("who sent it", s.offers(s.Clerk, scans.KindUnit, scans.Ask{Scan: "N1"}), "getUnit")
	s.expect("the receiver", s.offers(stranger, scans.KindPart, scans.Ask{Scan: loose.Number}), "receiveTransfer getTransfer requestParts announceDelivery receiveStock listStock getPart")

	supplier, err := dock.OpenSupplier(ctx, who.System, receiving.Supplier{Code: "S", Name: "Maker"})
	s.Must(err)
	d, err := dock.Announce(ctx, s.Clerk, receiving.Announced{SupplierID: supplier.ID, NoteNumber: "DN-1", WarehouseID: s.Warehouse.ID, Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 3}}})
	s.Must(err)
	for _, scan := range []string{"DN-1", d.Number} {
		s.expect("the clerk", s.offers(s.Clerk, scans.KindDelivery, scans.Ask{Scan: scan}), "countDelivery getDelivery")
		s.expect("another outlet's", s.offers(stranger, scans.KindDelivery, scans.Ask{Scan: scan}), "nothing")
	}
	s.expect("the clerk", s.offers(s.Clerk, scans.KindPart, scans.Ask{Scan: gs1.UnitLabel(p.Number, "NEW")}), "countDelivery getDelivery requestParts announceDelivery receiveStock listStock getPart")
}

func TestACountTakesWhatIsScannedInItsPlace(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	taking := counts.New(s.House.Ledger, policy.NewBook(s.DB, time.Now))
	p := s.Part("s")
	s.Stock(s.Warehouse, p, 0, "N1")
	tech, _ := s.Technician(s.Outlet)
	k, err := taking.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeFull})
	s.Must(err)
	s.expect("the clerk", s.offers(s.Clerk, scans.KindCount, scans.Ask{Scan: k.Number}), "scanIntoCount finishCount getCount")
	s.expect("a technician", s.offers(tech, scans.KindCount, scans.Ask{Scan: k.Number}), "nothing")
	s.expect("the clerk", s.offers(s.Clerk, scans.KindLocation, scans.Ask{Scan: s.Warehouse.Code}), "scanIntoCount announceDelivery receiveStock transferStock listStock listUnits getLocation")
	s.expect("the clerk", s.offers(s.Clerk, scans.KindUnit, scans.Ask{Scan: "N1"}), "scanIntoCount transferStock sendTransfer getUnit")
	s.expect("a technician", s.offers(tech, scans.KindUnit, scans.Ask{Scan: "N1"}), "getUnit")
	s.expect("who stands there", s.offers(s.Clerk, scans.KindPart, scans.Ask{Scan: p.Number, LocationID: &s.Warehouse.ID}), "scanIntoCount transferStock sendTransfer requestParts announceDelivery receiveStock listStock getPart")
	k, err = taking.Scan(ctx, s.Clerk, k.ID, nil, []string{gs1.UnitLabel(p.Number, "N1")})
	s.Must(err)
	k, err = taking.Finish(ctx, s.Clerk, k.ID, k.Version, "", "")
	s.Must(err)
	mate := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &s.Outlet}
	s.expect("who counted", s.offers(s.Clerk, scans.KindCount, scans.Ask{Scan: k.Number}), "explainCount recount getCountSheet getCount")
	s.expect("somebody else", s.offers(mate, scans.KindCount, scans.Ask{Scan: k.Number}), "approveCount explainCount recount getCountSheet getCount")
}
