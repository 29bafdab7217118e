package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"callout/dispatch/formats"
	"callout/dispatch/formats/budget"
	"callout/dispatch/formats/chart"
	"callout/dispatch/formats/native"
	"callout/dispatch/solve"
	"callout/internal/fault"
	"callout/internal/words"
)

// solver plans what a file says.
type solver struct {
	Format     formats.Format `env:"SOLVE_FORMAT" enum:"vroom,solomon,callout,auto" default:"auto" help:"What the file is: vroom, solomon, callout; auto tells by how it begins."`
	Seconds    float64        `env:"SOLVE_SECONDS" xor:"budget" help:"Search so long; 10 where nothing is said."`
	CPUSeconds float64        `env:"SOLVE_CPU_SECONDS" xor:"budget" name:"cpu-seconds" help:"Search until the process has used so much processor time, reading included."`
	Iterations int64          `env:"SOLVE_ITERATIONS" xor:"budget" help:"Search so many steps in each thread: the same plan every time."`
	Threads    int            `env:"SOLVE_THREADS" help:"Search with so many threads: one where nothing is said, with --seconds one on each core."`
	Seed       *uint64        `env:"SOLVE_SEED" help:"Begin the search another way."`
	Out        string         `env:"SOLVE_OUT" type:"path" help:"Write the plan to this file instead of standard output."`
	SVG        string         `env:"SOLVE_SVG" type:"path" name:"svg" help:"Draw the plan into this file."`
	Progress   bool           `env:"SOLVE_PROGRESS" help:"Tell of better plans on standard error as they are found."`
	Problem    string         `arg:"" help:"The file of the problem; - is standard input."`
}

// Help says what the codes of the end mean.
func (*solver) Help() string {
	return "Ends with 0 and a plan, also where it is interrupted; with 1 where the problem cannot be understood or no file be written; " +
		"with 2 where the flags cannot. Every plan is checked by other code than the search's before it is written."
}

// Run reads the problem, searches, and writes the plan.
func (s *solver) Run(ctx context.Context) error {
	if s.Seconds < 0 || s.CPUSeconds < 0 || s.Iterations < 0 || s.Threads < 0 {
		return fault.New(fault.Invalid, "a budget and a number of threads are above 0")
	}
	doc, err := s.read()
	if err != nil {
		return err
	}
	// The first interrupt ends the search with the best plan so far, the second the process.
	go func() {
		<-ctx.Done()
		signal.Reset(os.Interrupt, syscall.SIGTERM)
	}()
	stop := func() bool { return ctx.Err() != nil }
	plan, effort, err := budget.Solve(doc.Problem(), s.budget(doc), stop, s.improved())
	if err != nil {
		return err
	}
	if err := toFile(s.Out, func(w io.Writer) error { return doc.Write(w, plan, effort) }); err != nil {
		return err
	}
	if s.SVG == "" {
		return nil
	}
	return toFile(s.SVG, func(w io.Writer) error { return chart.Draw(w, doc.Problem(), plan, doc.Names()) })
}

func (s *solver) read() (formats.Document, error) {
	format := s.Format
	if format == "auto" {
		format = ""
	}
	if s.Problem == "-" {
		return formats.Read(os.Stdin, format)
	}
	f, err := os.Open(s.Problem)
	if err != nil {
		return nil, unreadable(s.Problem, err)
	}
	defer func() { _ = f.Close() }()
	doc, err := formats.Read(f, format)
	if _, told := errors.AsType[*fault.Error](err); err != nil && !told {
		return nil, unreadable(s.Problem, err)
	}
	return doc, err
}

// budget is what the flags say, and where they are silent, what the document says.
func (s *solver) budget(doc formats.Document) budget.Budget {
	b := budget.Budget{Iterations: s.Iterations, Seconds: s.Seconds, CPUSeconds: s.CPUSeconds, Threads: s.Threads}
	own, ours := doc.(*native.Document)
	if ours {
		o := own.Options
		b.Seed, b.Threads = o.Seed, cmp.Or(b.Threads, o.Threads)
		if b.Iterations == 0 && b.Seconds == 0 && b.CPUSeconds == 0 {
			b.Iterations, b.Seconds, b.Trace = o.Iterations, o.Seconds, o.Trace
		}
	}
	if s.Seed != nil {
		b.Seed = *s.Seed
	}
	return b
}

// improved writes the scores of better plans to standard error, where somebody wants to know.
func (s *solver) improved() func(*solve.Plan) {
	if !s.Progress {
		return nil
	}
	return func(p *solve.Plan) {
		tell(os.Stderr, words.Say("%.1f s: %d unserved, score %s", budget.CPU(), len(p.Unserved), fmt.Sprint(p.Score)))
	}
}

// toFile writes a file, or standard output where it has no name.
func toFile(name string, write func(io.Writer) error) error {
	if name == "" {
		return write(os.Stdout)
	}
	f, err := os.Create(name)
	if err != nil {
		return unreadable(name, err)
	}
	return errors.Join(write(f), f.Close())
}
