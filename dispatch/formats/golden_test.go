package formats_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"callout/dispatch/formats"
	"callout/dispatch/formats/budget"
	"callout/dispatch/formats/chart"
	"callout/dispatch/formats/native"
	"callout/dispatch/solve"
	"callout/internal/words"
	contract "callout/mobile-contract"
)

var update = flag.Bool("update", false, "write the golden files anew")

func open(t *testing.T, name string) formats.Document {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d, err := formats.Read(f, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func planned(t *testing.T, d formats.Document, b budget.Budget) (*solve.Plan, []byte) {
	t.Helper()
	plan, _, err := budget.Solve(d.Problem(), b, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	// What a clock measures is another each time.
	if err := d.Write(&out, plan, budget.Effort{Seconds: 1.25, CPUSeconds: 1.5, Iterations: 2000, Seed: 7, Threads: 1}); err != nil {
		t.Fatal(err)
	}
	return plan, out.Bytes()
}

// The problems are so small that there is one best plan, which every search finds.
func TestPlansAreWrittenAsTheFormatSays(t *testing.T) {
	t.Parallel()
	for name, golden := range map[string]string{
		"small.txt": "small.txt.plan.json", "small.vroom.json": "small.vroom.plan.json", "day.json": "day.plan.json", "small.coordinates.json": "small.coordinates.plan.json",
	} {
		_, got := planned(t, open(t, name), budget.Budget{Iterations: 2000, Seed: 7})
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, got, "", "  "); err != nil {
			t.Fatal(err)
		}
		path := "testdata/golden/" + golden
		if *update {
			if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(pretty.Bytes(), want) {
			t.Errorf("%s: %s differs:\n%s", name, golden, &pretty)
		}
	}
}

func TestTheSameSeedWritesTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, threads := range []int{1, 2} {
		b := budget.Budget{Iterations: 3000, Seed: 3, Threads: threads}
		_, first := planned(t, open(t, "fs50a.vroom.json"), b)
		_, again := planned(t, open(t, "fs50a.vroom.json"), b)
		if !bytes.Equal(first, again) {
			t.Errorf("%d threads: another plan", threads)
		}
	}
}

func TestATraceWritesTheSameBytes(t *testing.T) {
	t.Parallel()
	d := open(t, "fs50a.vroom.json")
	plan, first := planned(t, d, budget.Budget{Seconds: .2, Seed: 5, Threads: 2})
	_, again := planned(t, d, budget.Budget{Seed: 5, Trace: plan.Trace})
	if !bytes.Equal(first, again) {
		t.Error("what the clock did once gives another plan")
	}
}

func TestASearchEndsWhenItIsStopped(t *testing.T) {
	t.Parallel()
	asked := 0
	stop := func() bool { asked++; return asked > 3 }
	plan, effort, err := budget.Solve(open(t, "fs50a.vroom.json").Problem(), budget.Budget{Iterations: 1 << 50}, stop, nil)
	if err != nil || plan == nil || effort.Iterations >= 1<<50 || effort.CPUSeconds <= 0 {
		t.Errorf("%+v, %v", effort, err)
	}
}

// operation is what the contract says of an operation.
func operation(t *testing.T, id string) *contract.Operation {
	t.Helper()
	law, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range law.Operations {
		if op.ID == id {
			return op
		}
	}
	t.Fatalf("no operation %s", id)
	return nil
}

func TestTheContractAndTheReadersAgree(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"day.json": "solveProblem", "small.vroom.json": "solveVroom", "small.coordinates.json": "solveVroom", "fs50a.vroom.json": "solveVroom"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		op := operation(t, id)
		if faults, malformed := op.Body.CheckJSON(b); len(faults) > 0 || malformed {
			t.Errorf("%s does not fit the contract: %v", name, faults)
		}
		_, plan := planned(t, open(t, name), budget.Budget{Iterations: 500})
		if err := op.CheckAnswer(200, func(string) string { return "application/json" }, plan); err != nil {
			t.Error(err)
		}
	}
}

func TestReasonsAreSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	d := open(t, "day.json").(*native.Document)
	plan, _ := planned(t, d, budget.Budget{Iterations: 500})
	for language, want := range map[words.Language]string{words.English: "nobody who may do it holds the certificates", words.Chinese: "获准执行的工程师都没有所需资质"} {
		p := d.Plan(plan, budget.Effort{}).In(language)
		if len(p.Unserved) != 1 || p.Unserved[0].Job != "J-5" || p.Unserved[0].Text != want {
			t.Errorf("%+v, want J-5: %s", p.Unserved, want)
		}
	}
}

func TestDrawingsAreWhole(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"day.json":         {"J-5", "Ma", "prefers-color-scheme"},
		"small.vroom.json": {"boiler", "Ma"},
		"R109.txt":         {"R109", "100 jobs"},
	} {
		d := open(t, name)
		plan, _ := planned(t, d, budget.Budget{Iterations: 500})
		var svg bytes.Buffer
		if err := chart.Draw(&svg, d.Problem(), plan, d.Names()); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(svg.String(), w) {
				t.Errorf("%s: the drawing does not say %q", name, w)
			}
		}
		for x := xml.NewDecoder(&svg); ; {
			if _, err := x.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
}
