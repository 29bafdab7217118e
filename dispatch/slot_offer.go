package dispatch

import (
	"context"
	"time"

	"callout/dispatch/workday"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// AskedSlots says which days windows are asked for.
type AskedSlots struct {
	From *time.Time // a date by the site's clock; nil is today
	Days int        // how many, from there on
}

// Slots answers "when could we come?": the windows in which at least one technician can really do the job, with what
// the best of them adds to his day. It returns Conflict for a job that is dispatched or further.
func (b *Board) Slots(ctx context.Context, by who.Actor, id uuid.UUID, ask AskedSlots) ([]Slot, error) {
	j, err := b.live.job(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if err := j.mayPromise(); err != nil {
		return nil, err
	}
	return b.slots(ctx, by, j, ask)
}

// mayPromise refuses a job whose window cannot change any more.
func (j Job) mayPromise() error {
	if j.Status != StatusOpen && j.Status != StatusScheduled {
		return fault.New(fault.Conflict, "job %s is %s: its window cannot change any more", j.Number, j.Status)
	}
	return nil
}

func (b *Board) slots(ctx context.Context, by who.Actor, j Job, ask AskedSlots) ([]Slot, error) {
	now := b.now()
	p, err := b.Policies.At(ctx, now)
	if err != nil {
		return nil, err
	}
	rules, day := slotRulesOf(p), now.In(j.zone())
	if ask.From != nil {
		day = *ask.From
	}
	var asked []question
	for i := range ask.Days {
		for _, w := range rules.windows(day.AddDate(0, 0, i), j.zone(), now) {
			asked = append(asked, questionOf(j.within(w), p, now, nil))
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	whole := asked[0]
	whole.to = asked[len(asked)-1].to
	crew, err := b.asked(ctx, by, &whole, false)
	if err != nil {
		return nil, err
	}
	found := make([]Slot, len(asked))
	shared(len(asked), 8, func(i int, spare *workday.Route) {
		q := &asked[i]
		q.visits, q.held = whole.visits, whole.held
		found[i] = q.slot(crew, spare)
	})
	return offered(found, rules.cheap), nil
}

// within is the job as it would be with another window.
func (j Job) within(w Window) Job {
	j.WindowFrom, j.WindowTo = w.From, w.To
	return j
}

// slot says what a window can be offered with; without technicians it cannot.
func (q *question) slot(crew []*member, spare *workday.Route) Slot {
	s := Slot{From: *q.job.WindowFrom, To: *q.job.WindowTo}
	for _, m := range crew {
		v := q.judge(m, spare)
		if !v.ranked() {
			continue
		}
		s.Technicians++
		if s.Technicians == 1 || v.score < s.Score {
			s.Best, s.Score = m.Technician, v.score
			s.Travel, s.Metres, s.Cost, s.Lateness = v.in.Travel, v.in.Metres, v.in.Cost, v.in.Lateness
		}
	}
	return s
}

// offered leaves out what cannot be offered, and marks what is cheap.
func offered(all []Slot, cheap int64) (kept []Slot) {
	least := int64(workday.Forever)
	for _, s := range all {
		if s.Technicians > 0 {
			kept, least = append(kept, s), min(least, s.Score)
		}
	}
	for i := range kept {
		kept[i].Cheap = kept[i].Score <= least+cheap
	}
	return kept
}
