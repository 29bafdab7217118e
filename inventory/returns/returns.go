// Package returns follows old parts from the customer's thing to where they end.
//
// It owns part returns. What a use is, and whether one gives rise to a return, is not its affair.
package returns

import "callout/inventory"

// Returns is the door to old parts that come back.
type Returns struct{ *inventory.Ledger }

// New returns the door to part returns on ledger.
func New(ledger *inventory.Ledger) *Returns { return &Returns{ledger} }
