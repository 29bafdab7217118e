package returns

import (
	"slices"

	"callout/inventory"
)

// Status is where a part return stands.
type Status string

// The statuses of a part return.
const (
	StatusExpected      Status = "expected"
	StatusCollected     Status = "collected"  // in the technician's box for old parts
	StatusInTransit     Status = "in_transit" // in a parcel
	StatusWaived        Status = "waived"     // the customer keeps it, or nothing came out
	StatusMatched       Status = "matched"
	StatusDiscrepant    Status = "discrepant"
	StatusResolved      Status = "resolved"  // somebody else has judged what was wrong, and what came lies here
	StatusAtVendor      Status = "at_vendor" // the vendor has it, and has not answered
	StatusDispositioned Status = "dispositioned"
)

// arriving is what a part return goes through between its way and what it is found to be.
const arriving Status = "received"

// next says which statuses may follow a status of a part return. A discrepant one is due again
// where what came was not it, and a waived one where the customer does not keep it after all.
var next = map[Status][]Status{
	StatusExpected:   {StatusCollected, StatusWaived, StatusMatched, StatusDiscrepant},
	StatusCollected:  {StatusInTransit, StatusMatched, StatusDiscrepant},
	StatusInTransit:  {StatusMatched, StatusDiscrepant},
	StatusDiscrepant: {StatusResolved, StatusDispositioned, StatusExpected, StatusCollected},
	StatusMatched:    {StatusAtVendor, StatusDispositioned},
	StatusResolved:   {StatusAtVendor, StatusDispositioned},
	StatusAtVendor:   {StatusDispositioned},
	StatusWaived:     {StatusExpected, StatusMatched, StatusDiscrepant},
}

// Open says whether the old part is still to come.
func (s Status) Open() bool {
	return s == StatusExpected || s == StatusCollected || s == StatusInTransit
}

// become moves r to a status, if the lifecycle allows it.
func (r *Return) become(s Status) error {
	if !slices.Contains(next[r.Status], s) {
		return inventory.CannotBecome("part return", r.Status, s)
	}
	r.Status = s
	return nil
}
