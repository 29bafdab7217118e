package evidence_test

import (
	"slices"
	"testing"

	"callout/evidence"
	"callout/internal/words"
)

func TestRecordSaysUntilWhenItsPartsAreCovered(t *testing.T) {
	t.Parallel()
	r := evidence.Record{Parts: []evidence.PartUsed{
		{Number: "P-1", Quantity: 1, NewSerial: "N-1", CoveredUntil: "2030-05-02"},
		{Number: "P-2", Quantity: 3, CoveredUntil: "2030-05-02"},
		{Number: "P-3", Quantity: 1},
	}}
	for lang, want := range map[words.Language][]string{
		words.English: {"part P-1 × 1, serial N-1: covered until 2030-05-02", "part P-2 × 3: covered until 2030-05-02"},
		words.Chinese: {"备件 P-1 × 1，序列号 N-1：质保至 2030-05-02", "备件 P-2 × 3：质保至 2030-05-02"},
	} {
		var got []string
		for _, line := range r.Coverages() {
			got = append(got, line.In(lang))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
