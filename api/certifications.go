package api

import (
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

func (s *Server) certificationsHandlers() map[string]handler {
	return map[string]handler{
		"listCertifications": s.listCertifications, "grantCertification": s.grantCertification,
		"getCertification": s.getCertification, "revokeCertification": s.revokeCertification,
	}
}

type certification struct {
	ID           uuid.UUID  `json:"id"`
	TechnicianID uuid.UUID  `json:"technician_id"`
	SkillID      uuid.UUID  `json:"skill_id"`
	Level        int        `json:"level"`
	ValidFrom    time.Time  `json:"valid_from"`
	ValidTo      time.Time  `json:"valid_to"`
	RevokedAt    *time.Time `json:"revoked_at"`
	RevokeReason string     `json:"revoke_reason"`
	Version      int        `json:"version"`
	CreatedAt    time.Time  `json:"created_at"`
}

func wireCertification(c dispatch.Certification) certification {
	return certification{
		ID: c.ID, TechnicianID: c.TechnicianID, SkillID: c.SkillID, Level: c.Level, ValidFrom: c.ValidFrom, ValidTo: c.ValidTo,
		RevokedAt: c.RevokedAt, RevokeReason: c.RevokeReason, Version: c.Version, CreatedAt: c.CreatedAt,
	}
}

func (s *Server) listCertifications(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	all, next, err := s.Crew.Certifications(k.ctx, k.by, k.id("technician_id"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, all, goOn(next), wireCertification)
}

func (s *Server) grantCertification(k *call) (answer, error) {
	var body struct {
		SkillID   uuid.UUID `json:"skill_id"`
		Level     int       `json:"level"`
		ValidFrom time.Time `json:"valid_from"`
		ValidTo   time.Time `json:"valid_to"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Crew.Certify(k.ctx, k.by, k.id("technician_id"), dispatch.NewCertification(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/certifications/"+c.ID.String(), c.Version, wireCertification(c))
}

func (s *Server) getCertification(k *call) (answer, error) {
	c, err := s.Crew.FindCertification(k.ctx, k.by, k.id("certification_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(c.Version, wireCertification(c))
}

func (s *Server) revokeCertification(k *call) (answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Crew.Revoke(k.ctx, k.by, k.id("certification_id"), k.version(), body.Reason)
	if err != nil {
		return answer{}, err
	}
	return versioned(c.Version, wireCertification(c))
}
