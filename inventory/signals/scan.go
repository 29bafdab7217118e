package signals

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// look is the hourly task that looks for signals.
type look struct{}

// Kind names the task.
func (look) Kind() string { return "signals_scan" }

// Work has the queue look for signals every hour.
func (s *Signals) Work(q *queue.Queue) {
	queue.Handle(q, 10*time.Minute, func(ctx context.Context, _ look) error {
		_, err := s.Scan(ctx, who.System)
		return err
	})
	queue.Every(q, time.Hour, look{})
}

// overlap is how far back a rule looks again: what was under way when it looked last.
const overlap = time.Hour

// Scan has every rule look at what happened since it looked last, or at the whole window where the
// policy changed, and returns the signals that it raised within the actor's scope. Each rule is one
// transaction: a rule that fails leaves the others their findings.
func (s *Signals) Scan(ctx context.Context, by who.Actor) (raised []Signal, err error) {
	p, err := s.policies.Current(ctx)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, r := range rules {
		f := frame{now: s.Now(), figures: p, threshold: p.Number(r.Figure)}
		f.from = f.before(policy.SignalWindow)
		if f.isOff(r) {
			continue
		}
		var all []Signal
		err := s.DB().InTx(ctx, func(ctx context.Context) (err error) {
			all, err = s.apply(ctx, by, r, f)
			return err
		})
		if err != nil {
			failed = append(failed, fmt.Errorf("rule %s: %w", r.ID, err))
			continue
		}
		raised = append(raised, slices.DeleteFunc(all, func(one Signal) bool { return !one.readable(by) })...)
	}
	return raised, errors.Join(failed...)
}

// readable says whether the actor may see the signal: his outlet's, and never one about himself.
func (s Signal) readable(by who.Actor) bool {
	return by.Sees(s.OutletID) && (by.TechnicianID == nil || s.TechnicianID == nil || *s.TechnicianID != *by.TechnicianID)
}

const sinceSQL = `SELECT scanned_until FROM signal_scans WHERE rule = $1 AND policy_version = $2`

const scannedSQL = `
INSERT INTO signal_scans (rule, scanned_until, policy_version) VALUES ($1, $2, $3)
ON CONFLICT (rule) DO UPDATE SET scanned_until = excluded.scanned_until, policy_version = excluded.policy_version`

// apply has one rule look once: two scans never raise the same.
func (s *Signals) apply(ctx context.Context, by who.Actor, r Rule, f frame) ([]Signal, error) {
	if _, err := pg.Exec(ctx, s.DB(), `SELECT pg_advisory_xact_lock(hashtext('signals'), hashtext($1))`, string(r.ID)); err != nil {
		return nil, err
	}
	last, err := pg.Query[struct{ ScannedUntil time.Time }](ctx, s.DB(), sinceSQL, r.ID, f.figures.Version)
	if err != nil {
		return nil, err
	}
	f.since = f.from
	for _, l := range last {
		f.since = l.ScannedUntil.Add(-overlap)
	}
	rows, err := pg.Query[found](ctx, s.DB(), r.query, r.args(f)...)
	if err != nil {
		return nil, err
	}
	if r.judge != nil {
		var stay []found
		for _, n := range rows {
			if r.judge(&n, f) {
				stay = append(stay, n)
			}
		}
		rows = stay
	}
	raised, err := s.raise(ctx, by, r, f, rows)
	if err != nil {
		return nil, err
	}
	_, err = pg.Exec(ctx, s.DB(), scannedSQL, r.ID, f.now, f.figures.Version)
	return raised, err
}

// earlier is a signal of a key that was raised before.
type earlier struct {
	ID     uuid.UUID
	Key    string
	Status Status
	Marks  []uuid.UUID
}

const earlierSQL = `SELECT id, key, status, marks FROM signals WHERE rule = $1 AND key = ANY($2) ORDER BY key, found_at, id`

// raise makes signals of what was found, but for what stands raised already, and for what was judged
// and rests on nothing new.
func (s *Signals) raise(ctx context.Context, by who.Actor, r Rule, f frame, rows []found) (raised []Signal, err error) {
	keys := make([]string, len(rows))
	for i, n := range rows {
		keys[i] = n.Key
	}
	before, err := pg.Query[earlier](ctx, s.DB(), earlierSQL, r.ID, keys)
	if err != nil {
		return nil, err
	}
	known := map[string][]earlier{}
	for _, e := range before {
		known[e.Key] = append(known[e.Key], e)
	}
	for _, n := range rows {
		last, fresh := freshness(known[n.Key], n.Marks)
		if !fresh {
			continue
		}
		names, err := s.names(ctx, n.Things)
		if err != nil {
			return nil, err
		}
		one := r.signal(n, f, last, names)
		if err := s.keep(ctx, by, one, n); err != nil {
			return nil, err
		}
		raised = append(raised, one)
		known[n.Key] = append(known[n.Key], earlier{Status: StatusRaised})
	}
	return raised, nil
}

// freshness says whether something may be raised after what was raised before of its key, and which
// of that was the last.
func freshness(before []earlier, marks []uuid.UUID) (last *uuid.UUID, fresh bool) {
	fresh = len(before) == 0
	seen := map[uuid.UUID]bool{}
	for _, e := range before {
		if e.Status == StatusRaised {
			return nil, false
		}
		last = &e.ID
		for _, m := range e.Marks {
			seen[m] = true
		}
	}
	return last, fresh || slices.ContainsFunc(marks, func(m uuid.UUID) bool { return !seen[m] })
}

// signal is what a rule says of what it found.
func (r Rule) signal(n found, f frame, last *uuid.UUID, names map[uuid.UUID]words.Text) Signal {
	unit := r.unit(f.figures)
	measured, threshold := f.held(r, n.Measured)
	figures := []Evidence{
		figure(r.Measures, measured, unit, rulesHref),
		figure(words.Say("threshold"), threshold, unit, policyHref),
	}
	if r.figures != nil {
		figures = append(figures, r.figures(n)...)
	}
	return Signal{
		ID: uuid.Must(uuid.NewV7()), Rule: r.ID, Severity: r.Severity, OutletID: n.OutletID, TechnicianID: n.TechnicianID, VanID: n.VanID, PartID: n.PartID,
		JobID: n.JobID, Text: pg.JSON[words.Text]{V: r.say(n, f)}, Evidence: pg.JSON[[]Evidence]{V: evidence(figures, n.Things, names)}, Measured: measured,
		Threshold: threshold, PolicyVersion: f.figures.Version, EarlierID: last, FoundAt: f.now, Status: StatusRaised, Version: 1, UpdatedAt: f.now,
	}
}

const keepSQL = `
INSERT INTO signals (id, rule, key, marks, severity, outlet_id, technician_id, van_id, part_id, job_id, text, evidence, measured, threshold,
  policy_version, earlier_id, found_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)`

// keep writes a signal, and tells of it.
func (s *Signals) keep(ctx context.Context, by who.Actor, one Signal, n found) error {
	_, err := pg.Exec(ctx, s.DB(), keepSQL, one.ID, one.Rule, n.Key, n.Marks, one.Severity, one.OutletID, one.TechnicianID, one.VanID, one.PartID, one.JobID,
		one.Text, one.Evidence, one.Measured, one.Threshold, one.PolicyVersion, one.EarlierID, one.FoundAt)
	if err != nil {
		return pg.Fault(err, "signal")
	}
	return s.Tell(ctx, by, "signal.raised", one.ID, one.OutletID, map[string]any{
		"rule": one.Rule, "severity": one.Severity, "technician_id": one.TechnicianID, "part_id": one.PartID, "job_id": one.JobID, "earlier_id": one.EarlierID,
	})
}
