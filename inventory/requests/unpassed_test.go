package requests_test

import (
	"strings"
	"testing"

	"callout/internal/words"
	"callout/inventory/requests"
)

func TestHistorySaysWhyAPersonDecides(t *testing.T) {
	t.Parallel()
	c := open(t)
	cheap, dear, unknown := c.priced(c.Part(""), 30000), c.priced(c.Part(""), 50001), c.Part("")
	for _, one := range []struct {
		r    requests.Request
		says string
	}{
		{c.ask(nil, many(dear, 1)), "a person decides: it is worth 500.01 CNY, and up to 500.00 passes without one"},
		{c.ask(nil, many(unknown, 1)), "a person decides: nobody can say what it is worth"},
		{c.ask(nil, many(cheap, 1)), "the policy approved it"},
		{c.ask(nil, many(cheap, 1)), "a person decides: it is worth 300.00 CNY, 300.00 passed within a day before it, and up to 500.00 passes without one"},
	} {
		told, _, err := c.Counter.History(t.Context(), c.chief, one.r.ID, 0, 10)
		c.Must(err)
		if got := told[0].Text.In(words.English); !strings.Contains(got, one.says) {
			t.Errorf("told %q, want %q", got, one.says)
		}
	}
}
