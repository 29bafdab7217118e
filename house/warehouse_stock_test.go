package house_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// stockDeeds are what a clerk does to stock at once.
var stockDeeds = []deed{
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
		_, err = w.Ledger.Transfer(ctx, by.Actor, inventory.Transfer{Note: "at random", FromLocation: from.ID, ToLocation: to.ID, Lines: stocktest.Lines(line)})
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
}

// periodDeeds are what a supervisor does to the books.
var periodDeeds = []deed{
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

// useDeeds are what a technician does with what is on his van.
var useDeeds = []deed{
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
}
