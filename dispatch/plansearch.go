package dispatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"callout/dispatch/solve"
	"callout/dispatch/solve/check"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

const (
	mostAttempts = 3                      // of a search that ends in an error
	beat         = 250 * time.Millisecond // between two looks at whether to go on
	patience     = 2 * time.Second        // before a search that finds another one at work asks again
)

// A worker that does not tell for a quarter of a minute that it lives is dead.
const (
	claimPlanSQL = `
UPDATE plans SET status = 'running', attempt = attempt + 1, beat_at = now(), version = version + 1, updated_at = $2
WHERE id = $1 AND (status = 'queued' OR status = 'running' AND beat_at < now() - interval '15 seconds' AND attempt < $3)`
	beatPlanSQL  = `UPDATE plans SET beat_at = now() WHERE id = $1 AND attempt = $2 AND status = 'running' RETURNING stop`
	yieldPlanSQL = `
UPDATE plans SET status = CASE WHEN $4::text IS NULL THEN 'queued' ELSE 'failed' END, failure = $4, failed_because = $5, attempt = $3,
  beat_at = NULL, version = version + 1, updated_at = $6
WHERE id = $1 AND attempt = $2 AND status = 'running'`
)

// search is the worker of one plan. It may be begun again at any point: nothing is written before the end.
func (p *Planner) search(ctx context.Context, task planning) error {
	if !p.seat.TryLock() {
		return p.db.InTx(ctx, func(ctx context.Context) error { return p.Queue.At(ctx, time.Now().Add(patience), task) })
	}
	defer p.seat.Unlock()
	// Who is sent home in the middle of this must know what he has to give back.
	home := context.WithoutCancel(ctx)
	if n, err := pg.Exec(home, p.db, claimPlanSQL, task.PlanID, p.now(), mostAttempts); err != nil || n == 0 {
		return pg.Fault(err, "plan")
	}
	plan, err := findPlan(home, p.db, who.System, task.PlanID, "")
	if err == nil {
		defer p.live(home, plan)()
		err = p.make(ctx, plan)
	}
	if err == nil {
		return nil
	}
	return errors.Join(err, p.yield(home, plan, err, ctx.Err() != nil))
}

// yield gives a plan back after an error: to be tried again, unless that is of no use. A worker that is told to go
// home was no attempt.
func (p *Planner) yield(ctx context.Context, plan Plan, because error, sentHome bool) error {
	attempt := plan.Attempt
	why := failureOf(because, attempt)
	if sentHome {
		attempt, why = attempt-1, nil
	}
	told, cause := why.columns()
	return p.db.InTx(ctx, func(ctx context.Context) error {
		n, err := pg.Exec(ctx, p.db, yieldPlanSQL, plan.ID, plan.Attempt, attempt, cause, told, p.now())
		if err != nil || n == 0 || why == nil {
			return pg.Fault(err, "plan")
		}
		return p.note(ctx, plan.ID, Progress{Status: PlanFailed, Failure: &why.told})
	})
}

// make searches for a plan and proposes it.
func (p *Planner) make(ctx context.Context, plan Plan) error {
	s, err := p.sheet(ctx, plan)
	if err != nil {
		return err
	}
	if err := s.problem.Check(); err != nil {
		return fmt.Errorf("plan %s: %w", plan.ID, err)
	}
	before, err := s.before()
	if err != nil {
		return err
	}
	w := p.watch(ctx, plan, s)
	found, err := solve.Solve(&s.problem, w.options())
	w.end()
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = check.Verify(&s.problem, found)
	}
	if err != nil {
		return fmt.Errorf("plan %s: %w", plan.ID, err)
	}
	o := w.opts
	o.Trace = nil
	if plan.Options.Iterations == 0 {
		o.Trace = found.Trace
	}
	return p.propose(ctx, plan, s, before, found, o, w)
}

// before is the board as it is, judged as a plan.
func (s *sheet) before() (*solve.Plan, error) {
	booked := s.asBooked()
	if err := booked.Check(); err != nil {
		return nil, fmt.Errorf("the board as a plan: %w", err)
	}
	return solve.Solve(&booked, solve.Options{Iterations: 1})
}

const proposePlanSQL = `
UPDATE plans SET status = 'proposed', result = $3, policy = $4, inputs = $5, solution = $6, hash = $7, routes = $8,
  beat_at = NULL, version = version + 1, updated_at = $9
WHERE id = $1 AND attempt = $2 AND status = 'running'`

// propose writes what a search came to.
func (p *Planner) propose(ctx context.Context, plan Plan, s *sheet, before, found *solve.Plan, o solve.Options, w *watch) error {
	inputs, err := packInputs(s, o)
	if err != nil {
		return err
	}
	solution, hash, err := packSolution(found)
	if err != nil {
		return err
	}
	r := s.result(before, found)
	r.Seconds, r.Stopped = time.Since(w.begun).Seconds(), w.stopped
	r.Notes = s.notes
	if r.Stopped {
		r.Notes = append(r.Notes, words.Say("the search was stopped before its end"))
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		n, err := pg.Exec(ctx, p.db, proposePlanSQL, plan.ID, plan.Attempt, r, s.version, inputs, solution, hash,
			pg.JSON[[]PlanRoute]{V: s.routes(found)}, p.now())
		if err != nil || n == 0 { // somebody else has it
			return pg.Fault(err, "plan")
		}
		changes := s.changes(found)
		if err := insertChanges(ctx, p.db, plan.ID, changes); err != nil {
			return err
		}
		last := w.progress(found)
		last.Status = PlanProposed
		if err := p.note(ctx, plan.ID, last); err != nil {
			return err
		}
		return p.tellPlan(ctx, plan.RequestedBy.actor(), "plan.proposed", plan, map[string]any{"changes": len(changes), "unserved": len(found.Unserved)})
	})
}

// Perform makes a plan here and now, for who cannot wait for a worker, who will find it made.
func (p *Planner) Perform(ctx context.Context, plan uuid.UUID) error {
	return p.search(ctx, planning{plan})
}
