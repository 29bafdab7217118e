package returns

import (
	"slices"

	"callout/inventory"
)

// ReturnStatus is where a part return stands.
type ReturnStatus string

// The statuses of a part return.
const (
	ReturnExpected   ReturnStatus = "expected"
	ReturnCollected  ReturnStatus = "collected" // the technician has it
	ReturnWaived     ReturnStatus = "waived"    // nothing will come
	ReturnInTransit  ReturnStatus = "in_transit"
	ReturnReceived   ReturnStatus = "received" // in the warehouse, not yet held against what was expected
	ReturnMatched    ReturnStatus = "matched"
	ReturnDiscrepant ReturnStatus = "discrepant"
)

// nextOfReturn says which statuses may follow a status of a part return.
var nextOfReturn = map[ReturnStatus][]ReturnStatus{
	ReturnExpected:  {ReturnCollected, ReturnWaived, ReturnReceived},
	ReturnCollected: {ReturnInTransit, ReturnReceived},
	ReturnInTransit: {ReturnReceived},
	ReturnReceived:  {ReturnMatched, ReturnDiscrepant},
}

// become moves r to a status, if the lifecycle allows it and nobody moved r since version was read.
func (r *PartReturn) become(s ReturnStatus, version int) error {
	if err := inventory.Stale("part return", version, r.Version); err != nil {
		return err
	}
	if !slices.Contains(nextOfReturn[r.Status], s) {
		return inventory.CannotBecome("part return", r.Status, s)
	}
	r.Status = s
	r.Version++
	return nil
}
