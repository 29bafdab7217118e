package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"callout/internal/who"
)

func TestFailedPlanSaysWhyInEitherLanguage(t *testing.T) {
	t.Parallel()
	w, o, day := busy(t, 1, 3)
	server := httptest.NewServer(w.house.Handler)
	t.Cleanup(server.Close)
	c := w.as(who.Dispatcher, o.ID)
	waiting := c.post("/v1/plans", map[string]any{"day": day}).want(http.StatusAccepted)
	path := waiting.header.Get("Location")
	if !strings.Contains(string(waiting.body), `"failure":null`) {
		t.Errorf("a plan that waits: %s", waiting.body)
	}
	// As it stands when the third process has died over it.
	w.exec(`UPDATE plans SET status = 'running', attempt = 3, beat_at = now() - interval '16 seconds'`)
	if err := w.house.Planner.Rescue(t.Context()); err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{
		"en": "the search never ended: its process did, 3 times", "zh-CN": "搜索始终未能完成：其进程 3 次中途退出",
	} {
		var p struct{ Status, Failure string }
		c.get(path, lang(language)).want(http.StatusOK).into(&p)
		if p.Status != "failed" || p.Failure != want {
			t.Errorf("%s: %+v", language, p)
		}
		var list struct{ Items []struct{ Failure string } }
		c.get("/v1/plans", lang(language)).want(http.StatusOK).into(&list)
		if len(list.Items) != 1 || list.Items[0].Failure != want {
			t.Errorf("%s, in the list: %+v", language, list)
		}
		all := c.follow(t, server.URL, path+"/events", "", nil, lang(language))
		if last := all[len(all)-1]; last.status != "failed" || last.failure != want {
			t.Errorf("%s, in the stream: %+v", language, all)
		}
	}
}
