// Package uses books the parts that jobs use up: out of the technician's van, into the customer's
// thing, and the old part expected back.
//
// It owns part uses. It does not own the movements, which are the ledger's, nor what becomes of old
// parts, which is the affair of part returns.
package uses

import (
	"callout/inventory"
	"callout/inventory/returns"
)

// Uses is the door to what jobs use up.
type Uses struct {
	*inventory.Ledger
	returns *returns.Returns
}

// New returns the door to uses on ledger, which expects old parts back through r.
func New(ledger *inventory.Ledger, r *returns.Returns) *Uses { return &Uses{ledger, r} }
