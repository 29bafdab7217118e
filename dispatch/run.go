package dispatch

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Run is a mass assignment: it books a day's open jobs, outlet by outlet, and says what became of each.
type Run struct {
	ID          uuid.UUID
	Status      RunStatus
	Day         time.Time // a date, by the clock of each outlet
	DryRun      bool      // only says what it would do
	Outlets     []uuid.UUID
	OutletID    *uuid.UUID // whose user asked; nil: the central desk
	Total       int        // jobs to look at
	Done        int        // jobs whose fate is known
	Assigned    int        // of those
	Results     Results
	Failure     *string
	RequestedBy requester
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// RunStatus is where a mass assignment stands.
type RunStatus string

// The statuses of a mass assignment.
const (
	RunQueued  RunStatus = "queued"
	RunRunning RunStatus = "running"
	RunDone    RunStatus = "done"
	RunFailed  RunStatus = "failed"
)

// NewRun asks for a mass assignment.
type NewRun struct {
	Day     time.Time
	Outlets []uuid.UUID // nil is every active outlet that one sees
	DryRun  bool
}

// runLife is how long a run is tried again before it has failed.
const runLife = time.Hour

// massAssignment is the queue's task of one run.
type massAssignment struct {
	RunID uuid.UUID `json:"run_id"`
}

// Kind names the task.
func (massAssignment) Kind() string { return "mass_assignment" }

// Work says who does the board's tasks. Call it before the queue works.
func (b *Board) Work(q *queue.Queue) {
	queue.Handle(q, 15*time.Minute, b.assignMass)
	b.workSlots(q)
}

// StartRun has the open jobs of a day assigned in the background: the urgent ones first, and among
// them those first that would lose most by waiting. FindRun tells how far it is.
func (b *Board) StartRun(ctx context.Context, by who.Actor, n NewRun) (r Run, err error) {
	at := b.now()
	r = Run{
		ID: uuid.Must(uuid.NewV7()), Status: RunQueued, Day: n.Day, DryRun: n.DryRun, OutletID: by.OutletID,
		Results: Results{}, RequestedBy: requesterOf(by), Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		var bad fault.Faults
		if r.Outlets, bad, err = b.runOutlets(ctx, by, n); err != nil {
			return err
		}
		if err := bad.Err(fault.Invalid, "the day cannot be assigned like this"); err != nil {
			return err
		}
		if err := insertRun(ctx, b.db, r); err != nil {
			return err
		}
		if err := b.Queue.Add(ctx, massAssignment{r.ID}); err != nil {
			return err
		}
		return event.Append(ctx, b.db, by, at, event.Entry{Kind: "run.started", SubjectID: r.ID, OutletID: by.OutletID, Data: map[string]any{
			"day": r.Day.Format(time.DateOnly), "dry_run": r.DryRun, "outlets": len(r.Outlets),
		}})
	})
	return r, err
}

// FindRun returns one mass assignment.
func (b *Board) FindRun(ctx context.Context, by who.Actor, id uuid.UUID) (Run, error) {
	r, err := findRun(ctx, b.db, id)
	if err == nil && by.OutletID != nil && (r.OutletID == nil || *r.OutletID != *by.OutletID) {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("run"))
	}
	return r, err
}

const activeOutletsSQL = `
SELECT id, time_zone FROM outlets
WHERE status = 'active' AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid[] IS NULL OR id = ANY ($2)) ORDER BY id`

// runOutlets finds the outlets that are asked for, and says what is wrong: also a day that is over for all of them.
func (b *Board) runOutlets(ctx context.Context, by who.Actor, n NewRun) (ids []uuid.UUID, f fault.Faults, err error) {
	found, err := pg.Query[Outlet](ctx, b.db, activeOutletsSQL, by.OutletID, n.Outlets)
	if err != nil {
		return nil, nil, pg.Fault(err, "outlet")
	}
	known, over := map[uuid.UUID]bool{}, true
	for _, o := range found {
		ids, known[o.ID] = append(ids, o.ID), true
		_, ends := dayIn(n.Day, zoneOf(o.TimeZone))
		over = over && ends.Before(b.now())
	}
	for i, id := range n.Outlets {
		if !known[id] {
			f.Add(fmt.Sprintf("/outlet_ids/%d", i), "no such active %s", words.Noun("outlet"))
		}
	}
	if over && len(found) > 0 {
		f.Add("/day", "is over")
	}
	if len(found) == 0 && len(n.Outlets) == 0 {
		f.Add("/outlet_ids", "there is no active outlet")
	}
	return ids, f, nil
}

// requester is the acting person, for the worker.
type requester struct {
	UserID   uuid.UUID  `json:"user_id"`
	Name     string     `json:"name"`
	Roles    []who.Role `json:"roles"`
	OutletID *uuid.UUID `json:"outlet_id"`
}

// Value is the requester as the column keeps him.
func (r requester) Value() (driver.Value, error) { return json.Marshal(r) }

// Scan reads the column.
func (r *requester) Scan(src any) error {
	type plain requester
	var c pg.JSON[plain]
	err := c.Scan(src)
	*r = requester(c.V)
	return err
}

func requesterOf(by who.Actor) requester { return requester{by.UserID, by.Name, by.Roles, by.OutletID} }

func (r requester) actor() who.Actor {
	return who.Actor{UserID: r.UserID, Name: r.Name, Roles: r.Roles, OutletID: r.OutletID}
}

// assignMass does a run. It may be begun again at any point: jobs that it has booked are booked, and
// outlets that it has finished are finished.
func (b *Board) assignMass(ctx context.Context, task massAssignment) error {
	r, err := findRun(ctx, b.db, task.RunID)
	if err != nil || r.Status == RunDone || r.Status == RunFailed {
		return err
	}
	if r.Total, err = countOpen(ctx, b.db, r, b.now()); err != nil {
		return err
	}
	if err := b.progress(ctx, r); err != nil {
		return err
	}
	for _, outlet := range r.Outlets {
		if _, done := r.Results[outlet]; done {
			continue
		}
		if err := b.assignOutlet(ctx, &r, outlet); err != nil {
			if b.now().Sub(r.CreatedAt) > runLife {
				return failRun(ctx, b.db, r.ID, err, b.now())
			}
			return err
		}
	}
	return b.finishRun(ctx, r)
}

// finishRun ends a run, and tells what it did.
func (b *Board) finishRun(ctx context.Context, r Run) error {
	at := b.now()
	assigned, unserved, changed := 0, 0, 0
	for _, one := range r.Results {
		assigned, unserved, changed = assigned+one.Assigned, unserved+len(one.Unserved), changed+len(one.Changed)
	}
	return b.db.InTx(ctx, func(ctx context.Context) error {
		ended, err := pg.Exec(ctx, b.db, finishRunSQL, r.ID, at)
		if err != nil || ended == 0 {
			return pg.Fault(err, "run")
		}
		return event.Append(ctx, b.db, r.RequestedBy.actor(), at, event.Entry{Kind: "run.done", SubjectID: r.ID, OutletID: r.OutletID, Data: map[string]any{
			"assigned": assigned, "unserved": unserved, "changed": changed,
		}})
	})
}
