package house_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/counts"
	"callout/inventory/receiving"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// row is something that a deed is done to.
type row struct {
	ID      uuid.UUID
	Version int
}

// errIdle says that there is nothing to do such a deed to.
var errIdle = errors.New("idle")

// some is a row of a table at random, which may have changed when the deed comes to it; sometimes
// its version is wrong.
func some(ctx context.Context, w *walk, rnd *rand.Rand, from string, args ...any) (row, error) {
	rows, err := pg.Query[row](ctx, w.DB, `SELECT id, version FROM `+from+` ORDER BY random() LIMIT 1`, args...)
	if err != nil {
		return row{}, err
	}
	if len(rows) == 0 {
		return row{}, errIdle
	}
	if rnd.IntN(20) == 0 {
		rows[0].Version--
	}
	return rows[0], nil
}

func any1[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// serial is one of those that there are, that there will be, or that never were.
func serial(rnd *rand.Rand) string { return fmt.Sprintf("S%d", rnd.IntN(60)) }

// line is a few of some part, which may or may not be there.
func (w *walk) line(rnd *rand.Rand) inventory.Line {
	p := any1(rnd, w.parts)
	if p.Serialized {
		return inventory.Line{PartID: p.ID, Serials: []string{serial(rnd)}}
	}
	return inventory.Line{PartID: p.ID, Quantity: 1 + rnd.IntN(3)}
}

// held is a line of what is really in a place, so that half of the deeds have a chance.
func (w *walk) heldAt(ctx context.Context, rnd *rand.Rand, places ...inventory.Location) (inventory.Line, inventory.Location, error) {
	at := any1(rnd, places)
	if rnd.IntN(4) == 0 {
		return w.line(rnd), at, nil
	}
	type there struct {
		PartID   uuid.UUID
		Quantity int
		Serials  []string
	}
	rows, err := pg.Query[there](ctx, w.DB, `
		SELECT b.part_id, b.quantity, ARRAY(SELECT u.serial FROM units u JOIN LATERAL (SELECT to_location FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
			WHERE u.part_id = b.part_id AND m.to_location = b.location_id ORDER BY random() LIMIT 2) AS serials
		FROM balances b WHERE b.location_id = $1 AND b.quantity > 0 ORDER BY random() LIMIT 1`, at.ID)
	if err != nil || len(rows) == 0 {
		return w.line(rnd), at, err
	}
	if r := rows[0]; len(r.Serials) > 0 {
		return inventory.Line{PartID: r.PartID, Serials: r.Serials}, at, nil
	}
	return inventory.Line{PartID: rows[0].PartID, Quantity: 1 + rnd.IntN(min(4, rows[0].Quantity))}, at, nil
}

var clerkDeeds = []deed{
	{"receive", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line, cost := w.line(rnd), int64(rnd.IntN(9000))
		line.UnitCost = &cost
		_, err := w.Ledger.Receive(ctx, by.Actor, inventory.Receipt{LocationID: any1(rnd, w.shelves).ID, Lines: stocktest.Lines(line)})
		return err
	}},
	{"transfer", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line, from, err := w.heldAt(ctx, rnd, append(w.shelves, any1(rnd, w.techs).van)...)
		if err != nil {
			return err
		}
		to := any1(rnd, append(w.shelves, any1(rnd, w.techs).van, any1(rnd, w.held)))
		_, err = w.Ledger.Transfer(ctx, by.Actor, inventory.Transfer{FromLocation: from.ID, ToLocation: to.ID, Lines: stocktest.Lines(line)})
		return err
	}},
	{"reverse", func(ctx context.Context, w *walk, by hand, _ *rand.Rand) error {
		ids, err := pg.Query[row](ctx, w.DB, `SELECT id FROM (SELECT id FROM movements ORDER BY id DESC LIMIT 40) m ORDER BY random() LIMIT 1`)
		if err != nil {
			return err
		}
		_, err = w.doors.Uses.Reverse(ctx, by.Actor, ids[0].ID, "at random")
		return err
	}},
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
		_, err = w.doors.Dock.Count(ctx, by.Actor, d.ID, []receiving.CountLine{{Line: line, Checks: receiving.Checks{ModelOK: true, MarkingOK: rnd.IntN(4) > 0, PackagingOK: true}}})
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
			_, err = w.doors.Dock.Send(ctx, by.Actor, receiving.Sending{FromLocation: from.ID, ToLocation: any1(rnd, w.shops).ID, Lines: stocktest.Lines(line)})
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
	{"open count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		_, err := w.doors.Counts.Open(ctx, by.Actor, counts.Opening{
			LocationID: any1(rnd, append(w.shelves, any1(rnd, w.techs).van, any1(rnd, w.held))).ID, Scope: counts.ScopeFull,
		})
		return err
	}},
	{"count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, at, err := w.openCount(ctx, rnd, "opened", "counting", "recount")
		if err != nil {
			return err
		}
		line, _, err := w.heldAt(ctx, rnd, at)
		if err != nil {
			return err
		}
		told := counts.Told{PartID: line.PartID, Serials: line.Serials}
		if !w.part(line.PartID).Serialized {
			told.Quantity = &line.Quantity
		}
		_, err = w.doors.Counts.Count(ctx, by.Actor, c.ID, nil, rnd.IntN(3) == 0, []counts.Told{told})
		return err
	}},
	{"finish count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "opened", "counting", "recount")
		if err == nil {
			_, err = w.doors.Counts.Finish(ctx, by.Actor, c.ID, c.Version, any1(rnd, []counts.Uncounted{counts.UncountedKeep, counts.UncountedKeep, counts.UncountedZero}))
		}
		return err
	}},
}

// part is one of the walk's parts.
func (w *walk) part(id uuid.UUID) inventory.Part {
	for _, p := range w.parts {
		if p.ID == id {
			return p
		}
	}
	return inventory.Part{}
}

// openCount is a count at random, and where it is.
func (w *walk) openCount(ctx context.Context, rnd *rand.Rand, status ...string) (row, inventory.Location, error) {
	c, err := some(ctx, w, rnd, `counts WHERE status = ANY($1)`, status)
	if err != nil {
		return c, inventory.Location{}, err
	}
	at, err := pg.One[uuid.UUID](ctx, w.DB, `SELECT location_id FROM counts WHERE id = $1`, c.ID)
	if err != nil {
		return c, inventory.Location{}, err
	}
	loc, err := w.Ledger.Locate(ctx, at)
	return c, loc, err
}

var technicianDeeds = []deed{
	{"use", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line, _, err := w.heldAt(ctx, rnd, by.van)
		if err != nil {
			return err
		}
		u := uses.PartUse{PartID: line.PartID, Quantity: 1, OldPartWish: any1(rnd, []uses.Wish{uses.WishReturn, uses.WishReturn, uses.WishKeeps, uses.WishNone}), AcceptShortage: rnd.IntN(3) == 0}
		if p := w.part(line.PartID); p.Serialized {
			u.NewSerial = any1(rnd, line.Serials)
			if p.ReturnRequired || rnd.IntN(2) == 0 {
				u.OldSerial = any1(rnd, []string{serial(rnd), fmt.Sprintf("O%d", rnd.IntN(400))})
			}
		}
		if rnd.IntN(3) == 0 {
			u.OccurredAt = time.Now().Add(-time.Duration(rnd.IntN(50)) * time.Millisecond)
		}
		job := any1(rnd, by.jobs)
		if rnd.IntN(3) == 0 {
			_, err = w.doors.Uses.Settle(ctx, by.Actor, job, *by.TechnicianID, []uses.PartUse{u})
		} else {
			_, err = w.doors.Uses.Use(ctx, by.Actor, job, u)
		}
		return err
	}},
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

var supervisorDeeds = []deed{
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
	{"explain count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "review")
		if err != nil {
			return err
		}
		sheet, err := w.doors.Counts.Sheet(ctx, by.Actor, c.ID)
		if err != nil {
			return err
		}
		var why []counts.Explanation
		for _, l := range sheet.Lines {
			if l.Over != 0 {
				why = append(why, counts.Explanation{Spot: counts.Spot{LocationID: l.LocationID, PartID: l.PartID}, Reason: counts.ReasonLost, Note: "at random"})
			}
		}
		if len(why) == 0 {
			return errIdle
		}
		_, err = w.doors.Counts.Explain(ctx, by.Actor, c.ID, c.Version, why)
		return err
	}},
	{"approve count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "review")
		if err == nil {
			_, err = w.doors.Counts.Approve(ctx, by.Actor, c.ID, c.Version)
		}
		return err
	}},
	{"cancel count", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		c, _, err := w.openCount(ctx, rnd, "opened", "review")
		if err == nil && rnd.IntN(4) == 0 {
			_, err = w.doors.Counts.Cancel(ctx, by.Actor, c.ID, c.Version)
		}
		return err
	}},
	{"settle transfer", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		t, err := some(ctx, w, rnd, `transfers WHERE status IN ('sent', 'received')`)
		if err == nil {
			_, err = w.doors.Dock.Settle(ctx, by.Actor, t.ID, t.Version, receiving.Settling{WriteOff: true, Reason: "lost"})
		}
		return err
	}},
	{"lock period", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		if rnd.IntN(40) > 0 {
			return errIdle
		}
		whole := by.Actor
		whole.OutletID = nil
		_, err := w.doors.Auditor.LockPeriod(ctx, whole, audit.Lock{Name: strings.ToUpper(uuid.NewString()[:8]), EndsAt: time.Now().Add(-time.Second)})
		return err
	}},
}
