package callout_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"callout/internal/words"
)

// sayings are the functions that take an English format, and at which argument it stands.
var sayings = map[string]int{
	"callout/internal/words.Say":           0,
	"callout/internal/fault.New":           1,
	"(*callout/internal/fault.Faults).Add": 1,
	"(callout/internal/fault.Faults).Err":  1,
}

// said is one call of a saying with a constant format, and how many arguments fill it (-1 where
// they come as a slice).
type said struct {
	at     token.Position
	format string
	args   int
}

func TestEverySentenceIsSaidInBothLanguages(t *testing.T) {
	all, texts := sentences(t)
	for _, s := range all {
		if english.MatchString(verb.ReplaceAllString(s.format, "")) && !words.Known(s.format) {
			t.Errorf("%s: %q has no Chinese in internal/words/zh", s.at, s.format)
		}
		if n := len(verbs(s.format)); s.args >= 0 && s.args != n {
			t.Errorf("%s: %q has %d verbs and %d arguments", s.at, s.format, n, s.args)
		}
	}
	for file, part := range catalogue(t) {
		for text, chinese := range part {
			if want, got := verbs(text), verbs(chinese); !slices.Equal(want, got) {
				t.Errorf("%s: %q has the verbs %q, its Chinese %q", file, text, want, got)
			}
			if got := words.Word(words.Chinese, text); got != chinese {
				t.Errorf("%s: %q is %q here and %q elsewhere", file, text, chinese, got)
			}
			// A lone word is one of the trade (a status, a role): rows hold it, not only the code.
			if strings.ContainsAny(text, "% ") && !texts[text] {
				t.Errorf("%s: nobody says %q any more", file, text)
			}
		}
	}
	if len(all) == 0 {
		t.Error("not one sentence was found")
	}
}

var (
	verb    = regexp.MustCompile(`%[-+# 0]*(?:\[\d+\])?[\d.*]*[a-zA-Z%]`)
	english = regexp.MustCompile(`[a-zA-Z]`)
)

// verbs are the verbs of a format that want an argument.
func verbs(format string) []string {
	return slices.DeleteFunc(verb.FindAllString(format, -1), func(v string) bool { return v == "%%" })
}

// catalogue is the Chinese of every English text, by file.
func catalogue(t *testing.T) map[string]map[string]string {
	t.Helper()
	files, err := filepath.Glob("internal/words/zh/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		part := map[string]string{}
		if err := yaml.Unmarshal(b, &part); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		all[f] = part
	}
	return all
}

// sentences type-checks the module and returns its sayings, and every constant text in it: a
// table of rules may hold formats that are said elsewhere.
func sentences(t *testing.T) (all []said, texts map[string]bool) {
	t.Helper()
	exports, ours := map[string]string{}, []listed{}
	for p := range packages(t, "-export", "-deps") {
		exports[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, module) {
			ours = append(ours, p)
		}
	}
	fset := token.NewFileSet()
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})}
	texts = map[string]bool{}
	for _, p := range ours {
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
		if _, err := config.Check(p.ImportPath, fset, files, info); err != nil {
			t.Fatal(err)
		}
		for expr, tv := range info.Types {
			if text, ok := text(tv); ok {
				texts[text] = true
			}
			if call, ok := expr.(*ast.CallExpr); ok {
				if s, ok := saying(info, call); ok {
					s.at = fset.Position(call.Pos())
					all = append(all, s)
				}
			}
		}
	}
	return all, texts
}

// saying reads a call of one of the sayings with a constant format.
func saying(info *types.Info, call *ast.CallExpr) (said, bool) {
	var name *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	default:
		return said{}, false
	}
	f, ok := info.Uses[name].(*types.Func)
	if !ok {
		return said{}, false
	}
	at, ok := sayings[f.FullName()]
	if !ok || at >= len(call.Args) {
		return said{}, false
	}
	format, ok := text(info.Types[call.Args[at]])
	if !ok {
		return said{}, false
	}
	args := len(call.Args) - at - 1
	if call.Ellipsis.IsValid() {
		args = -1
	}
	return said{format: format, args: args}, true
}

// text is the value of a constant expression that is a string.
func text(tv types.TypeAndValue) (string, bool) {
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(tv.Value), true
}
