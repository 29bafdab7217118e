// Command benchsolve measures callout solve on public instances and on days of field service, and
// compares it with what is published of others. It runs the binary as users do, and counts the
// processor time and the memory of its process.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
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
	table := tabwriter.NewWriter(os.Stdout, 2, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "instance\tvalue\tbest or total\tgap or missed\tVROOM\tCPU-s\tMB\t")
	for i := range all {
		in := &all[i]
		if err := b.measure(in); err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%.2f %%\t%s\t%.2f\t%d\t\n", in.name, in.say(in.value), in.say(in.best), in.gap(in.value), in.peer(), in.cpu, in.megabytes)
		_ = table.Flush()
	}
	sets := bySet(all)
	_, _ = fmt.Fprintln(table, "\nset\tmean\tVROOM\tmust\taim\tCPU-s of each\t")
	for _, s := range sets {
		_, _ = fmt.Fprintf(table, "%s (%d)\t%.2f %%\t%.2f %%\t%.2f %%\t%.2f %%\t%g\t\n", s.name, s.count, s.mean, s.vroom, s.must, s.aim, s.budget)
	}
	_ = table.Flush()
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
