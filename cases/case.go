package cases

import (
	"time"

	"callout/dispatch"

	"github.com/google/uuid"
)

// Channel is the way by which a request reached us (requirements 1-4).
type Channel string

// The channels.
const (
	ChannelHotline         Channel = "hotline"
	ChannelChat            Channel = "chat"
	ChannelEmail           Channel = "email"
	ChannelWebForm         Channel = "web_form"
	ChannelApp             Channel = "app"
	ChannelOfficialAccount Channel = "official_account"
	ChannelSocial          Channel = "social"
	ChannelOutlet          Channel = "outlet"
	ChannelPlatform        Channel = "platform"
	ChannelCrew            Channel = "crew" // our own people in the field
	ChannelOther           Channel = "other"
)

// Channels lists every channel.
var Channels = []Channel{
	ChannelHotline, ChannelChat, ChannelEmail, ChannelWebForm, ChannelApp, ChannelOfficialAccount, ChannelSocial,
	ChannelOutlet, ChannelPlatform, ChannelCrew, ChannelOther,
}

// Type is what is asked for (requirements 22, 24).
type Type string

// The types.
const (
	TypeFault        Type = "fault"
	TypeEnquiry      Type = "enquiry"
	TypeComplaint    Type = "complaint"
	TypeSuggestion   Type = "suggestion"
	TypeInstallation Type = "installation"
	TypeMaintenance  Type = "maintenance"
	TypeReturn       Type = "return"
)

// Types lists every type.
var Types = []Type{
	TypeFault, TypeEnquiry, TypeComplaint, TypeSuggestion, TypeInstallation, TypeMaintenance, TypeReturn,
}

// Severity is how bad it is (requirement 25).
type Severity string

// The severities.
const (
	SeverityGeneral Severity = "general" // still usable, simple guidance helps
	SeverityComplex Severity = "complex" // needs analysis, may involve several parts
	SeverityUrgent  Severity = "urgent"  // hardly usable, or a danger
)

// Severities lists every severity.
var Severities = []Severity{SeverityGeneral, SeverityComplex, SeverityUrgent}

// Case is one request of a customer, from the first contact to the end.
type Case struct {
	ID             uuid.UUID
	Number         string // what people call it: 20240501001, by the day of receipt
	Status         Status
	Channel        Channel
	Type           Type
	Severity       Severity
	Priority       dispatch.Priority
	PriorityByHand bool // a person gave it; otherwise it follows from type and severity

	CustomerID uuid.UUID
	SiteID     uuid.UUID
	AssetID    *uuid.UUID
	OutletID   *uuid.UUID // whose territory the site lay in when the case was opened

	Description     string
	ReceivedAt      time.Time
	ResponseDueAt   time.Time
	CompletionDueAt time.Time
	RespondedAt     *time.Time
	ResolvedAt      *time.Time
	ClosedAt        *time.Time
	PolicyVersion   int // in force when the case was received: it judges the case for good

	Resolution   string // how it was solved without a visit
	Reopened     int    // how often
	ReopenedAt   *time.Time
	ReopenReason *string
	CancelReason *string

	ExternalKey *string // its name in the system that it was imported from
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time

	ResponseOverdue   bool // when it was read: nobody has answered, and the deadline has passed
	CompletionOverdue bool // when it was read: it runs on, and the deadline has passed
}

// seen is c as somebody sees it at a moment: with what is overdue then.
func (c Case) seen(at time.Time) Case {
	c.ResponseOverdue = c.Status.running() && c.RespondedAt == nil && at.After(c.ResponseDueAt)
	c.CompletionOverdue = c.Status.running() && at.After(c.CompletionDueAt)
	return c
}

// touch notes that c changed at a moment.
func (c *Case) touch(at time.Time) {
	c.Version++
	c.UpdatedAt = at
}
