package returns

import (
	"slices"

	"callout/inventory"
)

// Status is where a part return stands.
type Status string

// The statuses of a part return.
const (
	StatusExpected   Status = "expected"
	StatusCollected  Status = "collected" // the technician has it
	StatusWaived     Status = "waived"    // nothing will come
	StatusInTransit  Status = "in_transit"
	StatusReceived   Status = "received" // in the warehouse, not yet held against what was expected
	StatusMatched    Status = "matched"
	StatusDiscrepant Status = "discrepant"
)

// next says which statuses may follow a status of a part return.
var next = map[Status][]Status{
	StatusExpected:  {StatusCollected, StatusWaived, StatusReceived},
	StatusCollected: {StatusInTransit, StatusReceived},
	StatusInTransit: {StatusReceived},
	StatusReceived:  {StatusMatched, StatusDiscrepant},
}

// become moves r to a status, if the lifecycle allows it and nobody moved r since version was read.
func (r *Return) become(s Status, version int) error {
	if err := inventory.Stale("part return", version, r.Version); err != nil {
		return err
	}
	if !slices.Contains(next[r.Status], s) {
		return inventory.CannotBecome("part return", r.Status, s)
	}
	r.Status = s
	r.Version++
	return nil
}
