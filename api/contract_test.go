package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"callout/internal/who"
	contract "callout/mobile-contract"

	"github.com/gin-gonic/gin"
)

// houseRoutes are the routes that are about the house and not in the contract.
var houseRoutes = []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"}

func TestEveryOperationIsRoutedAndEveryRouteIsAnOperation(t *testing.T) {
	t.Parallel()
	w := open(t)
	routed := map[string]bool{}
	for _, r := range w.house.Handler.(*gin.Engine).Routes() {
		if r.Method != http.MethodHead { // as GET
			routed[r.Method+" "+r.Path] = true
		}
	}
	for _, op := range w.law.Operations {
		path := op.Method + " " + strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
		if !routed[path] {
			t.Errorf("operation %s has no route", op.ID)
		}
		delete(routed, path)
	}
	for r := range routed {
		if r != "GET /" && !slices.ContainsFunc(houseRoutes, func(h string) bool { return strings.HasPrefix(strings.TrimPrefix(r, "GET "), h) }) {
			t.Errorf("route %s is not in the contract", r)
		}
	}
	t.Logf("%d operations", len(w.law.Operations))
}

// caller returns somebody whom an operation is for.
func caller(w *world, op *contract.Operation) *client {
	switch op.Roles[0] {
	case "public":
		return w.nobody()
	case "everyone":
		return w.as(who.Dispatcher)
	}
	return w.as(who.Role(op.Roles[0]))
}

// unfit says whether the contract itself refused a request, and not the domain behind it.
func unfit(a *reply) bool {
	return (a.status == http.StatusUnprocessableEntity && a.problem().Detail == "the request does not fit the contract") ||
		a.status == http.StatusBadRequest || a.status == http.StatusUnsupportedMediaType
}

func TestEveryConstraintIsHeld(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := newSampler(w.law)
	if err != nil {
		t.Fatal(err)
	}
	var ofBodies, ofParams int
	for _, op := range w.law.Operations {
		if a := s.ask(op).send(caller(w, op)); unfit(a) {
			t.Errorf("%s: the contract's own example does not fit it: %s", op.ID, a.body)
			continue
		}
		c := caller(w, op)
		for _, b := range paramBreaches(s, op) {
			ofParams++
			expect(t, op, b.name, b.asking.send(c), b.in, b.pointer)
			if op.ID == "signOut" {
				c = caller(w, op)
			}
		}
		if op.Body == nil || op.Body.Schema == nil {
			continue
		}
		for _, b := range s.breaches(op.Body.Schema, s.example(op), "") {
			ofBodies++
			a := s.ask(op)
			a.body = b.value
			expect(t, op, b.name, a.send(c), "body", b.pointer)
		}
	}
	t.Logf("%d constraints of bodies and %d of parameters broken, each refused", ofBodies, ofParams)
}

// expect fails the test where a broken request was not refused, or not for its broken place.
func expect(t *testing.T, op *contract.Operation, name string, a *reply, in, pointer string) {
	t.Helper()
	if a.status < 400 || a.status >= 500 {
		t.Errorf("%s: %s: answered %d: %s", op.ID, name, a.status, a.body)
		return
	}
	for _, e := range a.problem().Errors {
		if e.In == in && e.Pointer == pointer {
			return
		}
	}
	t.Errorf("%s: %s: %d does not name %s %s: %s", op.ID, name, a.status, in, pointer, a.body)
}

type paramBreach struct {
	breach
	in     string
	asking asking
}

// paramBreaches lists, for every constraint of every parameter, a request that breaks it.
func paramBreaches(s *sampler, op *contract.Operation) []paramBreach {
	var all []paramBreach
	add := func(in, name, pointer string, change func(asking)) {
		a := s.ask(op).clone()
		change(a)
		all = append(all, paramBreach{breach{name: name, pointer: pointer}, in, a})
	}
	add("query", "unknown parameter", "/not_in_the_contract", func(a asking) { a.query.Set("not_in_the_contract", "1") })
	for _, p := range op.Params {
		at := "/" + p.Name
		if p.Required && p.In == "query" {
			add("query", at+" required", at, func(a asking) { a.query.Del(p.Name) })
		}
		if p.Required && p.In == "header" {
			add("header", at+" required", at, func(a asking) { delete(a.headers, p.Name) })
		}
		for _, b := range s.breaches(p.Schema, s.fitting(p.Schema), at) {
			text, can := paramText(p, b)
			if !can {
				continue
			}
			add(p.In, b.name, b.pointer, func(a asking) {
				switch p.In {
				case "path":
					a.path[p.Name] = text
				case "query":
					a.query.Set(p.Name, text)
				case "header":
					a.headers[p.Name] = text
				}
			})
		}
	}
	return all
}

// paramText is how a broken value stands in a URL or header; some cannot stand there at all.
func paramText(p contract.Param, b breach) (string, bool) {
	if kind := p.Schema["type"]; strings.HasSuffix(b.name, p.Name+" type") && (kind == "string" || kind == "array") {
		return "", false // any text is a string, and a list of one
	}
	var text string
	switch v := b.value.(type) {
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, fmt.Sprint(x))
		}
		text = strings.Join(parts, ",")
	default:
		text = fmt.Sprint(v)
	}
	if p.In == "path" && text == "" || p.In == "header" && (text == "" || strings.ContainsAny(text, "\u0001")) {
		return "", false // no such route, no such header
	}
	return text, true
}

func TestBodiesThatAreNoJSONOfTheContractAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	s, err := newSampler(w.law)
	if err != nil {
		t.Fatal(err)
	}
	broken := 0
	for _, op := range w.law.Operations {
		if op.Body == nil || op.Body.Schema == nil {
			continue
		}
		c := caller(w, op)
		example, ok := s.example(op).(map[string]any)
		if !ok {
			t.Fatalf("%s: the body is no object", op.ID)
		}
		good, err := json.Marshal(example)
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		for name := range example {
			first = max(first, name)
		}
		value, _ := json.Marshal(example[first])
		upper := strings.Replace(string(good), `"`+first+`":`, `"`+strings.ToUpper(first)+`":`, 1)
		for _, tt := range []struct {
			name, body, pointer string
			status              int
			options             []option
		}{
			{"member in capitals", upper, "/" + strings.ToUpper(first), 422, nil},
			{"duplicate member", string(good[:len(good)-1]) + fmt.Sprintf(`,"%s":%s}`, first, value), "/" + first, 400, nil},
			{"trailing data", string(good) + "{}", "", 400, nil},
			{"invalid UTF-8", string(good[:len(good)-1]) + ",\"\xff\":1}", "", 400, nil},
			{"no JSON", "{", "", 400, nil},
			{"a list", "[]", "", 422, nil},
			{"null", "null", "", 422, nil},
			{"1 MiB and a byte", string(good) + strings.Repeat(" ", 1<<20+1-len(good)), "-", 413, nil},
			{"wrong content type", string(good), "-", 415, []option{header("Content-Type", "text/plain")}},
			{"no content type", string(good), "-", 415, []option{without("Content-Type")}},
		} {
			if first == "" && tt.pointer != "-" && tt.pointer != "" {
				continue
			}
			broken++
			a := s.ask(op)
			a.body = tt.body
			got := a.send(c, tt.options...)
			if got.status != tt.status {
				t.Errorf("%s: %s: answered %d, want %d: %s", op.ID, tt.name, got.status, tt.status, got.body)
			} else if tt.pointer != "-" && !slices.Contains(got.pointers(), tt.pointer) && tt.name != "invalid UTF-8" {
				t.Errorf("%s: %s: does not name %s: %s", op.ID, tt.name, tt.pointer, got.body)
			}
		}
	}
	t.Logf("%d malformed bodies, each refused", broken)
}
