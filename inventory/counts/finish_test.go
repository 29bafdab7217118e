package counts_test

import (
	"bytes"
	"testing"

	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory/counts"

	"github.com/xuri/excelize/v2"
)

func TestAFullCountOfNothingIsNotClean(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	tech, van := s.Technician(s.Outlet)
	wire, unit, other := s.Part(""), s.Part("s"), s.Part("")
	s.priced(wire, 6, 250)
	s.Stock(van, wire, 4)
	s.Stock(van, unit, 0, "U1", "U2")
	s.Stock(van, other, 1)
	k, err := s.counts.Open(ctx, tech, counts.Opening{LocationID: van.ID, Scope: counts.ScopeFull})
	s.Must(err)
	s.tell(tech, k, other, 1)
	finish := func(why string) (counts.Count, error) {
		now, err := s.counts.Find(ctx, s.boss, k.ID)
		s.Must(err)
		by := s.boss
		if why == "his" {
			by = tech
		}
		return s.counts.Finish(ctx, by, k.ID, now.Version, counts.UncountedKeep, why)
	}
	_, err = finish("his")
	s.Refused(err, fault.Forbidden, "in a full count only a supervisor leaves what nobody counted as it is")
	_, err = finish(" ")
	s.Refused(err, fault.Invalid, "/reason is required")
	if n := s.Count(`SELECT count(*) FROM count_lines WHERE count_id = $1`, k.ID); n != 1 {
		t.Errorf("the refused finish left %d lines", n)
	}
	now, err := finish("the van is in another town")
	s.Must(err)
	if len(now.Lines) != 3 {
		t.Errorf("the count has %d lines", len(now.Lines))
	}
	for _, l := range now.Lines {
		if kept := l.PartID != other.ID; l.Kept() != kept || (l.Counted == nil) != kept || (l.CountedAt == nil) != kept {
			t.Errorf("the count says %+v", l)
		}
	}
	sheet, err := s.counts.Sheet(ctx, s.boss, k.ID)
	s.Must(err)
	if l := line(t, sheet, van.ID, wire); l.Counted != nil || *l.Expected != 4 || l.Over != 0 || l.KeptWorth() != 1000 || *l.KeptReason != "the van is in another town" {
		t.Errorf("the sheet says %+v", l)
	}
	if len(sheet.Totals) != 1 || sheet.Totals[0].KeptLines != 2 || sheet.Totals[0].KeptWorth != 1000 {
		t.Errorf("in all %+v", sheet.Totals)
	}
	for lang, want := range map[words.Language][3]string{
		words.English: {"Not counted, kept because", "the van is in another town", "Kept without being counted, 2 lines"},
		words.Chinese: {"未清点，保留原因", "the van is in another town", "未清点而保留，共 2 行"},
	} {
		b, err := sheet.XLSX(lang)
		s.Must(err)
		x, err := excelize.OpenReader(bytes.NewReader(b))
		s.Must(err)
		rows, err := x.GetRows(x.GetSheetName(0))
		s.Must(err)
		text := map[string]bool{}
		for _, r := range rows {
			for _, c := range r {
				text[c] = true
			}
		}
		for _, w := range want {
			if !text[w] {
				t.Errorf("%s: no %q in %v", lang, w, rows)
			}
		}
	}

	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Refused(err, fault.Forbidden, "nobody approves that he left parts uncounted himself")
	_, err = s.counts.Approve(ctx, s.chief, k.ID, now.Version)
	s.Must(err)
	page, _, err := s.counts.ListLast(ctx, s.boss, counts.LastFilter{LocationID: &van.ID}, counts.LastKey{}, 10)
	s.Must(err)
	for _, l := range page {
		if (l.CountedAt != nil) != (l.PartID == other.ID) {
			t.Errorf("counted last %+v", l)
		}
	}
	if len(page) != 3 {
		t.Errorf("%d were counted last", len(page))
	}
	s.Sound()
}

func TestWhatWasLeftIsCountedAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p, unit := s.Part(""), s.Part("s")
	s.priced(p, 10, 100)
	s.Stock(s.Warehouse, unit, 0, "U1", "U2")
	k := s.full(s.Warehouse)
	now, err := s.counts.Finish(ctx, s.boss, k.ID, 1, counts.UncountedKeep, "a blackout")
	s.Must(err)
	now, err = s.counts.Recount(ctx, s.boss, k.ID, now.Version, []counts.Spot{{LocationID: s.Warehouse.ID, PartID: p.ID}, {LocationID: s.Warehouse.ID, PartID: unit.ID}})
	s.Must(err)
	for _, l := range now.Lines {
		if l.Kept() || l.Expected != nil {
			t.Errorf("waits to be counted: %+v", l)
		}
	}
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, now.Version, counts.UncountedKeep, "no time")
	s.Refused(err, fault.Forbidden, "only a supervisor")
	s.tell(s.Clerk, k, p, 7)
	s.units(s.Clerk, k, s.Warehouse, unit, "U2")
	s.finish(k)
	now = s.explain(k, counts.ReasonLost)
	sheet, err := s.counts.Approve(ctx, s.boss, k.ID, now.Version) // he left nothing uncounted in the end
	s.Must(err)
	if line(t, sheet, s.Warehouse.ID, p).Over != -3 || sheet.Totals[0].KeptLines != 0 || s.Holds(s.Warehouse.ID, p) != 7 {
		t.Errorf("approved %+v", sheet)
	}
	s.Sound()
}

func TestACycleCountLeavesPartsWithAReason(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p := s.Part("")
	s.priced(p, 10, 100)
	k, err := s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeCycle, Choose: counts.ChooseValue})
	s.Must(err)
	_, err = s.counts.Finish(ctx, s.Clerk, k.ID, 1, counts.UncountedKeep, "")
	s.Refused(err, fault.Invalid, "/reason is required")
	now, err := s.counts.Finish(ctx, s.Clerk, k.ID, 1, counts.UncountedKeep, "the shelf is blocked")
	s.Must(err)
	if len(now.Lines) != 1 || !now.Lines[0].Kept() || *now.Lines[0].KeptBy != s.Clerk.UserID {
		t.Errorf("finished %+v", now.Lines)
	}
}
