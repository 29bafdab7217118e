package returns

import (
	"maps"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// WaivedBecause is why nothing will come back.
type WaivedBecause string

// The reasons to wait for nothing.
const (
	WaivedCustomerKeeps WaivedBecause = "customer_keeps"
	WaivedUseReversed   WaivedBecause = "use_reversed"
)

// Return is an old part that a use made expected, or that came unannounced, and what became of it.
type Return struct {
	ID             uuid.UUID
	Number         string
	Status         Status
	UseID          *uuid.UUID // nil where nobody expected it
	JobID          *uuid.UUID
	PartID         uuid.UUID
	PartNumber     string
	PartName       string
	PartNameZh     string // empty where nobody translated it
	Quantity       int
	TechnicianID   *uuid.UUID // who has to bring it
	OutletID       *uuid.UUID
	ExpectedSerial *string // nil also where it cannot be read
	Unreadable     bool    // the old part has a serial that nobody could read when it came out

	DueAt         *time.Time
	PolicyVersion *int // that DueAt is judged by
	Overdue       bool // now: it is not here, and the time for it is over

	WaivedBecause *WaivedBecause
	WaivedBy      *uuid.UUID
	WaivedAt      *time.Time
	Signed        bool       // of a waiver: the customer signed that he keeps it
	SignOffID     *uuid.UUID // that names the customer's wish

	HeldAt      *uuid.UUID // where the old part waits; nil is at the customer's
	CollectedBy *uuid.UUID
	CollectedAt *time.Time
	PhotoIDs    []uuid.UUID // that show it collected
	ShipmentID  *uuid.UUID
	Carrier     *string
	Waybill     *string

	ArrivedAs        *Status    // how it stood when it came
	WarehouseID      *uuid.UUID // that received it
	ReceivedPartID   *uuid.UUID
	ReceivedSerial   *string
	ReceivedQuantity *int
	ReceivedScan     *string // as the scanner read it
	ReceivedBy       *uuid.UUID
	ReceivedAt       *time.Time
	Discrepancy      *Discrepancy
	MovementID       *uuid.UUID // that took in what came, or left it with the customer; nil where the books could not take it
	PlacedAt         *uuid.UUID // where what came is now

	FollowsID      *uuid.UUID  // the return that waits on, where this came in its place
	FollowedBy     []uuid.UUID // what came in the place of this one
	Resolution     *Resolution
	ResolutionNote string // of one that is due again, too
	ResolvedBy     *uuid.UUID
	ResolvedAt     *time.Time
	Dispositions   []Disposition // what was decided about it, in order

	Note      string
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// late says whether the old part should be here at a moment, and is not.
func (r Return) late(at time.Time) bool {
	return r.Status.Open() && r.DueAt != nil && r.DueAt.Before(at)
}

// brings says whether a technician is the one who has to bring the old part.
func (r Return) brings(technician *uuid.UUID) bool {
	return technician != nil && r.TechnicianID != nil && *technician == *r.TechnicianID
}

// receivedBy says whether the actor is the one who took in what came.
func (r Return) receivedBy(by who.Actor) bool {
	return by.UserID != uuid.Nil && r.ReceivedBy != nil && *r.ReceivedBy == by.UserID
}

// tell is what an event says of a part return, with more.
func (r Return) tell(more map[string]any) map[string]any {
	data := r.told()
	maps.Copy(data, more)
	return data
}

// told is what every event about a part return says of it.
func (r Return) told() map[string]any {
	return map[string]any{
		"number": r.Number, "job_id": r.JobID, "part_id": r.PartID, "part_number": r.PartNumber, "technician_id": r.TechnicianID, "status": r.Status,
	}
}
