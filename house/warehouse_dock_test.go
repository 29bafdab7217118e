package house_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// dockDeeds are what a clerk does with deliveries and transfers, and with what is held back of them.
var dockDeeds = []deed{
	{"announce delivery", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line, cost := w.line(rnd), int64(rnd.IntN(9000))
		_, err := w.doors.Dock.Announce(ctx, by.Actor, receiving.Announced{
			SupplierID: w.supplier, NoteNumber: fmt.Sprint("N", rnd.IntN(5000)), WarehouseID: any1(rnd, w.shops).ID,
			Lines: []receiving.AnnouncedLine{{PartID: line.PartID, Quantity: max(line.Quantity, len(line.Serials)), UnitCost: &cost}},
		})
		return err
	}},
	{"count delivery", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		d, err := some(ctx, w, rnd, `deliveries WHERE status IN ('announced', 'counting')`)
		if err != nil {
			return err
		}
		part, err := pg.One[uuid.UUID](ctx, w.DB, `SELECT part_id FROM delivery_lines WHERE delivery_id = $1 LIMIT 1`, d.ID)
		if err != nil {
			return err
		}
		line := w.line(rnd)
		if line.PartID = part; w.part(part).Serialized {
			line = inventory.Line{PartID: part, Serials: []string{serial(rnd)}}
		} else {
			line = inventory.Line{PartID: part, Quantity: 1 + rnd.IntN(3)}
		}
		_, err = w.doors.Dock.Count(ctx, by.Actor, d.ID, []receiving.CountLine{{Line: line, Checks: receiving.Checks{ModelOK: true, MarkingOK: rnd.IntN(4) > 0, PackagingOK: true}, Note: "at random"}})
		return err
	}},
	{"correct delivery", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		d, err := some(ctx, w, rnd, `deliveries WHERE status IN ('announced', 'counting')`)
		if err != nil {
			return err
		}
		cost := new(int64(rnd.IntN(9000)))
		line := receiving.CorrectedLine{PartID: w.line(rnd).PartID, Quantity: new(rnd.IntN(4)), UnitCost: &cost}
		_, err = w.doors.Dock.Amend(ctx, by.Actor, d.ID, d.Version, receiving.Correction{Lines: []receiving.CorrectedLine{line}})
		return err
	}},
	{"receive delivery", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		d, err := some(ctx, w, rnd, `deliveries WHERE status = 'counting'`)
		if err == nil {
			_, err = w.doors.Dock.Receive(ctx, by.Actor, d.ID, d.Version, nil)
		}
		return err
	}},
	{"send transfer", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line, from, err := w.heldAt(ctx, rnd, w.shops...)
		if err == nil {
			_, err = w.doors.Dock.Send(ctx, by.Actor, inventory.Transfer{FromLocation: from.ID, ToLocation: any1(rnd, w.shops).ID, Lines: stocktest.Lines(line)})
		}
		return err
	}},
	{"receive transfer", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		t, err := some(ctx, w, rnd, `transfers WHERE status = 'sent'`)
		if err != nil {
			return err
		}
		found, err := w.doors.Dock.FindTransfer(ctx, by.Actor, t.ID)
		if err != nil {
			return err
		}
		line := inventory.Line{PartID: found.Lines[0].PartID, Quantity: found.Lines[0].Quantity, Serials: found.Lines[0].Serials}
		if len(line.Serials) > 0 {
			line.Quantity = 0
		}
		_, err = w.doors.Dock.ReceiveTransfer(ctx, by.Actor, t.ID, t.Version, stocktest.Lines(line))
		return err
	}},
	{"release held", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line, from, err := w.heldAt(ctx, rnd, w.held...)
		if err != nil {
			return err
		}
		in := receiving.Releasing{LocationID: from.ID, Outcome: any1(rnd, []receiving.Outcome{receiving.OutcomeGood, receiving.OutcomeSupplier, receiving.OutcomeScrap}), Lines: stocktest.Lines(line), Note: "at random"}
		switch in.Outcome {
		case receiving.OutcomeGood:
			in.ToLocation = new(any1(rnd, w.shelves).ID)
		case receiving.OutcomeScrap:
			in.WitnessID = new(any1(rnd, w.heads).UserID)
		default:
			in.RMA = "RMA-1"
		}
		_, err = w.doors.Dock.ReleaseHeld(ctx, by.Actor, in)
		return err
	}},
}

// lossDeeds are what a supervisor does about what never arrived.
var lossDeeds = []deed{
	{"settle transfer", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		t, err := some(ctx, w, rnd, `transfers WHERE status IN ('sent', 'received')`)
		if err == nil {
			_, err = w.doors.Dock.Settle(ctx, by.Actor, t.ID, t.Version, receiving.Settling{WriteOff: true, Reason: "lost"})
		}
		return err
	}},
}
