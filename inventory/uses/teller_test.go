package uses_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestTheTechnicianSaysWhatWasUsedOutOfHisVan(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	plain, board := v.Part(""), v.Part("s")
	v.Stock(v.van, plain, 9)
	v.Stock(v.van, board, 0, "N1")
	by := func(role who.Role) who.Actor {
		return who.Actor{UserID: stocktest.NewID(), Roles: []who.Role{role}, OutletID: &v.Outlet}
	}
	colleague, _ := v.Technician(v.Outlet)
	colleague.Roles = append(colleague.Roles, who.Dispatcher)
	settle := func(by who.Actor, told ...uses.PartUse) ([]uses.Use, error) {
		return v.Uses.Settle(ctx, by, v.job, *v.tech.TechnicianID, told)
	}
	one, two := uses.PartUse{PartID: plain.ID, Quantity: 1, OldPartWish: uses.WishNone}, unit(board, "N1", "")
	before := v.Count(`SELECT count(*) FROM movements`)
	for _, other := range []who.Actor{by(who.Dispatcher), by(who.Warehouse), colleague} {
		why := one
		why.Because = "he told me on the phone"
		_, err := settle(other, why)
		v.Refused(err, fault.Forbidden, "the technician says what was used out of his van")
	}
	_, err := v.Uses.Use(ctx, by(who.Supervisor), v.job, one)
	v.Refused(err, fault.Forbidden, "only the technician on the job")
	blank := two
	blank.Because = " "
	_, err = settle(by(who.Supervisor), one, blank)
	v.Refused(err, fault.Invalid, "/parts/0/reason is required")
	v.Refused(err, fault.Invalid, "/parts/1/reason is required")
	if after := v.Count(`SELECT count(*) FROM movements`); after != before {
		t.Errorf("refused tellings left %d movements", after-before)
	}
	one.Because, two.Because = "his phone is broken", "he scanned another"
	all, err := settle(by(who.Admin), one, two)
	v.Must(err)
	for i, want := range []string{one.Because, two.Because} {
		if v.Count(`SELECT count(*) FROM movements WHERE id = $1 AND note = $2`, all[i].MovementID, want) != 1 {
			t.Errorf("the movement of %+v does not say %q", all[i], want)
		}
	}
	// A dispatcher closes what is booked already.
	one.Because, two.Because = "", ""
	for _, told := range [][]uses.PartUse{nil, {one, two}} {
		if all, err := settle(by(who.Dispatcher), told...); err != nil || len(all) != 2 {
			t.Errorf("booked already: %+v, %v", all, err)
		}
	}
	one.Quantity = 2
	all, err = settle(v.tech, one)
	v.Must(err)
	if len(all) != 3 || v.Holds(v.van.ID, plain) != 7 || all[0].JobID == uuid.Nil {
		t.Errorf("settled %+v", all)
	}
	v.Sound()
}
