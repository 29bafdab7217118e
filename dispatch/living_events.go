package dispatch

import (
	"context"
	"encoding/json"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// outletDay is what one repair is about.
type outletDay struct {
	outlet uuid.UUID
	day    time.Time // a date
}

// disturbing are the kinds of events that may disturb a day, and what each comes to: nothing where it does no harm.
var disturbing = map[string]func(*Planner, context.Context, event.Event) (map[outletDay]Cause, error){
	"job.delayed":          (*Planner).ofJob,
	"job.finished":         (*Planner).ofJob,
	"job.incomplete":       (*Planner).ofJob,
	"job.held":             (*Planner).ofJob,
	"job.opened":           (*Planner).ofJob,
	"job.amended":          (*Planner).ofJob,
	"job.canceled":         (*Planner).ofJob,
	"job.declined":         (*Planner).ofJob,
	"absence.announced":    (*Planner).ofAbsence,
	"absence.canceled":     (*Planner).ofAbsence,
	"technician.suspended": (*Planner).ofTechnician,
}

// ofJob says how what happened to a job disturbs the day.
func (p *Planner) ofJob(ctx context.Context, e event.Event) (map[outletDay]Cause, error) {
	j, err := p.Board.Find(ctx, who.System, e.SubjectID)
	if fault.Is(err, fault.NotFound) || err == nil && j.OutletID == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	figures, err := p.Policies.At(ctx, e.At)
	if err != nil {
		return nil, err
	}
	var n note
	if err := json.Unmarshal(e.Data, &n); err != nil {
		return nil, err
	}
	text, freed, harm := j.disturbs(e, n, figures)
	if !harm {
		return nil, nil
	}
	c := Cause{Kind: e.Kind, SubjectID: j.ID, Text: text}
	if freed {
		c.Freed = n.TechnicianID
	}
	at := p.now()
	if j.isAhead() {
		at = later(at, j.Booking.StartsAt)
	}
	day, err := p.today(ctx, *j.OutletID, at)
	return map[outletDay]Cause{{*j.OutletID, day}: c}, err
}

// disturbs says what an event of a job does to the day, and whether its technician has time to spare now.
func (j Job) disturbs(e event.Event, n note, figures policy.Policy) (text words.Text, freed, harm bool) {
	switch e.Kind {
	case "job.delayed":
		return words.Say("job %s is late", j.Number), false, true
	case "job.finished", "job.incomplete":
		k := j.Booking
		early := k != nil && figures.Due(policy.RunningEarly, e.At).Before(k.StartsAt.Add(j.length()))
		return words.Say("job %s ended early", j.Number), true, early
	case "job.held":
		return words.Say("job %s waits for parts", j.Number), true, j.waitsForParts()
	case "job.opened", "job.amended":
		return words.Say("job %s is urgent, and nobody has it", j.Number), false, j.Status == StatusOpen && j.Priority == PriorityP0
	case "job.canceled":
		return words.Say("job %s is canceled", j.Number), true, n.TechnicianID != nil
	case "job.declined":
		return words.Say("job %s is declined", j.Number), false, j.Status == StatusOpen
	}
	return words.Text{}, false, false
}

// mostDays is how many days of an absence are looked after at once; for those after them there is the plan of the night.
const mostDays = 2

// ofAbsence says which days an absence disturbs, or frees where it is taken back.
func (p *Planner) ofAbsence(ctx context.Context, e event.Event) (map[outletDay]Cause, error) {
	var said struct {
		AbsenceID uuid.UUID `json:"absence_id"`
	}
	if err := json.Unmarshal(e.Data, &said); err != nil {
		return nil, err
	}
	a, err := rowOf[Absence](ctx, p.db, who.System, said.AbsenceID, "absence")
	if err != nil {
		return nil, err
	}
	t, err := findTechnician(ctx, p.db, who.System, a.TechnicianID)
	if err != nil {
		return nil, err
	}
	c := Cause{Kind: e.Kind, SubjectID: a.ID, Text: words.Say("technician %s is absent", t.Name)}
	if e.Kind == "absence.canceled" {
		c.Text, c.Freed = words.Say("technician %s will be there after all", t.Name), &t.ID
	}
	all := map[outletDay]Cause{}
	for at := later(a.StartsAt, p.now()); at.Before(a.EndsAt) && len(all) < mostDays; at = at.Add(24 * time.Hour) {
		day, err := p.today(ctx, t.OutletID, at)
		if err != nil {
			return nil, err
		}
		all[outletDay{t.OutletID, day}] = c
	}
	return all, nil
}

// ofTechnician says which day a technician disturbs who is taken out of planning.
func (p *Planner) ofTechnician(ctx context.Context, e event.Event) (map[outletDay]Cause, error) {
	t, err := findTechnician(ctx, p.db, who.System, e.SubjectID)
	if err != nil {
		return nil, err
	}
	day, err := p.today(ctx, t.OutletID, p.now())
	return map[outletDay]Cause{{t.OutletID, day}: {Kind: e.Kind, SubjectID: t.ID, Text: words.Say("technician %s is %s", t.Name, t.Status)}}, err
}

// today is the date of a moment by an outlet's clock.
func (p *Planner) today(ctx context.Context, outlet uuid.UUID, at time.Time) (time.Time, error) {
	o, err := findOutlet(ctx, p.db, who.System, outlet)
	y, m, d := at.In(zoneOf(o.TimeZone)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), err
}
