package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// inChinese is a bundled contract as people read it in Chinese: summaries are what x-zh says,
// descriptions what zh/*.yaml has for the English ones. What has no Chinese stays English.
func inChinese(document []byte) ([]byte, error) {
	zh, err := chinese()
	if err != nil {
		return nil, err
	}
	var doc any
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	eachText(doc, func(node map[string]any, text string) {
		if t, found := zh[text]; found {
			node["description"] = t
		}
	})
	summarize(doc)
	return json.Marshal(doc)
}

// sentence is a description in both languages.
type sentence struct{ En, Zh string }

// chinese reads zh/*.yaml: the Chinese of every description, by the English one with its white space as
// single spaces.
func chinese() (map[string]string, error) {
	entries, err := files.ReadDir("zh")
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	zh := map[string]string{}
	for _, e := range entries {
		b, err := files.ReadFile("zh/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("contract: %w", err)
		}
		var all []sentence
		if err := yaml.Unmarshal(b, &all); err != nil {
			return nil, fmt.Errorf("contract: zh/%s: %w", e.Name(), err)
		}
		for _, s := range all {
			en := single(s.En)
			if _, twice := zh[en]; twice || en == "" || s.Zh == "" {
				return nil, fmt.Errorf("contract: zh/%s: %q is there already, or lacks a language", e.Name(), en)
			}
			zh[en] = s.Zh
		}
	}
	return zh, nil
}

// single is a text with its white space as single spaces.
func single(s string) string { return strings.Join(strings.Fields(s), " ") }

// samples are the members whose values are data, and not the contract's own words.
var samples = []string{"example", "examples", "default", "enum", "const"}

// eachText visits the description of every node that has one.
func eachText(node any, visit func(node map[string]any, text string)) {
	switch n := node.(type) {
	case map[string]any:
		if text, ok := n["description"].(string); ok {
			visit(n, single(text))
		}
		for k, v := range n {
			if !slices.Contains(samples, k) {
				eachText(v, visit)
			}
		}
	case []any:
		for _, v := range n {
			eachText(v, visit)
		}
	}
}

// summarize puts each x-zh in the place of the English summary.
func summarize(node any) {
	switch n := node.(type) {
	case map[string]any:
		if zh, ok := n["x-zh"].(string); ok {
			n["summary"] = zh
		}
		for _, v := range n {
			summarize(v)
		}
	case []any:
		for _, v := range n {
			summarize(v)
		}
	}
}
