package uses_test

import (
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/uses"
)

func TestWhoPaysFollowsFromTheBooks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		bought       int // days ago
		before       string
		warranty     uses.Warranty
		english, chi string
		price        int64
	}{
		{"the product is covered", 100, ``, uses.WarrantyCovered, "the product's warranty lasts until ", "产品保修至 ", 0},
		{"the product's warranty is over", 1000, ``, uses.WarrantyNotCovered, "the product's warranty ended on ", "产品保修已于 ", 4200},
		{"the day of purchase is not known", 100, `UPDATE assets SET purchased_on = NULL`, uses.WarrantyNotCovered, "nobody knows when the product was bought", "产品购买日期不详", 4200},
		{"the asset has a term of its own", 1000, `UPDATE assets SET warranty_months = 60`, uses.WarrantyCovered, "the product's warranty lasts until ", "产品保修至 ", 0},
		{"the job names no asset", 100, `UPDATE jobs SET asset_id = NULL`, uses.WarrantyNotCovered, "the job names no product", "派工单未指明可保修的产品", 4200},
		{"the fault was told while it was covered", 370, `UPDATE jobs SET created_at = now() - interval '10 days'`, uses.WarrantyCovered, "the product's warranty lasts until ", "产品保修至 ", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := openVisit(t, tt.bought)
			if tt.before != "" {
				v.Exec(tt.before)
			}
			p := v.priced("", 2100, 5)
			used := v.use(v.job, uses.PartUse{PartID: p.ID, Quantity: 2, OldPartWish: uses.WishNone})
			if used.Warranty != tt.warranty || *used.Price != tt.price || *used.ListPrice != 4200 || used.Currency != "CNY" {
				t.Errorf("used %+v", used)
			}
			for lang, want := range map[words.Language]string{words.English: tt.english, words.Chinese: tt.chi} {
				if got := used.Reason.In(lang); len(got) < len(want) || got[:len(want)] != want {
					t.Errorf("reason %q, want %q", got, want)
				}
			}
		})
	}
}

func TestARepairedPartIsCovered(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 1000)
	ctx := t.Context()
	days := 30
	p, other := v.priced("s", 2100, 0, "N1", "N2", "N3", "N4"), v.priced("s", 100, 0, "X1")
	short, err := v.Ledger.AmendPart(ctx, who.System, v.priced("", 500, 20).ID, 2, inventory.PartChange{WarrantyDays: &days})
	v.Must(err)
	first := v.use(v.job, unit(p, "N1", "O1"))
	brief := v.use(v.job, uses.PartUse{PartID: short.ID, OldPartWish: uses.WishNone})
	today := time.Now().UTC()
	if first.Warranty != uses.WarrantyNotCovered || day(*first.CoveredUntil) != day(today.AddDate(0, 0, 90)) || day(*brief.CoveredUntil) != day(today.AddDate(0, 0, 30)) {
		t.Errorf("first %+v, brief %+v", first, brief)
	}
	// What fails on the very job that put it in is covered as well.
	if got := v.use(v.job, unit(p, "N4", "N1")); got.Warranty != uses.WarrantyCovered || *got.Price != 0 {
		t.Errorf("on the same job: %+v", got)
	}
	number := "the part of job J-"
	// The unit that was put in fails: covered. Another unit, or another part, was not repaired.
	again := v.again()
	if got := v.use(again, unit(p, "N2", "N4")); got.Warranty != uses.WarrantyCovered || *got.Price != 0 || got.Reason.String()[:len(number)] != number {
		t.Errorf("the repaired unit: %+v", got)
	}
	if got := v.use(again, unit(p, "N3", "O7")); got.Warranty != uses.WarrantyNotCovered {
		t.Errorf("another unit: %+v", got)
	}
	if got := v.use(again, unit(other, "X1", "X0")); got.Warranty != uses.WarrantyNotCovered {
		t.Errorf("another part: %+v", got)
	}
	if got := v.use(again, uses.PartUse{PartID: short.ID, OldPartWish: uses.WishNone}); got.Warranty != uses.WarrantyCovered {
		t.Errorf("the part without serials: %+v", got)
	}
	// On the last day it is covered still, a day later not.
	for after, want := range map[int]uses.Warranty{30: uses.WarrantyCovered, 31: uses.WarrantyNotCovered} {
		late := v.again()
		v.Exec(`UPDATE jobs SET created_at = now() + $2 * interval '1 day' WHERE id = $1`, late, after)
		said, err := v.Uses.Judge(ctx, late, short.ID, "")
		v.Must(err)
		if said != want {
			t.Errorf("after %d days: %s", after, said)
		}
	}
	all, err := v.Uses.Coverages(ctx, v.boss, v.asset)
	v.Must(err)
	if len(all) != 7 || all[6].UseID != first.ID || *all[6].Serial != "N1" || all[6].Void || all[6].PolicyVersion != 1 {
		t.Errorf("coverages %+v", all)
	}
	// What is taken back covers nothing.
	_, err = v.Uses.Reverse(ctx, v.Clerk, brief.MovementID, "another job's")
	v.Must(err)
	third := v.again()
	all, err = v.Uses.Coverages(ctx, v.boss, v.asset)
	v.Must(err)
	if !all[5].Void {
		t.Errorf("void: %+v", all[5])
	}
	if said, err := v.Uses.Judge(ctx, third, p.ID, "N1"); err != nil || said != uses.WarrantyCovered {
		t.Errorf("the unit's: %s, %v", said, err)
	}
	_, err = v.Uses.Coverages(ctx, who.Actor{Roles: []who.Role{who.Supervisor}, OutletID: &again}, v.asset)
	v.Refused(err, fault.NotFound, "asset")
	v.Sound()
}

func TestGoodwillIsASupervisors(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 1000)
	ctx := t.Context()
	cost := int64(1500)
	p, free := v.priced("", 2100, 0), v.Part("")
	_, err := v.Ledger.Receive(ctx, v.Clerk, inventory.Receipt{LocationID: v.Warehouse.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 10, UnitCost: &cost}}})
	v.Must(err)
	_, err = v.Ledger.Transfer(ctx, who.System, inventory.Transfer{FromLocation: v.Warehouse.ID, ToLocation: v.van.ID, Lines: []inventory.Line{{PartID: p.ID, Quantity: 10}}})
	v.Must(err)
	v.Stock(v.van, free, 3)
	one := uses.PartUse{PartID: p.ID, OldPartWish: uses.WishNone}
	for _, w := range []uses.Warranty{uses.WarrantyGoodwill, uses.WarrantyCovered} {
		gift := one
		gift.Charge = &uses.Charge{Warranty: w, Reason: "a friend"}
		_, err = v.Uses.Use(ctx, v.tech, v.job, gift)
		v.Refused(err, fault.Forbidden, "only a supervisor")
	}
	paid := v.use(v.job, one)
	given := v.use(v.job, one)
	unpriced := v.use(v.job, uses.PartUse{PartID: free.ID, OldPartWish: uses.WishNone})
	if unpriced.Price != nil || unpriced.Warranty != uses.WarrantyNotCovered {
		t.Errorf("without a price: %+v", unpriced)
	}
	given, err = v.Uses.Decide(ctx, v.boss, v.job, given.ID, uses.Charge{Warranty: uses.WarrantyGoodwill, Reason: "many years"})
	v.Must(err)
	if *given.Price != 0 || given.Warranty != uses.WarrantyGoodwill || given.Reason.In(words.Chinese) != "人工判定：many years" {
		t.Errorf("given %+v", given)
	}
	c, err := v.Uses.Costs(ctx, v.boss, v.job)
	v.Must(err)
	if len(c.Uses) != 3 || *c.Uses[0].Cost != 1500 || len(c.Totals) != 1 || c.Totals[0] != (uses.Total{Currency: "CNY", Cost: 3000, Price: 2100, Waived: 2100, Unpriced: 1}) {
		t.Errorf("costs %+v", c.Totals)
	}
	// Every decision is kept.
	if n := v.Count(`SELECT count(*) FROM part_use_decisions WHERE use_id = $1`, given.ID); n != 2 {
		t.Errorf("%d decisions", n)
	}
	back, err := v.Uses.Decide(ctx, v.boss, v.job, given.ID, uses.Charge{Warranty: uses.WarrantyNotCovered, Reason: "he pays after all"})
	if err != nil || *back.Price != 2100 {
		t.Errorf("back %+v, %v", back, err)
	}
	_, err = v.Uses.Decide(ctx, v.boss, v.again(), paid.ID, uses.Charge{Warranty: uses.WarrantyGoodwill, Reason: "x"})
	v.Refused(err, fault.NotFound, "part use")
	v.Exec(`UPDATE jobs SET status = 'closed', closed_at = now() WHERE id = $1`, v.job)
	_, err = v.Uses.Decide(ctx, v.boss, v.job, paid.ID, uses.Charge{Warranty: uses.WarrantyGoodwill, Reason: "x"})
	v.Refused(err, fault.Conflict, "is closed")
}
