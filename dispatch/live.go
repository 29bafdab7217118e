package dispatch

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"callout/internal/pg"

	"github.com/google/uuid"
)

// live is the operation as this process knows it: everybody who can be sent out with his days from
// two days ago to two weeks ahead, and every job that is not done yet. Events only name whose rows to read anew, so that
// it does no harm to hear of one twice. Every question first hears of all that is committed; what the process itself
// has committed is among it.
type live struct {
	db  *pg.DB
	now func() time.Time

	begun atomic.Int64 // how often somebody began to catch up

	turn    sync.Mutex // held while catching up; guards what follows
	done    int64      // the last time that came to its end
	horizon int64      // events of transactions before this one are all known
	seen    map[int64]int64

	mu     sync.RWMutex // guards what follows, which is changed by whoever has the turn
	moment moment
	age    int64 // counts the changes of the moment
}

// How far the picture reaches, and how old it gets before it is made anew: it must reach on, and nothing that no event
// told of may stay for ever.
const (
	liveBack  = 48 * time.Hour
	liveAhead = 16 * 24 * time.Hour
	liveAge   = time.Hour
	liveEdge  = maxShift // what lies closer to its ends may be known in part
)

const (
	mostEvents  = 2000   // with more than so many unheard, the picture is made anew
	mostJobs    = 50_000 // the newest of them are kept
	mostVisited = 5000   // customers
)

// concerns are the nouns of the events that the picture must hear of.
var concerns = []string{"job", "slot", "technician", "shift", "absence", "certification"}

func newLive(db *pg.DB, now func() time.Time) *live { return &live{db: db, now: now} }

// usable says whether the picture may answer for ctx. What a transaction has written but not committed is none of
// the others' business, and it is not known here; nor may it wait for another connection while it holds one.
func usable(ctx context.Context) bool {
	_, err := pg.Tx(ctx)
	return err != nil
}

// catchUp hears of everything that was committed before it was called. Of several who ask at once, one asks for all.
func (l *live) catchUp(ctx context.Context) error {
	came := l.begun.Load()
	l.turn.Lock()
	defer l.turn.Unlock()
	if l.done > came {
		return nil
	}
	turn := l.begun.Add(1)
	if err := l.hear(ctx); err != nil {
		return err
	}
	l.done = turn
	return nil
}

// hear reads the events since the last time, and whatever they touch.
func (l *live) hear(ctx context.Context) error {
	now := l.now()
	if made := l.moment.made; made.IsZero() || now.Before(made) || now.Sub(made) > liveAge {
		return l.make(ctx, now)
	}
	found, err := pg.Query[stirred](ctx, l.db, happenedSQL, l.horizon, slices.AppendSeq([]int64{}, maps.Keys(l.seen)), concerns, mostEvents+1)
	if err != nil {
		return err
	}
	if len(found) > mostEvents {
		return l.make(ctx, now)
	}
	if err := l.renew(ctx, found); err != nil {
		return err
	}
	l.heard(found)
	return nil
}

// heard notes how far the picture is, once it is there.
func (l *live) heard(found []stirred) {
	l.horizon = found[0].Horizon
	maps.DeleteFunc(l.seen, func(_, xid int64) bool { return xid < l.horizon })
	for _, e := range found {
		if e.Seq != nil && *e.Xid >= l.horizon {
			l.seen[*e.Seq] = *e.Xid
		}
	}
}

// make reads everything. It first notes which events it is going to see the effects of.
func (l *live) make(ctx context.Context, now time.Time) error {
	found, err := pg.Query[stirred](ctx, l.db, happenedSQL, nil, []int64{}, concerns, mostEvents)
	if err != nil {
		return err
	}
	s := moment{made: now, from: now.Add(-liveBack), to: now.Add(liveAhead), visits: map[uuid.UUID]map[uuid.UUID]int{}}
	crew, err := pg.Query[Technician](ctx, l.db, crewSQL)
	if err != nil {
		return pg.Fault(err, "technician")
	}
	if s.members, err = membersIn(ctx, l.db, crew, s.from, s.to); err != nil {
		return err
	}
	jobs, err := readJobs(ctx, l.db, jobsUnderwaySQL, mostJobs)
	if err != nil {
		return err
	}
	s.jobs = make(map[uuid.UUID]Job, len(jobs))
	for _, j := range jobs {
		s.jobs[j.ID] = j
	}
	l.mu.Lock()
	l.moment, l.age = s, l.age+1
	l.mu.Unlock()
	l.seen = map[int64]int64{}
	l.heard(found)
	return nil
}

// renew reads anew what events touch.
func (l *live) renew(ctx context.Context, found []stirred) error {
	jobs, technicians, customers := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, e := range found {
		switch {
		case e.Kind == nil: // nothing happened
		case e.CustomerID == nil:
			technicians[*e.SubjectID] = true
		default:
			jobs[*e.SubjectID], customers[*e.CustomerID] = true, true
			for _, id := range e.Technicians {
				technicians[id] = true
			}
		}
	}
	if len(jobs)+len(technicians) == 0 {
		return nil
	}
	touched := slices.Collect(maps.Keys(technicians))
	crew, err := pg.Query[Technician](ctx, l.db, crewSomeSQL, touched)
	if err != nil {
		return pg.Fault(err, "technician")
	}
	members, err := membersIn(ctx, l.db, crew, l.moment.from, l.moment.to)
	if err != nil {
		return err
	}
	var open []Job
	if len(jobs) > 0 {
		if open, err = readJobs(ctx, l.db, jobsUnderwaySomeSQL, slices.Collect(maps.Keys(jobs))); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.age++
	l.moment.replace(technicians, members)
	for id := range jobs {
		delete(l.moment.jobs, id)
	}
	for _, j := range open {
		l.moment.jobs[j.ID] = j
	}
	for id := range customers {
		delete(l.moment.visits, id)
	}
	return nil
}
