package demo_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"callout/demo"
	"callout/internal/words"
)

func TestWalk(t *testing.T) {
	t.Parallel()
	for _, language := range []words.Language{words.English, words.Chinese} {
		t.Run(string(language), func(t *testing.T) {
			t.Parallel()
			h := open(t)
			accounts := demo.Accounts()
			if err := demo.LoadSmall(t.Context(), h, time.Now(), accounts); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(h.Handler)
			defer server.Close()
			var told strings.Builder
			err := demo.Walk{URL: server.URL, Accounts: accounts, Language: language, Out: &told}.Run(t.Context())
			t.Log(told.String())
			if err != nil {
				t.Error(err)
			}
			books, err := h.Ledger.Verify(t.Context())
			if err != nil || len(books.Faults) > 0 {
				t.Errorf("the books: %+v, %v", books, err)
			}
		})
	}
}
