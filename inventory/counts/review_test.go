package counts_test

import (
	"bytes"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/counts"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

func TestALineIsCountedAgainBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p, q := s.Part(""), s.Part("")
	s.priced(p, 10, 100)
	s.priced(q, 4, 100)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 7)
	s.tell(s.Clerk, k, q, 4)
	now := s.finish(k)
	spots := []counts.Spot{{LocationID: s.Warehouse.ID, PartID: p.ID}}
	_, err := s.counts.Recount(ctx, s.Clerk, k.ID, now.Version, spots)
	s.Refused(err, fault.Forbidden, "who counts does not see")
	_, err = s.counts.Recount(ctx, s.boss, k.ID, now.Version, []counts.Spot{{LocationID: s.Warehouse.ID, PartID: uuid.New()}})
	s.Refused(err, fault.Invalid, "/lines/0 is no line of this count")
	now, err = s.counts.Recount(ctx, s.boss, k.ID, now.Version, spots)
	s.Must(err)
	if now.Status != counts.StatusRecount || now.Round != 2 {
		t.Errorf("to be counted again: %+v", now)
	}
	for _, l := range now.Lines {
		if l.PartID == p.ID && (l.Counted != nil || l.Expected != nil) {
			t.Errorf("who counts again reads %+v", l)
		}
	}
	n := 9
	again := []counts.Told{{PartID: p.ID, Quantity: &n}}
	_, err = s.counts.Count(ctx, s.Clerk, k.ID, nil, false, again)
	s.Refused(err, fault.Forbidden, "somebody else counts part "+p.Number)
	other := s.clerk()
	_, err = s.counts.Count(ctx, other, k.ID, nil, false, []counts.Told{{PartID: q.ID, Quantity: &n}})
	s.Refused(err, fault.Invalid, "is not to be counted again")
	now, err = s.counts.Find(ctx, other, k.ID)
	s.Must(err)
	_, err = s.counts.Finish(ctx, other, k.ID, now.Version, "", "")
	s.Refused(err, fault.Conflict, "part "+p.Number+" in "+s.Warehouse.Name+" is not counted")
	s.priced(p, 1, 100) // counted against the books of now, not of the first time
	_, err = s.counts.Count(ctx, other, k.ID, nil, false, again)
	s.Must(err)
	now = s.finish(k)
	if l := sheetLine(s, k, s.Warehouse, p); *l.Counted != 9 || *l.Expected != 11 || l.Over != -2 || l.Round != 2 {
		t.Errorf("counted again: %+v", l.Line)
	}
	_, err = s.counts.Count(ctx, other, k.ID, nil, false, again)
	s.Refused(err, fault.Conflict, "nothing is counted into it now")
	_, err = s.counts.Recount(ctx, other, k.ID, now.Version, spots)
	s.Refused(err, fault.Forbidden, "")
	if got := s.Count(`SELECT count(*) FROM count_entries WHERE count_id = $1 AND part_id = $2`, k.ID, p.ID); got != 2 {
		t.Errorf("%d entries of the line are kept, want both", got)
	}
}

func TestWhatNobodyCountedStaysAsItIsWhereSomebodySaysSo(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	p, q := s.Part(""), s.Part("")
	s.priced(p, 10, 100)
	s.priced(q, 4, 100)
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 10)
	now, err := s.counts.Find(ctx, s.Clerk, k.ID)
	s.Must(err)
	now, err = s.counts.Finish(ctx, s.boss, k.ID, now.Version, counts.UncountedKeep, "behind the lift, tomorrow")
	s.Must(err)
	_, err = s.counts.Approve(ctx, s.chief, k.ID, now.Version)
	s.Must(err)
	if s.Holds(s.Warehouse.ID, q) != 4 {
		t.Errorf("the warehouse holds %d", s.Holds(s.Warehouse.ID, q))
	}
	_, err = s.counts.Cancel(ctx, s.Clerk, k.ID, now.Version+1)
	s.Refused(err, fault.Conflict, "a count that is approved cannot become canceled")
}

func TestCyclesTakeWhatWasNotCountedLongestOrIsWorthMost(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	cheap, dear, middle := s.Part(""), s.Part(""), s.Part("")
	s.priced(cheap, 100, 1)
	s.priced(dear, 1, 100000)
	s.priced(middle, 10, 100)
	open := func(choose counts.Choice, limit int) (counts.Count, error) {
		return s.counts.Open(ctx, s.Clerk, counts.Opening{LocationID: s.Warehouse.ID, Scope: counts.ScopeCycle, Choose: choose, Limit: limit})
	}
	k, err := open(counts.ChooseValue, 1)
	s.Must(err)
	if len(k.Parts) != 1 || k.Parts[0].ID != dear.ID {
		t.Errorf("worth most: %+v", k.Parts)
	}
	s.tell(s.Clerk, k, dear, 1)
	now := s.finish(k)
	_, err = s.counts.Approve(ctx, s.boss, k.ID, now.Version)
	s.Must(err)
	k, err = open(counts.ChooseLongest, 0) // as many as the policy says: all of them
	s.Must(err)
	if len(k.Parts) != 3 {
		t.Errorf("the policy's figure: %+v", k.Parts)
	}
	_, err = open(counts.ChooseLongest, 0)
	s.Refused(err, fault.Conflict, "there is nothing left to count in "+s.Warehouse.Name)
	_, err = s.counts.Cancel(ctx, s.Clerk, k.ID, 1)
	s.Must(err)
	k, err = open(counts.ChooseLongest, 2)
	s.Must(err)
	for _, p := range k.Parts {
		if p.ID == dear.ID {
			t.Errorf("what was counted just now is counted again: %+v", k.Parts)
		}
	}

	page, next, err := s.counts.ListLast(ctx, s.Clerk, counts.LastFilter{LocationID: &s.Warehouse.ID}, counts.LastKey{}, 2)
	s.Must(err)
	if len(page) != 2 || page[0].CountedAt != nil || page[1].CountedAt != nil {
		t.Errorf("never counted comes first: %+v", page)
	}
	page, next, err = s.counts.ListLast(ctx, s.Clerk, counts.LastFilter{LocationID: &s.Warehouse.ID}, next, 2)
	s.Must(err)
	if len(page) != 1 || page[0].PartID != dear.ID || page[0].CountedAt == nil || next != (counts.LastKey{}) {
		t.Errorf("counted last: %+v", page)
	}
	tech, _ := s.Technician(s.Outlet)
	if page, _, err := s.counts.ListLast(ctx, tech, counts.LastFilter{}, counts.LastKey{}, 9); err != nil || len(page) != 0 {
		t.Errorf("a technician lists %+v (%v)", page, err)
	}
}

func TestTheSheetIsASpreadsheetInBothLanguages(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx := t.Context()
	_, van := s.Technician(s.Outlet)
	p, unit := s.Part(""), s.Part("s")
	s.priced(p, 10, 150)
	s.Stock(van, unit, 0, "U1")
	k := s.full(s.Warehouse)
	s.tell(s.Clerk, k, p, 8)
	s.units(s.Clerk, k, s.Warehouse, unit, "U1")
	now := s.finish(k)
	_, err := s.counts.Explain(ctx, s.boss, k.ID, now.Version, []counts.Explanation{{
		Spot: counts.Spot{LocationID: s.Warehouse.ID, PartID: p.ID}, Reason: counts.ReasonLost, Note: "=1+1",
	}})
	s.Must(err)
	s.Exec(`UPDATE parts SET name_zh = '主板' WHERE id = $1`, p.ID)
	sheet, err := s.counts.Sheet(ctx, s.boss, k.ID)
	s.Must(err)
	for lang, want := range map[words.Language][7]string{
		words.English: {"Variances", "Count " + k.Number + " of " + s.Warehouse.Name, "Variance", "lost", "Total", "U1 misplaced, by the books in " + van.Name, p.Name},
		words.Chinese: {"盘点差异", "盘点单 " + k.Number + "：" + s.Warehouse.Name, "差异", "丢失", "合计", "U1 错位，账面位于" + van.Name, "主板"},
	} {
		b, err := sheet.XLSX(lang)
		s.Must(err)
		x, err := excelize.OpenReader(bytes.NewReader(b))
		s.Must(err)
		cell := func(at string) string {
			v, err := x.GetCellValue(want[0], at)
			s.Must(err)
			return v
		}
		for at, text := range map[string]string{
			"A1": want[1], "G4": want[2], "B5": p.Number, "C5": want[6], "D5": "8", "E5": "10", "G5": "-2", "H5": "-3", "J5": want[3], "K5": "=1+1", "L6": want[5], "A7": want[4],
		} {
			if got := cell(at); got != text {
				t.Errorf("%s: %s is %q, want %q", lang, at, got, text)
			}
		}
		if f, err := x.GetCellFormula(want[0], "K5"); err != nil || f != "" {
			t.Errorf("a note became the formula %q", f)
		}
	}
}

func TestAPlaceThatIsEmptyIsCountedAsEmpty(t *testing.T) {
	t.Parallel()
	s := open(t)
	at := s.Place(inventory.KindQuarantine, s.Outlet)
	k := s.full(at)
	k, err := s.counts.Finish(t.Context(), s.Clerk, k.ID, 1, "", "")
	s.Must(err)
	k2, err := s.counts.Approve(t.Context(), s.boss, k.ID, k.Version)
	s.Must(err)
	if k2.Count.Status != counts.StatusApproved || *k2.Count.Value != 0 || time.Since(*k2.Count.ApprovedAt) > time.Minute {
		t.Errorf("approved %+v", k2.Count)
	}
}
