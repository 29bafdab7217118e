package scans_test

import (
	"log/slog"
	"testing"
	"time"

	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/scans"
	"callout/inventory/stocktest"
)

func TestTheRestOfADeliveryIsAnnounced(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	q, err := queue.New(s.DB, slog.New(slog.DiscardHandler))
	s.Must(err)
	dock := receiving.New(s.House.Ledger, receiving.Deps{Policies: policy.NewBook(s.DB, time.Now), Queue: q})
	dock.Work(q)
	p, unit := s.Part(""), s.Part("s")
	supplier, err := dock.OpenSupplier(ctx, who.System, receiving.Supplier{Code: "S", Name: "Maker"})
	s.Must(err)
	receive := func(a receiving.Announced, of inventory.Line) receiving.Delivery {
		a.SupplierID, a.WarehouseID = supplier.ID, s.Warehouse.ID
		d, err := dock.Announce(ctx, s.Clerk, a)
		s.Must(err)
		d, err = dock.Count(ctx, s.Clerk, d.ID, []receiving.CountLine{{Line: of, Checks: receiving.Checks{ModelOK: true, MarkingOK: true, PackagingOK: true}}})
		s.Must(err)
		d, err = dock.Receive(ctx, s.Clerk, d.ID, d.Version, nil)
		s.Must(err)
		return d
	}
	const waits, asked, over = "announceDelivery closeDelivery getDelivery", "closeDelivery getDelivery", "getDelivery"
	loose := func(note string, of *receiving.Delivery, announced, came int) receiving.Delivery {
		a := receiving.Announced{NoteNumber: note, Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: announced}}}
		if of != nil {
			a.RestOfID = &of.ID
		}
		return receive(a, inventory.Line{PartID: p.ID, Quantity: came})
	}
	is := func(d receiving.Delivery, want string) {
		t.Helper()
		s.expect("the clerk", s.offers(s.Clerk, scans.KindDelivery, scans.Ask{Scan: d.Number}), want)
	}
	is(loose("DN-1", nil, 3, 3), over)
	first := loose("DN-2", nil, 5, 2)
	is(first, waits)
	rest, err := dock.Announce(ctx, s.Clerk, receiving.Announced{SupplierID: supplier.ID, WarehouseID: s.Warehouse.ID, NoteNumber: "DN-3", RestOfID: &first.ID})
	s.Must(err)
	is(first, asked)
	_, err = dock.Cancel(ctx, s.Clerk, rest.ID, rest.Version, "the wrong note")
	s.Must(err)
	is(first, waits)
	loose("DN-4", &first, 3, 3)
	is(first, over)

	named := receive(receiving.Announced{NoteNumber: "DN-5", Lines: []receiving.AnnouncedLine{{PartID: unit.ID, Quantity: 2, Serials: []string{"A", "B"}}}},
		inventory.Line{PartID: unit.ID, Serials: []string{"A", "C"}})
	is(named, waits) // C is not B
	// What was taken back may come again.
	whole := loose("DN-6", nil, 2, 2)
	is(whole, over)
	moved, _, err := s.House.Ledger.ListMovements(ctx, s.Clerk, inventory.MovementFilter{ReferenceID: &whole.ID}, [16]byte{}, 1)
	s.Must(err)
	boss := who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{who.Supervisor}, OutletID: &s.Outlet}
	_, err = s.House.Ledger.Reverse(ctx, boss, moved[0].ID, "booked twice")
	s.Must(err)
	for _, d := range []receiving.Delivery{whole, named} {
		for _, l := range func() []receiving.Line {
			d, err := dock.Find(ctx, s.Clerk, d.ID)
			s.Must(err)
			return d.Lines
		}() {
			if l.ToCome() < 1 {
				t.Errorf("%s waits for nothing: %+v", d.Number, l)
			}
		}
	}
	is(whole, waits)
}
