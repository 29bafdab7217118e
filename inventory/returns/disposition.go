package returns

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// DispositionKind is what was decided about an old part that came back.
type DispositionKind string

// The kinds of dispositions. A vendor answers later: repaired, replaced or refused.
const (
	DispositionAppraisal      DispositionKind = "appraisal" // 产品鉴定: it stays where it is
	DispositionRefurbish      DispositionKind = "refurbish" // into good stock
	DispositionScrap          DispositionKind = "scrap"
	DispositionVendor         DispositionKind = "vendor"
	DispositionVendorRepaired DispositionKind = "vendor_repaired"
	DispositionVendorReplaced DispositionKind = "vendor_replaced"
	DispositionVendorRefused  DispositionKind = "vendor_refused"
	DispositionWrittenOff     DispositionKind = "written_off" // it never came
)

// Disposition is one decision about an old part. It never changes.
type Disposition struct {
	ID          uuid.UUID
	ReturnID    uuid.UUID
	Step        int
	Kind        DispositionKind
	Verdict     *Verdict
	LocationID  *uuid.UUID // where it went
	WitnessID   *uuid.UUID // a user, who saw it scrapped
	RMA         *string    // the vendor's number
	UnitCost    *int64     // of the work, in minor units of the part's currency
	NewSerial   *string    // of what the vendor sent instead
	Scan        *string    // as the scanner read it
	PhotoIDs    []uuid.UUID
	MovementIDs []uuid.UUID
	Note        string
	DecidedBy   *uuid.UUID
	DecidedAt   time.Time
}

const dispositionsSQL = `
SELECT d.id, d.return_id, d.step, d.kind, d.verdict, d.location_id, d.witness_id, d.rma, d.unit_cost, d.new_serial, d.scan, d.movement_ids, d.note,
  d.decided_by, d.decided_at, ARRAY(SELECT h.photo_id FROM part_return_photos h WHERE h.disposition_id = d.id ORDER BY h.photo_id) AS photo_ids
FROM part_return_dispositions d WHERE d.return_id = ANY ($1) ORDER BY d.return_id, d.step`

// dispositions are the decisions about returns, by return.
func (c *Returns) dispositions(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]Disposition, error) {
	rows, err := pg.Query[Disposition](ctx, c.DB(), dispositionsSQL, ids)
	decided := map[uuid.UUID][]Disposition{}
	for _, d := range rows {
		decided[d.ReturnID] = append(decided[d.ReturnID], d)
	}
	return decided, err
}

const decideSQL = `
INSERT INTO part_return_dispositions (id, return_id, step, kind, verdict, location_id, witness_id, rma, unit_cost, new_serial, scan, movement_ids, note,
  decided_by, decided_at)
SELECT $1, $2, coalesce(max(step), 0) + 1, $3, $4, $5::uuid, $6::uuid, $7, $8::bigint, $9, $10, $11::uuid[], $12, $13::uuid, $14::timestamptz
FROM part_return_dispositions WHERE return_id = $2`

// decide writes a decision down, behind those that were taken before. The return is held.
func (c *Returns) decide(ctx context.Context, by who.Actor, r *Return, d Disposition) error {
	if d.MovementIDs == nil {
		d.MovementIDs = []uuid.UUID{}
	}
	d.ID = uuid.Must(uuid.NewV7())
	_, err := pg.Exec(ctx, c.DB(), decideSQL, d.ID, r.ID, d.Kind, d.Verdict, d.LocationID, d.WitnessID, d.RMA, d.UnitCost, d.NewSerial, d.Scan,
		d.MovementIDs, d.Note, inventory.ActorID(by), c.Now())
	if err != nil {
		return pg.Fault(err, "part return")
	}
	return c.showPhotos(ctx, r.ID, &d.ID, d.PhotoIDs)
}

// Verdict is what an appraisal finds (requirements 60 and 107).
type Verdict string

// The verdicts.
const (
	VerdictProductFault Verdict = "product_fault"
	VerdictWear         Verdict = "wear"
	VerdictMisuse       Verdict = "misuse"
	VerdictNoFaultFound Verdict = "no_fault_found"
	VerdictCounterfeit  Verdict = "counterfeit"
)

// Appraise records what an appraisal of an old part found. The part stays where it is, and what becomes
// of it is decided afterwards.
func (c *Returns) Appraise(ctx context.Context, by who.Actor, id uuid.UUID, version int, v Verdict, photos []uuid.UUID, note string) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.appraised", func(ctx context.Context, r *Return) (map[string]any, error) {
		if !r.here() {
			return nil, fault.New(fault.Conflict, "nothing of part return %s lies here", r.Number)
		}
		var f fault.Faults
		if err := c.checkPhotos(ctx, *r, photos, &f); err != nil {
			return nil, err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		return map[string]any{"verdict": v, "note": note},
			c.decide(ctx, by, r, Disposition{Kind: DispositionAppraisal, Verdict: &v, LocationID: r.PlacedAt, PhotoIDs: photos, Note: note})
	})
}

// here says whether what came lies in a warehouse of ours, and nobody has decided what becomes of it.
func (r Return) here() bool {
	return r.MovementID != nil && (r.Status == StatusMatched || r.Status == StatusDiscrepant || r.Status == StatusResolved)
}

// goods is what came in, as the books have it, and where they have it.
func (c *Returns) goods(ctx context.Context, r Return) (came inventory.Counted, at inventory.Location, err error) {
	if came.Part, err = c.FindPart(ctx, *r.ReceivedPartID); err != nil {
		return came, at, err
	}
	came.Quantity, came.At = *r.ReceivedQuantity, inventory.Pointers{None: true}
	if r.ReceivedSerial != nil {
		came.Serials = []string{*r.ReceivedSerial}
	}
	at, err = c.Locate(ctx, *r.PlacedAt)
	return came, at, err
}
