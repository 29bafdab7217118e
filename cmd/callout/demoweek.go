package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"callout/demo"
	"callout/demo/week"
	"callout/internal/words"
	"callout/inventory/signals"
)

// week works through the seven days before now in an operation of one outlet, and proves its books.
func (w *walk) week(ctx context.Context, s *serve, log *slog.Logger, l words.Language) (err error) {
	clock := week.NewClock(time.Now().AddDate(0, 0, -week.Days-1).UTC())
	h, leave, err := s.settle(ctx, s.own, log, clock.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	if err := demo.LoadSmall(ctx, h, clock.Now(), demo.Accounts()); err != nil {
		return err
	}
	show(os.Stdout, l, words.Say("A Callout of its own, with one outlet in Los Angeles, works through a week in its warehouse. Everybody is made up."))
	begun := time.Now()
	r, err := week.Run(ctx, h, clock, w.Seed, nil)
	if err != nil {
		return err
	}
	for _, line := range []words.Text{
		words.Say("%d movements by %d vans in %.1f seconds", r.Movements, r.Vans, time.Since(begun).Seconds()),
		words.Say("%d part requests: %d approved by the policy, %d by a supervisor; %d arrived short", r.Requests, r.Automatic, r.Supervised, r.Short),
		words.Say("%d parts used on %d jobs; %d old parts matched, %d did not", r.Uses, r.Jobs, r.Matched, r.Discrepant),
		words.Say("%d deliveries, %d counts with %d variances", r.Deliveries, r.Counts, r.Variances),
		words.Say("%d dishonest acts were refused by the books, %d were not and must be found:", r.Refused, len(r.Planted)),
	} {
		show(os.Stdout, l, line)
	}
	for _, x := range r.Raised {
		mark := words.Say("  signal   %s: %s", signals.RuleOf(x.Rule).Title, x.Technician)
		if x.Planted {
			mark = words.Say("  found    %s: %s", signals.RuleOf(x.Rule).Title, x.Technician)
		}
		show(os.Stdout, l, mark)
	}
	show(os.Stdout, l, words.Say("Period %s is locked.", r.Period))
	return (&verifyLedger{Lang: string(l)}).report(ctx, os.Stdout, h.Ledger)
}
