package signals_test

import (
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/signals"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

const returnSQL = `
INSERT INTO part_returns (id, number, status, use_id, job_id, part_id, quantity, technician_id, outlet_id, due_at, policy_version, arrived_as,
  received_part_id, received_serial, received_quantity, discrepancy, movement_id, received_by, received_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, 1, 'expected', $10, $11, 1, $12, $13, $14, $15, $15, $15)`

// back is an old part that came back: the return, and the movement where the books took it in.
func (w *world) back(tech who.Actor, u use, serial string, discrepancy *string, from inventory.Location) uuid.UUID {
	w.Helper()
	id := stocktest.NewID()
	var movement *uuid.UUID
	if from.ID != uuid.Nil {
		m := w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReturn, JobID: &u.job, ReferenceID: &id}, from, w.defective(), u.part, 0, serial)
		movement = &m.ID
	}
	status := "matched"
	if discrepancy != nil {
		status = "discrepant"
	}
	w.Exec(returnSQL, id, stocktest.Fresh("R"), status, u.id, u.job, u.part.ID, tech.TechnicianID, w.Outlet, w.now,
		u.part.ID, serial, discrepancy, movement, w.Clerk.UserID, w.now)
	return id
}

func (w *world) defective() inventory.Location {
	w.Helper()
	at, err := w.books.SubPlace(w.Context(), inventory.KindDefective, w.Warehouse)
	w.Must(err)
	return at
}

func TestReturnedTwice(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	part := w.Part("s")
	w.carry(van, part, 0, "N1", "N2", "N3")
	first := w.use(tech, van, use{job: job, part: part, serial: "N1", old: "OLD-1"})
	second := w.use(tech, van, use{job: job, part: part, serial: "N2"})
	already := "already_returned"
	site := w.place(inventory.KindCustomerSite)
	once := w.back(tech, first, "OLD-1", nil, site)
	// The clerk had put it away without a return: the books have it, and it came back once.
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementTransfer}, site, w.defective(), part, 0, "OLD-2")
	w.back(tech, second, "OLD-2", &already, inventory.Location{})
	w.raises(signals.RuleReturnedTwice, 0)

	third := w.use(tech, van, use{job: job, part: part, serial: "N3"})
	w.later(time.Minute)
	twice := w.back(tech, third, "OLD-1", &already, inventory.Location{})
	s := w.raises(signals.RuleReturnedTwice, 1)[0]
	w.rests(s, signals.EvidenceReturn, twice)
	w.rests(s, signals.EvidenceReturn, once)
	if s.Measured != 2 || *s.TechnicianID != *tech.TechnicianID {
		t.Errorf("found %+v", s)
	}
	w.set(policy.SignalReturnedTwice, 3)
	w.back(tech, first2(w, tech, van, job, part), "OLD-2", &already, inventory.Location{})
	w.raises(signals.RuleReturnedTwice, 0)
}

// first2 is one more use, for a return to belong to.
func first2(w *world, tech who.Actor, van inventory.Location, job uuid.UUID, part inventory.Part) use {
	w.Helper()
	serial := stocktest.Fresh("N")
	w.carry(van, part, 0, serial)
	return w.use(tech, van, use{job: job, part: part, serial: serial})
}

func TestReturnOverdue(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	part := w.Part("s")
	w.carry(van, part, 0, "N1", "N2", "N3")
	due := w.now.Add(2 * day)
	expect := func(serial, status string, waived *string) uuid.UUID {
		u := w.use(tech, van, use{job: job, part: part, serial: serial})
		id := stocktest.NewID()
		w.Exec(`INSERT INTO part_returns (id, number, status, waived_because, use_id, job_id, part_id, quantity, technician_id, outlet_id, due_at, policy_version, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, 1, $11, $11)`, id, stocktest.Fresh("R"), status, waived, u.id, job, part.ID, tech.TechnicianID, w.Outlet, due, w.now)
		return id
	}
	keeps := "customer_keeps"
	expect("N1", "waived", &keeps)
	late := expect("N2", "expected", nil)
	w.later(3 * day) // overdue by a day to the second
	w.raises(signals.RuleReturnOverdue, 0)
	w.later(time.Second)
	s := w.raises(signals.RuleReturnOverdue, 1)[0]
	w.rests(s, signals.EvidenceReturn, late)
	w.later(30 * day)
	w.raises(signals.RuleReturnOverdue, 0)
}

// request is a part request as it ended, and who did what.
func (w *world) request(tech who.Actor, van inventory.Location, p inventory.Part, asked, approved, issued uuid.UUID, sent, received int) uuid.UUID {
	w.Helper()
	id := stocktest.NewID()
	var approver *uuid.UUID
	if approved != uuid.Nil {
		approver = &approved
	}
	w.Exec(`INSERT INTO part_requests (id, number, status, technician_id, van_id, outlet_id, requested_by, approved_by, created_at, updated_at)
		VALUES ($1, $2, 'approved', $3, $4, $5, $6, $7, $8, $8)`, id, stocktest.Fresh("P"), tech.TechnicianID, van.ID, w.Outlet, asked, approver, w.now)
	transit := w.place(inventory.KindTransit)
	w.move(who.Actor{UserID: issued}, inventory.Slip{Kind: inventory.MovementIssue, ReferenceID: &id}, w.Warehouse, transit, p, sent)
	if received > 0 {
		w.move(tech, inventory.Slip{Kind: inventory.MovementDelivery, ReferenceID: &id}, transit, van, p, received)
	}
	return id
}

func TestSelfDealing(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van := w.Technician(w.Outlet)
	p := w.Part("")
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	clerk, boss := w.Clerk.UserID, w.supervisor.UserID
	w.request(tech, van, p, tech.UserID, boss, clerk, 1, 1)  // each his own
	w.request(tech, van, p, tech.UserID, clerk, clerk, 1, 1) // one clerk approves and issues
	w.request(tech, van, p, clerk, uuid.Nil, clerk, 1, 1)    // asked for at the counter, approved by the policy
	w.raises(signals.RuleSelfDealing, 0)
	alone := w.request(tech, van, p, tech.UserID, uuid.Nil, tech.UserID, 1, 1)
	s := w.raises(signals.RuleSelfDealing, 1)[0]
	w.rests(s, signals.EvidenceRequest, alone)
	if s.Measured != 3 {
		t.Errorf("%v steps", s.Measured)
	}
	// A supervisor who did it all does not judge it.
	himself := who.Actor{UserID: w.User(who.Supervisor), Roles: w.supervisor.Roles, OutletID: &w.Outlet}
	handed := tech
	handed.UserID = himself.UserID
	id := w.request(handed, van, p, himself.UserID, uuid.Nil, himself.UserID, 1, 1)
	own := w.raises(signals.RuleSelfDealing, 1)[0]
	w.rests(own, signals.EvidenceRequest, id)
	_, err := w.signals.Dismiss(t.Context(), himself, own.ID, 1, "all is well", true)
	w.Refused(err, fault.NotFound, "no such signal")
	if all, _, err := w.signals.List(t.Context(), himself, signals.Filter{}, uuid.Nil, 10); err != nil || len(all) != 1 || all[0].ID == own.ID {
		t.Errorf("he lists %+v, %v", all, err)
	}
	_, err = w.signals.Confirm(t.Context(), w.supervisor, own.ID, 1, "his alone")
	w.Must(err)
	w.set(policy.SignalSelfDealing, 4)
	w.request(tech, van, p, boss, tech.UserID, tech.UserID, 1, 1)
	w.raises(signals.RuleSelfDealing, 0)
	w.set(policy.SignalSelfDealing, 3)
	w.raises(signals.RuleSelfDealing, 1)
}

func TestStuckInTransit(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van := w.Technician(w.Outlet)
	p := w.Part("")
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	clerk, boss := w.Clerk.UserID, w.supervisor.UserID
	w.request(tech, van, p, tech.UserID, boss, clerk, 5, 5)
	part := w.request(tech, van, p, tech.UserID, boss, clerk, 5, 5) // and two more are sent after it
	short := w.request(tech, van, p, tech.UserID, boss, clerk, 5, 3)
	w.later(2 * day)
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementIssue, ReferenceID: &part}, w.Warehouse, w.place(inventory.KindTransit), p, 2)
	w.later(day) // three days to the second since the short one
	w.raises(signals.RuleTransit, 0)
	w.later(time.Second)
	s := w.raises(signals.RuleTransit, 1)[0]
	w.rests(s, signals.EvidenceRequest, short)
	if s.Text.V.Args[0] != 2 {
		t.Errorf("found %s", s.Text.V)
	}
	w.later(2 * day)
	w.rests(w.raises(signals.RuleTransit, 1)[0], signals.EvidenceRequest, part)
}

func TestVanOwes(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	p, settled := w.Part(""), w.Part("")
	w.carry(van, p, 5)
	w.use(tech, van, use{job: job, part: settled, quantity: 4})
	began := w.use(tech, van, use{job: job, part: p, quantity: 7})
	w.later(day)
	w.carry(van, settled, 4)
	w.use(tech, van, use{job: job, part: p, quantity: 1})
	w.later(2 * day) // three days to the second
	w.raises(signals.RuleShortage, 0)
	w.later(time.Second)
	s := w.raises(signals.RuleShortage, 1)[0]
	w.rests(s, signals.EvidenceMovement, began.moved)
	if s.Text.V.Args[0] != 3 || *s.TechnicianID != *tech.TechnicianID {
		t.Errorf("found %s", s.Text.V)
	}
	// Settled and judged, it begins anew with another shortage.
	_, err := w.signals.Dismiss(t.Context(), w.supervisor, s.ID, 1, "the receipt came late", false)
	w.Must(err)
	w.carry(van, p, 3)
	w.use(tech, van, use{job: job, part: p, quantity: 1})
	w.later(3*day + time.Second)
	again := w.raises(signals.RuleShortage, 1)[0]
	if again.EarlierID == nil || *again.EarlierID != s.ID {
		t.Errorf("it does not name the earlier one: %+v", again)
	}
}

func TestLossesOnOneVan(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van, job := w.somebody()
	p, q := w.Part(""), w.Part("")
	w.carry(van, p, 50)
	w.carry(van, q, 50)
	adjustment := w.place(inventory.KindAdjustment)
	count := func(loss int, parts ...inventory.Part) {
		id := stocktest.NewID()
		for _, part := range parts {
			if loss > 0 {
				w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &id}, van, adjustment, part, loss)
			} else {
				w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &id}, adjustment, van, part, -loss)
			}
		}
	}
	count(2, p, q) // one occasion
	count(-3, p)   // a gain is none
	count(1, p)
	w.use(tech, van, use{job: job, part: p, quantity: 10})
	w.raises(signals.RuleVariance, 0)
	// Out of the window with the first; one more makes two.
	w.later(91 * day)
	count(1, p)
	count(1, p)
	w.raises(signals.RuleVariance, 0)
	w.use(tech, van, use{job: job, part: p, quantity: 100})
	s := w.raises(signals.RuleVariance, 1)[0]
	if s.Measured != 3 || *s.VanID != van.ID || *s.TechnicianID != *tech.TechnicianID {
		t.Errorf("found %+v", s)
	}
}

// Whoever always says that some of it did not come needs a friend who writes it off, and is found all the same.
func TestLossesOnTheWayToOneVan(t *testing.T) {
	t.Parallel()
	w := open(t)
	tech, van := w.Technician(w.Outlet)
	p := w.Part("")
	w.move(w.Clerk, inventory.Slip{Kind: inventory.MovementReceive}, w.place(inventory.KindSupplier), w.Warehouse, p, 100)
	clerk, boss := w.Clerk.UserID, w.supervisor.UserID
	for i := range 3 {
		w.raises(signals.RuleVariance, 0)
		id := w.request(tech, van, p, tech.UserID, boss, clerk, 5, 3+i%2)
		w.move(w.supervisor, inventory.Slip{Kind: inventory.MovementCount, ReferenceID: &id}, w.place(inventory.KindTransit), w.place(inventory.KindAdjustment), p, 2-i%2)
	}
	s := w.raises(signals.RuleVariance, 1)[0]
	if s.Measured != 3 || *s.VanID != van.ID || *s.TechnicianID != *tech.TechnicianID || s.Text.V.Args[0] != 5 {
		t.Errorf("found %+v", s)
	}
}
