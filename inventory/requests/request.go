package requests

import (
	"slices"
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// Origin is why a part request was opened.
type Origin string

// The origins of part requests.
const (
	OriginPerson        Origin = "person"        // somebody asked
	OriginJob           Origin = "job"           // the van lacks what a job needs
	OriginReplenishment Origin = "replenishment" // the van holds less than it should
)

// Request asks for parts into a technician's van.
type Request struct {
	ID             uuid.UUID
	Number         string
	Status         Status
	Origin         Origin
	JobID          *uuid.UUID // what the parts are for; nil for the van's stock
	TechnicianID   uuid.UUID
	VanID          uuid.UUID
	WarehouseID    *uuid.UUID  // that hands out what is still to be issued
	OutletID       *uuid.UUID  // the van's
	Suppliers      []uuid.UUID // the other outlets whose warehouses hand some of it out or did so
	Reason         string
	Value          *int64 // of what was asked for, and approved once it is, in minor units; nil where nobody can say
	Currency       *string
	PolicyVersion  *int // that Value was judged by
	Automatic      bool // the policy approved it, not a person
	RequestedBy    *uuid.UUID
	ApprovedBy     *uuid.UUID
	PickedBy       *uuid.UUID
	IssuedBy       *uuid.UUID
	RejectedReason *string
	DecidedAt      *time.Time
	LapsedAt       *time.Time // its reservations ran out, and nobody asked for new ones yet
	CanceledAt     *time.Time // since then nothing of it is received: what is in transit comes back
	CanceledReason *string
	Kept           bool // what is left in the van stays there as its stock
	EndedAt        *time.Time
	Version        int
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Lines          []Line
	Overs          []Over

	unpassed unpassed
}

// Why is the reason of r: as a person wrote it, or in the reader's language.
func (r Request) Why() words.Text { return r.Origin.said(r.Reason) }

// said is the reason of a request: what no person asked for is told by a sentence of ours.
func (o Origin) said(reason string) words.Text {
	if o == OriginReplenishment {
		return words.Text{Format: reason}
	}
	return words.Say("%s", reason)
}

// Line is one part of a request, and what became of each piece of it.
type Line struct {
	RequestID        uuid.UUID
	VanID            uuid.UUID // the request's
	Line             int
	PartID           uuid.UUID
	PartNumber       string
	PartName         string
	PartNameZh       string // empty where nobody translated it
	Serialized       bool
	Quantity         int  // asked for
	Approved         *int // nil: not decided yet
	Canceled         int
	Replaced         int // another line of this request is issued instead
	Reserved         int // set aside for it now
	Issued           int
	Received         int
	Withdrawn        int // issued, and taken back by the warehouse before it was received
	Lost             int
	Missing          int // in transit, and did not come when the rest did
	Used             int // on the request's job, out of its van
	HandedIn         int // handed back by the technician, not yet received by the warehouse
	Returned         int
	IssuedSerials    []string
	ReceivedSerials  []string
	WithdrawnSerials []string
	LostSerials      []string
	HandedInSerials  []string
	ReturnedSerials  []string
	InsteadOf        *uuid.UUID // the part that was asked for
	SubstituteReason *string

	there int // of what was received, what the van holds still
}

// Over is what a technician found in his delivery and nobody had issued. The books leave it where
// they have it, until somebody says what becomes of it.
type Over struct {
	ID         uuid.UUID
	RequestID  uuid.UUID
	PartID     uuid.UUID
	PartNumber string
	Quantity   int
	HandedBack int // the warehouse has it again
	Kept       int // booked into the van
	Mistaken   int // never came: the scan was wrong
	Serial     *string
	Scans      []string
	NotedBy    *uuid.UUID
	NotedAt    time.Time
}

// ToIssue counts what is approved and still to be handed out.
func (l Line) ToIssue() int {
	if l.Approved == nil {
		return 0
	}
	return *l.Approved - l.Issued - l.Canceled - l.Replaced
}

// Backordered counts what is still to be handed out and not set aside.
func (l Line) Backordered() int { return max(0, l.ToIssue()-l.Reserved) }

// InTransit counts what is between the warehouse and the van.
func (l Line) InTransit() int { return l.Issued - l.Received - l.Withdrawn - l.Lost }

// Left counts what was received and is neither used on the job nor handed back.
func (l Line) Left() int { return max(0, l.Received-l.Used-l.HandedIn-l.Returned) }

// InVan counts what is left of the line and lies in the van still, as it was when the request was read.
// What left the van otherwise was taken from the van's own stock first, and then from the oldest request for a job.
func (l Line) InVan() int { return min(l.Left(), l.there) }

// TransitSerials are the serials that are between the warehouse and the van.
func (l Line) TransitSerials() []string {
	return less(l.IssuedSerials, l.ReceivedSerials, l.WithdrawnSerials, l.LostSerials)
}

// VanSerials are the serials that were received and not handed back.
func (l Line) VanSerials() []string {
	return less(l.ReceivedSerials, l.HandedInSerials, l.ReturnedSerials)
}

// less is all without one of each that was taken, once for each time that it was.
func less(all []string, taken ...[]string) []string {
	left := slices.Clone(all)
	for _, list := range taken {
		for _, s := range list {
			if i := slices.Index(left, s); i >= 0 {
				left = slices.Delete(left, i, i+1)
			}
		}
	}
	return left
}

// total is what became of all lines together.
type total struct{ ToIssue, Issued, InTransit, Missing, Received, Used, HandedIn, Returned int }

func (r *Request) total() (t total) {
	for _, l := range r.Lines {
		t.ToIssue, t.Issued, t.InTransit, t.Missing = t.ToIssue+l.ToIssue(), t.Issued+l.Issued, t.InTransit+l.InTransit(), t.Missing+l.Missing
		t.Received, t.Used, t.HandedIn, t.Returned = t.Received+l.Received, t.Used+l.Used, t.HandedIn+l.HandedIn, t.Returned+l.Returned
	}
	return t
}

// awaited counts what the technician may still receive as it was sent.
func (t total) awaited(r *Request) int {
	if r.CanceledAt != nil {
		return 0
	}
	return t.InTransit - t.Missing
}

// Open counts what nobody said yet of what becomes of it.
func (o Over) Open() int { return o.Quantity - o.HandedBack - o.Kept - o.Mistaken }

// overs counts what was delivered too much and is not settled yet.
func (r *Request) overs() (n int) {
	for _, o := range r.Overs {
		n += o.Open()
	}
	return n
}

// line is the line of r that asks for a part, nil where none does.
func (r *Request) line(part uuid.UUID) *Line {
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.PartID == part })
	if i < 0 {
		return nil
	}
	return &r.Lines[i]
}
