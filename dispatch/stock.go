package dispatch

import (
	"context"

	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Stock is what the board asks of the store of parts. Each method joins the transaction of ctx.
type Stock interface {
	// Settle books the uses out of the technician's van and expects the old parts back. It
	// returns everything that was ever used on the job, these uses and earlier ones. Where a
	// use cannot be booked it returns a fault whose pointers are "/parts/0/quantity",
	// "/parts/2/new_serial" and the like, by the place of the use in uses.
	Settle(ctx context.Context, by who.Actor, job StockJob, uses []PartUse) ([]SettledPart, error)
	// Missing names each thing about parts and returns that keeps the job from closing once
	// its uses are settled: an issued part that was neither used nor handed back, an old part
	// without a serial. It is empty where everything is accounted for.
	Missing(ctx context.Context, job uuid.UUID) ([]words.Text, error)
	// Holdings counts, by van and part, what the vans hold now. What a van does not hold is absent.
	Holdings(ctx context.Context, vans, parts []uuid.UUID) (map[uuid.UUID]map[uuid.UUID]int, error)
	// Parts says what the parts are called. An id that is no part is absent.
	Parts(ctx context.Context, parts []uuid.UUID) (map[uuid.UUID]StockPart, error)
}

// StockJob is what the store of parts must know of a job.
type StockJob struct {
	ID           uuid.UUID
	Number       string
	OutletID     *uuid.UUID
	SiteID       uuid.UUID
	TechnicianID uuid.UUID // whose van the parts come from
}

// PartUse says that a part went into the customer's thing.
type PartUse struct {
	PartID      uuid.UUID
	Quantity    int
	NewSerial   string // "" where the part has no serials
	OldSerial   string // of the part that came out (requirement 102)
	OldPartWish string // return, customer_keeps or none (requirement 103)
}

// SettledPart is a use that stands in the ledger, with what the part is called.
type SettledPart struct {
	PartUse

	PartNumber string
	PartName   string
}

// StockPart is what a part is called.
type StockPart struct {
	Number string
	Name   string
}

// CaseFile is told of every change of a job that belongs to a case, within the change's
// transaction: an error undoes the change.
type CaseFile interface {
	JobChanged(ctx context.Context, by who.Actor, j Job) error
}
