package receiving

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Proposal is how much of a part a van should be given, and why: it has OnHand, Incoming is on its way,
// and Needed is what the jobs need that are booked soon.
type Proposal struct {
	VanID          uuid.UUID
	VanName        string
	OutletID       *uuid.UUID
	TechnicianID   uuid.UUID
	TechnicianName string
	PartID         uuid.UUID
	PartNumber     string
	PartName       string
	PartNameZh     string // empty where nobody translated it
	Min            int
	Max            int
	OnHand         int // below nought where the van owes what was used offline
	Incoming       int
	Needed         int
}

// Left is what the van will have when the jobs are done.
func (p Proposal) Left() int { return p.OnHand + p.Incoming - p.Needed }

// Quantity is how many are proposed.
func (p Proposal) Quantity() int { return p.Max - p.Left() }

// Text says how the proposal came about.
func (p Proposal) Text() words.Text {
	return words.Say("%d on the van, %d on the way, %d needed for booked jobs: %d are left, fewer than %d; filled up to %d with %d more",
		p.OnHand, p.Incoming, p.Needed, p.Left(), p.Min, p.Max, p.Quantity())
}

// ProposalFilter narrows proposals; the zero filter is all of them.
type ProposalFilter struct {
	OutletID     *uuid.UUID
	TechnicianID *uuid.UUID
	VanID        *uuid.UUID
}

// What a job needs and has been given already is no need any more. Open part requests and transfers
// are on their way.
const proposalsSQL = `
WITH due AS (
  SELECT v.location_id AS van_id, l.name AS van_name, l.outlet_id, t.id AS technician_id, t.name AS technician_name, v.part_id, v.min, v.max,
    coalesce((SELECT b.quantity FROM balances b WHERE b.location_id = v.location_id AND b.part_id = v.part_id), 0) AS on_hand,
    (SELECT coalesce(sum(greatest(0, coalesce(i.approved, i.quantity) - i.canceled - i.replaced - i.received - i.withdrawn - i.lost)), 0) FROM part_requests r JOIN part_request_lines i ON i.request_id = r.id
      WHERE r.van_id = v.location_id AND i.part_id = v.part_id AND r.status = ANY($6))
    + (SELECT coalesce(sum(i.quantity - i.received - i.returned - i.lost), 0) FROM transfers x JOIN transfer_lines i ON i.transfer_id = x.id
      WHERE x.to_location = v.location_id AND i.part_id = v.part_id AND x.status IN ('sent', 'short')) AS incoming,
    (SELECT coalesce(sum(greatest(0, (n.need->>'quantity')::int - coalesce((SELECT sum(u.quantity) FROM part_uses u WHERE u.job_id = j.id AND u.part_id = v.part_id
        AND NOT EXISTS (SELECT FROM movements m WHERE m.reverses_id = u.movement_id)), 0))), 0)
      FROM bookings k JOIN jobs j ON j.id = k.job_id CROSS JOIN jsonb_array_elements(j.parts) AS n (need)
      WHERE k.technician_id = t.id AND k.active AND k.starts_at < $5 AND j.status NOT IN ('finished', 'closed', 'canceled', 'incomplete')
        AND n.need->>'part_id' = v.part_id::text) AS needed
  FROM van_levels v JOIN locations l ON l.id = v.location_id AND l.active JOIN technicians t ON t.van_id = l.id AND t.status = 'active'
  WHERE ($1::uuid IS NULL OR l.outlet_id = $1) AND ($2::uuid IS NULL OR t.id = $2) AND ($3::uuid IS NULL OR l.outlet_id = $3) AND ($4::uuid IS NULL OR l.id = $4))
SELECT d.van_id, d.van_name, d.outlet_id, d.technician_id, d.technician_name, d.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, d.min, d.max,
  d.on_hand, d.incoming::int, d.needed::int
FROM due d JOIN parts p ON p.id = d.part_id WHERE d.on_hand + d.incoming - d.needed < d.min ORDER BY d.technician_name, d.van_id, p.number`

// underWay are the statuses in which a part request will still bring something.
var underWay = []string{"requested", "approved", "picking", "backordered", "issued"}

// Propose says with what the vans within the actor's scope should be filled up, a technician's own alone, and
// nothing of what the actor counts.
func (d *Dock) Propose(ctx context.Context, by who.Actor, f ProposalFilter) ([]Proposal, error) {
	now := d.Now()
	figures, err := d.deps.Policies.At(ctx, now)
	if err != nil {
		return nil, err
	}
	if his := inventory.OnlyHis(by); his != nil {
		if f.TechnicianID != nil && *f.TechnicianID != *his {
			return nil, nil
		}
		f.TechnicianID = his
	}
	rows, err := pg.Query[Proposal](ctx, d.DB(), proposalsSQL, by.OutletID, f.TechnicianID, f.OutletID, f.VanID, figures.Due(policy.ReplenishmentHorizon, now), underWay)
	if err != nil {
		return nil, err
	}
	blind, err := d.Blind(ctx, by)
	return slices.DeleteFunc(rows, func(p Proposal) bool { return blind.Hides(p.VanID, p.PartID) }), err
}
