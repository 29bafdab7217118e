package requests

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

const noteSQL = `
INSERT INTO part_request_overs (id, request_id, part_id, quantity, serial, scans, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (request_id, part_id, serial) WHERE settled + kept + mistaken < quantity DO NOTHING`

// note keeps what came beyond what was issued: a unit once, however often it is scanned, until
// somebody says what becomes of it.
func (c *Counter) note(ctx context.Context, by who.Actor, r *Request, beyond inventory.Counted) error {
	add := func(n int, serial *string, scans []string) error {
		o := Over{
			ID: uuid.Must(uuid.NewV7()), RequestID: r.ID, PartID: beyond.Part.ID, PartNumber: beyond.Part.Number, Quantity: n, Serial: serial,
			Scans: orNone(scans), NotedBy: inventory.ActorID(by), NotedAt: c.Now(),
		}
		added, err := pg.Exec(ctx, c.DB(), noteSQL, o.ID, o.RequestID, o.PartID, o.Quantity, o.Serial, o.Scans, o.NotedBy, o.NotedAt)
		if added > 0 {
			r.Overs = append(r.Overs, o)
		}
		return pg.Fault(err, "part request")
	}
	if beyond.Quantity > 0 && !beyond.Part.Serialized {
		return add(beyond.Quantity, nil, beyond.Scans)
	}
	for _, s := range beyond.Serials {
		var scans []string
		if raw, scanned := beyond.Raw[s]; scanned {
			scans = []string{raw}
		}
		if err := add(1, &s, scans); err != nil {
			return err
		}
	}
	return nil
}

// keptSerials are the units of a part that came too much and stay in the van.
func (r *Request) keptSerials(part uuid.UUID) []string {
	var serials []string
	for _, o := range r.Overs {
		if o.PartID == part && o.Serial != nil && o.Kept > 0 {
			serials = append(serials, *o.Serial)
		}
	}
	return serials
}

const settleOverSQL = `UPDATE part_request_overs SET settled = $2, kept = $3, mistaken = $4 WHERE id = $1`

// settleOvers notes what became of what came too much: the oldest first, units by their serials.
func (c *Counter) settleOvers(ctx context.Context, r *Request, as Outcome, all []inventory.Counted, f *fault.Faults) (map[string]any, error) {
	settled := 0
	changed := map[int]bool{}
	for _, line := range all {
		left := line.Quantity
		for i := range r.Overs {
			o := &r.Overs[i]
			n := min(left, o.Open())
			if o.PartID != line.Part.ID || n == 0 || o.Serial != nil && !slices.Contains(line.Serials, *o.Serial) {
				continue
			}
			switch as {
			case OutcomeKept:
				o.Kept += n
			case OutcomeMisScan:
				o.Mistaken += n
			default:
				o.HandedBack += n
			}
			left -= n
			settled += n
			changed[i] = true
		}
		if left > 0 {
			f.Add(line.CountAt(), "%d of part %s came too much", line.Quantity-left, line.Part.Number)
		}
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
		return nil, err
	}
	for i := range changed {
		o := r.Overs[i]
		if _, err := pg.Exec(ctx, c.DB(), settleOverSQL, o.ID, o.HandedBack, o.Kept, o.Mistaken); err != nil {
			return nil, pg.Fault(err, "part request")
		}
	}
	return map[string]any{"settled": settled}, nil
}

// keep books what came too much out of the store that it came from into the van, as its stock. What the
// store holds for others goes too: it is not there any more.
func (c *Counter) keep(ctx context.Context, by who.Actor, r *Request, s Settlement, all []inventory.Counted, f *fault.Faults) (map[string]any, error) {
	from, err := c.store(ctx, by, r, s.LocationID, f)
	if err != nil {
		return nil, err
	}
	data, err := c.settleOvers(ctx, r, OutcomeKept, all, f)
	if err != nil {
		return nil, err
	}
	van, err := c.Locate(ctx, r.VanID)
	if err != nil {
		return nil, err
	}
	entries, err := c.taken(ctx, r, from, van, all, nil)
	if err != nil {
		return nil, err
	}
	moved, err := c.Move(ctx, by, inventory.Slip{Kind: inventory.MovementTransfer, JobID: r.JobID, ReferenceID: &r.ID, Note: s.Reason, Override: true}, entries)
	if err != nil {
		return nil, err
	}
	data["lines"] = inventory.Manifest(moved)["lines"]
	return data, nil
}
