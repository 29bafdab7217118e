package requests_test

import (
	"slices"
	"testing"

	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory/requests"
	"callout/inventory/stocktest"
)

func TestHistoryTellsHowARequestCameToBe(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	unit, plain := c.Part("s"), c.Part("")
	c.Stock(c.Warehouse, unit, 0, "S1")
	c.Stock(c.Warehouse, plain, 9)
	r := c.approved(&c.job, many(unit, 1), many(plain, 3))
	r = c.got(c.Counter.Pick(ctx, c.Clerk, r.ID, r.Version))
	r = c.got(c.issue(r, units(unit, "S1"), many(plain, 3)))
	r = c.got(c.receive(r, units(unit, "S1"), many(plain, 2)))
	r = c.got(c.Counter.SettleDifference(ctx, c.chief, r.ID, r.Version, requests.Settlement{Outcome: requests.OutcomeLost, Reason: "no trace", Lines: stocktest.Lines(many(plain, 1))}))
	r = c.bringBack(r, units(unit, "S1"))
	c.got(c.Counter.Close(ctx, c.chief, r.ID, r.Version, "usual stock"))

	var told, kinds []string
	for after := int64(0); ; {
		page, next, err := c.Counter.History(ctx, c.tech, r.ID, after, 2)
		c.Must(err)
		for _, h := range page {
			told, kinds = append(told, h.Text.String()), append(kinds, h.Kind)
		}
		if after = next; next == 0 {
			break
		}
	}
	all := "1 × " + unit.Number + ", 3 × " + plain.Number
	if unit.Number > plain.Number {
		all = "3 × " + plain.Number + ", 1 × " + unit.Number
	}
	some := "1 × " + unit.Number + ", 2 × " + plain.Number
	if unit.Number > plain.Number {
		some = "2 × " + plain.Number + ", 1 × " + unit.Number
	}
	want := []string{
		"asked for " + all + "; a person decides: nobody can say what it is worth", "approved: " + all, "picking began in " + c.Warehouse.Name, "handed out: " + all,
		"received: " + some + "; 1 missing, 0 too much", "what was missing is lost: 1 × " + plain.Number + ": no trace",
		"the technician handed in: 1 × " + unit.Number, "came back unused: 1 × " + unit.Number, "2 stay in the van as its stock: usual stock",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told\n%q\nof %q, want\n%q", told, kinds, want)
	}
	colleague, _ := c.Technician(c.Outlet)
	_, _, err := c.Counter.History(ctx, colleague, r.ID, 0, 10)
	c.Refused(err, fault.NotFound, "no such part request")
}

func TestHistoryTellsWhyARequestEnded(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx := t.Context()
	p := c.priced(c.Part(""), 100)
	c.Stock(c.Warehouse, p, 5)
	rejected := c.ask(nil, many(c.Part(""), 1))
	c.got(c.Counter.Reject(ctx, c.chief, rejected.ID, rejected.Version, "the van has one"))
	over := c.ask(&c.job, many(p, 1))
	c.Must(c.Counter.EndFor(ctx, c.chief, c.job))
	for _, tt := range []struct {
		r    requests.Request
		in   words.Language
		want []string
	}{
		{rejected, words.English, []string{"", "rejected: the van has one"}},
		{over, words.English, []string{"asked for 1 × " + p.Number + "; the policy approved it", "canceled: its job is over"}},
		{over, words.Chinese, []string{"申领 1 × " + p.Number + "；按政策自动批准", "已取消：派工单已结束"}},
	} {
		page, _, err := c.Counter.History(ctx, c.chief, tt.r.ID, 0, 10)
		c.Must(err)
		if len(page) != len(tt.want) {
			t.Fatalf("%+v", page)
		}
		for i, h := range page {
			if got := h.Text.In(tt.in); tt.want[i] != "" && got != tt.want[i] {
				t.Errorf("told %q, want %q", got, tt.want[i])
			}
		}
		if actor := page[1].ActorID; actor == nil || *actor != c.chief.UserID {
			t.Errorf("done by %v", actor)
		}
	}
}
