package receiving_test

import (
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory/receiving"
)

func TestTwoClerksCountAtOnceAndOneReceives(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q := h.Part(""), h.Part("s")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 16}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 4})
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			by := []who.Actor{h.Clerk, h.other}[i%2]
			_, err := h.dock.Count(ctx, by, d.ID, []receiving.CountLine{counted(p, 1), counted(q, 0, string(rune('A'+i%4)))})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d, err := h.dock.Find(ctx, h.Clerk, d.ID)
	h.Must(err)
	if d.Lines[0].Counted() != 16 || d.Lines[1].Counted() != 4 || d.Version != 17 {
		t.Errorf("counted %+v", d)
	}
	won := h.atOnce(4, func(i int) error {
		_, err := h.dock.Receive(ctx, []who.Actor{h.Clerk, h.other}[i%2], d.ID, d.Version, nil)
		return err
	}, fault.Stale)
	if won != 1 || h.Holds(h.Warehouse.ID, p) != 16 || h.Holds(h.Warehouse.ID, q) != 4 {
		t.Errorf("%d receipts, %d and %d pieces", won, h.Holds(h.Warehouse.ID, p), h.Holds(h.Warehouse.ID, q))
	}
	h.Sound()
}

func TestAPartIsCountedAnew(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.Part("")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 5})
	_, err := h.dock.Recount(ctx, h.Clerk, d.ID, 1, p.ID)
	h.Refused(err, fault.Conflict, "cannot become counting")
	d, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 50)})
	h.Must(err)
	_, err = h.dock.Recount(ctx, h.Clerk, d.ID, d.Version, h.supplier.ID)
	h.Refused(err, fault.Invalid, "/part_id nothing was counted")
	d, err = h.dock.Recount(ctx, h.Clerk, d.ID, d.Version, p.ID)
	h.Must(err)
	if d.Lines[0].Counted() != 0 || d.Entries[0].StruckAt == nil {
		t.Errorf("struck out %+v", d)
	}
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Refused(err, fault.Conflict, "nothing is counted of delivery "+d.Number)
	d, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 5)})
	h.Must(err)
	d, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Must(err)
	if d.Lines[0].Accepted != 5 || d.Status != receiving.StatusClosed || h.Holds(h.Warehouse.ID, p) != 5 {
		t.Errorf("received %+v", d.Lines)
	}
}

func TestMoreThanAnnouncedIsHeldUnlessThePolicyAllowsIt(t *testing.T) {
	t.Parallel()
	for percent, want := range map[float64]int{0: 20, 10: 22, 100: 25} {
		h := open(t)
		if percent > 0 {
			h.set(policy.DeliveryOver, percent)
		}
		p := h.Part("")
		d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 20})
		d, err := h.dock.Count(t.Context(), h.Clerk, d.ID, []receiving.CountLine{counted(p, 25)})
		h.Must(err)
		d, err = h.dock.Receive(t.Context(), h.Clerk, d.ID, d.Version, nil)
		h.Must(err)
		if l := d.Lines[0]; l.Accepted != want || l.Held != 25-want || l.Over() != 5 || d.Status != receiving.StatusClosed {
			t.Errorf("%v percent: %+v", percent, l)
		}
		h.Sound()
	}
}
