package dispatch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// account settles the parts of a closing and returns everything that was used and the photos to
// link. Whatever is missing is named all together, and nothing is settled then.
func (b *Board) account(ctx context.Context, by who.Actor, j *Job, c *Closing, at time.Time) ([]SettledPart, []evidence.Photo, error) {
	var f fault.Faults
	if err := c.checkWord(ctx, &f, at); err != nil {
		return nil, nil, err
	}
	if c.Summary != "" {
		if j.Outcome = registry.Note(&f, "/work_summary", c.Summary); j.Outcome == "" {
			f.Add("/work_summary", "must not be blank")
		}
	} else if j.Outcome == "" {
		f.Add("/work_summary", "is required: nothing was said at the finish")
	}
	photos, err := b.photos(ctx, by, *j, *c, &f)
	if err != nil {
		return nil, nil, err
	}
	parts, err := b.settle(ctx, by, *j, c, &f)
	if err != nil {
		return nil, nil, err
	}
	return parts, photos, f.Err(fault.Invalid, "job %s cannot close like this", j.Number)
}

// checkWord notes what the customer's word lacks.
func (c *Closing) checkWord(ctx context.Context, f *fault.Faults, at time.Time) error {
	s := &c.Signature
	s.Signer = registry.Line(f, "/signature/signer", s.Signer)
	s.Relation = registry.Note(f, "/signature/relation", s.Relation)
	if s.SignedAt == nil {
		s.SignedAt = &at
	} else if s.SignedAt.After(at.Add(grace)) {
		f.Add("/signature/signed_at", "must not be in the future")
	}
	s.Strokes.Check(f, "/signature/strokes")
	err := evidence.CheckSignature(ctx, s.PNG)
	if e, ok := errors.AsType[*fault.Error](err); ok {
		*f, err = append(*f, fault.Field{Pointer: "/signature/png", Detail: e.Detail}), nil
	}
	if c.Score < 1 || c.Score > 5 {
		f.Add("/score", "must be from 1 to 5")
	}
	return err
}

// photos finds the photos to link, and notes those that are not here and those that are still needed.
func (b *Board) photos(ctx context.Context, by who.Actor, j Job, c Closing, f *fault.Faults) (linked []evidence.Photo, err error) {
	all, err := b.Locker.Photos(ctx, by, j.ID)
	if err != nil {
		return nil, err
	}
	here := func(p evidence.Photo) bool { return p.Status != evidence.PhotoAnnounced }
	if c.Photos == nil {
		linked = slices.DeleteFunc(slices.Clone(all), func(p evidence.Photo) bool { return !here(p) })
	}
	for i, id := range c.Photos {
		at := fmt.Sprintf("/photos/%d", i)
		k := slices.IndexFunc(all, func(p evidence.Photo) bool { return p.ID == id })
		switch {
		case k < 0:
			f.Add(at, "no such %s", words.Noun("photo"))
		case !here(all[k]):
			f.Add(at, "has not arrived yet")
		case slices.Contains(c.Photos[:i], id):
			f.Add(at, "is there already")
		default:
			linked = append(linked, all[k])
		}
	}
	for _, need := range j.Photos {
		n := 0
		for _, p := range linked {
			if string(p.Kind) == need.Kind {
				n++
			}
		}
		if n < need.Count {
			f.Add("/photos", "photos of the kind %s: %d needed, %d here", evidence.Kind(need.Kind), need.Count, n)
		}
	}
	return linked, nil
}

// settle books the parts, and notes whatever about parts is not accounted for.
func (b *Board) settle(ctx context.Context, by who.Actor, j Job, c *Closing, f *fault.Faults) (all []SettledPart, err error) {
	err = attempt(ctx, func(ctx context.Context) error {
		all, err = b.Stock.Settle(ctx, by, StockJob{
			ID: j.ID, Number: j.Number, OutletID: j.OutletID, SiteID: j.SiteID, TechnicianID: j.Booking.TechnicianID,
		}, c.Parts)
		return err
	})
	if e, ok := errors.AsType[*fault.Error](err); ok && len(*f) > 0 && len(e.Fields) > 0 {
		*f = append(*f, e.Fields...)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	missing, err := b.Stock.Missing(ctx, j.ID)
	for _, m := range missing {
		*f = append(*f, fault.Field{Pointer: "/parts", Detail: m})
	}
	if err != nil || len(j.Parts) == 0 && len(c.Waived) == 0 {
		return all, err
	}
	names, err := b.Stock.Parts(ctx, j.partIDs())
	if err != nil {
		return nil, err
	}
	c.checkNeeded(j, all, names, f)
	return all, nil
}

// checkNeeded notes needed parts that were neither used, nor what takes their place, nor waived, and
// waivers of nothing.
func (c *Closing) checkNeeded(j Job, all []SettledPart, names map[uuid.UUID]StockPart, f *fault.Faults) {
	waived := map[uuid.UUID]bool{}
	for i := range c.Waived {
		w, at := &c.Waived[i], fmt.Sprintf("/waived_parts/%d", i)
		w.Reason = registry.Line(f, at+"/reason", w.Reason)
		if !slices.Contains(j.partIDs(), w.PartID) {
			f.Add(at+"/part_id", "is not needed here")
		}
		waived[w.PartID] = true
	}
	left := map[uuid.UUID]int{}
	for _, s := range all {
		left[s.PartID] += s.Quantity
	}
	count := make([]int, len(j.Parts))
	take := func(i int, part uuid.UUID) {
		n := min(left[part], j.Parts[i].Quantity-count[i])
		count[i], left[part] = count[i]+n, left[part]-n
	}
	// The parts themselves first: a successor may be needed for itself.
	for i, need := range j.Parts {
		take(i, need.PartID)
	}
	for i, need := range j.Parts {
		for _, heir := range names[need.PartID].Heirs {
			take(i, heir)
		}
		if used := count[i]; used < need.Quantity && !waived[need.PartID] {
			f.Add("/parts", "part %s: %d are needed, %d were used; use them or waive them with a reason", names[need.PartID].Number, need.Quantity, used)
		}
	}
}
