package scans_test

import (
	"strings"
	"testing"
	"time"

	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/scans"
	"callout/inventory/stocktest"
)

func TestWhatIsHeldBackIsDecidedWhereItIsScanned(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p, unit := s.Part(""), s.Part("s")
	quarantine, err := s.SubPlace(ctx, inventory.KindQuarantine, s.Warehouse)
	s.Must(err)
	tech, _ := s.Technician(s.Outlet)
	const see, rest = "listHeldStock", " requestParts announceDelivery receiveStock listStock getPart"
	s.expect("the clerk", s.offers(s.Clerk, scans.KindLocation, scans.Ask{Scan: quarantine.Code}), "openCount "+see+" listStock listUnits getLocation")
	s.expect("the clerk", s.offers(s.Clerk, scans.KindPart, scans.Ask{Scan: p.Number}), strings.TrimSpace(rest))
	s.Stock(quarantine, p, 2)
	s.Stock(quarantine, unit, 0, "H1")
	s.expect("the clerk", s.offers(s.Clerk, scans.KindLocation, scans.Ask{Scan: quarantine.Code}), "releaseHeldStock openCount "+see+" listStock listUnits getLocation")
	for _, held := range []inventory.Part{p, unit} {
		s.expect("the clerk", s.offers(s.Clerk, scans.KindPart, scans.Ask{Scan: held.Number}), "releaseHeldStock "+see+rest)
		s.expect("a technician", s.offers(tech, scans.KindPart, scans.Ask{Scan: held.Number}), strings.TrimSpace(rest))
	}
	far := s.NewOutlet()
	stranger := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Warehouse}, OutletID: &far}
	s.expect("another outlet's", s.offers(stranger, scans.KindPart, scans.Ask{Scan: p.Number}), strings.TrimSpace(rest))
	// Who counts there is not told that there is anything.
	_, err = counts.New(s.House.Ledger, policy.NewBook(s.DB, time.Now)).Open(ctx, s.Clerk, counts.Opening{LocationID: quarantine.ID, Scope: counts.ScopeFull})
	s.Must(err)
	s.expect("who counts", s.offers(s.Clerk, scans.KindLocation, scans.Ask{Scan: quarantine.Code}), "scanIntoCount "+see+" listStock listUnits getLocation")
	s.expect("who counts", s.offers(s.Clerk, scans.KindPart, scans.Ask{Scan: p.Number}), strings.TrimSpace(rest))
}
