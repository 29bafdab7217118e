package demo

import (
	"context"
	"fmt"
	"time"

	"callout/house"
)

// walked is the outlet in which the walk takes place: that of the technician who can sign in.
const walked = "R11"

// LoadSmall loads one outlet with its people, parts and accounts into an empty operation, and no
// requests. Everybody is at work from an hour before now on, so that a job can be done at any hour.
func LoadSmall(ctx context.Context, h *house.House, now time.Time, accounts []Account) error {
	day, err := On(now)
	if err != nil {
		return err
	}
	l := &loader{House: h, Options: Options{Accounts: accounts}, day: day, only: walked, now: now}
	var s Summary
	for _, step := range []func(context.Context, *Summary) error{
		l.openOutlets, l.openSkills, l.openParts, l.openSuppliers, l.openWarehouses, l.openUsers, l.hireTechnicians,
	} {
		if err := step(ctx, &s); err != nil {
			return fmt.Errorf("load demo: %w", err)
		}
	}
	return nil
}
