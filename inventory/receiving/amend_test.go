package receiving_test

import (
	"slices"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"
)

func to[T any](v T) *T { return &v }

func TestAnAnnouncementIsCorrected(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q, more := h.Part(""), h.Part("s"), h.Part("")
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 10}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 2, Serials: []string{"A1", "A2"}})
	amend := func(by who.Actor, lines ...receiving.CorrectedLine) error {
		got, err := h.dock.Amend(ctx, by, d.ID, d.Version, receiving.Correction{Lines: lines})
		if err == nil {
			d = got
		}
		return err
	}
	h.Stock(h.Warehouse, q, 0, "OURS")
	h.Refused(amend(h.other, receiving.CorrectedLine{PartID: stocktest.NewID(), Quantity: to(1)}, receiving.CorrectedLine{PartID: p.ID, Serials: &[]string{"X"}}), fault.Invalid,
		"/lines/0/part_id no such part; /lines/1/serials part "+p.Number+" has no serials")
	h.Refused(amend(h.other, receiving.CorrectedLine{PartID: q.ID, Quantity: to(3)}), fault.Invalid, "/lines/0/quantity 2 serials are named")
	h.Refused(amend(h.other, receiving.CorrectedLine{PartID: q.ID, Serials: &[]string{"A1", "OURS"}}), fault.Invalid, "/lines/0/serials unit OURS of part "+q.Number+" is no new one")
	h.Refused(amend(h.other, receiving.CorrectedLine{PartID: more.ID, UnitCost: to(to(int64(3)))}), fault.Invalid, "/lines/0/quantity is required")
	h.Refused(amend(h.other, receiving.CorrectedLine{PartID: p.ID, Quantity: to(1)}, receiving.CorrectedLine{PartID: p.ID, Quantity: to(1)}), fault.Invalid, "stands in two lines")
	if now, err := h.dock.Find(ctx, h.Clerk, d.ID); err != nil || now.Version != 1 || len(now.Lines) != 2 {
		t.Errorf("refusals left %+v, %v", now, err)
	}
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	d, err := h.dock.Amend(ctx, h.other, d.ID, 1, receiving.Correction{Note: to("two boxes"), ExpectedAt: to(&soon), Lines: []receiving.CorrectedLine{
		{PartID: p.ID, Quantity: to(12), UnitCost: to(to(int64(250)))}, {PartID: q.ID, Serials: &[]string{"A1", "A3"}}, {PartID: more.ID, Quantity: to(4)},
	}})
	h.Must(err)
	if d.Version != 2 || d.Note != "two boxes" || !d.ExpectedAt.Equal(soon) || len(d.Lines) != 3 || d.Lines[0].Quantity != 12 || *d.Lines[0].UnitCost != 250 ||
		!slices.Equal(d.Lines[1].Serials, []string{"A1", "A3"}) || d.Lines[2].Quantity != 4 {
		t.Errorf("corrected %+v", d)
	}
	_, err = h.dock.Amend(ctx, h.other, d.ID, 1, receiving.Correction{Note: to("late")})
	h.Refused(err, fault.Stale, "")
	d, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 11)})
	h.Must(err)
	for _, own := range []receiving.CorrectedLine{{PartID: p.ID, Quantity: to(11)}, {PartID: q.ID, Serials: &[]string{}}, {PartID: more.ID, Quantity: to(0)}} {
		h.Refused(amend(h.Clerk, own), fault.Forbidden, "nobody changes what a delivery should bring that he counted himself")
	}
	h.Must(amend(h.Clerk, receiving.CorrectedLine{PartID: p.ID, UnitCost: to(to(int64(300)))}))
	h.Must(amend(h.other, receiving.CorrectedLine{PartID: q.ID, Quantity: to(0), Serials: &[]string{}}, receiving.CorrectedLine{PartID: more.ID, Quantity: to(0)}))
	if d, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil); err != nil || d.Lines[0].Missing() != 1 || d.Lines[1].Missing()+d.Lines[2].Missing() != 0 {
		t.Errorf("received %+v, %v", d, err)
	}
	h.Refused(amend(h.other, receiving.CorrectedLine{PartID: p.ID, Quantity: to(11)}), fault.Conflict, "corrected before it is booked")
	if n := h.Count(`SELECT value::int FROM part_values WHERE part_id = $1 AND pool = 'good'`, p.ID); n != 3300 {
		t.Errorf("it is worth %d", n)
	}
	h.Sound()
}

func TestARestByTheSameNoteIsNotCorrectedIntoMore(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p := h.Part("")
	d := h.come([]receiving.AnnouncedLine{{PartID: p.ID, Quantity: 10}}, counted(p, 4))
	rest, err := h.dock.Announce(ctx, h.Clerk, receiving.Announced{
		SupplierID: h.supplier.ID, NoteNumber: d.NoteNumber, WarehouseID: h.Warehouse.ID, RestOfID: &d.ID, Lines: []receiving.AnnouncedLine{{PartID: p.ID, Quantity: 2}},
	})
	h.Must(err)
	for n, code := range map[int]fault.Code{7: fault.Invalid, 6: ""} {
		now, err := h.dock.Find(ctx, h.Clerk, rest.ID)
		h.Must(err)
		if _, err = h.dock.Amend(ctx, h.Clerk, rest.ID, now.Version, receiving.Correction{Lines: []receiving.CorrectedLine{{PartID: p.ID, Quantity: &n}}}); code == "" {
			h.Must(err)
		} else {
			h.Refused(err, code, "/lines/0/quantity 6 of it are still to come of delivery note "+d.NoteNumber)
		}
	}
}

func TestAReceiptNamesTheLineThatCostsTooMuch(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	p, q, dear := h.Part(""), h.Part(""), int64(100_000_000_000)
	d := h.announce(receiving.AnnouncedLine{PartID: p.ID, Quantity: 1}, receiving.AnnouncedLine{PartID: q.ID, Quantity: 20000, UnitCost: &dear})
	_, err := h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Refused(err, fault.Conflict, "nothing is counted of delivery "+d.Number+": count it first")
	d, err = h.dock.Count(ctx, h.Clerk, d.ID, []receiving.CountLine{counted(p, 1), counted(q, 20000)})
	h.Must(err)
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Refused(err, fault.Invalid, "correct the announcement (amendDelivery), then receive it; /lines/1/unit_cost would be worth more than the books can say")
	d, err = h.dock.Amend(ctx, h.Clerk, d.ID, d.Version, receiving.Correction{Lines: []receiving.CorrectedLine{{PartID: q.ID, UnitCost: to(to(int64(100)))}}})
	h.Must(err)
	_, err = h.dock.Receive(ctx, h.Clerk, d.ID, d.Version, nil)
	h.Must(err)
	h.Sound()
}
