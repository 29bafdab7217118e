package dispatch

import (
	"context"
	"time"

	"callout/evidence"
	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/travel"
	"callout/internal/who"
	"callout/registry"

	"github.com/google/uuid"
)

// Board holds every job: who does it, when, and how it ends.
type Board struct {
	Deps

	db   *pg.DB
	file CaseFile
	now  func() time.Time
	live *live
}

// Deps are what the board stands on.
type Deps struct {
	Crew     *Crew
	Register *registry.Register
	Stock    Stock
	Locker   *evidence.Locker
	Policies *policy.Book
	Queue    *queue.Queue
	Travel   travel.Provider // b.Deps.Travel: the board's own Travel is a verb
}

// NewBoard returns the board in db.
func NewBoard(db *pg.DB, deps Deps, now func() time.Time) *Board {
	b := &Board{Deps: deps, db: db, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
	b.live = newLive(db, b.now)
	return b
}

// Tell has the board tell file of every change of a job that belongs to a case.
func (b *Board) Tell(file CaseFile) { b.file = file }

// Find returns one job.
func (b *Board) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Job, error) {
	return findJob(ctx, b.db, by, "j.id = $1", id)
}

// FindByKey returns the job of an external key.
func (b *Board) FindByKey(ctx context.Context, by who.Actor, key string) (Job, error) {
	return findJob(ctx, b.db, by, "j.external_key = $1", key)
}

// List returns jobs, the newest first, and the id to go on from; uuid.Nil at the end.
func (b *Board) List(ctx context.Context, by who.Actor, q JobQuery, after uuid.UUID, limit int) ([]Job, uuid.UUID, error) {
	return listJobs(ctx, b.db, by, q, after, limit)
}

// historyLimit is how much of a job's history is shown; no job lives long enough for more.
const historyLimit = 1000

// History returns what happened to a job, oldest first.
func (b *Board) History(ctx context.Context, by who.Actor, id uuid.UUID) ([]event.Event, error) {
	if _, err := b.Find(ctx, by, id); err != nil {
		return nil, err
	}
	return event.History(ctx, b.db, id, historyLimit)
}

// note is what an event says of a job: where it stands now, and what came with the command.
type note struct {
	Number       string     `json:"number"`
	Status       Status     `json:"status"`
	From         Status     `json:"from,omitempty"` // where it stood before
	TechnicianID *uuid.UUID `json:"technician_id,omitempty"`
	OnBehalf     bool       `json:"on_behalf,omitempty"` // somebody else said it for the technician
	Details      any        `json:"details,omitempty"`
}

// deed is what a command does to its job besides moving it; what it returns becomes the details of the event.
type deed func(context.Context, *Job, time.Time) (any, error)

// change is one command on one job: it locks, lets the lifecycle decide, has do work out the
// rest, writes, and tells.
func (b *Board) change(ctx context.Context, by who.Actor, id uuid.UUID, version int, v Verb, do deed) (j Job, err error) {
	at := b.now()
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if j, err = lockJob(ctx, b.db, by, id); err != nil {
			return err
		}
		if err := mayDo(by, v, j); err != nil {
			return err
		}
		n := note{From: j.Status, OnBehalf: fieldwork[v] && !isTechnician(by, j)}
		n.TechnicianID = j.technician()
		if err := j.undergo(v, version, at); err != nil {
			return err
		}
		if n.Details, err = do(ctx, &j, at); err != nil {
			return err
		}
		if now := j.technician(); now != nil {
			n.TechnicianID = now
		}
		if err := saveJob(ctx, b.db, j); err != nil {
			return err
		}
		if v == VerbClose || v == VerbCancel {
			if err := b.Stock.Release(ctx, by, j.ID); err != nil {
				return err
			}
		}
		if v == VerbCannotComplete || v == VerbCancel {
			if err := b.Stock.Reclaim(ctx, by, j.ID); err != nil {
				return err
			}
		}
		return b.tell(ctx, by, at, kinds[v], j, n)
	})
	return j, err
}

// kinds are the events that the verbs leave behind.
var kinds = map[Verb]string{
	VerbAssign: "job.assigned", VerbReassign: "job.reassigned", VerbUnassign: "job.unassigned",
	VerbDispatch: "job.dispatched", VerbAccept: "job.accepted", VerbDecline: "job.declined",
	VerbTravel: "job.traveling", VerbArrive: "job.arrived", VerbStart: "job.started",
	VerbHold: "job.held", VerbResume: "job.resumed", VerbFinish: "job.finished",
	VerbCannotComplete: "job.incomplete", VerbClose: "job.closed", VerbCancel: "job.canceled",
}

// tell writes the command's one event, and lets the case know.
func (b *Board) tell(ctx context.Context, by who.Actor, at time.Time, kind string, j Job, n note) error {
	n.Number, n.Status = j.Number, j.Status
	if err := event.Append(ctx, b.db, by, at, event.Entry{Kind: kind, SubjectID: j.ID, OutletID: j.OutletID, Data: n}); err != nil {
		return err
	}
	if b.file == nil || j.CaseID == nil {
		return nil
	}
	return b.file.JobChanged(ctx, by, j)
}

// fieldwork are the verbs of the technician himself.
var fieldwork = map[Verb]bool{
	VerbAccept: true, VerbDecline: true, VerbTravel: true, VerbArrive: true, VerbStart: true, VerbHold: true,
	VerbResume: true, VerbFinish: true, VerbCannotComplete: true, VerbClose: true,
}

// mayDo refuses the technician's verbs to whoever is neither the technician that is booked nor
// somebody who may speak for him.
func mayDo(by who.Actor, v Verb, j Job) error {
	if !fieldwork[v] || isTechnician(by, j) || by.UserID == who.System.UserID || by.Has(who.Dispatcher, who.Supervisor, who.Admin) {
		return nil
	}
	return fault.New(fault.Forbidden, "job %s is not booked to you", j.Number)
}

func isTechnician(by who.Actor, j Job) bool {
	return by.TechnicianID != nil && j.Booking != nil && j.Booking.TechnicianID == *by.TechnicianID
}
