package dispatch

import (
	"context"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Skill is something that a technician can be certified for and a job can ask for.
type Skill struct {
	ID        uuid.UUID
	Code      string
	Name      string
	NameZh    string
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// NewSkill is what opens a skill.
type NewSkill struct {
	Code   string
	Name   string
	NameZh string
}

// SkillChange says what to change: nil leaves a member as it is.
type SkillChange struct {
	Name   *string
	NameZh *string
}

// FindSkill returns one skill.
func (n *Network) FindSkill(ctx context.Context, id uuid.UUID) (Skill, error) {
	s, err := pg.Rows[Skill](ctx, n.db).Where("id = ?", id).Take(ctx)
	return s, pg.Fault(err, "skill")
}

// ListSkills returns skills after an id, oldest first, and the id to go on from; uuid.Nil at the
// end. A code, where it is given, is the whole code.
func (n *Network) ListSkills(ctx context.Context, code string, after uuid.UUID, limit int) ([]Skill, uuid.UUID, error) {
	q := pg.Rows[Skill](ctx, n.db).Where("id > ?", after)
	if code != "" {
		q = q.Where("code = ?", registry.Asked(code))
	}
	rows, err := q.Order("id").Limit(limit + 1).Find(ctx)
	if err != nil || len(rows) <= limit {
		return rows, uuid.Nil, err
	}
	return rows[:limit], rows[limit-1].ID, nil
}

// OpenSkill adds a skill. Skills are everybody's: people of an outlet may not.
func (n *Network) OpenSkill(ctx context.Context, by who.Actor, w NewSkill) (Skill, error) {
	at := n.now()
	s := Skill{ID: uuid.Must(uuid.NewV7()), Version: 1, CreatedAt: at, UpdatedAt: at}
	var f fault.Faults
	s.Code, s.Name, s.NameZh = registry.Line(&f, "/code", w.Code), registry.Line(&f, "/name", w.Name), registry.Note(&f, "/name_zh", w.NameZh)
	if err := central(by); err != nil {
		return Skill{}, err
	}
	if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("skill")); err != nil {
		return Skill{}, err
	}
	return s, n.db.InTx(ctx, func(ctx context.Context) error {
		err := pg.Rows[Skill](ctx, n.db).Create(ctx, &s)
		if pg.Violates(err, "one_skill_per_code") {
			return fault.New(fault.Conflict, "there is a skill with the code %q already", s.Code)
		} else if err != nil {
			return pg.Fault(err, "skill")
		}
		return event.Append(ctx, n.db, by, at, event.Entry{Kind: "skill.opened", SubjectID: s.ID, Data: map[string]any{"code": s.Code}})
	})
}

// AmendSkill changes what a skill is called.
func (n *Network) AmendSkill(ctx context.Context, by who.Actor, id uuid.UUID, version int, change SkillChange) (s Skill, err error) {
	if err := central(by); err != nil {
		return Skill{}, err
	}
	at := n.now()
	err = n.db.InTx(ctx, func(ctx context.Context) error {
		if s, err = pg.Locked[Skill](ctx, n.db).Where("id = ?", id).Take(ctx); err != nil {
			return pg.Fault(err, "skill")
		}
		if err := unchanged("skill", s.Version, version); err != nil {
			return err
		}
		var f fault.Faults
		if change.Name != nil {
			s.Name = registry.Line(&f, "/name", *change.Name)
		}
		if change.NameZh != nil {
			s.NameZh = registry.Note(&f, "/name_zh", *change.NameZh)
		}
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("skill")); err != nil {
			return err
		}
		s.Version, s.UpdatedAt = s.Version+1, at
		if _, err := pg.Rows[Skill](ctx, n.db).Where("id = ?", s.ID).Select("name", "name_zh", "version", "updated_at").Updates(ctx, s); err != nil {
			return pg.Fault(err, "skill")
		}
		return event.Append(ctx, n.db, by, at, event.Entry{Kind: "skill.amended", SubjectID: s.ID})
	})
	return s, err
}
