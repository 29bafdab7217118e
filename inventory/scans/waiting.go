package scans

import (
	"slices"

	"callout/inventory"

	"github.com/google/uuid"
)

// What waits for a part, or in a place.
const (
	toIssue   = "issue"    // a request that is allowed and not handed out
	toReceive = "receive"  // a request of the acting technician that is handed out and not received
	toReturn  = "return"   // an old part that has to come back, or that lies here undecided
	toDeliver = "delivery" // a supplier's delivery that is not counted yet
	toArrive  = "transfer" // a transfer that is under way to the actor, and not his own
	toCount   = "count"    // a count that goes on in a place
)

// waitingRow is a paper that waits for a part, or in a place.
type waitingRow struct {
	paperRow

	What    string
	PartID  *uuid.UUID
	PlaceID *uuid.UUID // where it takes its parts from or counts them; nil is anywhere
	Serials []string   // that it waits for
}

// How many of a line l of a request are still to be handed out, and are under way.
const (
	toGo     = `(coalesce(l.approved, 0) - l.issued - l.canceled - l.replaced)`
	underWay = `(l.issued - l.received - l.withdrawn - l.lost)`
)

// Within the actor's scope, oldest first: $3 are parts and $4 serials, $5 is the acting technician,
// $6 are places, $7 the acting user.
var waitingSQL = `
(SELECT 'issue' AS what, r.id, r.number, r.version, r.status AS state, l.part_id, r.warehouse_id AS place_id, '{}'::text[] AS serials,
    coalesce(r.technician_id = $5, false) AS own, coalesce(r.requested_by = $7, false) AS asked
  FROM part_request_lines l JOIN part_requests r ON r.id = l.request_id
  WHERE l.part_id = ANY($3) AND ` + toGo + ` > 0 AND r.status IN ('approved', 'picking', 'issued', 'backordered')
    AND ($1::uuid IS NULL OR r.outlet_id = $1 OR r.suppliers @> ARRAY[$1::uuid]) AND ($2::uuid IS NULL OR r.technician_id = $2)
  ORDER BY r.id LIMIT 5)
UNION ALL (SELECT 'receive', r.id, r.number, r.version, r.status, l.part_id, r.warehouse_id, ARRAY(SELECT unnest(l.issued_serials) EXCEPT SELECT unnest(l.received_serials || l.withdrawn_serials || l.lost_serials)), true, false
  FROM part_request_lines l JOIN part_requests r ON r.id = l.request_id
  WHERE l.part_id = ANY($3) AND ` + underWay + ` > 0 AND r.status IN ('picking', 'issued', 'backordered', 'received') AND r.technician_id = $5
  ORDER BY r.id LIMIT 5)
UNION ALL (SELECT 'return', r.id, r.number, r.version, ` + returnState + `, r.part_id, NULL, ARRAY[r.expected_serial],
    coalesce(r.technician_id = $5, false), ` + handled("$7") + `
  FROM part_returns r
  WHERE r.expected_serial = ANY($4) AND r.part_id = ANY($3) AND r.status IN ('expected', 'collected', 'in_transit')
    AND ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)
  ORDER BY r.id LIMIT 5)
UNION ALL (SELECT 'return', r.id, r.number, r.version, ` + returnState + `, r.received_part_id, r.placed_at, ARRAY[r.received_serial],
    coalesce(r.technician_id = $5, false), ` + handled("$7") + `
  FROM part_returns r
  WHERE r.received_serial = ANY($4) AND r.received_part_id = ANY($3) AND r.status IN ('matched', 'discrepant', 'resolved', 'at_vendor')
    AND ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)
  ORDER BY r.id DESC LIMIT 5)
UNION ALL (SELECT 'delivery', d.id, d.number, d.version, d.status, l.part_id, d.warehouse_id, l.serials, false, false
  FROM deliveries d JOIN delivery_lines l ON l.delivery_id = d.id
  WHERE d.status IN ('announced', 'counting') AND l.part_id = ANY($3) AND ($1::uuid IS NULL OR d.outlet_id = $1) AND $2::uuid IS NULL
  ORDER BY d.id LIMIT 5)
UNION ALL (SELECT 'transfer', t.id, t.number, t.version, t.status, l.part_id, t.to_location,
    ARRAY(SELECT unnest(l.serials) EXCEPT SELECT unnest(l.received_serials)), false, false
  FROM transfers t JOIN transfer_lines l ON l.transfer_id = t.id
  WHERE t.status IN ('sent', 'short') AND l.part_id = ANY($3) AND t.sent_by IS DISTINCT FROM $7::uuid AND ($1::uuid IS NULL OR t.to_outlet = $1)
    AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians e WHERE e.id = $2 AND e.van_id = t.to_location))
  ORDER BY t.id LIMIT 5)
UNION ALL (SELECT 'count', c.id, c.number, c.version, c.status, NULL, s.location_id, '{}', false, false
  FROM count_scopes s JOIN counts c ON c.id = s.count_id JOIN locations l ON l.id = c.location_id
  WHERE s.open AND s.location_id = ANY($6) AND c.status IN ('opened', 'counting', 'recount') AND ($1::uuid IS NULL OR c.outlet_id = $1)
    AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians e WHERE e.id = $2 AND e.van_id IN (l.id, l.warehouse_id)))
    AND (s.part_id IS NULL OR s.part_id = ANY($3) OR cardinality($3::uuid[]) = 0)
  ORDER BY c.id LIMIT 5)`

// of says whether the paper waits for the part.
func (w waitingRow) of(part uuid.UUID) bool { return w.PartID != nil && *w.PartID == part }

// from says whether the paper takes its parts from a place, or from the warehouse that this is a part of.
func (w waitingRow) from(place uuid.UUID, whole *uuid.UUID) bool {
	return w.PlaceID == nil || *w.PlaceID == place || (whole != nil && *w.PlaceID == *whole)
}

// The kinds of places that parts are handed out from, and that parts are moved from by hand.
var (
	issuing = []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet}
	movable = []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet, inventory.KindVan}
)

func good(k inventory.Kind) bool { return slices.Contains(issuing, k) }
