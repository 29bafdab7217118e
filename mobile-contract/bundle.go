// Package contract carries the contract with the mobile team and with every other
// client: OpenAPI 3.1, written by hand, one file a noun, bundled here.
//
// It owns the document and the checking of requests and answers against it. It
// does not own routes, permissions or what an operation does: api does.
package contract

import (
	"embed"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed *.yaml zh/*.yaml
var files embed.FS

// Bundle is the whole contract as one OpenAPI document: openapi.yaml with the paths
// and schemas of every noun's file, and the headers that x-idempotent and x-versioned demand.
func Bundle() (map[string]any, error) {
	doc, err := read("openapi.yaml")
	if err != nil {
		return nil, err
	}
	names, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	for _, n := range names {
		if n.IsDir() || n.Name() == "openapi.yaml" {
			continue
		}
		noun, err := read(n.Name())
		if err == nil {
			err = merge(doc, noun, "")
		}
		if err != nil {
			return nil, fmt.Errorf("contract: %s: %w", n.Name(), err)
		}
	}
	demandHeaders(doc)
	return doc, nil
}

func read(name string) (map[string]any, error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("contract: %s: %w", name, err)
	}
	return doc, nil
}

// merge adds what from has to into: objects member by member, lists behind each other, nothing twice.
func merge(into, from map[string]any, at string) error {
	for _, k := range slices.Sorted(maps.Keys(from)) {
		have, there := into[k]
		switch v := from[k].(type) {
		case map[string]any:
			sub, _ := have.(map[string]any)
			if there && (sub == nil || at == "/paths" || at == "/components/schemas") {
				return fmt.Errorf("%s/%s is there already", at, k)
			}
			if sub == nil {
				sub = map[string]any{}
				into[k] = sub
			}
			if err := merge(sub, v, at+"/"+k); err != nil {
				return err
			}
		case []any:
			list, _ := have.([]any)
			into[k] = append(append([]any{}, list...), v...)
		default:
			if there {
				return fmt.Errorf("%s/%s is there already", at, k)
			}
			into[k] = v
		}
	}
	return nil
}

// demandHeaders writes the header parameters that an operation's marks stand for.
func demandHeaders(doc map[string]any) {
	for _, op := range eachOperation(doc) {
		for mark, parameter := range map[string]string{"x-idempotent": "IdempotencyKey", "x-versioned": "IfMatch"} {
			if on, _ := op.node[mark].(bool); on {
				list, _ := op.node["parameters"].([]any)
				op.node["parameters"] = append(list, map[string]any{"$ref": "#/components/parameters/" + parameter})
			}
		}
	}
}

type operationNode struct {
	path, method string
	shared       []any // the path's own parameters
	node         map[string]any
}

// eachOperation lists the operations of a document in a fixed order.
func eachOperation(doc map[string]any) []operationNode {
	var all []operationNode
	paths, _ := doc["paths"].(map[string]any)
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		item, _ := paths[p].(map[string]any)
		shared, _ := item["parameters"].([]any)
		for _, m := range []string{"get", "post", "put", "patch", "delete"} {
			if node, ok := item[m].(map[string]any); ok {
				all = append(all, operationNode{p, m, shared, node})
			}
		}
	}
	return all
}
