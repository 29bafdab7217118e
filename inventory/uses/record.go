package uses

import (
	"context"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/registry"

	"github.com/google/uuid"
)

// RecordComponent writes down what sits in an asset, as its papers say. A unit that the books have in one
// of the house's places is a fault.Conflict that names the place: it is not in two.
func (u *Uses) RecordComponent(ctx context.Context, by who.Actor, asset uuid.UUID, n registry.NewComponent) (c registry.Component, err error) {
	err = u.DB().InTx(ctx, func(ctx context.Context) error {
		if c, err = u.register.RecordComponent(ctx, by, asset, n); err != nil {
			return err
		}
		at, err := u.Standings(ctx, []inventory.SerialOf{{Part: c.PartID, Serial: c.Serial}})
		if err != nil {
			return err
		}
		s, known := at[inventory.SerialOf{Part: c.PartID, Serial: c.Serial}]
		if !known || s.Kind == inventory.KindCustomerSite || s.Kind.Outside() {
			return nil
		}
		var f fault.Faults
		if s.Location().Readable(by) {
			f.Add("/serial", "unit %s of part %s sits in no asset: the books have it in %s", c.Serial, c.PartNumber, s.Location().Called())
		} else {
			f.Add("/serial", "unit %s of part %s sits in no asset: the books have it in another outlet", c.Serial, c.PartNumber)
		}
		return f.Err(fault.Conflict, "the books do not allow this component")
	})
	return c, err
}
