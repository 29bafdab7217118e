// Command benchsolve measures callout solve on public instances and on days of field service, and
// compares it with what was measured of VROOM. It runs the binary as users do, and counts the
// processor time and the memory of its process.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var b bench
	flag.StringVar(&b.binary, "callout", "bin/callout", "the binary")
	flag.StringVar(&b.data, "data", "", "the folder of vrptw and fs; ../shared/data, or the repository's copies")
	flag.StringVar(&b.only, "only", "", "measure instances whose name contains this")
	flag.IntVar(&b.seeds, "seeds", 1, "runs of each instance; the table shows their median")
	chart := flag.String("chart", "", "draw the figures into this file")
	flag.Parse()
	if err := b.run(*chart); err != nil {
		fmt.Fprintln(os.Stderr, "benchsolve:", err)
		os.Exit(1)
	}
}

// bench is what is to be measured, and with what.
type bench struct {
	binary, data, only string
	seeds              int
	scratch            string
}

func (b *bench) run(chart string) error {
	all, err := b.instances()
	if err != nil {
		return err
	}
	if b.scratch, err = os.MkdirTemp("", "benchsolve"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.scratch) }()
	fmt.Printf("%-9s %9s %13s %14s %16s %7s %5s\n", "instance", "value", "best or total", "gap or missed", "VROOM", "CPU-s", "MB")
	for i := range all {
		in := &all[i]
		if err := b.measure(in); err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		fmt.Printf("%-9s %9s %13s %12.2f %% %16s %7.2f %5d\n", in.name, in.say(in.value), in.say(in.best), in.gap(in.value), in.peer(), in.cpu, in.megabytes)
	}
	sets := bySet(all)
	fmt.Printf("\n%-12s %8s %8s %8s %8s %14s\n", "set", "mean", "VROOM", "must", "aim", "CPU-s of each")
	for _, s := range sets {
		fmt.Printf("%-12s %6.2f %% %6.2f %% %6.2f %% %6.2f %% %14g\n", fmt.Sprintf("%s (%d)", s.name, s.count), s.mean, s.vroom, s.must, s.aim, s.budget)
	}
	if chart == "" {
		return nil
	}
	return draw(chart, sets)
}

// instances are what there is to be measured: of the data that is at hand, and of the generator.
func (b *bench) instances() ([]instance, error) {
	if b.data == "" {
		b.data = "../shared/data"
		if _, err := os.Stat(b.data); err != nil {
			b.data = "dispatch/formats/testdata"
		}
	}
	var all []instance
	err := filepath.WalkDir(b.data, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if in, known := named(strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".txt"), ".vroom.json")); known && !strings.HasSuffix(path, ".fs.json") {
			in.path = path
			all = append(all, in)
		}
		return nil
	})
	for name := range days {
		if in, _ := named(name); !slices.ContainsFunc(all, func(o instance) bool { return o.name == name }) {
			all = append(all, in)
		}
	}
	all = slices.DeleteFunc(all, func(in instance) bool { return !strings.Contains(in.name, b.only) })
	slices.SortFunc(all, func(x, y instance) int { return strings.Compare(x.order(), y.order()) })
	return all, err
}
