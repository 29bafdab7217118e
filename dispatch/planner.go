package dispatch

import (
	"context"
	"slices"
	"sync"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Planner makes plans: it has the optimizer search for better days in the background, and books what people
// take of the result.
type Planner struct {
	*Board

	seat sync.Mutex // one search at a time: each takes every core
}

// NewPlanner returns the planner of a board.
func NewPlanner(b *Board) *Planner { return &Planner{Board: b} }

// planning is the queue's task of one plan.
type planning struct {
	PlanID uuid.UUID `json:"plan_id"`
}

// Kind names the task.
func (planning) Kind() string { return "planning" }

// planRescue is the task that looks after plans that nobody looks after.
type planRescue struct{}

// Kind names the task.
func (planRescue) Kind() string { return "plan_rescue" }

// planRound is the task that looks after the plans of the night.
type planRound struct{}

// Kind names the task.
func (planRound) Kind() string { return "plan_round" }

// Work says who does the planner's tasks. Call it before the queue works.
func (p *Planner) Work(q *queue.Queue) {
	queue.Handle(q, 2*time.Hour, p.search)
	queue.Handle(q, 5*time.Minute, func(ctx context.Context, _ planRound) error { return p.Round(ctx) })
	queue.Handle(q, time.Minute, func(ctx context.Context, _ planRescue) error { return p.Rescue(ctx) })
	queue.Every(q, time.Minute, planRound{})
	queue.Every(q, 5*time.Second, planRescue{})
}

// Start has a plan made in the background. Find tells how far it is, Follow as it goes.
func (p *Planner) Start(ctx context.Context, by who.Actor, n NewPlan) (plan Plan, err error) {
	at := p.now()
	plan = Plan{
		ID: uuid.Must(uuid.NewV7()), Kind: PlanAsked, Status: PlanQueued, OutletID: by.OutletID, Day: n.Day, Days: max(1, n.Days), Options: n.Options, WhatIf: n.WhatIf,
		RequestedBy: requesterOf(by), Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	if plan.Options.Objective == "" {
		plan.Options.Objective = ObjectiveService
	}
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		bad, err := p.checkBudget(ctx, &plan)
		if err != nil {
			return err
		}
		outlets, more, err := p.runOutlets(ctx, by, NewRun{Day: n.Day.AddDate(0, 0, plan.Days-1), Outlets: n.Outlets})
		if err != nil {
			return err
		}
		plan.Outlets = outlets
		if err := append(bad, more...).Err(fault.Invalid, "the plan cannot be made like this"); err != nil {
			return err
		}
		if len(plan.Outlets) == 1 {
			plan.OutletID = &plan.Outlets[0]
		}
		if plan.WhatIf != nil {
			// What cannot be supposed is said now, not by the worker.
			if _, err := p.sheet(ctx, plan); err != nil {
				return err
			}
		}
		return p.begin(ctx, by, plan)
	})
	return plan, err
}

// begin writes a plan and queues its search, unless the night has its plan already.
func (p *Planner) begin(ctx context.Context, by who.Actor, plan Plan) error {
	isNew, err := insertPlan(ctx, p.db, plan)
	if err != nil || !isNew {
		return err
	}
	if err := p.Queue.Add(ctx, planning{plan.ID}); err != nil {
		return err
	}
	return p.tellPlan(ctx, by, "plan.started", plan, map[string]any{
		"day": plan.Day.Format(time.DateOnly), "days": plan.Days, "objective": plan.Options.Objective, "outlets": len(plan.Outlets), "what_if": plan.WhatIf != nil,
	})
}

func (p *Planner) tellPlan(ctx context.Context, by who.Actor, kind string, plan Plan, data map[string]any) error {
	return event.Append(ctx, p.db, by, p.now(), event.Entry{Kind: kind, SubjectID: plan.ID, OutletID: plan.OutletID, Data: data})
}

// defaultBudget is how long is searched where nothing is said.
const defaultBudget = 20

// checkBudget says what is wrong with how long is to be searched: longer than the policy allows, or said twice.
func (p *Planner) checkBudget(ctx context.Context, plan *Plan) (f fault.Faults, err error) {
	figures, err := p.Policies.At(ctx, plan.CreatedAt)
	if err != nil {
		return nil, err
	}
	if plan.Options.Iterations != 0 && plan.Options.Seconds != 0 {
		f.Add("/iterations", "must not be given together with budget_seconds")
	}
	if plan.Options.Iterations == 0 && plan.Options.Seconds == 0 {
		plan.Options.Seconds = defaultBudget
	}
	if most := figures.Due(policy.PlanBudget, plan.CreatedAt).Sub(plan.CreatedAt).Seconds(); plan.Options.Seconds > most {
		f.Add("/budget_seconds", "must be %d at the most", int(most))
	}
	return f, nil
}

// Find returns one plan with its changes.
func (p *Planner) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Plan, error) {
	plan, err := findPlan(ctx, p.db, by, id, "")
	if err == nil {
		plan.Changes, err = readChanges(ctx, p.db, id)
	}
	return plan, err
}

// List returns plans without their changes, the newest first, and the id to go on from; uuid.Nil at the end.
func (p *Planner) List(ctx context.Context, by who.Actor, q PlanQuery, after uuid.UUID, limit int) ([]Plan, uuid.UUID, error) {
	return listPlans(ctx, p.db, by, q, after, limit)
}

// Compare returns plans side by side, in the order in which they are named. Each must have its result.
func (p *Planner) Compare(ctx context.Context, by who.Actor, ids []uuid.UUID) (all []Plan, err error) {
	for _, id := range ids {
		plan, err := findPlan(ctx, p.db, by, id, "")
		if err != nil {
			return nil, err
		}
		if plan.Result == nil {
			return nil, fault.New(fault.Conflict, "the plan is %s: %s is not possible", plan.Status, words.Noun("compare"))
		}
		if slices.ContainsFunc(all, func(p Plan) bool { return p.ID == id }) {
			continue
		}
		all = append(all, plan)
	}
	return all, nil
}

const stopPlanSQL = `UPDATE plans SET stop = true WHERE id = $1`

// Cancel ends the search for a plan within a second: what is best so far is proposed. A search that has not
// begun never will, and the plan is discarded.
func (p *Planner) Cancel(ctx context.Context, by who.Actor, id uuid.UUID) (plan Plan, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		if plan, err = lockPlan(ctx, p.db, by, id); err != nil {
			return err
		}
		if err := plan.may("cancel", 0); err != nil {
			return err
		}
		if plan.Status == PlanQueued {
			if err := plan.move(ctx, p.db, PlanDiscarded, p.now()); err != nil {
				return err
			}
			if err := p.note(ctx, plan.ID, Progress{Status: plan.Status}); err != nil {
				return err
			}
		}
		plan.Stop = true
		if _, err := pg.Exec(ctx, p.db, stopPlanSQL, id); err != nil {
			return pg.Fault(err, "plan")
		}
		return p.tellPlan(ctx, by, "plan.canceled", plan, nil)
	})
	return plan, err
}

// Discard puts a proposed plan away. What was applied of it stays.
func (p *Planner) Discard(ctx context.Context, by who.Actor, id uuid.UUID, version int) (plan Plan, err error) {
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		if plan, err = lockPlan(ctx, p.db, by, id); err != nil {
			return err
		}
		if err := plan.may("discard", version); err != nil {
			return err
		}
		if err := plan.move(ctx, p.db, PlanDiscarded, p.now()); err != nil {
			return err
		}
		return p.tellPlan(ctx, by, "plan.discarded", plan, nil)
	})
	return plan, err
}
