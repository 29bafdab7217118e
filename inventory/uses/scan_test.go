package uses_test

import (
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/gs1"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestUseByScan(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	gtin := "06901234567892"
	p, err := v.Ledger.OpenPart(ctx, who.System, inventory.Part{Number: stocktest.Fresh("P"), Name: "Board", Serialized: true, GTIN: &gtin})
	v.Must(err)
	plain := v.Part("")
	v.Stock(v.van, p, 0, "N1", "N2", "n2")
	v.Stock(v.van, plain, 9)
	raw, old := "01"+gtin+"21N1", gs1.UnitLabel(p.Number, "O1")
	used := v.use(v.job, uses.PartUse{NewScan: raw, OldScan: old, OldPartWish: uses.WishReturn})
	if used.PartID != p.ID || used.NewSerial != "N1" || used.OldSerial != "O1" || *used.NewScan != raw || *used.OldScan != old || used.Repeated {
		t.Errorf("by GS1: %+v", used)
	}
	units, _, err := v.Ledger.ListUnits(ctx, who.System, inventory.UnitFilter{PartID: &p.ID, Serial: "N1"}, uuid.Nil, 1)
	v.Must(err)
	path, err := v.Ledger.FindUnit(ctx, who.System, units[0].ID)
	v.Must(err)
	if path.Path[0].Scan == nil || *path.Path[0].Scan != raw {
		t.Errorf("the path does not keep the scan: %+v", path.Path[0])
	}
	// Serials are case-sensitive, and a plain one needs the part.
	used = v.use(v.job, uses.PartUse{PartID: p.ID, NewScan: "n2", OldScan: "o2", OldPartWish: uses.WishReturn})
	if used.NewSerial != "n2" || used.OldSerial != "o2" || v.WhereIs(p, "N2") != inventory.KindVan {
		t.Errorf("by plain serials: %+v", used)
	}
	// Our label of a part is one of it, unless somebody says how many.
	if used = v.use(v.job, uses.PartUse{NewScan: gs1.PartLabel(plain.Number), OldPartWish: uses.WishNone}); used.Quantity != 1 {
		t.Errorf("by label: %+v", used)
	}
	if used = v.use(v.job, uses.PartUse{NewScan: gs1.PartLabel(plain.Number), Quantity: 3, OldPartWish: uses.WishNone}); used.Quantity != 3 || v.Holds(v.van.ID, plain) != 5 {
		t.Errorf("three by label: %+v", used)
	}
	stranger := uses.PartUse{PartID: p.ID, NewSerial: "N2", OldScan: gs1.UnitLabel(v.Part("s").Number, "X1"), OldPartWish: uses.WishReturn}
	for _, tt := range []struct {
		name, text string
		code       fault.Code
		use        uses.PartUse
	}{
		{"an unknown scan", "/scan no part is known by this scan", fault.Invalid, uses.PartUse{NewScan: "what is this", OldPartWish: uses.WishNone}},
		{"a broken GS1 code", "/scan", fault.Invalid, uses.PartUse{NewScan: "01" + gtin[:13] + "021N1", OldPartWish: uses.WishNone}},
		{"another part's scan", "/scan this is part " + p.Number, fault.Invalid, uses.PartUse{PartID: plain.ID, NewScan: raw, OldPartWish: uses.WishNone}},
		{"scan and serial differ", `/new_serial the scan says "N1"`, fault.Invalid, uses.PartUse{NewScan: raw, NewSerial: "N2", OldPartWish: uses.WishNone}},
		{"old scan and old serial differ", `/old_serial the scan says "O1"`, fault.Invalid, uses.PartUse{PartID: p.ID, NewSerial: "N2", OldScan: old, OldSerial: "O3", OldPartWish: uses.WishReturn}},
		{"neither scan nor part", "/part_id is required", fault.Invalid, uses.PartUse{OldPartWish: uses.WishNone}},
		{"a unit elsewhere", "/scan unit N9 of part " + p.Number, fault.Conflict, uses.PartUse{NewScan: gs1.UnitLabel(p.Number, "N9"), OldPartWish: uses.WishNone}},
		{"an old part that is no relative", "/old_part_id part " + p.Number + " does not take the place of", fault.Invalid, stranger},
	} {
		t.Run(tt.name, func(*testing.T) {
			_, err := v.Uses.Use(ctx, v.tech, v.job, tt.use)
			v.Refused(err, tt.code, tt.text)
		})
	}
	v.Sound()
}

func TestTheSameScanFiveTimesIsOneUse(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	p := v.Part("sr")
	v.Stock(v.van, p, 0, "N1")
	say := uses.PartUse{NewScan: gs1.UnitLabel(p.Number, "N1"), OldScan: gs1.UnitLabel(p.Number, "O1"), OldPartWish: uses.WishReturn}
	var all [5]uses.Use
	var errs [5]error
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i], errs[i] = v.Uses.Use(t.Context(), v.tech, v.job, say) })
	}
	wg.Wait()
	fresh := 0
	for i, used := range all {
		if errs[i] != nil || used.ID != all[0].ID {
			t.Errorf("scan %d: %v, %v", i, used.ID, errs[i])
		}
		if !used.Repeated {
			fresh++
		}
	}
	if n := v.Count(`SELECT count(*) FROM movements WHERE kind = 'use'`); n != 1 || fresh != 1 {
		t.Errorf("%d movements, %d answers say that they are new", n, fresh)
	}
	if n := v.Count(`SELECT count(*) FROM part_returns`) + v.Count(`SELECT count(*) FROM events WHERE kind = 'part.used'`); n != 2 {
		t.Errorf("%d returns and events", n)
	}
	// The same unit with another story is refused, and on another job it says where it is.
	other := say
	other.OldScan = gs1.UnitLabel(p.Number, "O2")
	_, err := v.Uses.Use(t.Context(), v.tech, v.job, other)
	v.Refused(err, fault.Conflict, "it was used on job J-")
	_, err = v.Uses.Use(t.Context(), v.tech, v.again(), say)
	v.Refused(err, fault.Conflict, "O1")
	v.Sound()
}

func TestAPartTakesThePlaceOfTheOneItSupersedes(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	old, fresh := v.Part("sr"), v.Part("sr")
	to := &fresh.ID
	_, err := v.Ledger.AmendPart(t.Context(), who.System, old.ID, old.Version, inventory.PartChange{SupersededBy: &to})
	v.Must(err)
	v.Stock(v.van, fresh, 0, "N1")
	used := v.use(v.job, uses.PartUse{PartID: fresh.ID, NewSerial: "N1", OldScan: gs1.UnitLabel(old.Number, "O1"), OldPartWish: uses.WishReturn})
	r, err := v.Returns.Find(t.Context(), v.Clerk, *used.ReturnID)
	v.Must(err)
	if used.OldPartID != old.ID || r.PartID != old.ID || *r.ExpectedSerial != "O1" {
		t.Errorf("used %+v, expected %+v", used, r)
	}
	v.Sound()
}
