package week

import (
	"context"
	"fmt"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/returns"

	"github.com/google/uuid"
)

// oldSerial is on a part that the books have never seen.
func (w *week) oldSerial(p inventory.Part) string {
	return fmt.Sprintf("OLD-%s-%06d", p.Number[3:6], w.rnd.IntN(1_000_000))
}

// collect takes an old part into the van's box, with a photo.
func (w *week) collect(ctx context.Context, t *hand, job, id uuid.UUID, serial string) error {
	r, err := w.Returns.Find(ctx, t.by, id)
	if err != nil || r.Status != returns.StatusExpected {
		return err
	}
	photo, err := w.photograph(ctx, t, job, serial)
	if err != nil {
		return err
	}
	w.clock.tick()
	_, err = w.Returns.Collect(ctx, t.by, id, r.Version, returns.Collection{PhotoIDs: []uuid.UUID{photo}, Serial: serial})
	if err == nil {
		w.summary.Collected++
	}
	return err
}

// takeBack is how old parts come home: over the counter, or by parcel.
func (w *week) takeBack(ctx context.Context) error {
	for _, s := range w.shops {
		// What was sent the day before comes first.
		for _, status := range []returns.Status{returns.StatusInTransit, returns.StatusCollected, returns.StatusExpected} {
			all, _, err := w.Returns.List(ctx, s.clerk, returns.Filter{Status: status}, uuid.Nil, 500)
			if err != nil {
				return err
			}
			for _, r := range all {
				if err := w.comeHome(ctx, s, r); err != nil {
					return fmt.Errorf("return %s: %w", r.Number, err)
				}
			}
		}
	}
	return nil
}

// comeHome sends a collected part or receives it: every third technician is far from the warehouse.
func (w *week) comeHome(ctx context.Context, s *shop, r returns.Return) error {
	t := s.technician(*r.TechnicianID)
	w.clock.tick()
	if r.Status == returns.StatusCollected && s.isFar(t) {
		_, err := w.Returns.ShipOne(ctx, t.by, r.ID, r.Version, returns.Parcel{
			Carrier: "SF Express", Waybill: fmt.Sprintf("SF%s%02d", t.Code[4:], w.n),
		})
		w.summary.Parcels++
		return err
	}
	scan := returns.Scan{WarehouseID: s.Warehouse}
	if r.ExpectedSerial != nil {
		scan.Serial = *r.ExpectedSerial
	}
	switch {
	case w.swapped(t, r, &scan):
	case w.isEvidence(r):
	case w.chance(30):
		scan.Damaged, scan.Note = true, "The housing is cracked"
	case w.chance(60) && r.Status == returns.StatusInTransit:
		scan = returns.Scan{WarehouseID: s.Warehouse, Missing: true, Note: "The parcel was open"}
	}
	receive := w.Returns.HandIn
	if r.Status == returns.StatusInTransit {
		receive = w.Returns.Receive
	} else {
		w.summary.HandedIn++
	}
	got, err := receive(ctx, s.clerk, r.ID, r.Version, scan)
	if err != nil {
		return err
	}
	if got.Status == returns.StatusMatched {
		w.summary.Matched++
	} else {
		w.summary.Discrepant++
	}
	return nil
}

// isFar says whether a technician lives too far away to come by.
func (s *shop) isFar(t *hand) bool {
	for i, one := range s.crew {
		if one == t {
			return i%3 == 2
		}
	}
	return false
}

// judge decides what becomes of what came back, and what was wrong with it.
func (w *week) judge(ctx context.Context) error {
	for _, s := range w.shops {
		wrong, _, err := w.Returns.List(ctx, s.clerk, returns.Filter{Status: returns.StatusDiscrepant}, uuid.Nil, 500)
		if err != nil {
			return err
		}
		for _, r := range wrong {
			as := returns.ResolutionAccepted
			if r.MovementID == nil || *r.Discrepancy == returns.DiscrepancyMissing {
				as = returns.ResolutionCharged
			}
			w.clock.tick()
			if _, err := w.Returns.Resolve(ctx, w.head, r.ID, r.Version, as, "Spoke with the technician"); err != nil {
				return fmt.Errorf("return %s: %w", r.Number, err)
			}
		}
		back, _, err := w.Returns.List(ctx, s.clerk, returns.Filter{Status: returns.StatusAtVendor}, uuid.Nil, 500)
		if err != nil {
			return err
		}
		for _, r := range back {
			shelf, cost := s.shelf(r.PartNumber), w.cost(r.PartNumber)/4
			w.clock.tick()
			if _, err := w.Returns.TakeAnswer(ctx, w.head, r.ID, r.Version, returns.Answer{Result: returns.VendorRepaired, LocationID: &shelf, UnitCost: &cost}); err != nil {
				return fmt.Errorf("return %s: %w", r.Number, err)
			}
			w.summary.Repaired++
		}
		matched, _, err := w.Returns.List(ctx, s.clerk, returns.Filter{Status: returns.StatusMatched}, uuid.Nil, 500)
		if err != nil {
			return err
		}
		for _, r := range matched {
			if w.isEvidence(r) {
				continue
			}
			if err := w.dispose(ctx, s, r); err != nil {
				return fmt.Errorf("return %s: %w", r.Number, err)
			}
		}
	}
	return nil
}

// dispose: of ten old parts the clerk sends three to the vendor, and the head has three made good again
// and scraps the others. Who sends one away does not book it back.
func (w *week) dispose(ctx context.Context, s *shop, r returns.Return) error {
	by, d := w.head, returns.Deciding{Kind: returns.DispositionScrap, WitnessID: &w.witness, Note: "Burnt out"}
	switch w.rnd.IntN(10) {
	case 0, 1, 2:
		by, d = s.clerk, returns.Deciding{Kind: returns.DispositionVendor, LocationID: &s.vendor.ID, RMA: "RMA-" + r.Number}
	case 3, 4, 5:
		shelf, cost := s.shelf(r.PartNumber), w.cost(r.PartNumber)/3
		d = returns.Deciding{Kind: returns.DispositionRefurbish, LocationID: &shelf, UnitCost: &cost}
		w.summary.Refurbished++
	default:
		w.summary.Scrapped++
	}
	w.clock.tick()
	_, err := w.Returns.Dispose(ctx, by, r.ID, r.Version, d)
	return err
}

// refused counts a dishonest act that the books do not take; that they take it is an error.
func (w *week) refused(err error, what string) error {
	if fault.Is(err, fault.Conflict) {
		w.summary.Refused++
		return nil
	}
	return fmt.Errorf("%s was not refused as it should be: %w", what, err)
}
