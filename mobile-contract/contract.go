package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Contract is the bundled document, compiled.
type Contract struct {
	Operations []*Operation
	Document   json.RawMessage
	Chinese    json.RawMessage // the document as people read it in Chinese
}

// Operation is one thing that a client can ask for.
type Operation struct {
	ID, Method, Path string
	Roles            []string // who may call; "public" needs no token, "everyone" is any role
	Scope            string   // how rows are limited: outlet, self, or global
	Idempotent       bool     // an Idempotency-Key is demanded
	Versioned        bool     // an If-Match is demanded
	Params           []Param
	Body             *Body
	Responses        map[string]Response // by status or range: "200", "4XX"
}

// Param is a parameter in the path, the query or a header.
type Param struct {
	Name, In string
	Required bool
	Schema   map[string]any
	kind     string
	schema   *jsonschema.Schema
}

// Body is what an operation takes; MediaTypes other than JSON come as raw bytes.
type Body struct {
	Required   bool
	MediaTypes []string
	Schema     map[string]any // of application/json; nil for raw bytes
	schema     *jsonschema.Schema
}

// Response is what an operation answers for a status.
type Response struct {
	Headers map[string]bool
	JSON    map[string]*jsonschema.Schema // by media type; nil schema for what is not JSON
}

const location = "openapi.json"

// Load bundles and compiles the contract. A mark or schema that is missing or wrong is an error.
func Load() (*Contract, error) {
	doc, err := Bundle()
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	plain, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.RegisterFormat(&jsonschema.Format{Name: "date-time", Validate: isTime})
	if err := compiler.AddResource(location, plain); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	l := &loader{doc: plain.(map[string]any), compiler: compiler}
	zh, err := inChinese(raw)
	if err != nil {
		return nil, err
	}
	c := &Contract{Document: raw, Chinese: zh}
	for _, n := range eachOperation(l.doc) {
		op, err := l.operation(n)
		if err != nil {
			return nil, fmt.Errorf("contract: %s %s: %w", n.method, n.path, err)
		}
		c.Operations = append(c.Operations, op)
	}
	return c, nil
}

// isTime says whether a text is a moment that we can keep: RFC 3339, without leap seconds.
func isTime(v any) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	_, err := time.Parse(time.RFC3339, text)
	return err
}

type loader struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
}

// follow returns the node that a reference leads to, and its pointer.
func (l *loader) follow(node map[string]any, at string) (map[string]any, string) {
	for {
		ref, ok := node["$ref"].(string)
		if !ok {
			return node, at
		}
		at = strings.TrimPrefix(ref, "#")
		var here any = l.doc
		for _, step := range strings.Split(at, "/")[1:] {
			m, _ := here.(map[string]any)
			here = m[unescape.Replace(step)]
		}
		node, _ = here.(map[string]any)
	}
}

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

func (l *loader) operation(n operationNode) (*Operation, error) {
	at := "/paths/" + escape.Replace(n.path) + "/" + n.method
	op := &Operation{Method: strings.ToUpper(n.method), Path: n.path}
	op.ID, _ = n.node["operationId"].(string)
	op.Scope, _ = n.node["x-scope"].(string)
	op.Idempotent, _ = n.node["x-idempotent"].(bool)
	op.Versioned, _ = n.node["x-versioned"].(bool)
	roles, _ := n.node["x-roles"].([]any)
	for _, r := range roles {
		op.Roles = append(op.Roles, fmt.Sprint(r))
	}
	switch {
	case op.ID == "":
		return nil, errors.New("no operationId")
	case len(op.Roles) == 0:
		return nil, errors.New("no x-roles")
	case !slices.Contains([]string{"outlet", "self", "global"}, op.Scope):
		return nil, errors.New("x-scope must be outlet, self or global")
	}
	for i, p := range n.shared {
		if err := l.param(op, p, fmt.Sprintf("/paths/%s/parameters/%d", escape.Replace(n.path), i)); err != nil {
			return nil, err
		}
	}
	own, _ := n.node["parameters"].([]any)
	for i, p := range own {
		if err := l.param(op, p, fmt.Sprintf("%s/parameters/%d", at, i)); err != nil {
			return nil, err
		}
	}
	if err := l.body(op, n.node, at); err != nil {
		return nil, err
	}
	return op, l.responses(op, n.node, at)
}

func (l *loader) param(op *Operation, node any, at string) (err error) {
	m, at := l.follow(node.(map[string]any), at)
	p := Param{}
	p.Name, _ = m["name"].(string)
	p.In, _ = m["in"].(string)
	p.Required, _ = m["required"].(bool)
	schema, _ := m["schema"].(map[string]any)
	if p.Name == "" || schema == nil {
		return fmt.Errorf("parameter at %s has no name or no schema", at)
	}
	p.Schema, _ = l.follow(schema, at)
	p.kind, _ = p.Schema["type"].(string)
	p.schema, err = l.compiler.Compile(location + "#" + at + "/schema")
	op.Params = append(op.Params, p)
	return err
}

func (l *loader) body(op *Operation, node map[string]any, at string) (err error) {
	m, ok := node["requestBody"].(map[string]any)
	if !ok {
		return nil
	}
	m, at = l.follow(m, at+"/requestBody")
	op.Body = &Body{}
	op.Body.Required, _ = m["required"].(bool)
	content, _ := m["content"].(map[string]any)
	for mediaType, c := range content {
		op.Body.MediaTypes = append(op.Body.MediaTypes, mediaType)
		if mediaType == "application/json" {
			op.Body.Schema, _ = c.(map[string]any)["schema"].(map[string]any)
			op.Body.schema, err = l.compiler.Compile(location + "#" + at + "/content/application~1json/schema")
		}
	}
	slices.Sort(op.Body.MediaTypes)
	return err
}

func (l *loader) responses(op *Operation, node map[string]any, at string) error {
	op.Responses = map[string]Response{}
	all, _ := node["responses"].(map[string]any)
	for status, r := range all {
		m, at := l.follow(r.(map[string]any), at+"/responses/"+status)
		answer := Response{Headers: map[string]bool{}, JSON: map[string]*jsonschema.Schema{}}
		headers, _ := m["headers"].(map[string]any)
		for name, h := range headers {
			hm, _ := l.follow(h.(map[string]any), "")
			answer.Headers[name], _ = hm["required"].(bool)
		}
		content, _ := m["content"].(map[string]any)
		for mediaType := range content {
			answer.JSON[mediaType] = nil
			if strings.HasSuffix(mediaType, "json") {
				s, err := l.compiler.Compile(location + "#" + at + "/content/" + escape.Replace(mediaType) + "/schema")
				if err != nil {
					return err
				}
				answer.JSON[mediaType] = s
			}
		}
		op.Responses[status] = answer
	}
	return nil
}
