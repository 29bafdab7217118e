package dispatch

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// Certification says that a technician has a skill at a level of 1 to 5 for a time. Several of
// the same skill may overlap; the highest that is valid counts.
type Certification struct {
	ID           uuid.UUID
	TechnicianID uuid.UUID
	SkillID      uuid.UUID
	Level        int
	ValidFrom    time.Time
	ValidTo      time.Time // exclusive
	RevokedAt    *time.Time
	RevokeReason string
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// NewCertification is what a certificate says.
type NewCertification struct {
	SkillID   uuid.UUID
	Level     int
	ValidFrom time.Time
	ValidTo   time.Time
}

// validUntil is when the certificate ended or will end: a revoked one ends with its revocation.
func (c Certification) validUntil() time.Time {
	if c.RevokedAt != nil && c.RevokedAt.Before(c.ValidTo) {
		return *c.RevokedAt
	}
	return c.ValidTo
}

// LevelHeld is the highest level of a skill that the certificates prove without a gap from one
// moment to another, 0 where they prove none. A certificate and the one that renews it count as
// one; where the later is lower, the lower level counts.
func LevelHeld(held []Certification, skill uuid.UUID, from, to time.Time) int {
	for level := 5; level > 0; level-- {
		if covers(held, skill, level, from, to) {
			return level
		}
	}
	return 0
}

// covers says whether certificates of at least the level follow each other without a gap.
func covers(held []Certification, skill uuid.UUID, level int, from, to time.Time) bool {
	at := from
	for range held {
		reach := at
		for _, c := range held {
			if c.SkillID == skill && c.Level >= level && !c.ValidFrom.After(at) && c.validUntil().After(reach) {
				reach = c.validUntil()
			}
		}
		if !reach.After(at) {
			return false
		}
		if at = reach; !at.Before(to) {
			return true
		}
	}
	return false
}

// Certifications returns the certificates of a technician after an id, revoked ones too, oldest
// first, and the id to go on from; uuid.Nil at the end.
func (c *Crew) Certifications(ctx context.Context, by who.Actor, technician, after uuid.UUID, limit int) ([]Certification, uuid.UUID, error) {
	if _, err := findTechnician(ctx, c.db, by, technician); err != nil {
		return nil, uuid.Nil, err
	}
	return rowsOf(ctx, c.db, technician, after, limit, func(x Certification) uuid.UUID { return x.ID })
}

// FindCertification returns one certificate.
func (c *Crew) FindCertification(ctx context.Context, by who.Actor, id uuid.UUID) (Certification, error) {
	return rowOf[Certification](ctx, c.db, by, id, "certificate")
}

// Certify records a certificate of a technician.
func (c *Crew) Certify(ctx context.Context, by who.Actor, technician uuid.UUID, n NewCertification) (x Certification, err error) {
	at := c.now()
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		t, err := lockTechnician(ctx, c.db, by, technician)
		if err != nil {
			return err
		}
		var f fault.Faults
		if known, err := pg.One[bool](ctx, c.db, `SELECT EXISTS (SELECT FROM skills WHERE id = $1)`, n.SkillID); err != nil {
			return err
		} else if !known {
			f.Add("/skill_id", "no such %s", words.Noun("skill"))
		}
		if n.Level < 1 || n.Level > 5 {
			f.Add("/level", "must be from 1 to 5")
		}
		checkYears(&f, "/valid_from", n.ValidFrom)
		checkYears(&f, "/valid_to", n.ValidTo)
		if !n.ValidTo.After(n.ValidFrom) {
			f.Add("/valid_to", "must be after the start")
		}
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("certificate")); err != nil {
			return err
		}
		x = Certification{
			ID: uuid.Must(uuid.NewV7()), TechnicianID: t.ID, SkillID: n.SkillID, Level: n.Level,
			ValidFrom: instant(n.ValidFrom), ValidTo: instant(n.ValidTo), Version: 1, CreatedAt: at, UpdatedAt: at,
		}
		if err := pg.Rows[Certification](ctx, c.db).Create(ctx, &x); err != nil {
			return pg.Fault(err, "certificate")
		}
		return c.tell(ctx, by, at, "certification.granted", t, map[string]any{"certification_id": x.ID, "skill_id": x.SkillID, "level": x.Level})
	})
	return x, err
}

// Revoke ends a certificate now. Visits booked in reliance on it stay; the ranking refuses new ones.
func (c *Crew) Revoke(ctx context.Context, by who.Actor, id uuid.UUID, version int, reason string) (x Certification, err error) {
	at := c.now()
	err = c.db.InTx(ctx, func(ctx context.Context) error {
		var t Technician
		if x, t, err = lockRowOf(ctx, c.db, by, id, "certificate", func(x Certification) uuid.UUID { return x.TechnicianID }); err != nil {
			return err
		}
		if err := unchanged("certificate", x.Version, version); err != nil {
			return err
		}
		var f fault.Faults
		x.RevokeReason = registry.Line(&f, "/reason", reason)
		if err := f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("revocation")); err != nil {
			return err
		}
		if x.RevokedAt != nil {
			return fault.New(fault.Conflict, "the certificate is revoked already")
		}
		x.RevokedAt, x.Version, x.UpdatedAt = &at, x.Version+1, at
		if err := saveCertification(ctx, c.db, x); err != nil {
			return err
		}
		return c.tell(ctx, by, at, "certification.revoked", t, map[string]any{"certification_id": x.ID, "skill_id": x.SkillID, "reason": x.RevokeReason})
	})
	return x, err
}
