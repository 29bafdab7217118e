package week

import (
	"context"
	"fmt"
	"math/rand/v2"

	"callout/demo"
	"callout/house"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/signals"

	"github.com/google/uuid"
)

// Days is how long the week is.
const Days = 7

// Summary counts what happened. The same seed on the same operation gives the same.
type Summary struct {
	Outlets, Vans                                     int
	Movements                                         int // that the week wrote
	Requests, Automatic, Supervised, Short            int // part requests, how they were approved, and deliveries to vans that came short
	Unused                                            int // pieces that were handed back as they were
	Jobs, Uses                                        int // on which parts were used
	Collected, Parcels, HandedIn, Matched, Discrepant int
	Refurbished, Scrapped, Repaired                   int
	Deliveries, ShortDeliveries, Held, Released       int
	Transfers, Counts, Variances                      int
	Refused                                           int      // dishonest acts that the books did not take
	Planted                                           []Act    // those that they took
	Raised                                            []Raised // what the signals say of the week
	Period                                            string   // that was locked at its end
}

// Act is something dishonest that a technician did, by the rule that must find it.
type Act struct {
	Rule       signals.RuleID
	Technician string
	Serial     string
}

// Raised is a signal, and whether it is about one of the dishonest acts.
type Raised struct {
	Rule       signals.RuleID
	Technician string
	Planted    bool
}

// week is the operation at work.
type week struct {
	*house.House

	clock *Clock
	day   demo.Day // that it is
	n     int      // of the day, from 0
	rnd   *rand.Rand
	cast
	sent    []sending            // transfers on their way
	lights  map[uuid.UUID][]lamp // by technician, what he has repaired at night
	plot    plot
	summary Summary
}

// Run works through the week from the day that the clock shows in Los Angeles, and leaves the clock at its
// end. The clock must be the house's.
func Run(ctx context.Context, h *house.House, clock *Clock, seed uint64, progress func(what words.Noun, done, total int)) (Summary, error) {
	first, err := demo.On(clock.Now())
	if err != nil {
		return Summary{}, err
	}
	w := &week{
		House: h, clock: clock, day: first, rnd: rand.New(rand.NewPCG(seed, Days)), //nolint:gosec // the same week for the same seed
		lights: map[uuid.UUID][]lamp{},
	}
	before, err := w.movements(ctx)
	if err != nil {
		return Summary{}, err
	}
	if err := w.muster(ctx); err != nil {
		return Summary{}, fmt.Errorf("the week's people: %w", err)
	}
	for w.n = range Days {
		w.day = first.After(w.n)
		if err := w.live(ctx); err != nil {
			return w.summary, fmt.Errorf("day %d of the week: %w", w.n+1, err)
		}
		if progress != nil {
			progress("days", w.n+1, Days)
		}
	}
	w.day = first.After(Days)
	if err := w.end(ctx); err != nil {
		return w.summary, fmt.Errorf("the week's end: %w", err)
	}
	after, err := w.movements(ctx)
	w.summary.Movements = after - before
	return w.summary, err
}

// live is a day: what happens at which time.
func (w *week) live(ctx context.Context) error {
	for _, hour := range []struct {
		hour, minute int
		do           func(context.Context) error
	}{
		{5, 30, w.settleShortages},
		{6, 0, w.replenish},
		{6, 30, w.handOut},
		{8, 0, w.takeBack},
		{9, 0, w.judge},
		{9, 30, w.bringBack},
		{10, 0, w.workJobs},
		{16, 0, w.takeDeliveries},
		{17, 0, w.transfer},
		{18, 0, w.count},
		{22, 0, w.workNights},
	} {
		w.clock.reach(w.day.At(hour.hour, hour.minute))
		if err := hour.do(ctx); err != nil {
			return err
		}
	}
	return w.Counter.AccountAll(ctx)
}

// part is a part by its number.
func (w *week) part(number string) inventory.Part { return w.parts[number] }

// chance is true once in so many times.
func (w *week) chance(in int) bool { return w.rnd.IntN(in) == 0 }
