package week

import (
	"context"
	"fmt"

	"callout/demo"
	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

// sending is a transfer on its way.
type sending struct {
	id   uuid.UUID
	to   *shop
	part inventory.Part
}

// Deliveries come on these days, and twelve pieces of each part.
var deliveryDays = map[int]bool{1: true, 4: true}

const perDelivery = 12

// takeDeliveries counts what suppliers bring, and has somebody else look at what is held back.
func (w *week) takeDeliveries(ctx context.Context) error {
	for i, s := range w.shops {
		if err := w.release(ctx, s); err != nil {
			return err
		}
		if !deliveryDays[w.n] {
			continue
		}
		d, err := w.deliver(ctx, s, w.n == 1 && i == 0, w.n == 1 && i == 1%len(w.shops))
		if err != nil {
			return fmt.Errorf("delivery to %s: %w", s.Code, err)
		}
		if w.n == 1 && i == 0 {
			w.plot.shortDelivery = d.ID
		}
	}
	return nil
}

// deliver announces, counts and books a delivery; one is short of its last part, and one has a parcel
// that is torn open.
func (w *week) deliver(ctx context.Context, s *shop, short, torn bool) (receiving.Delivery, error) {
	a := receiving.Announced{SupplierID: w.supplier, NoteNumber: fmt.Sprintf("DN-%s-%d", s.Code, w.n), WarehouseID: s.Warehouse}
	if w.n == 4 && w.plot.shortDelivery != uuid.Nil && s == w.shops[0] {
		a.RestOfID = &w.plot.shortDelivery
	} else {
		for i, p := range demo.Parts() {
			cost := p.Cost + p.Cost*int64(w.rnd.IntN(11)-5)/100
			if (i+w.n)%2 == 0 || p.Number == "GE-BAG-120" {
				a.Lines = append(a.Lines, receiving.AnnouncedLine{PartID: w.part(p.Number).ID, Quantity: perDelivery, UnitCost: &cost})
			}
		}
	}
	d, err := w.Dock.Announce(ctx, s.clerk, a)
	if err != nil {
		return d, err
	}
	var counted []receiving.CountLine
	var away []receiving.PutAway
	for i, l := range d.Lines {
		n := l.Quantity
		if short && i == len(d.Lines)-1 {
			n -= 4
			w.summary.ShortDeliveries++
		}
		if torn && i == 0 {
			n--
			w.summary.Held++
			if d, err = w.Dock.Count(ctx, s.clerk, d.ID, []receiving.CountLine{{
				Line: w.fresh(l.PartID, s, 1, "T"), Checks: receiving.Checks{ModelOK: true, MarkingOK: true}, Note: "Torn open",
			}}); err != nil {
				return d, err
			}
		}
		counted = append(counted, receiving.CountLine{Line: w.fresh(l.PartID, s, n, ""), Checks: receiving.Checks{ModelOK: true, MarkingOK: true, PackagingOK: true}})
		away = append(away, receiving.PutAway{PartID: l.PartID, LocationID: s.shelf(l.PartNumber)})
	}
	w.clock.tick()
	if d, err = w.Dock.Count(ctx, s.clerk, d.ID, counted); err != nil {
		return d, err
	}
	w.clock.tick()
	if d, err = w.Dock.Receive(ctx, s.clerk, d.ID, d.Version, away); err != nil {
		return d, err
	}
	w.summary.Deliveries++
	var parts []uuid.UUID
	for _, l := range d.Lines {
		parts = append(parts, l.PartID)
	}
	return d, w.Counter.FillBackorders(ctx, s.Warehouse, parts)
}

// fresh is so much of a part as it comes from the supplier, each unit with a serial of its own.
func (w *week) fresh(part uuid.UUID, s *shop, quantity int, mark string) inventory.Line {
	p := w.ids[part]
	var serials []string
	if p.Serialized {
		for i := range quantity {
			serials = append(serials, fmt.Sprintf("%s-%s-N%d%s-%02d", demo.Mark(p.Number), s.Code, w.n, mark, i+1))
		}
	}
	return w.scanned(part, quantity, serials)
}

// cost is what a part costs by the catalogue, in cents.
func (w *week) cost(number string) int64 {
	for _, p := range demo.Parts() {
		if p.Number == number {
			return p.Cost
		}
	}
	return 0
}

// release gives back what was held in quarantine for its packaging: the supervisor has looked at it.
func (w *week) release(ctx context.Context, s *shop) error {
	held, _, err := w.Dock.ListHeld(ctx, s.clerk, receiving.HeldFilter{}, uuid.Nil, 500)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.DeliveryID == nil {
			continue // an old part's end is decided where it came back
		}
		shelf := s.shelf(h.PartNumber)
		w.clock.tick()
		if _, err := w.Dock.ReleaseHeld(ctx, w.head, receiving.Releasing{
			LocationID: h.LocationID, Outcome: receiving.OutcomeGood, ToLocation: &shelf, Lines: []inventory.Line{w.scanned(h.PartID, h.Quantity, h.Serials)},
			Note: "Only the carton is torn",
		}); err != nil {
			return err
		}
		w.summary.Released++
	}
	return nil
}

// transfer sends parts to the next shop every other day, and receives there what came the day before.
func (w *week) transfer(ctx context.Context) error {
	for _, t := range w.sent {
		found, err := w.Dock.FindTransfer(ctx, t.to.clerk, t.id)
		if err != nil {
			return err
		}
		var lines []inventory.Line
		for _, l := range found.Lines {
			lines = append(lines, w.scanned(l.PartID, l.Quantity, l.Serials))
		}
		w.clock.tick()
		if _, err := w.Dock.ReceiveTransfer(ctx, t.to.clerk, t.id, found.Version, lines); err != nil {
			return err
		}
		w.summary.Transfers++
	}
	w.sent = nil
	if w.n%2 == 1 || w.n == Days-1 || len(w.shops) < 2 {
		return nil
	}
	for i, s := range w.shops {
		if (i+w.n/2)%3 > 0 {
			continue
		}
		to := w.shops[(i+1)%len(w.shops)]
		p := w.part([]string{"SL-LAMP-150", "SL-CABLE-25", "WA-VALVE-25"}[w.rnd.IntN(3)])
		w.clock.tick()
		t, err := w.Dock.Send(ctx, s.clerk, inventory.Transfer{
			FromLocation: s.shelf(p.Number), ToLocation: to.Warehouse, Lines: []inventory.Line{{PartID: p.ID, Quantity: 2}}, Note: "They have too few",
		})
		if err != nil {
			return err
		}
		w.sent = append(w.sent, sending{t.ID, to, p})
	}
	return nil
}
