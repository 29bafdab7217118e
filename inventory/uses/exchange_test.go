package uses_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/stocktest"
	"callout/inventory/uses"
	"callout/registry"

	"github.com/google/uuid"
)

// sits are the serials in the asset, and after a bar those that sat there, each with why not any more.
func (v *visit) sits() string {
	v.Helper()
	all, _, err := v.Register.Components(v.Context(), who.System, v.asset)
	v.Must(err)
	var here, gone []string
	for _, c := range all {
		if c.EndedAt == nil {
			here = append(here, c.Serial)
		} else {
			gone = append(gone, c.Serial+" "+string(*c.EndedBecause))
		}
	}
	slices.Sort(here)
	slices.Sort(gone)
	return strings.Join(here, " ") + " | " + strings.Join(gone, ", ")
}

func (v *visit) serial() string {
	v.Helper()
	a, err := v.Register.FindAsset(v.Context(), who.System, v.asset)
	v.Must(err)
	return a.Serial
}

func TestWhatSitsInAnAssetFollowsItsUses(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	p := v.Part("sr")
	v.Stock(v.van, p, 0, "N1", "N2", "N3", "N4")
	_, err := v.Register.RecordComponent(ctx, v.boss, v.asset, registry.NewComponent{PartID: p.ID, Serial: "O1"})
	v.Must(err)
	_, err = v.Register.RecordComponent(ctx, v.boss, v.asset, registry.NewComponent{PartID: p.ID, Serial: "O1"})
	v.Refused(err, fault.Conflict, "sits in an asset already")
	later := time.Now().Add(time.Hour)
	_, err = v.Register.RecordComponent(ctx, v.boss, v.asset, registry.NewComponent{PartID: v.Part("").ID, Serial: " ", FittedAt: &later})
	v.Refused(err, fault.Invalid, "/serial")
	first := v.use(v.job, unit(p, "N1", "O1"))
	if got := v.sits(); got != "N1 | O1 exchanged" || first.RecordedSerial != nil {
		t.Errorf("after the first: %s, %+v", got, first)
	}
	second := v.use(v.again(), unit(p, "N2", "N1"))
	if got := v.sits(); got != "N2 | N1 exchanged, O1 exchanged" {
		t.Errorf("after the second: %s", got)
	}
	// Another serial came out than the record has: it is written down, and so is the difference.
	third := v.use(v.again(), unit(p, "N3", "STRANGE"))
	if got := v.sits(); got != "N2 N3 | N1 exchanged, O1 exchanged, STRANGE exchanged" || third.RecordedSerial == nil || *third.RecordedSerial != "N2" {
		t.Errorf("after the third: %s, %+v", got, third)
	}
	// Taken back, latest first: what each put in ends, and what it took out sits there again.
	_, err = v.Uses.Reverse(ctx, v.Clerk, first.MovementID, "too early")
	v.Refused(err, fault.Conflict, `"N1" was taken out again since`)
	_, err = v.Uses.Reverse(ctx, v.Clerk, third.MovementID, "not this one")
	v.Must(err)
	_, err = v.Uses.Reverse(ctx, v.Clerk, second.MovementID, "nor this")
	v.Must(err)
	if got := v.sits(); got != "N1 | N1 exchanged, N2 taken_back, N3 taken_back, O1 exchanged, STRANGE exchanged" {
		t.Errorf("two are taken back: %s", got)
	}
	_, err = v.Uses.Reverse(ctx, v.Clerk, first.MovementID, "nor the first")
	v.Must(err)
	if got := v.sits(); !strings.HasPrefix(got, "O1 | ") || v.WhereIs(p, "N1") != inventory.KindVan {
		t.Errorf("all are taken back: %s", got)
	}
	for _, q := range []string{`DELETE FROM asset_components`, `UPDATE asset_components SET serial = 'X'`, `UPDATE asset_components SET ended_at = NULL, ended_by = NULL, ended_because = NULL WHERE ended_at IS NOT NULL`} {
		if _, err := pg.Exec(ctx, v.DB, q); err == nil {
			t.Errorf("%s: went through", q)
		}
	}
	v.Sound()
}

func TestAWholeDeviceIsExchanged(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	device, board := v.Part("sr"), v.Part("s")
	v.Stock(v.van, device, 0, "DEVICE-2", "DEVICE-3")
	v.Stock(v.van, board, 0, "B1")
	v.use(v.job, unit(board, "B1", ""))
	used := v.use(v.again(), unit(device, "DEVICE-2", "DEVICE-1"))
	_, serials, err := v.Register.Components(ctx, who.System, v.asset)
	v.Must(err)
	if v.serial() != "DEVICE-2" || v.sits() != " | B1 asset_exchanged" || len(serials) != 1 || serials[0].OldSerial != "DEVICE-1" || *serials[0].UseID != used.ID {
		t.Errorf("the asset is %s, holds %s, and was %+v", v.serial(), v.sits(), serials)
	}
	_, err = v.Uses.Reverse(ctx, v.Clerk, used.MovementID, "the wrong customer")
	v.Must(err)
	if v.serial() != "DEVICE-1" || !strings.HasPrefix(v.sits(), "B1 | ") {
		t.Errorf("back: the asset is %s and holds %s", v.serial(), v.sits())
	}
	// The serial belongs to another asset of the product: nothing of the use is left.
	v.Exec(`INSERT INTO assets (id, product_id, serial, site_id, created_at, updated_at) SELECT $1, product_id, 'DEVICE-3', site_id, now(), now() FROM assets WHERE id = $2`, stocktest.NewID(), v.asset)
	before := v.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM part_uses) + (SELECT count(*) FROM asset_serials)`)
	_, err = v.Uses.Use(ctx, v.tech, v.again(), unit(device, "DEVICE-3", "DEVICE-1"))
	v.Refused(err, fault.Conflict, "DEVICE-3")
	if after := v.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM part_uses) + (SELECT count(*) FROM asset_serials)`); after != before {
		t.Errorf("a refused use left %d rows", after-before)
	}
	// What a person corrects is kept as well.
	a, err := v.Register.FindAsset(ctx, who.System, v.asset)
	v.Must(err)
	typed := "DEVICE-1a"
	_, err = v.Register.AmendAsset(ctx, v.boss, v.asset, a.Version, registry.AssetChange{Serial: &typed})
	v.Must(err)
	if n := v.Count(`SELECT count(*) FROM asset_serials WHERE because = 'corrected' AND old_serial = 'DEVICE-1' AND changed_by = $1`, v.boss.UserID); n != 1 {
		t.Errorf("%d corrections", n)
	}
	v.Sound()
}

func TestAUnitThatTurnsUpElsewhereLeavesItsOldAsset(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	p := v.Part("s")
	v.Stock(v.van, p, 0, "N1")
	first := v.asset
	_, err := v.Register.RecordComponent(t.Context(), v.boss, first, registry.NewComponent{PartID: p.ID, Serial: "N1"})
	v.Must(err)
	second := stocktest.NewID()
	v.Exec(`INSERT INTO assets (id, product_id, serial, site_id, created_at, updated_at) SELECT $1, product_id, 'OTHER', site_id, now(), now() FROM assets WHERE id = $2`, second, first)
	v.asset = second
	v.use(v.again(), unit(p, "N1", ""))
	if got := v.sits(); got != "N1 | " {
		t.Errorf("the second holds %s", got)
	}
	v.asset = first
	if got := v.sits(); got != " | N1 moved" {
		t.Errorf("the first holds %s", got)
	}
}

func TestTwoJobsExchangeTheSameUnitAtOnce(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	p := v.Part("sr")
	v.Stock(v.van, p, 0, "N1", "N2", "N3", "N4")
	jobs := []uuid.UUID{v.again(), v.again(), v.again(), v.again()}
	errs := make(chan error)
	for i, job := range jobs {
		go func() {
			_, err := v.Uses.Use(t.Context(), v.tech, job, unit(p, []string{"N1", "N2", "N3", "N4"}[i], "O1"))
			errs <- err
		}()
	}
	won := 0
	for range jobs {
		if err := <-errs; err == nil {
			won++
		} else {
			v.Refused(err, fault.Conflict, "O1")
		}
	}
	if won != 1 || v.Count(`SELECT count(*) FROM movements WHERE kind = 'use'`) != 1 {
		t.Errorf("%d jobs took the one unit out", won)
	}
	v.Sound()
}

func TestCrashBetweenAnyTwoStatementsOfAUse(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	p, device := v.priced("sr", 100, 0, "N1", "N2", "N3"), v.priced("sr", 100, 0, "DEVICE-2")
	plain := v.priced("", 100, 1)
	v.use(v.job, unit(p, "N1", "O1"))
	job := v.again()
	var used uses.Use
	for _, step := range []struct {
		name   string
		writes int // at the least
		do     func() error
	}{
		{"use", 12, func() error {
			_, err := v.Uses.Use(ctx, v.tech, job, unit(p, "N2", "N1"))
			return err
		}},
		{"use of a whole device that the customer keeps", 12, func() (err error) {
			say := unit(device, "DEVICE-2", "DEVICE-1")
			say.OldPartWish = uses.WishKeeps
			used, err = v.Uses.Use(ctx, v.tech, job, say)
			return err
		}},
		{"settle", 12, func() error {
			_, err := v.Uses.Settle(ctx, v.tech, job, *v.tech.TechnicianID, []uses.PartUse{
				unit(p, "N3", "O3"), {PartID: plain.ID, Quantity: 2, OldPartWish: uses.WishNone, AcceptShortage: true},
			})
			return err
		}},
		{"reverse", 5, func() error {
			_, err := v.Uses.Reverse(ctx, v.Clerk, used.MovementID, "a mistake")
			return err
		}},
	} {
		if n := v.Crashing(step.name, step.do); n < step.writes {
			t.Errorf("%s: only %d writes were tried", step.name, n)
		}
	}
	v.Sound()
}

func TestSeveralOfOnePartInAnAsset(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	p := v.Part("sr")
	v.Stock(v.van, p, 0, "N1", "N2", "N3", "N4", "N5")
	_, err := v.Register.RecordComponent(t.Context(), v.boss, v.asset, registry.NewComponent{PartID: p.ID, Serial: "A"})
	v.Must(err)
	// Nobody had written down that B and C sit there as well: what the job itself put in does not gainsay that.
	for _, exchange := range [][2]string{{"N1", "A"}, {"N2", "B"}, {"N3", "C"}} {
		if used := v.use(v.job, unit(p, exchange[0], exchange[1])); used.RecordedSerial != nil {
			t.Errorf("%s came out, and the record is said to have %s", exchange[1], *used.RecordedSerial)
		}
	}
	if used := v.use(v.job, unit(p, "N4", "N3")); used.RecordedSerial != nil {
		t.Errorf("what the job put in came out again, and the record is said to have %s", *used.RecordedSerial)
	}
	// For the next job it is on record.
	if used := v.use(v.again(), unit(p, "N5", "X")); used.RecordedSerial == nil || *used.RecordedSerial != "N1" {
		t.Errorf("used %+v", used)
	}
}
