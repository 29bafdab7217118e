package uses

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Wish is what the customer wants to become of the old part (requirement 103).
type Wish string

// The wishes of customers.
const (
	WishReturn Wish = "return"         // we take it with us
	WishKeeps  Wish = "customer_keeps" // and signs for it
	WishNone   Wish = "none"           // no part came out
)

// PartUse says that a part went into the customer's thing, and which one came out (requirement 102).
type PartUse struct {
	PartID      uuid.UUID // uuid.Nil where the scan names it
	Quantity    int       // 0 is one, or as many as the scan says
	NewSerial   string    // "" where the part has no serials, or the scan names it
	OldSerial   string    // "" where it is not known, or the scan names it
	OldPartWish Wish
	OldPartID   uuid.UUID // uuid.Nil where it is the same part: else one that the part takes the place of
	NewScan     string    // as the scanner read it
	OldScan     string    // as the scanner read it

	OccurredAt     time.Time // when the part went in; zero is now
	OldUnreadable  bool      // the old part has a serial, and nobody can read it
	AcceptShortage bool      // it went in although the van's books lack it, which is a flagged variance
	Charge         *Charge   // who pays, where a person says so; nil leaves it to the books
	Because        string    // why somebody other than the technician says so at the closing
}

// Use is a use that stands in the ledger, with what the part is called.
type Use struct {
	ID             uuid.UUID
	JobID          uuid.UUID
	PartID         uuid.UUID
	PartNumber     string
	PartName       string
	PartNameZh     string // empty where nobody translated it
	Quantity       int
	NewSerial      string
	OldSerial      string
	OldPartID      uuid.UUID // the part's own id where the old part is the same
	OldPartWish    Wish      // as it is signed for: customer_keeps where the old part was left there later
	ToldWish       Wish      // as it was told with the use
	OldUnreadable  bool      // nobody could read the old part's serial
	NewScan        *string
	OldScan        *string
	Short          int     // of Quantity, what the van's books did not have
	RecordedSerial *string // what the asset's record had in place of OldSerial, where it had another
	Warranty       Warranty
	Reason         words.Text // of the warranty decision
	Price          *int64     // what the customer pays, in minor units of Currency; nil where the part has no price
	ListPrice      *int64     // what it would be without warranty
	Currency       string
	Cost           *int64     // of the parts, by their moving average
	CoveredUntil   *time.Time // the last day on which the repair is covered, at the site; midnight UTC
	AssetID        *uuid.UUID
	MovementID     uuid.UUID
	ReturnID       *uuid.UUID // the part return that it gave rise to
	UsedBy         *uuid.UUID
	UsedAt         time.Time // when the books heard of it
	OccurredAt     time.Time // when the part went in
	Repeated       bool      // it stood already when it was told
}

// A use stands unless its movement was reversed.
const usesSQL = `
SELECT u.id, u.job_id, u.part_id, u.quantity, coalesce(u.new_serial, '') AS new_serial, coalesce(u.old_serial, '') AS old_serial,
  coalesce(u.old_part_id, u.part_id) AS old_part_id, u.old_part_wish AS told_wish,
  CASE WHEN r.waived_because = 'customer_keeps' THEN 'customer_keeps' ELSE u.old_part_wish END AS old_part_wish,
  u.old_serial_unreadable AS old_unreadable, u.new_scan, u.old_scan, u.short, u.recorded_serial, u.asset_id,
  p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, u.movement_id, m.value AS cost, r.id AS return_id, u.used_by, u.used_at, u.occurred_at,
  coalesce(d.warranty, 'not_covered') AS warranty, coalesce(d.reason, '{"format": ""}') AS reason, d.price, u.unit_price * u.quantity AS list_price,
  u.currency, c.ends_on::timestamp AS covered_until
FROM part_uses u JOIN parts p ON p.id = u.part_id JOIN movements m ON m.id = u.movement_id
LEFT JOIN part_returns r ON r.use_id = u.id AND r.follows_id IS NULL
LEFT JOIN part_coverages c ON c.use_id = u.id
LEFT JOIN LATERAL (SELECT warranty, reason, price FROM part_use_decisions WHERE use_id = u.id ORDER BY seq DESC LIMIT 1) d ON true
WHERE NOT EXISTS (SELECT FROM movements b WHERE b.reverses_id = u.movement_id)`

// usesOf returns every use of the job that stands.
func (u *Uses) usesOf(ctx context.Context, job uuid.UUID) ([]Use, error) {
	return pg.Query[Use](ctx, u.DB(), usesSQL+` AND u.job_id = $1 ORDER BY u.id`, job)
}

// find reads a use of a job that stands.
func (u *Uses) find(ctx context.Context, job, id uuid.UUID) (Use, error) {
	rows, err := pg.Query[Use](ctx, u.DB(), usesSQL+` AND u.job_id = $1 AND u.id = $2`, job, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("part use"))
	}
	if err != nil {
		return Use{}, err
	}
	return rows[0], nil
}

// List returns everything that was used on a job within the actor's scope.
func (u *Uses) List(ctx context.Context, by who.Actor, job uuid.UUID) ([]Use, error) {
	if _, err := u.Job(ctx, by, job, nil); err != nil {
		return nil, err
	}
	return u.usesOf(ctx, job)
}
