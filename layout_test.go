package callout_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "callout/"

// business is what a domain may use of internal: what any business would need.
var business = []string{
	"internal/blob", "internal/calendar", "internal/event", "internal/fault", "internal/geo", "internal/keyring",
	"internal/paper", "internal/pg", "internal/policy", "internal/queue", "internal/who", "internal/words",
}

// mayImport draws the house: each package, and all that it may import of ours. Imports run
// downward only.
var mayImport = map[string][]string{
	// Floor 5. The binary, and the house that it opens: only here is the ledger passed into dispatch.
	"cmd/callout":      all(),
	"house":            except(all(), "house", "demo", "demo/week", "importer", "internal/pgown"),
	"tools/benchsolve": {},

	// Floor 4. HTTP, and what comes in and is shown without HTTP.
	"api":       except(all(), "api", "importer", "demo", "demo/week", "house", "internal/pg", "internal/pgown"),
	"importer":  with(except(business, "internal/pg"), "registry", "dispatch", "cases", "inventory", "evidence"),
	"demo":      except(all(), "demo", "demo/week"),
	"demo/week": except(all(), "demo/week"),

	// Floors 3 to 1. The domains. Dispatch and inventory never meet.
	"cases":     with(business, "registry", "dispatch", "evidence"),
	"dispatch":  with(business, "registry", "evidence", "dispatch/workday", "dispatch/solve", "dispatch/solve/check", "dispatch/formats", "internal/travel"),
	"inventory": with(business, "registry", "evidence", "inventory/gs1"),
	"registry":  business,
	"evidence":  business,
	"access":    business,

	// The warehouse: each flow stands on the ledger.
	"inventory/requests":  with(business, "inventory"),
	"inventory/returns":   with(business, "evidence", "inventory"),
	"inventory/uses":      with(business, "registry", "inventory", "inventory/returns"),
	"inventory/receiving": with(business, "evidence", "inventory", "inventory/gs1"),
	"inventory/counts":    with(business, "inventory", "inventory/gs1"),
	"inventory/audit":     with(business, "inventory"),
	"inventory/signals":   with(business, "inventory"),
	"inventory/scans":     with(business, "inventory", "inventory/gs1", "inventory/labels"),
	"inventory/labels":    {"internal/fault", "internal/paper", "inventory/gs1"},
	"inventory/gs1":       {"internal/fault", "internal/words"},
	"inventory/stocktest": {"evidence", "internal/fault", "internal/pg", "internal/pgtest", "internal/policy", "internal/queue", "internal/who", "inventory", "inventory/requests", "inventory/returns", "inventory/uses", "registry"},

	// Floor 0. What knows nothing of the trade.
	"dispatch/workday":         {"internal/geo"},
	"dispatch/solve":           {"dispatch/solve/genetic", "internal/fault", "internal/words"},
	"dispatch/solve/genetic":   {},
	"dispatch/solve/check":     {"dispatch/solve", "internal/fault", "internal/words"},
	"dispatch/formats":         {"dispatch/formats/budget", "dispatch/formats/chart", "dispatch/formats/native", "dispatch/formats/solomon", "dispatch/formats/vroom", "dispatch/solve"},
	"dispatch/formats/vroom":   {"dispatch/formats/budget", "dispatch/formats/chart", "dispatch/formats/stream", "dispatch/solve", "internal/fault", "internal/geo"},
	"dispatch/formats/native":  {"dispatch/formats/budget", "dispatch/formats/chart", "dispatch/formats/stream", "dispatch/solve", "internal/fault", "internal/geo", "internal/words"},
	"dispatch/formats/solomon": {"dispatch/formats/budget", "dispatch/formats/chart", "dispatch/solve", "internal/fault", "internal/words"},
	"dispatch/formats/budget":  {"dispatch/solve", "dispatch/solve/check", "internal/fault"},
	"dispatch/formats/chart":   {"dispatch/solve"},
	"dispatch/formats/stream":  {"internal/fault", "internal/words"},
	"migrations":               {},
	"mobile-contract":          {"internal/fault", "internal/words"},
	"internal/words":           {},
	"internal/who":             {},
	"internal/fault":           {"internal/words"},
	"internal/geo":             {"internal/fault", "internal/words"},
	"internal/travel":          {"internal/fault", "internal/geo", "internal/pg", "internal/words"},
	"internal/travel/osrm":     {"internal/fault", "internal/travel", "internal/words"},
	"internal/travel/roads":    {"internal/fault", "internal/geo", "internal/travel", "internal/words"},
	"internal/calendar":        {"internal/fault", "internal/words"},
	"internal/blob":            {"internal/fault"},
	"internal/paper":           {},
	"internal/drawn":           {},
	"internal/keyring":         {"internal/fault"},
	"internal/pg":              {"internal/fault", "internal/words", "migrations"},
	"internal/queue":           {"internal/pg", "internal/fault"},
	"internal/event":           {"internal/pg", "internal/who", "internal/fault"},
	"internal/once":            {"internal/pg", "internal/fault"},
	"internal/policy":          {"internal/calendar", "internal/event", "internal/fault", "internal/pg", "internal/who", "internal/words"},
	"internal/pgown":           {"internal/fault", "internal/words"},
	"internal/pgtest":          {"internal/pg", "internal/pgown", "migrations"},
}

// only says which of our packages may know a module of someone else's. A package with net/http
// that neither serves nor is the demo speaks to somebody outside.
var only = map[string][]string{
	"gorm.io/":                      {"internal/pg"},
	"github.com/gin-gonic/gin":      {"api"},
	"github.com/golang-jwt/jwt":     {"api"},
	"net/http":                      {"api", "cmd/callout", "demo", "house", "internal/travel/osrm"},
	"gocloud.dev/":                  {"internal/blob"},
	"github.com/riverqueue/river":   {"internal/queue", "internal/pg", "migrations"},
	"github.com/pressly/goose":      {"migrations"},
	"github.com/alecthomas/kong":    {"cmd/callout"},
	"github.com/getkin/kin-openapi": {},
}

// pure are the packages that compute and nothing else, and impure is what they do without: the
// same question must give the same plan, byte for byte.
var (
	pure   = []string{"dispatch/workday", "dispatch/solve", "dispatch/solve/check", "dispatch/solve/genetic", "internal/geo", "inventory/gs1"}
	impure = []string{"context", "database", "log", "net", "os"}
)

func TestEveryPackageHasItsPlace(t *testing.T) {
	for p := range packages(t) {
		from, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours {
			continue
		}
		allowed, drawn := mayImport[from]
		if !drawn {
			t.Errorf("%s has no place in the layout: draw it in mayImport", from)
		}
		for _, imp := range p.Imports {
			if to, ours := strings.CutPrefix(imp, module); ours && !slices.Contains(allowed, to) {
				t.Errorf("%s must not import %s", from, to)
			}
			if root, _, _ := strings.Cut(imp, "/"); slices.Contains(pure, from) && slices.Contains(impure, root) {
				t.Errorf("%s is pure: it must not import %s", from, imp)
			}
			for theirs, who := range only {
				if strings.HasPrefix(imp, theirs) && !slices.Contains(who, from) {
					t.Errorf("%s must not import %s", from, imp)
				}
			}
		}
	}
}

// listed is a package as the go command describes it.
type listed struct {
	ImportPath string
	Dir        string
	Export     string
	GoFiles    []string
	Imports    []string
}

// packages lists the module's packages, with more flags of go list where they are asked for.
func packages(t *testing.T, flags ...string) func(func(listed) bool) {
	t.Helper()
	args := append(append([]string{"list", "-e", "-json=ImportPath,Dir,Export,GoFiles,Imports"}, flags...), "./...")
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if err != nil {
		if failed, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("go list: %s", failed.Stderr)
		}
		t.Fatal(err)
	}
	return func(yield func(listed) bool) {
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var p listed
			if err := d.Decode(&p); err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			if !yield(p) {
				return
			}
		}
	}
}

// all are the packages that the binary may be made of: pgtest is for tests.
func all() []string {
	return with(except(business), "access", "api", "cases", "demo", "demo/week", "dispatch", "dispatch/formats", "dispatch/formats/budget", "dispatch/formats/chart", "dispatch/formats/native", "dispatch/solve", "dispatch/solve/check", "dispatch/solve/genetic", "dispatch/workday", "evidence",
		"house", "importer", "internal/once", "internal/pgown", "internal/travel", "internal/travel/osrm", "internal/travel/roads", "inventory", "inventory/audit", "inventory/counts", "inventory/gs1", "inventory/labels", "inventory/receiving", "inventory/requests", "inventory/returns", "inventory/scans",
		"inventory/signals", "inventory/uses", "migrations", "mobile-contract", "registry")
}

func with(packages []string, more ...string) []string { return slices.Concat(packages, more) }

func except(packages []string, but ...string) []string {
	return slices.DeleteFunc(slices.Clone(packages), func(p string) bool { return slices.Contains(but, p) })
}
