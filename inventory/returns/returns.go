// Package returns follows old parts from the customer's thing to where they end.
//
// It owns part returns, the parcels that they travel in, and what became of each. What a use is, and
// whether one gives rise to a return, is not its affair; photos and sign-offs are evidence's.
package returns

import (
	"callout/evidence"
	"callout/internal/policy"
	"callout/inventory"
)

// Returns is the door to old parts that come back.
type Returns struct {
	*inventory.Ledger

	policies *policy.Book
	locker   *evidence.Locker
}

// New returns the door to part returns on ledger, whose deadlines are those of policies and whose
// photos and sign-offs are in locker.
func New(ledger *inventory.Ledger, policies *policy.Book, locker *evidence.Locker) *Returns {
	return &Returns{ledger, policies, locker}
}
