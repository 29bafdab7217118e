package week

import (
	"context"

	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// visit is a job that somebody is booked for.
type visit struct {
	ID           uuid.UUID
	TechnicianID uuid.UUID
	Skill        string
	Number       string
	Nth, Of      int // of the technician's

	day   int
	needs inventory.Part
}

const visitsSQL = `
SELECT j.id, b.technician_id, coalesce(j.needs -> 0 ->> 'code', '') AS skill, j.number,
  row_number() OVER (PARTITION BY b.technician_id ORDER BY b.starts_at, j.number) - 1 AS nth, count(*) OVER (PARTITION BY b.technician_id) AS of
FROM bookings b JOIN jobs j ON j.id = b.job_id WHERE b.active AND j.status IN ('scheduled', 'dispatched', 'accepted') ORDER BY b.technician_id, nth`

// The day's bookings become a week's: the times of day stay as they are. What a job needs is known from the
// beginning, so that vans are filled up for it.
const spreadSQL = `
WITH plan AS (SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[]) p (job_id, day, part_id)),
moved AS (UPDATE bookings b SET starts_at = starts_at + p.day * interval '1 day', ends_at = ends_at + p.day * interval '1 day'
  FROM plan p WHERE b.job_id = p.job_id AND b.active RETURNING b.id)
UPDATE jobs j SET parts = jsonb_build_array(jsonb_build_object('part_id', p.part_id, 'quantity', 1)) FROM plan p WHERE j.id = p.job_id`

// usual says what the work of a skill uses up.
var usual = map[string][]string{
	"graffiti": {"GR-REMOVER-5", "GR-PAINT-GREY"}, "appliance": {"AP-CYLINDER-12"}, "water": {"WA-METER-25", "WA-VALVE-25"},
	"streetlight": {"SL-BALLAST-150", "SL-LAMP-150"},
}

// spread makes a week of what is booked.
func (w *week) spread(ctx context.Context) error {
	visits, err := pg.Query[visit](ctx, w.DB, visitsSQL)
	if err != nil {
		return err
	}
	booked := map[uuid.UUID][]visit{}
	for _, v := range visits {
		v.day = v.Nth * Days / v.Of
		booked[v.TechnicianID] = append(booked[v.TechnicianID], v)
	}
	var ids, parts []uuid.UUID
	var days []int
	for _, s := range w.shops {
		for _, t := range s.crew {
			for _, v := range booked[t.ID] {
				choices, special := usual[v.Skill]
				if !special {
					choices = []string{"GE-BAG-120"}
				}
				v.needs = w.part(choices[v.Nth%len(choices)])
				t.jobs = append(t.jobs, v)
				ids, days, parts = append(ids, v.ID), append(days, v.day), append(parts, v.needs.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = pg.Exec(ctx, w.DB, spreadSQL, ids, days, parts)
	return err
}

// The board's verbs bring a technician to his site and home again; here a statement does.
const (
	arriveSQL = `UPDATE jobs SET status = 'working', arrived_at = $2, started_at = $2, version = version + 1, updated_at = $2 WHERE id = ANY($1)`
	finishSQL = `UPDATE jobs SET status = 'finished', finished_at = $2, version = version + 1, updated_at = $2 WHERE id = ANY($1)`
)

// workJobs is the day's work.
func (w *week) workJobs(ctx context.Context) error {
	var today []uuid.UUID
	for _, s := range w.shops {
		for _, t := range s.crew {
			for _, v := range t.jobs {
				if v.day == w.n {
					today = append(today, v.ID)
				}
			}
		}
	}
	if len(today) == 0 {
		return nil
	}
	if _, err := pg.Exec(ctx, w.DB, arriveSQL, today, w.clock.Now()); err != nil {
		return err
	}
	for _, s := range w.shops {
		for _, t := range s.crew {
			for _, v := range t.jobs {
				if v.day != w.n {
					continue
				}
				if err := w.workJob(ctx, t, v); err != nil {
					return err
				}
			}
		}
	}
	_, err := pg.Exec(ctx, w.DB, finishSQL, today, w.clock.Now())
	return err
}

// workJob uses what a job needs, if the van has it; nine in ten really need it.
func (w *week) workJob(ctx context.Context, t *hand, v visit) error {
	if w.chance(10) {
		return nil
	}
	van, _, err := w.holds(ctx, t.VanID)
	if err != nil {
		return err
	}
	w.clock.tick()
	have, p := van[v.needs.ID], v.needs
	use := uses.PartUse{PartID: p.ID, Quantity: 1, OldPartWish: uses.WishNone}
	switch {
	case w.goesOffline(t, p, have.Quantity):
		use.Quantity, use.AcceptShortage = have.Quantity+1, true
	case have.Quantity == 0:
		return nil
	case p.Serialized && p.ReturnRequired:
		use = w.exchange(p, have.Serials[0], w.oldSerial(p))
	case p.Serialized:
		use.NewSerial = have.Serials[0]
	}
	if _, err := w.use(ctx, t, v.ID, use); err != nil {
		return err
	}
	w.summary.Jobs++
	return nil
}

// exchange is a unit that goes in for one that comes out; one customer in twelve keeps the old one.
func (w *week) exchange(p inventory.Part, serial, old string) uses.PartUse {
	u := uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: serial, OldSerial: old, OldPartWish: uses.WishReturn}
	if w.chance(12) {
		u.OldPartWish = uses.WishKeeps
	}
	return u
}

func (w *week) use(ctx context.Context, t *hand, job uuid.UUID, u uses.PartUse) (uses.Use, error) {
	used, err := w.Uses.Use(ctx, t.by, job, u)
	if err == nil {
		w.summary.Uses++
	}
	return used, err
}
