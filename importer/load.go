package importer

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory"
	"callout/registry"

	"golang.org/x/sync/errgroup"
)

// Doors are those through which a record comes in.
type Doors struct {
	Register *registry.Register
	Desk     *cases.Desk
	Board    *dispatch.Board
	Ledger   *inventory.Ledger
	// InTx runs a function in a transaction that the doors join, and undoes it where it fails.
	InTx func(context.Context, func(context.Context) error) error
}

// Options say how to load.
type Options struct {
	DryRun   bool         // try everything and keep nothing
	Progress func(Report) // told after each row, one call at a time; may be nil
}

// Report says what became of each row that was read. Read is always Added plus There plus Refused.
type Report struct {
	Read     int
	Added    int
	There    int // were there already
	Refused  int
	Blank    int       // empty lines, which are no rows
	Refusals []Refusal // by line
}

// hands is how many records are loaded at once: enough to keep two processors busy, one with
// Postgres and one with us.
const hands = 4

// Load reads a file and loads its records, each in a transaction of its own: a record that a door
// refuses leaves nothing behind and becomes a refused row. Records that share a customer, a site
// or a product come in the order of the file, so that the outcome does not depend on chance. It
// fails where the file or the database does; what was loaded by then stays, and another run
// completes it.
func Load(ctx context.Context, d Doors, m *Mapping, r io.Reader, o Options) (Report, error) {
	l := newLoading(d, o, m)
	err := l.run(ctx, func(give func(Row) error) error {
		t, err := m.Read(r, give)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.report.Blank = t.Blank
		return err
	})
	return l.report, err
}

// LoadRecords is Load for records that were read before by a mapping.
func LoadRecords(ctx context.Context, d Doors, m *Mapping, all []Record, o Options) (Report, error) {
	l := newLoading(d, o, m)
	err := l.run(ctx, func(give func(Row) error) error {
		for i := range all {
			if err := give(Row{Record: &all[i]}); err != nil {
				return err
			}
		}
		return nil
	})
	return l.report, err
}

// loading is one run of Load.
type loading struct {
	Doors
	Options

	mapping *Mapping
	parts   *catalogue
	mu      sync.Mutex
	report  Report
	order   queues
}

func newLoading(d Doors, o Options, m *Mapping) *loading {
	return &loading{Doors: d, Options: o, mapping: m, parts: newCatalogue(d.Ledger), order: queues{}}
}

// run has hands load what read gives.
func (l *loading) run(ctx context.Context, read func(give func(Row) error) error) error {
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan turn)
	group.Go(func() error {
		defer close(work)
		return read(func(r Row) error {
			if r.Refusal != nil {
				l.count(refused, *r.Refusal)
				return ctx.Err()
			}
			select {
			case work <- l.order.join(*r.Record):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	for range hands {
		group.Go(func() error {
			for t := range work {
				if err := l.take(ctx, t); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	slices.SortFunc(l.report.Refusals, func(a, b Refusal) int { return cmp.Compare(a.Line, b.Line) })
	return err
}

// take loads one record when its turn has come.
func (l *loading) take(ctx context.Context, t turn) error {
	defer t.done()
	if err := t.wait(ctx); err != nil {
		return err
	}
	r := t.record
	added, err := l.load(ctx, r)
	if f, ok := errors.AsType[*fault.Error](err); ok && refuses(f.Code) {
		l.count(refused, Refusal{r.Line, r.Lines, r.Key.ID, reasons(f)})
		return nil
	}
	if err != nil {
		return err
	}
	if added {
		l.count(wasAdded, Refusal{})
	} else {
		l.count(wasThere, Refusal{})
	}
	return nil
}

// refuses says whether a fault of the code is about the record, not about us.
func refuses(c fault.Code) bool {
	return c == fault.Invalid || c == fault.Conflict || c == fault.NotFound || c == fault.Forbidden
}

// reasons are those of a fault, each with the field that it is about.
func reasons(f *fault.Error) []words.Text {
	if len(f.Fields) == 0 {
		return []words.Text{f.Detail}
	}
	all := make([]words.Text, len(f.Fields))
	for i, each := range f.Fields {
		all[i] = words.Say("%s: %s", each.Pointer, each.Detail)
	}
	return all
}

// fate is what became of a row.
type fate int

const (
	wasAdded fate = iota
	wasThere
	refused
)

func (l *loading) count(f fate, why Refusal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.report.Read++
	switch f {
	case wasAdded:
		l.report.Added++
	case wasThere:
		l.report.There++
	case refused:
		l.report.Refused++
		l.report.Refusals = append(l.report.Refusals, why)
	}
	if l.Progress != nil {
		l.Progress(l.report)
	}
}
