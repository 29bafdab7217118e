package signals

import (
	"time"

	"callout/internal/pg"
	"callout/internal/policy"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Signals is the door to what the books show.
type Signals struct {
	*inventory.Ledger
	policies *policy.Book
}

// New returns the door to signals on ledger, whose thresholds stand in policies.
func New(ledger *inventory.Ledger, policies *policy.Book) *Signals { return &Signals{ledger, policies} }

// Status is how far a signal has come.
type Status string

// The statuses of a signal.
const (
	StatusRaised    Status = "raised"
	StatusDismissed Status = "dismissed" // looked at, and nothing was wrong
	StatusConfirmed Status = "confirmed" // looked at, and something was wrong
)

// Severity is how much a rule's signals matter.
type Severity string

// The severities.
const (
	SeverityLow    Severity = "low"
	SeverityMedium Severity = "medium"
	SeverityHigh   Severity = "high"
)

// Signal is something that a rule found, as it was found, and what a person made of it.
type Signal struct {
	ID            uuid.UUID
	Rule          RuleID
	Severity      Severity
	OutletID      *uuid.UUID
	TechnicianID  *uuid.UUID // whom it concerns
	VanID         *uuid.UUID
	PartID        *uuid.UUID
	JobID         *uuid.UUID
	Text          pg.JSON[words.Text]
	Evidence      pg.JSON[[]Evidence]
	Measured      float64 // what was held against the threshold, in the threshold's unit
	Threshold     float64
	PolicyVersion int
	EarlierID     *uuid.UUID // the signal of the same that was judged before
	LaterID       *uuid.UUID // the one that was raised since
	FoundAt       time.Time
	Status        Status
	Note          string
	FalsePositive *bool // of a dismissed one: the rule was wrong
	DecidedBy     *uuid.UUID
	DecidedAt     *time.Time
	Version       int
	UpdatedAt     time.Time
}

// Unit is the unit of what was measured and of the threshold: of the first figure of the evidence.
func (s Signal) Unit() string { return s.Evidence.V[0].Unit }
