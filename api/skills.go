package api

import (
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

func (s *Server) skillsHandlers() map[string]handler {
	return map[string]handler{"listSkills": s.listSkills, "openSkill": s.openSkill, "getSkill": s.getSkill, "amendSkill": s.amendSkill}
}

type skill struct {
	ID        uuid.UUID `json:"id"`
	Code      string    `json:"code"`
	Name      string    `json:"name"`
	NameZh    string    `json:"name_zh"`
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
}

func wireSkill(s dispatch.Skill) skill {
	return skill{s.ID, s.Code, s.Name, s.NameZh, s.Version, s.CreatedAt}
}

func (s *Server) listSkills(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	skills, next, err := s.Network.ListSkills(k.ctx, k.query("code"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, skills, goOn(next), wireSkill)
}

func (s *Server) openSkill(k *call) (answer, error) {
	var body struct {
		Code   string `json:"code"`
		Name   string `json:"name"`
		NameZh string `json:"name_zh"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	o, err := s.Network.OpenSkill(k.ctx, k.by, dispatch.NewSkill(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/skills/"+o.ID.String(), o.Version, wireSkill(o))
}

func (s *Server) getSkill(k *call) (answer, error) {
	o, err := s.Network.FindSkill(k.ctx, k.id("skill_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, wireSkill(o))
}

func (s *Server) amendSkill(k *call) (answer, error) {
	var body struct {
		Name   *string `json:"name"`
		NameZh *string `json:"name_zh"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	o, err := s.Network.AmendSkill(k.ctx, k.by, k.id("skill_id"), k.version(), dispatch.SkillChange(body))
	if err != nil {
		return answer{}, err
	}
	return versioned(o.Version, wireSkill(o))
}
