package inventory_test

import (
	"testing"

	"callout/internal/words"
	"callout/inventory"
)

func TestPlacesThatNobodyNamedAreCalledInTheListenersLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind                   inventory.Kind
		name, english, chinese string
	}{
		{inventory.KindSupplier, "supplier", "supplier", "供应商"},
		{inventory.KindCustomerSite, "R11 customer site", "R11 customer site", "R11 客户现场"},
		{inventory.KindAdjustment, "R11 adjustment", "R11 adjustment", "R11 盘点调整"},
		{inventory.KindTransit, "R11 transit", "R11 transit", "R11 在途"},
		{inventory.KindDefective, "Main (defective)", "Main (defective)", "Main (旧件库)"},
		{inventory.KindQuarantine, "Main (quarantine)", "Main (quarantine)", "Main (待检区)"},
		{inventory.KindCollected, "Van 7 (collected)", "Van 7 (collected old parts)", "Van 7 (已收旧件)"},
		{inventory.KindWarehouse, "North warehouse", "North warehouse", "North warehouse"},
		{inventory.KindVan, "Van 7", "Van 7", "Van 7"},
	} {
		called := inventory.Location{Kind: c.kind, Name: c.name}.Called()
		if en, zh := called.In(words.English), called.In(words.Chinese); en != c.english || zh != c.chinese {
			t.Errorf("%s %q is called %q and %q, want %q and %q", c.kind, c.name, en, zh, c.english, c.chinese)
		}
	}
}
