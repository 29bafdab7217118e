package uses

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Coverage says how long a repaired part is covered (requirement 108). Days are those of the site,
// as midnight UTC.
type Coverage struct {
	UseID         uuid.UUID
	JobID         uuid.UUID
	JobNumber     string
	AssetID       *uuid.UUID
	PartID        uuid.UUID
	PartNumber    string
	PartName      string
	PartNameZh    string // empty where nobody translated it
	Serial        *string
	StartsOn      time.Time
	EndsOn        time.Time // the last day that is covered
	PolicyVersion int
	Void          bool // the use was taken back
}

const coverSQL = `
INSERT INTO part_coverages (use_id, job_id, site_id, asset_id, part_id, serial, starts_on, ends_on, policy_version, created_at)
VALUES ($1, $2, $3, $4, $5, nullif($6, ''), $7, $8, $9, $10)`

// cover opens the coverage of a use: as long as the part says, or as the policy does.
func (u *Uses) cover(ctx context.Context, v visit, use uuid.UUID, w weighed, from time.Time) error {
	p, err := u.policies.At(ctx, from)
	if err != nil {
		return err
	}
	starts, err := v.day(from)
	if err != nil {
		return err
	}
	ends, err := v.day(p.Due(policy.RepairedPartCover, from))
	if err != nil {
		return err
	}
	if w.Part.WarrantyDays != nil {
		ends = starts.AddDate(0, 0, *w.Part.WarrantyDays)
	}
	if !ends.After(starts) {
		return nil
	}
	_, err = pg.Exec(ctx, u.DB(), coverSQL, use, v.ID, v.SiteID, v.AssetID, w.Part.ID, w.NewSerial, starts, ends, p.Version, u.Now())
	return pg.Fault(err, "coverage")
}

const coveragesSQL = `
SELECT c.use_id, c.job_id, j.number AS job_number, c.asset_id, c.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, c.serial,
  c.starts_on::timestamp AS starts_on, c.ends_on::timestamp AS ends_on, c.policy_version,
  EXISTS (SELECT FROM movements b WHERE b.reverses_id = u.movement_id) AS void
FROM part_coverages c JOIN part_uses u ON u.id = c.use_id JOIN jobs j ON j.id = c.job_id JOIN parts p ON p.id = c.part_id`

// A unit that came out is covered by the repair that put it in, and by no other; where nobody
// knows the unit, any repair of the part on the asset covers it. Without an asset the unit must be known.
// One that came out again is covered on the day it did, too: it may have been put in after the
// customer told of the fault, on the same job even.
const earlierSQL = coveragesSQL + `
WHERE c.part_id = ANY ($2) AND (c.job_id <> $1 AND c.starts_on <= $3 AND c.ends_on >= $3
    OR c.serial = $6 AND c.starts_on <= $7 AND c.ends_on >= $7)
  AND NOT EXISTS (SELECT FROM movements b WHERE b.reverses_id = u.movement_id)
  AND CASE WHEN $4::uuid IS NULL THEN c.asset_id IS NULL AND c.site_id = $5 AND c.serial = $6
    ELSE c.asset_id = $4 AND (c.serial IS NULL OR $6 = '' OR c.serial = $6) END
ORDER BY c.ends_on DESC, c.use_id LIMIT 1`

// earlier is the coverage by an earlier repair of one of the parts on the day of the fault, or of the
// unit that came out on the day of the use; nil where there is none.
func (u *Uses) earlier(ctx context.Context, v visit, parts []uuid.UUID, oldSerial string, faultDay, useDay time.Time) (*Coverage, error) {
	rows, err := pg.Query[Coverage](ctx, u.DB(), earlierSQL, v.ID, parts, faultDay, v.AssetID, v.SiteID, oldSerial, useDay)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// Coverages returns the coverages of the parts of an asset within the actor's scope, the newest
// first and 500 at the most.
func (u *Uses) Coverages(ctx context.Context, by who.Actor, asset uuid.UUID) ([]Coverage, error) {
	if _, err := u.register.FindAsset(ctx, by, asset); err != nil {
		return nil, err
	}
	return pg.Query[Coverage](ctx, u.DB(), coveragesSQL+` WHERE c.asset_id = $1 ORDER BY c.use_id DESC LIMIT 500`, asset)
}
