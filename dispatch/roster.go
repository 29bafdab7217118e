package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Roster is a technician with all that says what he can do and when he is there.
type Roster struct {
	Technician     Technician
	Certifications []Certification // not those revoked before the time asked for
	Shifts         []Shift         // that reach into the time asked for, in order, none canceled
	Absences       []Absence       // that reach into it, none canceled
}

// Level is the highest level of a skill that he holds from one moment to another without a gap, or 0.
func (r Roster) Level(skill uuid.UUID, from, to time.Time) int {
	return LevelHeld(r.Certifications, skill, from, to)
}

// AbsentIn is the first absence that reaches into a time, or nil.
func (r Roster) AbsentIn(from, to time.Time) *Absence {
	for i, a := range r.Absences {
		if a.StartsAt.Before(to) && from.Before(a.EndsAt) {
			return &r.Absences[i]
		}
	}
	return nil
}

// Day returns everybody of the outlets whom by may see, suspended technicians included and
// those who left not, with their certificates, shifts and absences from one moment to another,
// in the order of their ids. Nil outlets are all outlets. It takes four statements, however many
// technicians there are.
func (c *Crew) Day(ctx context.Context, by who.Actor, outlets []uuid.UUID, from, to time.Time) ([]Roster, error) {
	crew, err := crewOf(ctx, c.db, by, outlets)
	if err != nil || len(crew) == 0 {
		return nil, err
	}
	all := make([]Roster, len(crew))
	place := make(map[uuid.UUID]*Roster, len(crew))
	ids := make([]uuid.UUID, len(crew))
	for i, t := range crew {
		all[i].Technician, ids[i] = t, t.ID
		place[t.ID] = &all[i]
	}
	certificates, err := certificationsIn(ctx, c.db, ids, from)
	if err != nil {
		return nil, err
	}
	for _, x := range certificates {
		place[x.TechnicianID].Certifications = append(place[x.TechnicianID].Certifications, x)
	}
	shifts, err := shiftsIn(ctx, c.db, ids, from, to)
	if err != nil {
		return nil, err
	}
	for _, x := range shifts {
		place[x.TechnicianID].Shifts = append(place[x.TechnicianID].Shifts, x)
	}
	absences, err := absencesIn(ctx, c.db, ids, from, to)
	for _, x := range absences {
		place[x.TechnicianID].Absences = append(place[x.TechnicianID].Absences, x)
	}
	return all, err
}

// instant is a moment as the database keeps it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// checkYears notes a moment that no roster reaches to.
func checkYears(f *fault.Faults, pointer string, t time.Time) {
	if y := t.UTC().Year(); y < firstYear || y > lastYear {
		f.Add(pointer, "must be of the years %d to %d", firstYear, lastYear)
	}
}

// The years that a roster may speak of.
const (
	firstYear = 1970
	lastYear  = 2999
)
