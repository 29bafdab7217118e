// Package uses books the parts that jobs use up: out of the technician's van, into the customer's
// thing, and the old part expected back.
//
// It owns part uses, who pays for them and how long the repair is covered. It does not own the
// movements, which are the ledger's, nor what becomes of old parts, which is the affair of part
// returns, nor the record of what sits in an asset, which is the register's.
package uses

import (
	"callout/internal/policy"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/registry"
)

// Uses is the door to what jobs use up.
type Uses struct {
	*inventory.Ledger

	returns  *returns.Returns
	register *registry.Register
	policies *policy.Book
}

// New returns the door to uses on ledger, which expects old parts back through r, knows assets by
// register and takes the length of coverages from policies.
func New(ledger *inventory.Ledger, r *returns.Returns, register *registry.Register, policies *policy.Book) *Uses {
	return &Uses{ledger, r, register, policies}
}
