package house_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"callout/inventory/returns"

	"github.com/google/uuid"
)

// returnDeeds are what a clerk does with old parts.
var returnDeeds = []deed{
	{"receive return", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status IN ('expected', 'collected', 'in_transit')`)
		if err != nil {
			return err
		}
		expected, err := w.doors.Returns.Find(ctx, by.Actor, r.ID)
		if err != nil {
			return err
		}
		s := returns.Scan{WarehouseID: any1(rnd, w.shops).ID, Damaged: rnd.IntN(9) == 0, Missing: rnd.IntN(9) == 0}
		if p := w.part(expected.PartID); p.Serialized && !s.Missing {
			if s.Serial = serial(rnd); rnd.IntN(3) > 0 && expected.ExpectedSerial != nil {
				s.Serial = *expected.ExpectedSerial
			}
		}
		if s.Missing {
			s.Damaged = false
		}
		_, err = w.doors.Returns.Receive(ctx, by.Actor, r.ID, r.Version, s)
		return err
	}},
	{"receive unannounced", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line := w.line(rnd)
		found := returns.Found{Scan: returns.Scan{WarehouseID: any1(rnd, w.shops).ID, Thing: returns.Thing{PartID: &line.PartID, Quantity: max(1, line.Quantity)}}}
		if len(line.Serials) > 0 {
			found.Serial = line.Serials[0]
		}
		_, err := w.doors.Returns.ReceiveUnannounced(ctx, by.Actor, found)
		return err
	}},
	{"dispose return", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status IN ('matched', 'resolved') OR status = 'discrepant' AND random() < 0.1`)
		if err != nil {
			return err
		}
		d := returns.Deciding{Kind: any1(rnd, []returns.DispositionKind{returns.DispositionRefurbish, returns.DispositionScrap, returns.DispositionVendor}), Note: "at random"}
		switch d.Kind {
		case returns.DispositionRefurbish:
			d.LocationID = new(any1(rnd, w.shelves).ID)
		case returns.DispositionScrap:
			d.WitnessID = new(any1(rnd, w.heads).UserID)
		default:
			d.LocationID, d.RMA = &w.vendor.ID, "RMA-2"
		}
		_, err = w.doors.Returns.Dispose(ctx, by.Actor, r.ID, r.Version, d)
		return err
	}},
	{"take vendor's answer", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status = 'at_vendor'`)
		if err != nil {
			return err
		}
		a := returns.Answer{Result: any1(rnd, []returns.VendorResult{returns.VendorRepaired, returns.VendorReplaced, returns.VendorRefused}), Note: "at random"}
		switch a.Result {
		case returns.VendorRefused:
			a.WitnessID = new(any1(rnd, w.heads).UserID)
		case returns.VendorReplaced:
			a.Serial = fmt.Sprintf("V%d", rnd.IntN(100_000))
			fallthrough
		default:
			a.LocationID = new(any1(rnd, w.shelves).ID)
		}
		_, err = w.doors.Returns.TakeAnswer(ctx, by.Actor, r.ID, r.Version, a)
		if err != nil && a.Serial != "" {
			a.Serial = ""
			_, err = w.doors.Returns.TakeAnswer(ctx, by.Actor, r.ID, r.Version, a)
		}
		return err
	}},
}

// oldPartDeeds are what a technician does with them.
var oldPartDeeds = []deed{
	{"collect", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status = 'expected' AND (technician_id = $1 OR random() < 0.05)`, by.TechnicianID)
		if err != nil {
			return err
		}
		expected, err := w.doors.Returns.Find(ctx, by.Actor, r.ID)
		if err != nil {
			return err
		}
		c := returns.Collection{PhotoIDs: []uuid.UUID{w.photo(*expected.JobID)}}
		if expected.ExpectedSerial != nil {
			if c.Serial = *expected.ExpectedSerial; rnd.IntN(8) == 0 {
				c.Serial = serial(rnd)
			}
		}
		_, err = w.doors.Returns.Collect(ctx, by.Actor, r.ID, r.Version, c)
		return err
	}},
	{"ship", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status = 'collected' AND (technician_id = $1 OR random() < 0.05)`, by.TechnicianID)
		if err == nil {
			_, err = w.doors.Returns.ShipOne(ctx, by.Actor, r.ID, r.Version, returns.Parcel{Carrier: "SF", Waybill: fmt.Sprint("W", rnd.IntN(1_000_000))})
		}
		return err
	}},
}

// judgingDeeds are what a supervisor does with them.
var judgingDeeds = []deed{
	{"resolve return", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status = 'discrepant'`)
		if err == nil {
			_, err = w.doors.Returns.Resolve(ctx, by.Actor, r.ID, r.Version, any1(rnd, []returns.Resolution{returns.ResolutionAccepted, returns.ResolutionCharged, returns.ResolutionDueAgain}), "at random")
		}
		return err
	}},
	{"waive return", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		r, err := some(ctx, w, rnd, `part_returns WHERE status = 'expected'`)
		if err == nil {
			_, err = w.doors.Returns.Waive(ctx, by.Actor, r.ID, r.Version, returns.Waiving{Signer: "C", PNG: signature()})
		}
		return err
	}},
}
