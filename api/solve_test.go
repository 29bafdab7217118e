package api_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"callout/internal/who"
)

const shortDay = `{"options":{"seconds":SECONDS},"technicians":[{"id":"Ma","shifts":[{"id":"m","start":[121.47,31.23],
"from":"2030-11-25T08:00:00+08:00","to":"2030-11-25T18:00:00+08:00"}]}],"jobs":[{"id":"J-1","place":[121.5,31.25],"work":60,"skills":[{"skill":"gas"}]}]}`

func TestIntegratorsGetPlans(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.as(who.Dispatcher)
	day, err := os.ReadFile("../dispatch/formats/testdata/day.json")
	if err != nil {
		t.Fatal(err)
	}
	first, again := c.send(http.MethodPost, "/v1/solve", string(day)), c.send(http.MethodPost, "/v1/solve", string(day))
	if first.status != http.StatusOK || string(first.body) != string(again.body) {
		t.Errorf("answered %d and %d, not alike:\n%s\n%s", first.status, again.status, first.body, again.body)
	}
	a := c.send(http.MethodPost, "/v1/solve", strings.Replace(shortDay, "SECONDS", "0.05", 1), header("Accept-Language", "zh-CN"))
	if a.status != http.StatusOK || !strings.Contains(string(a.body), `"reason":"no_certificate","text":"获准执行的工程师都没有所需资质"`) {
		t.Errorf("answered %d: %s", a.status, a.body)
	}
	vroom, err := os.ReadFile("../dispatch/formats/testdata/small.vroom.json")
	if err != nil {
		t.Fatal(err)
	}
	if a := c.send(http.MethodPost, "/v1/solve/vroom?seconds=0.05", string(vroom)); a.status != http.StatusOK || !strings.Contains(string(a.body), `"unassigned":[{"id":14,`) {
		t.Errorf("answered %d: %s", a.status, a.body)
	}
}

func TestWhereNobodyWorksThePlanSaysSo(t *testing.T) {
	t.Parallel()
	c := open(t).as(who.Dispatcher)
	for _, technicians := range []string{``, `{"id":"Ma","shifts":[]}`} {
		a := c.send(http.MethodPost, "/v1/solve", `{"technicians":[`+technicians+`],"jobs":[{"id":"a","place":[1,2]}]}`)
		if a.status != http.StatusOK || !strings.Contains(string(a.body), `"reason":"no_technician"`) {
			t.Errorf("answered %d: %s", a.status, a.body)
		}
	}
}

func TestIntegratorsHearWhatDoesNotFitTogether(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(who.Dispatcher).send(http.MethodPost, "/v1/solve", strings.NewReplacer("SECONDS", "0.05", `"work":60`, `"after":["J-9"],"pin":{"shift":"x"}`).Replace(shortDay))
	if a.status != http.StatusUnprocessableEntity || !slices.Contains(a.pointers(), "/jobs/0/after/0") || !slices.Contains(a.pointers(), "/jobs/0/pin/shift") {
		t.Errorf("answered %d: %s", a.status, a.body)
	}
}

// Four ask at once for a search of a second: whoever is not served at once is asked to come again.
func TestFewSearchesRunAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	c := w.as(who.Dispatcher)
	answers := make([]*reply, 4)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = c.send(http.MethodPost, "/v1/solve", strings.Replace(shortDay, "SECONDS", "2", 1))
		})
	}
	all.Wait()
	busy := 0
	for _, a := range answers {
		switch {
		case a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") != "":
			busy++
		case a.status != http.StatusOK:
			t.Errorf("answered %d: %s", a.status, a.body)
		}
	}
	if busy == 0 {
		t.Error("four searches ran at once")
	}
}
