package week

import (
	"context"

	"callout/inventory/counts"

	"github.com/google/uuid"
)

// count takes stock: on the fourth day of the vans, on the sixth of a warehouse.
func (w *week) count(ctx context.Context) error {
	switch w.n {
	case 3:
		for _, s := range w.shops {
			for i, t := range s.crew {
				if i%5 > 0 && t != w.plot.grey {
					continue
				}
				if err := w.countVan(ctx, s, t, i%10 == 0); err != nil {
					return err
				}
			}
		}
	case 5:
		s := w.shops[0]
		places := []uuid.UUID{s.Warehouse}
		for _, b := range s.bins {
			places = append(places, b.ID)
		}
		return w.takeStock(ctx, s, counts.Opening{LocationID: s.Warehouse, WithBins: true, Scope: counts.ScopeFull}, places, func(told []counts.Told) []counts.Told {
			miscount(told, -2)
			return told
		})
	}
	return nil
}

// countVan counts a van; from some a piece has gone, and in one lies what was never issued to it.
func (w *week) countVan(ctx context.Context, s *shop, t *hand, lost bool) error {
	return w.takeStock(ctx, s, counts.Opening{LocationID: t.VanID, Scope: counts.ScopeFull}, []uuid.UUID{t.VanID}, func(told []counts.Told) []counts.Told {
		if lost {
			miscount(told, -1)
		}
		return w.smuggle(t, told)
	})
}

// miscount finds another quantity of the last part that has enough of it than the books say.
func miscount(told []counts.Told, by int) {
	for i := len(told) - 1; i >= 0; i-- {
		if q := told[i].Quantity; q != nil && *q > -by {
			*q += by
			return
		}
	}
}

// takeStock counts a place blindly, and has the variances explained and approved by somebody else.
func (w *week) takeStock(ctx context.Context, s *shop, o counts.Opening, places []uuid.UUID, see func([]counts.Told) []counts.Told) error {
	c, err := w.Counts.Open(ctx, s.clerk, o)
	if err != nil {
		return err
	}
	for i, at := range places {
		_, there, err := w.holds(ctx, at)
		if err != nil {
			return err
		}
		var told []counts.Told
		for _, h := range there {
			line := counts.Told{PartID: h.PartID, Serials: h.Serials}
			if !w.ids[h.PartID].Serialized {
				n := h.Quantity
				line = counts.Told{PartID: h.PartID, Quantity: &n}
			}
			told = append(told, line)
		}
		if i == len(places)-1 {
			told = see(told)
		}
		if len(told) == 0 {
			continue
		}
		w.clock.tick()
		if c, err = w.Counts.Count(ctx, s.clerk, c.ID, &at, false, told); err != nil {
			return err
		}
	}
	if c, err = w.Counts.Finish(ctx, s.clerk, c.ID, c.Version, counts.UncountedZero, ""); err != nil {
		return err
	}
	w.summary.Counts++
	return w.approve(ctx, c)
}

// approve explains what differs, and puts the books right.
func (w *week) approve(ctx context.Context, c counts.Count) error {
	sheet, err := w.Counts.Sheet(ctx, w.head, c.ID)
	if err != nil {
		return err
	}
	var why []counts.Explanation
	for _, l := range sheet.Lines {
		if l.Over == 0 && len(l.Differs) == 0 {
			continue
		}
		e := counts.Explanation{Spot: counts.Spot{LocationID: l.LocationID, PartID: l.PartID}, Reason: counts.ReasonLost, Note: "Fell off the shelf"}
		if l.Over > 0 {
			e.Reason, e.Note = counts.ReasonFound, "Lay behind the seat"
		}
		why = append(why, e)
		w.summary.Variances++
	}
	w.clock.tick()
	if len(why) > 0 {
		if sheet, err = w.Counts.Explain(ctx, w.head, c.ID, c.Version, why); err != nil {
			return err
		}
	}
	_, err = w.Counts.Approve(ctx, w.head, c.ID, sheet.Count.Version)
	return err
}
