package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"callout/dispatch/workday"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Asked says whom and which day a ranking is about.
type Asked struct {
	Day *time.Time // only this date, by the site's clock; nil is every day on which the job may be done
	All bool       // technicians of every outlet, not only the job's
}

// Candidates answers "who should do this job?": every technician of the job's outlet (of all
// outlets where it has none), either ranked, the best first, or refused with all the reasons.
// The best are those with the lowest score; of equals the lower id. It answers from the live picture, which it first
// brings up to what is committed; in a transaction, and for days that the picture does not reach to, from the database.
func (b *Board) Candidates(ctx context.Context, by who.Actor, id uuid.UUID, ask Asked) ([]Candidate, error) {
	j, err := b.wanted(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return b.rank(ctx, by, j, ask)
}

// wanted finds a job that somebody may be booked for.
func (b *Board) wanted(ctx context.Context, by who.Actor, id uuid.UUID) (Job, error) {
	j, err := b.live.job(ctx, by, id)
	if err != nil {
		return Job{}, err
	}
	_, free := next[j.Status][VerbAssign]
	if _, movable := next[j.Status][VerbReassign]; !free && !movable {
		return Job{}, fault.New(fault.Conflict, "job %s is %s: nobody is needed for it", j.Number, j.Status)
	}
	return j, nil
}

func (b *Board) rank(ctx context.Context, by who.Actor, j Job, ask Asked) ([]Candidate, error) {
	q, err := b.question(ctx, j, ask.Day)
	if err != nil {
		return nil, err
	}
	crew, err := b.asked(ctx, by, &q, ask.All)
	if err != nil {
		return nil, err
	}
	return q.tellAll(q.rank(crew)), nil
}

// asked are the technicians that a question is about: those of the job's outlet, or all whom by may see.
func (b *Board) asked(ctx context.Context, by who.Actor, q *question, all bool) ([]*member, error) {
	outlet := q.job.OutletID
	if all {
		outlet = nil
	}
	crew, there := b.live.crew(ctx, by, outlet, q.from, q.until())
	if !there {
		var err error
		if crew, err = b.crewNow(ctx, by, outlet, q.from, q.until()); err != nil {
			return nil, err
		}
	}
	return crew, b.know(ctx, q, crew)
}

// crewNow reads technicians as the transaction, or the moment, sees them.
func (b *Board) crewNow(ctx context.Context, by who.Actor, outlet *uuid.UUID, from, to time.Time) ([]*member, error) {
	var outlets []uuid.UUID
	if outlet != nil {
		outlets = []uuid.UUID{*outlet}
	}
	crew, err := crewOf(ctx, b.db, by, outlets)
	if err != nil {
		return nil, pg.Fault(err, "technician")
	}
	return membersIn(ctx, b.db, crew, from, to)
}

// few is how many technicians one thread judges faster than two.
const few = 64

// rank judges the technicians and puts them in order: the ranked first, the best of them at the front.
func (q *question) rank(crew []*member) []verdict {
	all := make([]verdict, len(crew))
	shared(len(crew), few, func(i int, spare *workday.Route) { all[i] = q.judge(crew[i], spare) })
	slices.SortFunc(all, func(a, b verdict) int {
		switch {
		case a.ranked() && !b.ranked():
			return -1
		case b.ranked() && !a.ranked():
			return 1
		}
		return cmp.Or(cmp.Compare(a.score, b.score), bytes.Compare(a.m.Technician.ID[:], b.m.Technician.ID[:]))
	})
	return all
}

// shared does each of n things, on several threads where there are more than few.
func shared(n, few int, do func(i int, spare *workday.Route)) {
	var hands sync.WaitGroup
	share := max(few, (n+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	for first := 0; first < n; first += share {
		some := func() {
			spare := new(workday.Route)
			for i := first; i < min(first+share, n); i++ {
				do(i, spare)
			}
		}
		if first+share >= n {
			some()
			break
		}
		hands.Go(some)
	}
	hands.Wait()
}

// tellAll says verdicts to people.
func (q *question) tellAll(all []verdict) []Candidate {
	told := make([]Candidate, len(all))
	shared(len(all), few, func(i int, spare *workday.Route) { told[i] = q.tell(&all[i], spare) })
	return told
}

// question is one job and all that must be known besides the technicians to say who should do it.
type question struct {
	job      Job
	zone     *time.Location
	now      time.Time
	from, to time.Time // when the work may begin
	visit    workday.Visit
	rules    rules
	held     map[uuid.UUID]map[uuid.UUID]int // parts by van
	visits   map[uuid.UUID]int               // to the customer, by technician
	stores   map[uuid.UUID][]store           // that hold needed parts, by part, where somebody lacks them
	names    map[uuid.UUID]StockPart         // of needed parts, where somebody lacks them
}

func (b *Board) question(ctx context.Context, j Job, day *time.Time) (question, error) {
	now := b.now()
	p, err := b.Policies.At(ctx, now)
	if err != nil {
		return question{}, err
	}
	return questionOf(j, p, now, day), nil
}

func questionOf(j Job, p policy.Policy, now time.Time, day *time.Time) question {
	from, to := j.span(now, day)
	return question{job: j, zone: j.zone(), now: now, from: from, to: to, visit: j.visit(from, to), rules: rulesOf(p, j.Priority)}
}

// until is the latest moment that anything asked about may concern.
func (q *question) until() time.Time { return later(q.from, q.to).Add(q.job.length()) }

// know reads what else a ranking of technicians must know: who has worked for the customer, and what their vans hold.
func (b *Board) know(ctx context.Context, q *question, crew []*member) (err error) {
	if len(crew) == 0 {
		return nil
	}
	if q.visits, err = b.live.visitsTo(ctx, q.job.CustomerID); err != nil || len(q.job.Parts) == 0 {
		return err
	}
	var vans []uuid.UUID
	for _, m := range crew {
		if m.Technician.VanID != nil {
			vans = append(vans, *m.Technician.VanID)
		}
	}
	if len(vans) > 0 {
		if q.held, err = b.Stock.Holdings(ctx, vans, q.job.partIDs()); err != nil {
			return err
		}
	}
	return b.knowStores(ctx, q, crew)
}
