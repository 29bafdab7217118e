package dispatch

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"callout/dispatch/workday"
	"callout/internal/fault"
	"callout/internal/pg"
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
// The best are those with the lowest score; of equals the lower id. It takes the same number of
// statements however many technicians there are.
func (b *Board) Candidates(ctx context.Context, by who.Actor, id uuid.UUID, ask Asked) ([]Candidate, error) {
	j, err := b.Find(ctx, by, id)
	if err != nil {
		return nil, err
	}
	_, free := next[j.Status][VerbAssign]
	if _, movable := next[j.Status][VerbReassign]; !free && !movable {
		return nil, fault.New(fault.Conflict, "job %s is %s: nobody is needed for it", j.Number, j.Status)
	}
	return b.rank(ctx, by, j, ask)
}

func (b *Board) rank(ctx context.Context, by who.Actor, j Job, ask Asked) ([]Candidate, error) {
	q, err := b.question(ctx, j, ask.Day)
	if err != nil {
		return nil, err
	}
	outlets := []uuid.UUID{}
	if ask.All || j.OutletID == nil {
		outlets = nil
	} else {
		outlets = append(outlets, *j.OutletID)
	}
	crew, err := b.Crew.Day(ctx, by, outlets, q.from, q.until())
	if err != nil || len(crew) == 0 {
		return nil, err
	}
	if err := b.prepare(ctx, &q, crew); err != nil {
		return nil, err
	}
	ranked := make([]Candidate, len(crew))
	for i, r := range crew {
		ranked[i] = q.judge(r)
	}
	slices.SortFunc(ranked, func(a, b Candidate) int {
		switch {
		case a.Ranked && !b.Ranked:
			return -1
		case b.Ranked && !a.Ranked:
			return 1
		}
		return cmp.Or(cmp.Compare(a.Score, b.Score), bytes.Compare(a.TechnicianID[:], b.TechnicianID[:]))
	})
	return ranked, nil
}

// question is one job and all that must be known of the technicians to say who should do it.
type question struct {
	job      Job
	zone     *time.Location
	now      time.Time
	from, to time.Time // when the work may begin
	visit    workday.Visit
	rules    rules
	booked   map[uuid.UUID][]appointment     // by technician
	numbers  map[uuid.UUID]string            // of jobs that stand in the way
	held     map[uuid.UUID]map[uuid.UUID]int // parts by van
	visits   map[uuid.UUID]int               // to the customer, by technician
}

func (b *Board) question(ctx context.Context, j Job, day *time.Time) (question, error) {
	now := b.now()
	p, err := b.Policies.At(ctx, now)
	if err != nil {
		return question{}, err
	}
	from, to := j.span(now, day)
	return question{job: j, zone: j.zone(), now: now, from: from, to: to, visit: j.visit(from, to), rules: rulesOf(p, j.Priority)}, nil
}

// until is the latest moment that anything asked about may concern.
func (q *question) until() time.Time { return later(q.from, q.to).Add(q.job.length()) }

const visitsSQL = `
SELECT b.technician_id, count(*) AS visits FROM jobs j JOIN bookings b ON b.job_id = j.id
WHERE j.customer_id = $1 AND b.technician_id = ANY ($2) AND b.active AND j.status IN ('finished', 'closed')
GROUP BY b.technician_id`

// prepare reads what the ranking needs of the technicians, a statement for each kind of thing.
func (b *Board) prepare(ctx context.Context, q *question, crew []Roster) (err error) {
	ids := make([]uuid.UUID, len(crew))
	var vans []uuid.UUID
	// Shifts reach beyond the time asked for, and what lies in them matters.
	from, until := q.from, q.until()
	for i, r := range crew {
		ids[i] = r.Technician.ID
		if r.Technician.VanID != nil {
			vans = append(vans, *r.Technician.VanID)
		}
		for _, s := range r.Shifts {
			from, until = earlier(from, s.StartsAt), later(until, s.EndsAt)
		}
	}
	if q.booked, err = appointments(ctx, b.db, ids, from, until, q.job.ID); err != nil {
		return err
	}
	q.numbers = map[uuid.UUID]string{}
	for _, day := range q.booked {
		for _, a := range day {
			q.numbers[a.JobID] = a.Number
		}
	}
	if len(q.job.Parts) > 0 && len(vans) > 0 {
		if q.held, err = b.Stock.Holdings(ctx, vans, q.job.partIDs()); err != nil {
			return err
		}
	}
	found, err := pg.Query[struct {
		TechnicianID uuid.UUID
		Visits       int
	}](ctx, b.db, visitsSQL, q.job.CustomerID, ids)
	q.visits = make(map[uuid.UUID]int, len(found))
	for _, v := range found {
		q.visits[v.TechnicianID] = v.Visits
	}
	return pg.Fault(err, "booking")
}
