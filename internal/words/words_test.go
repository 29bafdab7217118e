package words_test

import (
	"encoding/json"
	"testing"

	"callout/internal/words"
)

func TestAStoredSentenceReadsAsItWasSaid(t *testing.T) {
	for _, said := range []words.Text{
		words.Say("%.1f km more on the road", 0.0),
		words.Say("%.1f km more on the road", 12.25),
		words.Say("%d of the needed parts are not on the van", 3),
		words.Say("%v of %v", 7, 0.5),
		words.Say("%s", words.Say("%5.1f|%03d", 2.0, 7)),
	} {
		b, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		var stored words.Text
		if err := json.Unmarshal(b, &stored); err != nil {
			t.Fatal(err)
		}
		if got, want := stored.In(words.English), said.In(words.English); got != want {
			t.Errorf("stored: %q, said: %q", got, want)
		}
	}
}
