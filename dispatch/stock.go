package dispatch

import (
	"context"
	"time"

	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
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
	// Release gives up what was asked for a job that is over, closed or canceled: what is not handed out
	// is not any more, what is on its way goes back, and what was used is accounted for.
	Release(ctx context.Context, by who.Actor, job uuid.UUID) error
	// Reclaim expects the old parts that a customer was to keep, of a job that ends without his sealed sign-off.
	Reclaim(ctx context.Context, by who.Actor, job uuid.UUID) error
	// Holdings counts, by van and part, what the vans hold now. What a van does not hold is absent.
	Holdings(ctx context.Context, vans, parts []uuid.UUID) (map[uuid.UUID]map[uuid.UUID]int, error)
	// NearestStock says which stores hold the parts free for anybody: those of the outlet and those
	// of everybody, or all where outlet is nil. A part that no store with a known position holds is absent.
	NearestStock(ctx context.Context, parts []uuid.UUID, outlet *uuid.UUID) (map[uuid.UUID][]StockPlace, error)
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

	OldPartID      uuid.UUID // uuid.Nil where the old part is the same
	Scan           string    // of what went in, as the scanner read it: in place of part and serial, or beside them
	OldScan        string    // of what came out
	OldUnreadable  bool      // what came out has a serial, and nobody can read it
	OccurredAt     time.Time // when it went in; zero is now
	AcceptShortage bool      // it went in although the van's books lack it
	Because        string    // why somebody other than the technician says so
}

// SettledPart is a use that stands in the ledger, with what the part is called.
type SettledPart struct {
	PartUse

	PartNumber string
	PartName   string

	Warranty     string     // covered, not_covered or goodwill
	Price        *int64     // what the customer pays, in minor units of Currency; nil where the part has no price
	Currency     string     // ISO 4217
	CoveredUntil *time.Time // the last day on which the repair is covered, midnight UTC; nil where it is not
}

// StockPlace is a store that holds a part, its bins included.
type StockPlace struct {
	ID         uuid.UUID
	Name       string
	Position   orb.Point // WGS-84
	Free       int       // pieces that nobody has reserved
	PartNumber string
}

// StockPart is what a part is called.
type StockPart struct {
	Number string
	Name   string
	Heirs  []uuid.UUID // what may be used instead of it: what takes its place, and what takes that one's
}

// CaseFile is told of every change of a job that belongs to a case, within the change's
// transaction: an error undoes the change.
type CaseFile interface {
	JobChanged(ctx context.Context, by who.Actor, j Job) error
}
