package uses

import (
	"context"
	"strings"

	"callout/internal/fault"
	"callout/inventory"

	"github.com/google/uuid"
)

// readScans fills in what the scans of uses say: the part, its serial or how many, and the old
// part's serial. at says where in the request each use stood.
func (u *Uses) readScans(ctx context.Context, all []PartUse, at []inventory.Pointers) error {
	var f fault.Faults
	for i := range all {
		p := &all[i]
		if p.NewScan != "" {
			if err := u.readNew(ctx, p, &at[i], &f); err != nil {
				return err
			}
		}
		if p.OldScan != "" && p.PartID != uuid.Nil {
			if err := u.readOld(ctx, p, at[i], &f); err != nil {
				return err
			}
		}
		if p.PartID == uuid.Nil && p.NewScan == "" {
			f.Add(at[i].Line+"/part_id", "is required")
		}
		if p.Quantity == 0 {
			p.Quantity = 1
		}
		if p.OldPartWish == "" {
			p.OldPartWish = WishNone
		}
	}
	return f.Err(fault.Invalid, "these parts cannot be used like this")
}

// readNew reads the scan of what went in.
func (u *Uses) readNew(ctx context.Context, p *PartUse, at *inventory.Pointers, f *fault.Faults) error {
	c, wrong, err := u.scanned(ctx, p.PartID, p.NewScan)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		pointer := at.Line + "/scan"
		if p.PartID != uuid.Nil && strings.HasSuffix(wrong[0].Pointer, "/part_id") {
			pointer = at.Line + "/part_id"
		}
		*f = append(*f, fault.Field{Pointer: pointer, Detail: wrong[0].Detail})
		return nil
	}
	p.PartID = c.Part.ID
	switch {
	case !c.Part.Serialized && p.Quantity == 0:
		p.Quantity = c.Quantity
	case c.Part.Serialized && p.NewSerial != "" && p.NewSerial != c.Serials[0]:
		f.Add(at.Serial, "the scan says %q", c.Serials[0])
	case c.Part.Serialized && p.NewSerial == "":
		p.NewSerial, at.Serial = c.Serials[0], at.Line+"/scan"
	}
	return nil
}

// readOld reads the scan of what came out: a unit of the part, or of one that the part takes the place of.
func (u *Uses) readOld(ctx context.Context, p *PartUse, at inventory.Pointers, f *fault.Faults) error {
	part := p.OldPartID
	c, wrong, err := u.scanned(ctx, part, p.OldScan)
	if err == nil && part == uuid.Nil && len(wrong) > 0 {
		// A plain serial names no part: it is one of the part that went in.
		c, wrong, err = u.scanned(ctx, p.PartID, p.OldScan)
	}
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		*f = append(*f, fault.Field{Pointer: at.Line + "/old_scan", Detail: wrong[0].Detail})
		return nil
	}
	if c.Part.ID != p.PartID {
		p.OldPartID = c.Part.ID
	}
	switch {
	case !c.Part.Serialized:
	case p.OldSerial != "" && p.OldSerial != c.Serials[0]:
		f.Add(at.Line+"/old_serial", "the scan says %q", c.Serials[0])
	default:
		p.OldSerial = c.Serials[0]
	}
	return nil
}

// scanned is what one scan says, of a part or of whichever it names.
func (u *Uses) scanned(ctx context.Context, part uuid.UUID, raw string) (inventory.Counted, fault.Faults, error) {
	var f fault.Faults
	all, err := u.Resolve(ctx, []inventory.Line{{PartID: part, Scans: []string{raw}}}, &f)
	if err != nil || len(f) > 0 {
		return inventory.Counted{}, f, err
	}
	if len(all) != 1 {
		f.Add("", "no part is known by this scan")
	}
	return inventory.One(all), f, nil
}
