package house

import (
	"callout/access"
	"callout/cases"
	"callout/dispatch"
	"callout/evidence"
	"callout/internal/keyring"
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

// open opens the domains' doors, each on those that it stands on.
func (h *House) open(seals *keyring.Ring) {
	h.Staff = access.NewStaff(h.DB, h.now)
	h.Policies = policy.NewBook(h.DB, h.now)
	h.Network = dispatch.NewNetwork(h.DB, h.now)
	h.Register = registry.New(h.DB, h.Network, h.now)
	h.Crew = dispatch.NewCrew(h.DB, h.now)
	h.Ledger = inventory.NewLedger(h.DB, h.Crew, h.now)
	h.Counter = requests.NewCounter(h.Ledger, h.Policies, h.Queue)
	h.Locker = evidence.NewLocker(h.DB, h.Store, seals, h.now)
	h.Returns = returns.New(h.Ledger, h.Policies, h.Locker)
	h.Uses = uses.New(h.Ledger, h.Returns, h.Register, h.Policies)
	h.Dock = receiving.New(h.Ledger, receiving.Deps{
		Counter: counter{h.Counter}, Backorders: counter{h.Counter}, Policies: h.Policies, Queue: h.Queue, Locker: h.Locker,
	})
	h.Counts = counts.New(h.Ledger, h.Policies)
	h.Signals = signals.New(h.Ledger, h.Policies)
	h.Scanner = scans.NewScanner(h.Ledger)
	h.Auditor = audit.NewAuditor(h.Ledger)
	h.Board = dispatch.NewBoard(h.DB, dispatch.Deps{
		Crew: h.Crew, Register: h.Register, Stock: stock{h.Ledger, h.Uses, h.Counter, h.Returns}, Policies: h.Policies, Locker: h.Locker, Queue: h.Queue, Travel: h.travel,
	}, h.now)
	h.Planner = dispatch.NewPlanner(h.Board)
	h.Desk = cases.NewDesk(h.DB, h.Board, h.Queue, h.Policies, h.now)
	h.Board.Tell(h.Desk)
}
