// Package who names the acting person: an argument of every command and every query.
package who

import (
	"slices"

	"github.com/google/uuid"
)

// Role is what a person does in the operation.
type Role string

// The roles, as the contract's x-roles spells them.
const (
	Admin      Role = "admin"
	Supervisor Role = "supervisor"
	Dispatcher Role = "dispatcher"
	Agent      Role = "agent"
	Technician Role = "technician"
	Warehouse  Role = "warehouse"
	Inspector  Role = "inspector"
)

// Roles lists every role.
var Roles = []Role{Admin, Supervisor, Dispatcher, Agent, Technician, Warehouse, Inspector}

// Actor is somebody who acts, and how far he may see.
type Actor struct {
	UserID       uuid.UUID
	Session      uuid.UUID
	Name         string
	Roles        []Role
	OutletID     *uuid.UUID // sees this outlet's rows only; nil sees every outlet
	TechnicianID *uuid.UUID // the technician that this user is
}

// System acts where no person does: timers, imports, migrations. It sees everything.
var System = Actor{Name: "system"}

// Has says whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// OnlyTechnician says whether the actor is a technician and nothing else: such a one sees
// the jobs booked to him and no others.
func (a Actor) OnlyTechnician() bool {
	return len(a.Roles) == 1 && a.Roles[0] == Technician
}

// Sees says whether a row of the outlet is within the actor's scope.
func (a Actor) Sees(outlet *uuid.UUID) bool {
	return a.OutletID == nil || (outlet != nil && *outlet == *a.OutletID)
}
