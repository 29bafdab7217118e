package scans

import (
	"slices"

	"callout/inventory"

	"github.com/google/uuid"
)

// What waits for a part.
const (
	toIssue   = "issue"   // a request that is allowed and not handed out
	toReceive = "receive" // a request of the acting technician that is handed out and not received
	toReturn  = "return"  // an old part that has to come back
)

// waitingRow is a paper that waits for a part.
type waitingRow struct {
	What        string
	ID          uuid.UUID
	Number      string
	Version     int
	Status      string
	PartID      uuid.UUID
	WarehouseID *uuid.UUID // that is to hand it out; nil is any
	Serials     []string   // that it waits for
	Own         bool       // the acting technician's
}

// Within the actor's scope, oldest first.
const waitingSQL = `
(SELECT 'issue' AS what, r.id, r.number, r.version, r.status, l.part_id, r.warehouse_id, '{}'::text[] AS serials, coalesce(r.technician_id = $5, false) AS own
  FROM part_request_lines l JOIN part_requests r ON r.id = l.request_id
  WHERE l.part_id = ANY($3) AND l.issued < l.quantity AND r.status = 'approved'
    AND ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)
  ORDER BY r.id LIMIT 5)
UNION ALL (SELECT 'receive', r.id, r.number, r.version, r.status, l.part_id, r.warehouse_id, l.issued_serials, true
  FROM part_request_lines l JOIN part_requests r ON r.id = l.request_id
  WHERE l.part_id = ANY($3) AND r.status = 'issued' AND r.technician_id = $5
  ORDER BY r.id LIMIT 5)
UNION ALL (SELECT 'return', r.id, r.number, r.version, r.status, r.part_id, NULL, ARRAY[r.expected_serial], coalesce(r.technician_id = $5, false)
  FROM part_returns r
  WHERE r.part_id = ANY($3) AND r.expected_serial = ANY($4) AND r.status IN ('expected', 'collected', 'in_transit')
    AND ($1::uuid IS NULL OR r.outlet_id = $1) AND ($2::uuid IS NULL OR r.technician_id = $2)
  ORDER BY r.id LIMIT 5)`

// from says whether the paper takes its parts from a place, or from the warehouse that this is a part of.
func (w waitingRow) from(place uuid.UUID, whole *uuid.UUID) bool {
	return w.WarehouseID == nil || *w.WarehouseID == place || (whole != nil && *w.WarehouseID == *whole)
}

// The kinds of places that parts are handed out from, and that parts are moved from by hand.
var (
	issuing = []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet}
	movable = []inventory.Kind{
		inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet, inventory.KindVan, inventory.KindDefective,
		inventory.KindQuarantine, inventory.KindVendorRepair,
	}
)

func good(k inventory.Kind) bool { return slices.Contains(issuing, k) }
