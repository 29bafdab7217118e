package signals

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Rules returns every rule with its figures as they are in the policy in force.
func (s *Signals) Rules(ctx context.Context) ([]Published, error) {
	p, err := s.policies.Current(ctx)
	all := make([]Published, len(rules))
	for i, r := range rules {
		all[i] = r.published(p)
	}
	return all, err
}

// An outlet's user sees the signals of his outlet, and nobody those about himself.
const signalsSQL = `
SELECT s.id, s.rule, s.severity, s.outlet_id, s.technician_id, s.van_id, s.part_id, s.job_id, s.text, s.evidence, s.measured, s.threshold,
  s.policy_version, s.earlier_id, l.id AS later_id, s.found_at, s.status, s.note, s.false_positive, s.decided_by, s.decided_at, s.version, s.updated_at
FROM signals s LEFT JOIN signals l ON l.earlier_id = s.id
WHERE ($1::uuid IS NULL OR s.outlet_id = $1) AND ($2::uuid IS NULL OR s.technician_id IS DISTINCT FROM $2)
  AND NOT s.evidence @> jsonb_build_array(jsonb_build_object('kind', 'user', 'id', $3::uuid))`

const listSQL = signalsSQL + `
  AND ($4::uuid IS NULL OR s.id < $4) AND ($5 = '' OR s.status = $5) AND ($6 = '' OR s.rule = $6) AND ($7 = '' OR s.severity = $7)
  AND ($8::uuid IS NULL OR s.technician_id = $8) AND ($9::uuid IS NULL OR s.part_id = $9)
  AND ($10::uuid IS NULL OR s.job_id = $10) AND ($11::uuid IS NULL OR s.outlet_id = $11)
  AND ($12::timestamptz IS NULL OR s.found_at >= $12) AND ($13::timestamptz IS NULL OR s.found_at < $13)
ORDER BY s.id DESC LIMIT $14`

// Filter narrows a list of signals; the zero filter is all of them.
type Filter struct {
	Status       Status
	Rule         RuleID
	Severity     Severity
	TechnicianID *uuid.UUID
	PartID       *uuid.UUID
	JobID        *uuid.UUID
	OutletID     *uuid.UUID
	From         *time.Time // found then or later
	To           *time.Time // found before
}

// List returns the signals within the actor's scope, newest first, and the id to go on from; uuid.Nil at the end.
func (s *Signals) List(ctx context.Context, by who.Actor, f Filter, after uuid.UUID, limit int) ([]Signal, uuid.UUID, error) {
	var below *uuid.UUID
	if after != uuid.Nil {
		below = &after
	}
	list := inventory.Statement{SQL: listSQL, Args: []any{
		by.OutletID, by.TechnicianID, by.UserID, below, f.Status, f.Rule, f.Severity, f.TechnicianID, f.PartID, f.JobID, f.OutletID, f.From, f.To,
	}}
	return inventory.Page(ctx, s.DB(), list, limit, func(one Signal) uuid.UUID { return one.ID }, nil)
}

// Find returns one signal within the actor's scope.
func (s *Signals) Find(ctx context.Context, by who.Actor, id uuid.UUID) (Signal, error) {
	return s.read(ctx, by, id, "")
}

func (s *Signals) read(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (Signal, error) {
	one := inventory.Statement{SQL: signalsSQL + " AND s.id = $4" + lock, Args: []any{by.OutletID, by.TechnicianID, by.UserID, id}}
	return inventory.Find[Signal](ctx, s.DB(), one, "signal", nil)
}

// Tally counts the signals of a rule.
type Tally struct {
	Rule           RuleID
	Severity       Severity
	Raised         int
	Confirmed      int
	Dismissed      int
	FalsePositives int // of the dismissed ones
}

const tallySQL = `
SELECT rule, count(*) FILTER (WHERE status = 'raised') AS raised, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
  count(*) FILTER (WHERE status = 'dismissed') AS dismissed, count(*) FILTER (WHERE false_positive) AS false_positives
FROM signals s
WHERE ($1::uuid IS NULL OR outlet_id = $1) AND ($2::uuid IS NULL OR technician_id IS DISTINCT FROM $2)
  AND NOT s.evidence @> jsonb_build_array(jsonb_build_object('kind', 'user', 'id', $3::uuid)) AND (status = 'raised' OR found_at > $4)
GROUP BY rule`

// Summary counts the signals within the actor's scope by rule: those that stand raised, and of the
// window of the policy those that were judged.
func (s *Signals) Summary(ctx context.Context, by who.Actor) ([]Tally, error) {
	p, err := s.policies.Current(ctx)
	if err != nil {
		return nil, err
	}
	from := frame{now: s.Now(), figures: p}.before(policy.SignalWindow)
	rows, err := pg.Query[Tally](ctx, s.DB(), tallySQL, by.OutletID, by.TechnicianID, by.UserID, from)
	counted := map[RuleID]Tally{}
	for _, t := range rows {
		counted[t.Rule] = t
	}
	all := make([]Tally, len(rules))
	for i, r := range rules {
		all[i] = counted[r.ID]
		all[i].Rule, all[i].Severity = r.ID, r.Severity
	}
	return all, err
}
