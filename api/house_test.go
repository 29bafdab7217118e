package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"callout/api"
	"callout/house"
	"callout/internal/who"
)

func TestSignsOfLifeAndTheContractAreThereForEverybody(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	for path, want := range map[string]string{
		"/healthz": `"ok"`, "/readyz": `"ready"`, "/metrics": "callout_requests_in_flight",
		"/openapi.json": `"openapi":"3.1.0"`, "/openapi.json?lang=zh-CN": "用账号和密码登录", "/docs/en/": "swagger",
	} {
		if a := c.get(path).want(http.StatusOK); !strings.Contains(string(a.body), want) {
			t.Errorf("%s does not say %s: %.200s", path, want, a.body)
		}
	}
	if a := c.get("/docs", lang("zh-CN")).want(http.StatusFound); a.header.Get("Location") != "/docs/zh-CN/" {
		t.Errorf("/docs leads a Chinese reader to %s", a.header.Get("Location"))
	}
}

func TestPageOfTheContractAsksNobodyElse(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	page := string(c.get("/docs/en/").want(http.StatusOK).body)
	for _, from := range []string{`src="http`, `href="http`, `src="//`, `url("http`} {
		if strings.Contains(page, from) {
			t.Errorf("the page loads something from elsewhere: %s", from)
		}
	}
}

func TestNotReadyWithoutDatabase(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.house.DB.Close()
	if a := w.nobody().get("/readyz").want(http.StatusServiceUnavailable); a.problem().Type != "/problems/not-ready" {
		t.Errorf("%s", a.body)
	}
	w.nobody().get("/healthz").want(http.StatusOK)
}

func TestProblemsAreInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	for language, want := range map[string]string{"": "sign in first", "en-GB": "sign in first", "zh-CN": "请先登录", "zh": "请先登录", "fr, zh;q=0.5": "请先登录"} {
		a := c.get("/v1/sessions/current", lang(language)).want(http.StatusUnauthorized)
		if a.problem().Detail != want || a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %v %s", language, a.header, a.body)
		}
	}
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	for _, tt := range []struct {
		method, path string
		status       int
	}{{"GET", "/v1/nothing", 404}, {"HEAD", "/v1/nothing", 404}, {"PATCH", "/v1/sessions", 405}, {"GET", "/v1/jobs/%2e%2e/%2e%2e/etc/passwd", 404}} {
		if a := c.send(tt.method, tt.path, nil).want(tt.status); tt.method != "HEAD" && a.problem().Status != tt.status {
			t.Errorf("%s %s: %s", tt.method, tt.path, a.body)
		}
	}
}

func TestRequestsCarryTheirID(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	for given, kept := range map[string]bool{"phone-17": true, "": false, "a\"b": false, strings.Repeat("x", 101): false} {
		a := c.get("/healthz", header("X-Request-Id", given))
		if got := a.header.Get("X-Request-Id"); (got == given) != kept || got == "" {
			t.Errorf("%q came back as %q", given, got)
		}
	}
	a := c.get("/v1/nothing", header("X-Request-Id", "phone-18"))
	var p struct {
		ID string `json:"request_id"`
	}
	if a.into(&p); p.ID != "phone-18" {
		t.Errorf("the problem names %q", p.ID)
	}
}

func TestWhoAsksTooOftenWaits(t *testing.T) {
	t.Parallel()
	w := openWith(t, house.Options{Limits: api.Limits{UserPerSecond: 0.01, UserBurst: 3, AddressPerSecond: 0.01, AddressBurst: 2}})
	c := w.as(who.Dispatcher)
	for range 3 {
		if a := c.get("/v1/sessions/current"); a.status == http.StatusTooManyRequests || a.header.Get("RateLimit-Policy") != `"user";q=3;w=300` {
			t.Errorf("%d %v", a.status, a.header)
		}
	}
	a := c.get("/v1/sessions/current").want(http.StatusTooManyRequests)
	if a.header.Get("Retry-After") != "100" || !strings.HasPrefix(a.header.Get("RateLimit"), `"user";r=0;`) {
		t.Errorf("%v", a.header)
	}
	if a := w.as(who.Dispatcher).get("/v1/sessions/current"); a.status == http.StatusTooManyRequests {
		t.Error("somebody else was made to wait too")
	}
	sign := map[string]string{"login": "nobody", "password": "wrong"}
	for range 2 {
		w.nobody().post("/v1/sessions", sign)
	}
	w.nobody().post("/v1/sessions", sign).want(http.StatusTooManyRequests)
}

func TestContractIsTheSameInBothLanguagesButForItsWords(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	var en, zh struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal(c.get("/openapi.json?lang=en").body, &en); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(c.get("/openapi.json?lang=zh-CN").body, &zh); err != nil {
		t.Fatal(err)
	}
	if len(en.Paths) == 0 || len(en.Paths) != len(zh.Paths) {
		t.Errorf("%d paths and %d", len(en.Paths), len(zh.Paths))
	}
	for path, item := range en.Paths {
		for method, op := range item {
			if o, ok := op.(map[string]any); ok && (o["x-zh"] == nil || o["summary"] == nil) {
				t.Errorf("%s %s lacks a summary in one language", method, path)
			}
		}
	}
}

func TestHeadAnswersLikeGet(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, path := range []string{"/healthz", "/docs/en/", "/v1/jobs"} {
		w.as(who.Dispatcher).send("HEAD", path, nil).want(http.StatusOK)
	}
	if a := w.nobody().get("/").want(http.StatusFound); a.header.Get("Location") != "/docs" {
		t.Errorf("/ leads to %s", a.header.Get("Location"))
	}
}

func TestCursorOfNoListIsRefused(t *testing.T) {
	t.Parallel()
	c := open(t).as(who.Dispatcher)
	for _, cursor := range []string{"abc", "zzzz", "MTIz", "e30", "bnVsbCI"} {
		if a := c.get("/v1/jobs?cursor=" + cursor).want(http.StatusUnprocessableEntity); a.pointers()[0] != "/cursor" {
			t.Errorf("%s: %s", cursor, a.body)
		}
	}
}

func TestBodiesAreUncompressedUTF8(t *testing.T) {
	t.Parallel()
	c := open(t).nobody()
	body := map[string]string{"login": "a", "password": "b"}
	c.post("/v1/sessions", body, header("Content-Encoding", "gzip")).want(http.StatusUnsupportedMediaType)
	c.post("/v1/sessions", body, header("Content-Type", "application/json; charset=latin1")).want(http.StatusUnsupportedMediaType)
	c.post("/v1/sessions", body, header("Content-Type", "application/json; charset=UTF-8")).want(http.StatusUnauthorized)
	if a := c.post("/v1/sessions", strings.Repeat("[", 20000)).want(http.StatusBadRequest); len(a.body) > 2000 {
		t.Errorf("%d bytes", len(a.body))
	}
}

func TestKeyOfAnotherRequestIsNamedInItsHeader(t *testing.T) {
	t.Parallel()
	c := open(t).as(who.Admin)
	skill := map[string]string{"code": "hvac", "name": "Air conditioning"}
	first := c.post("/v1/skills", skill, key("skill-key-1")).want(http.StatusCreated)
	again := c.post("/v1/skills", skill, key("skill-key-1")).want(http.StatusCreated)
	if again.id() != first.id() || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%v %s", again.header, again.body)
	}
	skill["code"] = "lift"
	p := c.post("/v1/skills", skill, key("skill-key-1")).want(http.StatusUnprocessableEntity).problem()
	if len(p.Errors) != 1 || p.Errors[0].In != "header" || p.Errors[0].Pointer != "/Idempotency-Key" {
		t.Errorf("%+v", p)
	}
}
