package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"callout/internal/fault"
	"callout/internal/words"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// CheckJSON holds a body against the operation's schema. It returns every fault, each with its
// JSON Pointer; malformed says that the bytes are no JSON text at all (RFC 8259, with unique members).
func (b *Body) CheckJSON(raw []byte) (faults fault.Faults, malformed bool) {
	var v any
	if err := jsonv2.Unmarshal(raw, &v); err != nil {
		return malformation(err), true
	}
	return append(verdict(b.schema.Validate(v)), unkeepable(v, "")...), false
}

// unkeepable names the texts that no database column can hold: those with a NUL, or not UTF-8.
func unkeepable(v any, at string) (f fault.Faults) {
	switch v := v.(type) {
	case string:
		if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
			f.Add(at, "holds a character that cannot be kept")
		}
	case []any:
		for i, item := range v {
			f = append(f, unkeepable(item, at+"/"+strconv.Itoa(i))...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			f = append(f, unkeepable(v[name], at+"/"+escape.Replace(name))...)
		}
	}
	return f
}

func malformation(err error) fault.Faults {
	var f fault.Faults
	at := ""
	syntactic, ok := errors.AsType[*jsontext.SyntacticError](err)
	if ok && len(syntactic.JSONPointer) < 1000 { // a body may be nested as deeply as it is long
		at = string(syntactic.JSONPointer)
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		f.Add(at, "stands twice in its object")
	case ok && strings.Contains(syntactic.Err.Error(), "UTF-8"):
		f.Add(at, "is not valid UTF-8")
	case ok && strings.Contains(syntactic.Err.Error(), "after top-level"):
		f.Add(at, "is followed by something more than one JSON value")
	default:
		f.Add(at, "is not valid JSON")
	}
	return f
}

// Check holds the text of a parameter against its schema.
func (p *Param) Check(text string) fault.Faults {
	return reach(append(verdict(p.schema.Validate(p.value(text))), unkeepable(text, "")...), "/"+p.Name)
}

// value is what a text stands for under the parameter's type; text that cannot be one stays text, and so fails.
func (p *Param) value(text string) any {
	switch p.kind {
	case "integer", "number":
		if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return json.Number(text)
		}
	case "boolean":
		if b, err := strconv.ParseBool(text); err == nil && (text == "true" || text == "false") {
			return b
		}
	case "array":
		list := []any{}
		if text == "" {
			return list
		}
		for s := range strings.SplitSeq(text, ",") {
			list = append(list, s)
		}
		return list
	}
	return text
}

// CheckQuery names every query parameter that the operation does not know, that stands twice, or that does not fit.
func (op *Operation) CheckQuery(q url.Values) fault.Faults {
	var f fault.Faults
	for name, values := range q {
		p := op.param("query", name)
		switch {
		case p == nil:
			f.Add("/"+escape.Replace(name), "is not known here")
		case len(values) > 1:
			f.Add("/"+name, "stands twice")
		default:
			f = append(f, p.Check(values[0])...)
		}
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.In == "query" && p.Required && !q.Has(p.Name) {
			f.Add("/"+p.Name, "is required")
		}
	}
	return f
}

func (op *Operation) param(in, name string) *Param {
	for i := range op.Params {
		if p := &op.Params[i]; p.In == in && p.Name == name {
			return p
		}
	}
	return nil
}

// CheckAnswer says how an answer breaks the contract; nil where it fits. Tests hold every answer against it.
func (op *Operation) CheckAnswer(status int, header func(string) string, body []byte) error {
	r, known := op.Responses[strconv.Itoa(status)]
	if !known {
		if r, known = op.Responses[fmt.Sprintf("%dXX", status/100)]; !known {
			return fmt.Errorf("%s: status %d is not in the contract", op.ID, status)
		}
	}
	for name, required := range r.Headers {
		if required && header(name) == "" {
			return fmt.Errorf("%s: answer %d lacks the header %s", op.ID, status, name)
		}
	}
	if len(r.JSON) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("%s: answer %d has a body that the contract does not know", op.ID, status)
		}
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(header("Content-Type"))
	if err != nil {
		return fmt.Errorf("%s: answer %d: %w", op.ID, status, err)
	}
	schema, known := r.JSON[mediaType]
	if !known {
		if _, anything := r.JSON["*/*"]; anything {
			return nil
		}
		return fmt.Errorf("%s: answer %d has the media type %s", op.ID, status, mediaType)
	}
	if schema == nil {
		return nil
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: answer %d: %w", op.ID, status, err)
	}
	if err := schema.Validate(v); err != nil {
		return fmt.Errorf("%s: answer %d: %w\n%s", op.ID, status, err, body)
	}
	return nil
}

func reach(f fault.Faults, prefix string) fault.Faults {
	for i := range f {
		f[i].Pointer = prefix + f[i].Pointer
	}
	return f
}

func verdict(err error) fault.Faults {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return fault.Faults{{Detail: words.Say("does not fit the contract")}}
	}
	return leaves(e, nil)
}

// leaves gathers the faults at the ends of the tree of causes.
func leaves(e *jsonschema.ValidationError, f fault.Faults) fault.Faults {
	if len(e.Causes) == 0 || isChoice(e) {
		at := ""
		for _, step := range e.InstanceLocation {
			at += "/" + escape.Replace(step)
		}
		return append(f, sentences(at, e.ErrorKind)...)
	}
	for _, c := range e.Causes {
		f = leaves(c, f)
	}
	return f
}
