package api

import (
	"maps"

	"callout/access"
	"callout/cases"
	"callout/dispatch"
	"callout/evidence"
	"callout/internal/policy"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/counts"
	"callout/inventory/receiving"
	"callout/inventory/requests"
	"callout/inventory/returns"
	"callout/inventory/scans"
	"callout/inventory/signals"
	"callout/inventory/uses"
	"callout/registry"
)

// Doors are the domains that the handlers call.
type Doors struct {
	Staff    *access.Staff
	Policies *policy.Book
	Register *registry.Register
	Network  *dispatch.Network
	Crew     *dispatch.Crew
	Board    *dispatch.Board
	Planner  *dispatch.Planner
	Ledger   *inventory.Ledger
	Counter  *requests.Counter
	Dock     *receiving.Dock
	Uses     *uses.Uses
	Returns  *returns.Returns
	Counts   *counts.Counts
	Scanner  *scans.Scanner
	Auditor  *audit.Auditor
	Signals  *signals.Signals
	Locker   *evidence.Locker
	Desk     *cases.Desk
}

// handlers names the handler of every operation of the contract, noun by noun.
func (s *Server) handlers() map[string]handler {
	all := map[string]handler{}
	for _, noun := range []map[string]handler{
		s.slotsHandlers(), s.sessionsHandlers(), s.usersHandlers(), s.policiesHandlers(), s.photosHandlers(), s.signOffsHandlers(),
		s.partsHandlers(), s.locationsHandlers(), s.stockHandlers(), s.partRequestsHandlers(), s.partUsesHandlers(), s.partReturnsHandlers(),
		s.customersHandlers(), s.sitesHandlers(), s.productsHandlers(), s.assetsHandlers(), s.outletsHandlers(), s.skillsHandlers(),
		s.techniciansHandlers(), s.certificationsHandlers(), s.shiftsHandlers(), s.absencesHandlers(), s.casesHandlers(),
		s.jobsHandlers(), s.jobVerbsHandlers(), s.closeHandlers(), s.boardHandlers(), s.solveHandlers(), s.plansHandlers(), s.livingHandlers(),
		s.countsHandlers(), s.scansHandlers(), s.reconciliationHandlers(), s.signalsHandlers(),
		s.deliveriesHandlers(), s.suppliersHandlers(), s.heldStockHandlers(), s.transfersHandlers(), s.replenishmentHandlers(), s.witnessesHandlers(),
	} {
		maps.Copy(all, noun)
	}
	return all
}
