package dispatch

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/words"

	"github.com/google/uuid"
)

const (
	lookEvery  = 200 * time.Millisecond // at the log
	quiet      = 150 * time.Millisecond // without another event before a day is repaired: a burst is one repair
	patienceOf = time.Second            // for a burst to end
	checkEvery = time.Minute            // for jobs that run longer than planned, of which nobody says so
	standbyFor = 3 * time.Second        // before a process asks again whether it is the one to watch
)

// Watch looks after the day as it goes until ctx ends: what disturbs it is answered with a proposal to repair it. Of
// all processes one does so at a time; where it dies, another takes over from where it was.
func (p *Planner) Watch(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		if err := p.watchAlone(ctx, log); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "the day is not watched", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(standbyFor):
		}
	}
}

// watchAlone watches while no other process does, and returns at once where one does.
func (p *Planner) watchAlone(ctx context.Context, log *slog.Logger) error {
	pooled, err := p.db.Pool().Acquire(ctx)
	if err != nil {
		return fmt.Errorf("watch the day: %w", err)
	}
	// A connection of its own: the lock lives and dies with it.
	conn := pooled.Hijack()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ending)
	}()
	var mine bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(72712)`).Scan(&mine); err != nil || !mine {
		return err
	}
	w, err := p.attend(ctx)
	if err != nil {
		return err
	}
	checked := time.Time{}
	for tick := time.NewTicker(lookEvery); ; {
		if time.Since(checked) > checkEvery {
			checked = time.Now()
			if err := conn.Ping(ctx); err != nil {
				return err
			}
			if err := w.overdue(ctx); err != nil {
				return err
			}
		}
		if err := w.look(ctx); err != nil {
			return err
		}
		_ = w.answer(ctx, log, quiet) // said in the log, day by day
		select {
		case <-ctx.Done():
			tick.Stop()
			return nil
		case <-tick.C:
		}
	}
}

// Heed answers, here and now, whatever has disturbed days since somebody looked last, for who cannot wait for
// the process that watches.
func (p *Planner) Heed(ctx context.Context) error {
	w, err := p.attend(ctx)
	if err == nil {
		err = w.overdue(ctx)
	}
	if err == nil {
		err = w.look(ctx)
	}
	if err != nil {
		return err
	}
	return w.answer(ctx, slog.New(slog.DiscardHandler), 0)
}

// attention is how far somebody has read the log, and what he has to answer yet.
type attention struct {
	planner *Planner
	xid     int64 // every event of an earlier transaction has been read
	kept    int64 // the same, as it is stored
	seen    map[int64]bool
	open    map[outletDay]*disturbance
}

// disturbance is what has come about of a day since it was repaired last.
type disturbance struct {
	causes      Causes
	first, last time.Time
}

// attendSQL begins with what happens from now on where nobody has read before.
const attendSQL = `
INSERT INTO event_readers AS r (name, xid) VALUES ('repairs', pg_snapshot_xmin(pg_current_snapshot()))
ON CONFLICT (name) DO UPDATE SET xid = r.xid RETURNING xid::text::bigint`

func (p *Planner) attend(ctx context.Context) (*attention, error) {
	xid, err := pg.One[int64](ctx, p.db, attendSQL)
	return &attention{p, xid, xid, map[int64]bool{}, map[outletDay]*disturbance{}}, pg.Fault(err, "event")
}

const (
	horizonSQL = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint`
	newsSQL    = `
SELECT seq, xid::text::bigint AS xid, at, kind, subject_id, outlet_id, actor_id, data FROM events
WHERE xid >= $1::bigint::text::xid8 ORDER BY xid, seq LIMIT $2`
	keepPlaceSQL = `UPDATE event_readers SET xid = $1::bigint::text::xid8 WHERE name = 'repairs'`

	// mostNews is how many events are read at once.
	mostNews = 5000
)

// look reads what has been committed since it was asked last. It does not wait for transactions that are still
// running: it reads beyond them, and forgets what it has seen only once they have ended.
func (w *attention) look(ctx context.Context) error {
	horizon, err := pg.One[int64](ctx, w.planner.db, horizonSQL)
	if err != nil {
		return pg.Fault(err, "event")
	}
	news, err := pg.Query[event.Event](ctx, w.planner.db, newsSQL, w.xid, mostNews)
	if err != nil {
		return pg.Fault(err, "event")
	}
	for _, e := range news {
		if w.seen[e.Seq] {
			continue
		}
		if of := disturbing[e.Kind]; of != nil {
			causes, err := of(w.planner, ctx, e)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("event %d: %w", e.Seq, err)
			}
			for about, c := range causes {
				w.add(about, c)
			}
		}
		w.seen[e.Seq] = true
	}
	if len(news) == mostNews {
		horizon = min(horizon, news[len(news)-1].Xid)
	}
	if horizon > w.xid {
		w.xid = horizon
		for _, e := range news {
			if e.Xid < horizon {
				delete(w.seen, e.Seq)
			}
		}
	}
	return nil
}

// add notes that a day is to be looked at, and why.
func (w *attention) add(about outletDay, causes ...Cause) {
	d, now := w.open[about], time.Now()
	if d == nil {
		d = &disturbance{first: now}
		w.open[about] = d
	}
	d.causes, d.last = d.causes.and(causes), now
}

// answer repairs the days that have been quiet for a while, and returns the first error; a day that cannot be
// repaired keeps none of the others waiting.
func (w *attention) answer(ctx context.Context, log *slog.Logger, quiet time.Duration) (first error) {
	for about, d := range w.open {
		if time.Since(d.last) < quiet && time.Since(d.first) < patienceOf {
			continue
		}
		delete(w.open, about)
		if _, err := w.planner.Repair(ctx, about.outlet, about.day, d.causes); err != nil {
			log.ErrorContext(ctx, "a day is not repaired", "outlet", about.outlet, "day", about.day, "error", err)
			if first == nil {
				first = err
			}
		}
	}
	if len(w.open) == 0 && w.xid > w.kept {
		if _, err := pg.Exec(ctx, w.planner.db, keepPlaceSQL, w.xid); err == nil {
			w.kept = w.xid
		}
	}
	return first
}

const overdueSQL = `
SELECT j.id, j.number, j.outlet_id, greatest(coalesce(d.ends_at, j.started_at + make_interval(mins => j.minutes)), b.ends_at) AS ends_at
FROM jobs j JOIN bookings b ON b.job_id = j.id AND b.active LEFT JOIN delays d ON d.booking_id = b.id
WHERE j.status = 'working' AND j.outlet_id IS NOT NULL`

const proposedRepairsSQL = `SELECT outlet_id, day FROM plans WHERE kind = 'repair' AND status = 'proposed'`

// overdue finds the jobs that run longer than planned, though nobody says so, and the days whose proposals time
// may have overtaken.
func (w *attention) overdue(ctx context.Context) error {
	p, now := w.planner, w.planner.now()
	figures, err := p.Policies.At(ctx, now)
	if err != nil {
		return err
	}
	running, err := pg.Query[struct {
		ID, OutletID uuid.UUID
		Number       string
		EndsAt       time.Time
	}](ctx, p.db, overdueSQL)
	if err != nil {
		return pg.Fault(err, "job")
	}
	for _, j := range running {
		if figures.Due(policy.RunningLate, j.EndsAt).After(now) {
			continue
		}
		day, err := p.today(ctx, j.OutletID, now)
		if err != nil {
			return err
		}
		w.add(outletDay{j.OutletID, day}, Cause{Kind: "job.overdue", SubjectID: j.ID, Text: words.Say("job %s takes longer than planned", j.Number)})
	}
	open, err := pg.Query[struct {
		OutletID uuid.UUID
		Day      time.Time
	}](ctx, p.db, proposedRepairsSQL)
	for _, o := range open {
		w.add(outletDay{o.OutletID, o.Day.UTC()})
	}
	return pg.Fault(err, "plan")
}
