package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
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
	Seconds    *float64       `env:"SOLVE_SECONDS" xor:"budget" help:"Search so long; 10 where nothing is said."`
	CPUSeconds *float64       `env:"SOLVE_CPU_SECONDS" xor:"budget" name:"cpu-seconds" help:"Search until the process has used so much processor time, reading included."`
	Iterations *int64         `env:"SOLVE_ITERATIONS" xor:"budget" help:"Search so many steps in each thread, counted in whole rounds of 128: the same plan every time."`
	Threads    *int           `env:"SOLVE_THREADS" help:"Search with so many threads: one where nothing is said, with --seconds one on each core."`
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

// What the flags may say.
const (
	longestSearch = 366 * 86400 // seconds
	mostSteps     = 1<<53 - 1
	mostThreads   = 64
)

// Validate says which flags of the search make no sense.
func (s *solver) Validate() error {
	var f fault.Faults
	span := func(name string, seconds *float64) {
		if seconds != nil && (math.IsNaN(*seconds) || *seconds <= 0 || *seconds > longestSearch) {
			f.Add(name, "must be above 0 and at most %d", longestSearch)
		}
	}
	span("--seconds", s.Seconds)
	span("--cpu-seconds", s.CPUSeconds)
	if s.Iterations != nil && (*s.Iterations < 1 || *s.Iterations > mostSteps) {
		f.Add("--iterations", "must be from %d to %d", 1, mostSteps)
	}
	if s.Threads != nil && (*s.Threads < 1 || *s.Threads > mostThreads) {
		f.Add("--threads", "must be from %d to %d", 1, mostThreads)
	}
	return f.Err(fault.Invalid, "there cannot be such a search")
}

// Run reads the problem, searches, and writes the plan.
func (s *solver) Run(ctx context.Context) error {
	out, err := openOut(s.Out)
	if err != nil {
		return err
	}
	if s.SVG == "" {
		return errors.Join(s.solve(ctx, out, nil), out.close())
	}
	drawing, err := openOut(s.SVG)
	if err != nil {
		return errors.Join(err, out.close())
	}
	return errors.Join(s.solve(ctx, out, drawing), out.close(), drawing.close())
}

// solve searches, writes the plan and draws it where a drawing is wanted.
func (s *solver) solve(ctx context.Context, out, drawing *outfile) error {
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
	if err := out.write(func(w io.Writer) error { return doc.Write(w, plan, effort) }); err != nil || drawing == nil {
		return err
	}
	return drawing.write(func(w io.Writer) error { return chart.Draw(w, doc.Problem(), plan, doc.Names()) })
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
	b := budget.Budget{Iterations: flag(s.Iterations), Seconds: flag(s.Seconds), CPUSeconds: flag(s.CPUSeconds), Threads: flag(s.Threads)}
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

// flag is what a flag says, or 0 where it is silent.
func flag[N int | int64 | float64](said *N) N {
	if said == nil {
		return 0
	}
	return *said
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
