package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	contract "callout/mobile-contract"

	"github.com/google/uuid"
)

// sampler makes values that fit the schemas of the contract, and values that break them.
type sampler struct{ doc map[string]any }

func newSampler(c *contract.Contract) (*sampler, error) {
	s := &sampler{}
	return s, json.Unmarshal(c.Document, &s.doc)
}

// node follows references to where a schema stands.
func (s *sampler) node(schema any) map[string]any {
	m, _ := schema.(map[string]any)
	for {
		ref, ok := m["$ref"].(string)
		if !ok {
			return m
		}
		var here any = s.doc
		for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			here = here.(map[string]any)[step]
		}
		m = here.(map[string]any)
	}
}

// types lists the JSON types that a schema allows.
func types(m map[string]any) []string {
	switch t := m["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var all []string
		for _, x := range t {
			all = append(all, x.(string))
		}
		return all
	}
	return nil
}

func number(m map[string]any, name string, otherwise float64) float64 {
	if v, ok := limit(m, name); ok {
		return v
	}
	return otherwise
}

// limit is a number that a schema names.
func limit(m map[string]any, name string) (float64, bool) {
	switch v := m[name].(type) {
	case float64:
		return v, true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}

// fitting makes a value that fits a schema: its own example where it has one.
func (s *sampler) fitting(schema any) any {
	m := s.node(schema)
	if list, ok := m["examples"].([]any); ok && len(list) > 0 {
		return list[0]
	}
	for _, name := range []string{"const", "example"} {
		if v, ok := m[name]; ok {
			return v
		}
	}
	if list, ok := m["enum"].([]any); ok {
		return list[0]
	}
	for _, choice := range []string{"oneOf", "anyOf"} {
		if list, ok := m[choice].([]any); ok {
			return s.fitting(list[0])
		}
	}
	t := types(m)
	if len(t) == 0 {
		if m["properties"] == nil {
			return "anything"
		}
		t = []string{"object"}
	}
	switch t[0] {
	case "object":
		return s.object(m)
	case "array":
		return s.array(m)
	case "integer", "number":
		v := number(m, "minimum", number(m, "exclusiveMinimum", 0)+1)
		if _, ok := m["minimum"]; !ok && v > number(m, "maximum", v) {
			v = number(m, "maximum", v)
		}
		return v
	case "boolean":
		return true
	case "null":
		return nil
	}
	return s.text(m)
}

func (s *sampler) object(m map[string]any) any {
	o := map[string]any{}
	properties, _ := m["properties"].(map[string]any)
	required, _ := m["required"].([]any)
	for _, name := range required {
		o[name.(string)] = s.fitting(properties[name.(string)])
	}
	for name := range properties {
		if len(o) < int(number(m, "minProperties", 0)) {
			o[name] = s.fitting(properties[name])
		}
	}
	return o
}

func (s *sampler) array(m map[string]any) any {
	list := []any{}
	if prefix, ok := m["prefixItems"].([]any); ok {
		for _, p := range prefix {
			list = append(list, s.fitting(p))
		}
	}
	for len(list) < int(number(m, "minItems", 0)) {
		list = append(list, s.fitting(m["items"]))
	}
	return list
}

func (s *sampler) text(m map[string]any) string {
	switch m["format"] {
	case "uuid":
		return uuid.NewString()
	case "date-time":
		return "2030-11-24T09:00:00+08:00"
	case "date":
		return "2030-11-24"
	case "email":
		return "somebody@example.com"
	}
	least := int(number(m, "minLength", 1))
	candidates := []string{strings.Repeat("a", max(least, 1)), strings.Repeat("1", max(least, 1)), strings.Repeat("A", max(least, 1)), "+8613800138000", "Asia/Shanghai", "CNY", strings.Repeat("0", 64)}
	if p, ok := m["pattern"].(string); ok {
		re := regexp.MustCompile(p)
		for _, c := range candidates {
			if re.MatchString(c) {
				return c
			}
		}
	}
	return candidates[0]
}

// breach is a value that breaks one constraint, and where the fault must be named.
type breach struct {
	name    string
	value   any
	pointer string
}

// breaches lists, for every constraint of a schema, a value that breaks it. value is one that fits.
func (s *sampler) breaches(schema, value any, at string) []breach {
	m := s.node(schema)
	var all []breach
	add := func(name string, v any) { all = append(all, breach{at + " " + name, v, at}) }
	t := types(m)
	if len(t) > 0 {
		wrong := map[string]any{"string": 7.5, "integer": "seven", "number": "seven", "boolean": "yes", "array": "none", "object": "none"}[t[0]]
		if slices.Contains(t, "integer") {
			add("integer", 7.5)
		}
		add("type", wrong)
	}
	if _, ok := m["const"]; ok {
		add("const", "something else")
	}
	if _, ok := m["enum"]; ok {
		add("enum", "something else")
	}
	all = append(all, s.textBreaches(m, at)...)
	all = append(all, numberBreaches(m, at)...)
	for _, choice := range []string{"oneOf", "anyOf"} {
		if _, ok := m[choice]; ok {
			add(choice, map[string]any{"fits": "none"})
		}
	}
	if slices.Contains(t, "array") {
		all = append(all, s.arrayBreaches(m, value, at)...)
	}
	if _, ok := m["properties"]; ok || slices.Contains(t, "object") {
		all = append(all, s.objectBreaches(m, value, at)...)
	}
	return all
}

func (s *sampler) textBreaches(m map[string]any, at string) []breach {
	var all []breach
	add := func(name, v string) { all = append(all, breach{at + " " + name, v, at}) }
	if n, ok := limit(m, "minLength"); ok && n > 0 {
		add("minLength", strings.Repeat("a", int(n)-1))
	}
	if n, ok := limit(m, "maxLength"); ok {
		add("maxLength", strings.Repeat("a", int(n)+1))
	}
	if f, ok := m["format"].(string); ok && f != "int32" && f != "int64" && f != "double" {
		add("format", "not so")
	}
	if p, ok := m["pattern"].(string); ok {
		re := regexp.MustCompile(p)
		for _, c := range []string{"not so", "   ", "$not-so$", "~", "\u00e4\u00f6\u00fc\u0001", strings.Repeat("x", 300)} {
			if !re.MatchString(c) {
				add("pattern", c)
				return all
			}
		}
		panic("no text breaks " + p)
	}
	return all
}

func numberBreaches(m map[string]any, at string) []breach {
	var all []breach
	for name, step := range map[string]float64{"minimum": -1, "maximum": 1, "exclusiveMinimum": 0, "exclusiveMaximum": 0} {
		if n, ok := limit(m, name); ok {
			all = append(all, breach{at + " " + name, n + step, at})
		}
	}
	if n, ok := limit(m, "multipleOf"); ok {
		all = append(all, breach{at + " multipleOf", n * 1.5, at})
	}
	return all
}

func (s *sampler) arrayBreaches(m map[string]any, value any, at string) []breach {
	var all []breach
	list, _ := value.([]any)
	prefix, _ := m["prefixItems"].([]any)
	item := func() any {
		if len(list) > 0 && m["uniqueItems"] != true {
			return list[0]
		}
		return s.fitting(m["items"])
	}
	if n, ok := limit(m, "minItems"); ok && n > 0 {
		all = append(all, breach{at + " minItems", append([]any{}, list[:min(len(list), int(n)-1)]...), at})
	}
	if n, ok := limit(m, "maxItems"); ok {
		many := append([]any{}, list...)
		for len(many) <= int(n) {
			many = append(many, item())
		}
		all = append(all, breach{at + " maxItems", many, at})
	}
	if m["uniqueItems"] == true {
		v := s.fitting(m["items"])
		all = append(all, breach{at + " uniqueItems", []any{v, v}, at + "/1"})
	}
	for i, p := range prefix {
		for _, b := range s.breaches(p, list[i], fmt.Sprintf("%s/%d", at, i)) {
			changed := slices.Clone(list)
			changed[i] = b.value
			all = append(all, breach{b.name, changed, b.pointer})
		}
	}
	if m["items"] != nil && len(prefix) == 0 {
		var one any
		if len(list) > 0 {
			one = list[0]
		} else {
			one = s.fitting(m["items"])
		}
		for _, b := range s.breaches(m["items"], one, at+"/0") {
			changed := append([]any{b.value}, list[min(1, len(list)):]...)
			all = append(all, breach{b.name, changed, b.pointer})
		}
	}
	return all
}

func (s *sampler) objectBreaches(m map[string]any, value any, at string) []breach {
	var all []breach
	o, _ := value.(map[string]any)
	with := func(name string, v any) map[string]any {
		c := maps.Clone(o)
		if c == nil {
			c = map[string]any{}
		}
		c[name] = v
		return c
	}
	required, _ := m["required"].([]any)
	for _, r := range required {
		c := maps.Clone(o)
		delete(c, r.(string))
		all = append(all, breach{at + " required " + r.(string), c, at + "/" + r.(string)})
	}
	if n, ok := limit(m, "minProperties"); ok && n > 0 {
		all = append(all, breach{at + " minProperties", map[string]any{}, at})
	}
	if m["additionalProperties"] == false {
		all = append(all, breach{at + " additionalProperties", with("not_in_the_contract", 1), at + "/not_in_the_contract"})
	}
	properties, _ := m["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		v, there := o[name]
		if !there {
			v = s.fitting(properties[name])
		}
		for _, b := range s.breaches(properties[name], v, at+"/"+name) {
			all = append(all, breach{b.name, with(name, b.value), b.pointer})
		}
	}
	return all
}

// asking is a request that fits the contract, to be sent as it is or broken in one place.
type asking struct {
	op      *contract.Operation
	path    map[string]string
	query   url.Values
	headers map[string]string
	body    any
}

// ask makes a fitting request for an operation: the body is the contract's own example where there is one.
func (s *sampler) ask(op *contract.Operation) asking {
	a := asking{op: op, path: map[string]string{}, query: url.Values{}, headers: map[string]string{}}
	for _, p := range op.Params {
		fits := s.fitting(p.Schema)
		v := fmt.Sprint(fits)
		if list, ok := fits.([]any); ok { // as the contract writes lists: with commas between
			v = strings.Join(strings.Fields(strings.Trim(fmt.Sprint(list), "[]")), ",")
		}
		switch {
		case p.Name == "If-Match":
			a.headers[p.Name] = `"1"`
		case p.In == "path":
			a.path[p.Name] = v
		case p.In == "query" && p.Required:
			a.query.Set(p.Name, v)
		case p.In == "header" && p.Required:
			a.headers[p.Name] = uuid.NewString()
		}
	}
	if op.Body != nil && op.Body.Schema != nil {
		a.body = s.example(op)
	}
	return a
}

// example is the operation's own example of a body, or one made from its schema.
func (s *sampler) example(op *contract.Operation) any {
	node := s.doc["paths"].(map[string]any)[op.Path].(map[string]any)[strings.ToLower(op.Method)].(map[string]any)
	content := s.node(node["requestBody"])["content"].(map[string]any)["application/json"].(map[string]any)
	if examples, ok := content["examples"].(map[string]any); ok {
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			return s.node(examples[name])["value"]
		}
	}
	if v, ok := content["example"]; ok {
		return v
	}
	return s.fitting(op.Body.Schema)
}

func (a asking) clone() asking {
	a.path, a.headers, a.query = maps.Clone(a.path), maps.Clone(a.headers), maps.Clone(a.query)
	return a
}

// send makes the request.
func (a asking) send(c *client, o ...option) *reply {
	c.t.Helper()
	path := a.op.Path
	for name, v := range a.path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(v))
	}
	if len(a.query) > 0 {
		path += "?" + a.query.Encode()
	}
	body := a.body
	if a.op.Body != nil && a.op.Body.Schema == nil {
		body = []byte("some bytes")
	}
	all := []option{without("Idempotency-Key")}
	for name, v := range a.headers {
		all = append(all, func(r *http.Request) { r.Header.Set(name, v) })
	}
	if a.op.Body != nil && a.op.Body.Schema == nil {
		all = append(all, header("Content-Type", strings.ReplaceAll(a.op.Body.MediaTypes[0], "*", "jpeg")))
	}
	return c.send(a.op.Method, path, body, append(all, o...)...)
}
