package importer

import (
	"slices"
	"strconv"
	"strings"

	"callout/internal/fault"
	"callout/internal/words"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// faults gathers the mistakes of a mapping with their lines.
type faults struct{ fault.Faults }

func (f *faults) at(n node, format string, args ...any) {
	f.Add(n.pointer, "line %d: %s", n.line, words.Say(format, args...))
}

// node is a place in a YAML document: its text, or what it holds.
type node struct {
	pointer string // RFC 6901
	key     string
	line    int
	kind    kind
	text    string
	members []node // of a table in the order of the file, or of a list
}

type kind int

const (
	absent kind = iota
	scalar
	list
	table
	strange // an anchor, an alias or a tag
)

// document reads YAML whole, so that every later mistake can name its line.
func document(b []byte) (node, error) {
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		return node{}, fault.New(fault.Invalid, "the mapping is not YAML: %s", err.Error())
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return node{}, fault.New(fault.Invalid, "the mapping must be one YAML document")
	}
	return read(f.Docs[0].Body, node{}), nil
}

func read(a ast.Node, n node) node {
	if t := a.GetToken(); t != nil && n.line == 0 {
		n.line = t.Position.Line
	}
	switch v := a.(type) {
	case *ast.NullNode:
	case *ast.LiteralNode:
		n.kind, n.text = scalar, v.Value.Value
	case *ast.StringNode:
		n.kind, n.text = scalar, v.Value
	case *ast.SequenceNode:
		n.kind = list
		for i, each := range v.Values {
			n.members = append(n.members, read(each, node{pointer: n.pointer + "/" + strconv.Itoa(i)}))
		}
	case *ast.MappingNode:
		n.kind = table
		for _, each := range v.Values {
			key := each.Key.GetToken()
			n.members = append(n.members, read(each.Value, node{
				pointer: n.pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key.Value),
				key:     key.Value,
				line:    key.Position.Line,
			}))
		}
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		n.kind = strange
	case ast.ScalarNode:
		// Numbers and booleans as they are written: a code 007 stays one.
		n.kind, n.text = scalar, v.GetToken().Value
	default:
		n.kind = strange
	}
	return n
}

// member is the value of a key; of kind absent, at the table's own line, if it is not there.
func (n node) member(key string) node {
	for _, m := range n.members {
		if m.key == key && n.kind == table {
			return m
		}
	}
	return node{pointer: n.pointer + "/" + key, key: key, line: n.line}
}

// only refuses what is no table, and every key but the known ones.
func (n node) only(f *faults, known ...string) {
	if !n.is(f, table) {
		return
	}
	for _, m := range n.members {
		if !slices.Contains(known, m.key) {
			f.at(m, "unknown key %q: here stand %s", m.key, strings.Join(known, ", "))
		}
	}
}

// is says whether n is of a kind, and refuses any other but absent.
func (n node) is(f *faults, k kind) bool {
	if n.kind == k || n.kind == absent {
		return n.kind == k
	}
	switch k {
	case scalar:
		f.at(n, "must be a text")
	case list:
		f.at(n, "must be a list")
	default:
		f.at(n, "must be a table")
	}
	return false
}

// word is the text of a member that may be left out, which must be one of the allowed.
func (n node) word(f *faults, key, otherwise string, allowed ...string) string {
	m := n.member(key)
	if !m.is(f, scalar) {
		return otherwise
	}
	if len(allowed) > 0 && !slices.Contains(allowed, m.text) {
		f.at(m, "%q is not one of %s", m.text, strings.Join(allowed, ", "))
		return otherwise
	}
	return m.text
}

// must is the text of a member that may not be left out.
func (n node) must(f *faults, key string) string {
	m := n.member(key)
	if m.kind == absent || m.kind == scalar && m.text == "" {
		f.at(m, "%s is missing", key)
		return ""
	}
	m.is(f, scalar)
	return m.text
}
