package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"callout/importer"
	"callout/internal/fault"
	"callout/internal/words"
)

// imports loads service requests of another system.
type imports struct {
	Place
	Mapping string   `required:"" type:"path" help:"The YAML file that says what the columns mean (importer/README.md)."`
	DryRun  bool     `help:"Try everything and keep nothing."`
	Report  string   `type:"path" help:"Write every refused row with its line and reasons to this file: CSV, or JSON where it is named .json."`
	Files   []string `arg:"" name:"file" type:"path" help:"CSV files. One that was imported before adds nothing."`
}

// refusedRow is a row of a file that was not taken.
type refusedRow struct {
	File    string   `json:"file"`
	Line    int      `json:"line"`
	ID      string   `json:"id"`
	Reasons []string `json:"reasons"`
}

// Run loads the files one after the other. It works beside a Callout that serves. It fails where rows were refused.
func (i *imports) Run(ctx context.Context) (err error) {
	m, err := i.mapping()
	if err != nil {
		return err
	}
	// Every header is read before the first row is loaded.
	totals := make([]int, len(i.Files))
	for n, file := range i.Files {
		if totals[n], err = count(m, file); err != nil {
			return err
		}
	}
	h, leave, err := i.enter(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	doors := importer.Doors{Register: h.Register, Desk: h.Desk, Board: h.Board, Ledger: h.Ledger, InTx: h.DB.InTx}
	var refused []refusedRow
	rows := 0
	for n, file := range i.Files {
		r, err := i.load(ctx, doors, m, file, totals[n])
		tell(os.Stdout, words.Say("%s: %d rows read, %d added, %d already there, %d refused", filepath.Base(file), r.Read, r.Added, r.There, r.Refused))
		if err != nil {
			return err
		}
		rows += r.Read
		refused = append(refused, rowsOf(file, r.Refusals)...)
	}
	if i.DryRun {
		tell(os.Stdout, words.Say("This was a dry run: nothing was kept."))
	}
	if err := i.write(refused); err != nil {
		return err
	}
	if len(refused) > 0 {
		i.list(refused)
		return fault.New(fault.Invalid, "%d of %d rows were refused", len(refused), rows)
	}
	return nil
}

func (i *imports) mapping() (*importer.Mapping, error) {
	b, err := os.ReadFile(i.Mapping)
	if err != nil {
		return nil, unreadable(i.Mapping, err)
	}
	return importer.Parse(b, os.DirFS(filepath.Dir(i.Mapping)), importer.Words())
}

// count reads a file without loading it.
func count(m *importer.Mapping, file string) (int, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, unreadable(file, err)
	}
	defer func() { _ = f.Close() }()
	t, err := m.Read(f, func(importer.Row) error { return nil })
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return 0, &fault.Error{Code: e.Code, Detail: words.Say("%s: %s", filepath.Base(file), e.Detail), Fields: e.Fields}
	}
	return t.Read, unreadable(file, err)
}

func (i *imports) load(ctx context.Context, d importer.Doors, m *importer.Mapping, file string, total int) (importer.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return importer.Report{}, unreadable(file, err)
	}
	defer func() { _ = f.Close() }()
	bar := newBar(filepath.Base(file), total)
	defer bar.end()
	return importer.Load(ctx, d, m, f, importer.Options{DryRun: i.DryRun, Progress: func(r importer.Report) { bar.at(r.Read) }})
}

// rowsOf says the refusals of a file in the terminal's language.
func rowsOf(file string, refusals []importer.Refusal) []refusedRow {
	all := make([]refusedRow, len(refusals))
	for n, r := range refusals {
		all[n] = refusedRow{File: filepath.Base(file), Line: r.Line, ID: r.ID, Reasons: make([]string, len(r.Reasons))}
		for k, why := range r.Reasons {
			all[n].Reasons[k] = why.In(language())
		}
	}
	return all
}

// listed is how many refused rows are shown where the rest can be read in a file.
const listed = 20

func (i *imports) list(refused []refusedRow) {
	for n, r := range refused {
		if n == listed && len(refused) > listed+1 {
			tell(os.Stdout, words.Say("  … and %d more; --report FILE writes them all", len(refused)-n))
			return
		}
		tell(os.Stdout, words.Say("  %s, line %d: %s", r.File, r.Line, strings.Join(r.Reasons, "; ")))
	}
}

// write writes the report, where one was asked for.
func (i *imports) write(refused []refusedRow) error {
	if i.Report == "" {
		return nil
	}
	f, err := os.Create(i.Report)
	if err != nil {
		return err
	}
	if strings.HasSuffix(i.Report, ".json") {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if refused == nil {
			refused = []refusedRow{}
		}
		err = e.Encode(refused)
	} else {
		err = writeCSV(f, refused)
	}
	return errors.Join(err, f.Close())
}

func writeCSV(w io.Writer, refused []refusedRow) error {
	// Excel takes a CSV file for UTF-8 only where it begins like this.
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{{"file", "line", "id", "reasons"}}
	for _, r := range refused {
		rows = append(rows, []string{r.File, strconv.Itoa(r.Line), r.ID, strings.Join(r.Reasons, "; ")})
	}
	return out.WriteAll(rows)
}

// tell says a sentence in the terminal's language.
func tell(w io.Writer, t words.Text) { _, _ = fmt.Fprintln(w, t.In(language())) }
