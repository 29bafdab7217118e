package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"callout/house"
	"callout/importer"
	"callout/internal/event"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// State is how far the demo is in an operation.
type State int

// The states.
const (
	Absent  State = iota // nothing is there: the demo may be loaded
	Begun                // loading was broken off: Load completes it
	Loaded               // all of it is there
	Foreign              // somebody works here already: the demo stays out
)

// subject is what the two events of the demo are about: that loading began, and that it ended.
var subject = uuid.MustParse("01900000-0000-7000-8000-0000000000de")

const (
	kindBegun  = "demo.begun"
	kindLoaded = "demo.loaded"
)

// begun says for which day the demo is made, so that another start completes the same one.
type begun struct {
	Day string `json:"day"`
}

const emptySQL = `SELECT NOT EXISTS (SELECT FROM outlets) AND NOT EXISTS (SELECT FROM customers)
	AND NOT EXISTS (SELECT FROM skills) AND NOT EXISTS (SELECT FROM parts)`

// Look says how far the demo is in a database, and the day that it is made for; where nothing is
// there yet that is the day of now.
func Look(ctx context.Context, db *pg.DB, now time.Time) (State, Day, error) {
	day, err := On(now)
	if err != nil {
		return 0, Day{}, err
	}
	history, err := event.History(ctx, db, subject, 2)
	if err != nil {
		return 0, Day{}, err
	}
	if len(history) == 0 {
		empty, err := pg.One[bool](ctx, db, emptySQL)
		if err != nil {
			return 0, Day{}, fmt.Errorf("look for a demo: %w", err)
		}
		if empty {
			return Absent, day, nil
		}
		return Foreign, day, nil
	}
	var b begun
	if err := json.Unmarshal(history[0].Data, &b); err != nil {
		return 0, Day{}, fmt.Errorf("look for a demo: %w", err)
	}
	if day.date, err = time.Parse(time.DateOnly, b.Day); err != nil {
		return 0, Day{}, fmt.Errorf("look for a demo: %w", err)
	}
	if len(history) > 1 {
		return Loaded, day, nil
	}
	return Begun, day, nil
}

// Options say how the demo is loaded.
type Options struct {
	Accounts []Account
	Progress func(what words.Noun, done, total int) // may be nil
}

// Summary counts what the demo holds.
type Summary struct {
	Outlets, Technicians, Jobs, Assigned int
}

// lock keeps two processes from loading the demo at once.
const lock = 72731

// Load loads the demo of a day into a house whose clock stands at day.Planned, unless it is there.
// What another start had loaded before it was broken off stays, and the rest is added.
func Load(ctx context.Context, h *house.House, day Day, o Options) (s Summary, err error) {
	l := &loader{House: h, Options: o, day: day}
	err = h.DB.InTx(ctx, func(tx context.Context) error {
		// This transaction does nothing but hold the lock while others do the work.
		if _, err := pg.Exec(tx, h.DB, `SELECT pg_advisory_xact_lock($1)`, lock); err != nil {
			return fmt.Errorf("load demo: %w", err)
		}
		state, _, err := Look(ctx, h.DB, day.Planned(time.Now()))
		if err != nil || state == Loaded || state == Foreign {
			return err
		}
		if state == Absent {
			if err := l.mark(ctx, kindBegun, begun{day.String()}); err != nil {
				return err
			}
		}
		if s, err = l.load(ctx); err != nil {
			return err
		}
		return l.mark(ctx, kindLoaded, s)
	})
	return s, err
}

// mark writes one of the two events.
func (l *loader) mark(ctx context.Context, kind string, data any) error {
	return l.DB.InTx(ctx, func(ctx context.Context) error {
		return event.Append(ctx, l.DB, who.System, l.day.Planned(time.Now()), event.Entry{Kind: kind, SubjectID: subject, Data: data})
	})
}

// loader loads one demo. What it has opened or found is known by code.
type loader struct {
	*house.House
	Options

	day     Day
	only    string    // code of the one outlet to load; "" loads all
	now     time.Time // where it is set, everybody works around it instead of by his shifts
	outlets map[string]uuid.UUID
	skills  map[string]uuid.UUID
	parts   map[string]uuid.UUID
	places  map[string]uuid.UUID
	users   map[string]uuid.UUID // by technician's code
}

func (l *loader) load(ctx context.Context) (s Summary, err error) {
	for _, step := range []func(context.Context, *Summary) error{
		l.openOutlets, l.openSkills, l.openParts, l.openSuppliers, l.openWarehouses, l.openUsers, l.hireTechnicians, l.takeRequests, l.assign,
	} {
		if err := step(ctx, &s); err != nil {
			return s, fmt.Errorf("load demo: %w", err)
		}
	}
	return s, nil
}

func (l *loader) tell(what words.Noun, done, total int) {
	if l.Progress != nil {
		l.Progress(what, done, total)
	}
}

// takeRequests imports the requests of the day.
func (l *loader) takeRequests(ctx context.Context, s *Summary) error {
	m, err := Mapping(importer.Words())
	if err != nil {
		return err
	}
	all, err := Requests(importer.Words(), FirstFile)
	if err != nil {
		return err
	}
	for i, r := range all {
		all[i] = l.day.Move(r)
	}
	doors := importer.Doors{Register: l.Register, Desk: l.Desk, Board: l.Board, Ledger: l.Ledger, InTx: l.DB.InTx}
	r, err := importer.LoadRecords(ctx, doors, m, all, importer.Options{Progress: func(r importer.Report) {
		l.tell("requests", r.Read, len(all))
	}})
	if err == nil && r.Refused > 0 {
		err = fmt.Errorf("line %d of %s: %v", r.Refusals[0].Line, FirstFile, r.Refusals[0].Reasons)
	}
	s.Jobs = r.Added + r.There
	return err
}
