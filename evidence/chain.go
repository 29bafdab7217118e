package evidence

import (
	"bytes"
	"cmp"
	"slices"

	"callout/internal/words"
)

// CheckChain checks the links between sign-offs that were verified together: of two neighbors
// in an outlet's chain, the later one holds the hash of the earlier; and no place is taken twice.
// Where a neighbor was not given, its link is not checked.
func CheckChain(reports []Report) []Check {
	var seals []Seal
	for _, rep := range reports {
		if rep.Seal.Sequence > 0 {
			seals = append(seals, rep.Seal)
		}
	}
	slices.SortFunc(seals, func(a, b Seal) int {
		return cmp.Or(bytes.Compare(a.OutletID[:], b.OutletID[:]), cmp.Compare(a.Sequence, b.Sequence), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	seals = slices.CompactFunc(seals, func(a, b Seal) bool {
		return a.OutletID == b.OutletID && a.Sequence == b.Sequence && a.Hash == b.Hash
	})
	var found Report
	for i := 1; i < len(seals); i++ {
		before, s := seals[i-1], seals[i]
		switch {
		case before.OutletID != s.OutletID:
		case before.Sequence == s.Sequence:
			found.check("chain", false,
				words.Say("no place in an outlet's chain is taken twice"),
				words.Say("two different records claim number %d", s.Sequence))
		case before.Sequence == s.Sequence-1:
			found.check("chain", s.Previous == before.Hash,
				words.Say("record %d follows record %d", s.Sequence, before.Sequence),
				words.Say("it names another record as the one before"))
		}
	}
	return found.Checks
}
