package dispatch

import (
	"bytes"
	"context"
	"slices"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// moment is what is known. Its members never change; its maps do, under the lock.
type moment struct {
	made     time.Time // zero: nothing is known
	from, to time.Time
	members  []*member // in the order of their ids
	jobs     map[uuid.UUID]Job
	visits   map[uuid.UUID]map[uuid.UUID]int // by customer and technician, of those customers who were asked about
}

// replace puts members in the place of those who were touched. Who is asking keeps the list that he has.
func (s *moment) replace(touched map[uuid.UUID]bool, members []*member) {
	if len(touched) == 0 {
		return
	}
	all := make([]*member, 0, len(s.members)+len(members))
	for _, m := range s.members {
		if !touched[m.Technician.ID] {
			all = append(all, m)
		}
	}
	all = append(all, members...)
	slices.SortFunc(all, func(a, b *member) int { return bytes.Compare(a.Technician.ID[:], b.Technician.ID[:]) })
	s.members = all
}

// job finds a job as of now, and brings the picture up to it.
func (l *live) job(ctx context.Context, by who.Actor, id uuid.UUID) (Job, error) {
	if !usable(ctx) {
		return findJob(ctx, l.db, by, "j.id = $1", id)
	}
	if err := l.catchUp(ctx); err != nil {
		return Job{}, err
	}
	l.mu.RLock()
	j, known := l.moment.jobs[id]
	l.mu.RUnlock()
	if !known {
		return findJob(ctx, l.db, by, "j.id = $1", id)
	}
	if !j.reaches(by) {
		return Job{}, noSuchJob()
	}
	return j, nil
}

// reaches says whether by may see the job; where.reach says the same to the database.
func (j Job) reaches(by who.Actor) bool {
	switch {
	case by.OnlyTechnician():
		return isTechnician(by, j)
	case by.OutletID != nil:
		return j.OutletID != nil && *j.OutletID == *by.OutletID
	}
	return true
}

// crew are the technicians of an outlet, or of all, whom by may see, as they were when the picture caught up last;
// false where the picture does not reach to the time asked about.
func (l *live) crew(ctx context.Context, by who.Actor, outlet *uuid.UUID, from, to time.Time) ([]*member, bool) {
	if !usable(ctx) {
		return nil, false
	}
	l.mu.RLock()
	s := l.moment
	l.mu.RUnlock()
	if s.made.IsZero() || from.Before(s.from.Add(liveEdge)) || to.After(s.to.Add(-liveEdge)) {
		return nil, false
	}
	crew := make([]*member, 0, len(s.members))
	for _, m := range s.members {
		t := &m.Technician
		if (outlet == nil || t.OutletID == *outlet) && t.reaches(by) {
			crew = append(crew, m)
		}
	}
	return crew, true
}

// reaches says whether by may see the technician; crewScope says the same to the database.
func (t *Technician) reaches(by who.Actor) bool {
	switch {
	case by.OnlyTechnician():
		return t.ID == *by.TechnicianID
	case by.OutletID != nil:
		return t.OutletID == *by.OutletID
	}
	return true
}

// visitsTo counts how often technicians have worked for a customer.
func (l *live) visitsTo(ctx context.Context, customer uuid.UUID) (map[uuid.UUID]int, error) {
	if !usable(ctx) {
		return visitsIn(ctx, l.db, customer)
	}
	l.mu.RLock()
	visits, known := l.moment.visits[customer]
	age := l.age
	l.mu.RUnlock()
	if known {
		return visits, nil
	}
	visits, err := visitsIn(ctx, l.db, customer)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// What was read before somebody heard of a change may be from before the change.
	if l.age == age && l.moment.visits != nil {
		if len(l.moment.visits) >= mostVisited {
			clear(l.moment.visits)
		}
		l.moment.visits[customer] = visits
	}
	return visits, nil
}
