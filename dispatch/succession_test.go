package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/fault"

	"github.com/google/uuid"
)

func TestASuccessorMeetsTheNeed(t *testing.T) {
	t.Parallel()
	for used, missing := range map[int]string{1: "P-old: 1 are needed, 0 were used", 2: ""} {
		f := newField(t)
		li := f.newTechnician("Li", 3)
		old, heir := f.shelf.newPart("old"), f.shelf.newPart("heir")
		part := f.shelf.parts[old]
		part.Heirs = []uuid.UUID{old, heir}
		f.shelf.parts[old] = part
		j := f.finished(t, li, "09:00", func(n *dispatch.NewJob) {
			n.Parts = []dispatch.PartNeed{{PartID: old, Quantity: 1}, {PartID: heir, Quantity: 1}}
		})
		c := word(t)
		c.Parts = []dispatch.PartUse{{PartID: heir, Quantity: used, OldPartWish: "none"}}
		f.setClock(at("10:00"))
		_, err := f.board.Close(t.Context(), asTechnician(li), j.ID, j.Version, c)
		if missing != "" {
			wants(t, err, fault.Invalid, missing)
		} else if err != nil {
			t.Errorf("%d used: %v", used, err)
		}
	}
}
