package receiving

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Delivery is what a supplier's delivery note announces, and what came of it.
type Delivery struct {
	ID            uuid.UUID
	Number        string
	Status        Status
	SupplierID    uuid.UUID
	SupplierName  string
	NoteNumber    string // the supplier's own
	WarehouseID   uuid.UUID
	OutletID      *uuid.UUID // the warehouse's
	RestOfID      *uuid.UUID // the delivery whose rest this is
	SameNote      bool       // by the note of that delivery
	ExpectedAt    *time.Time
	Note          string
	Reason        *string // why it was canceled, or closed without its rest
	AnnouncedBy   *uuid.UUID
	ReceivedBy    *uuid.UUID
	ReceivedAt    *time.Time
	PolicyVersion *int // that said how much more than announced was taken
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Lines         []Line
	Entries       []Entry // of the count, in their order
}

// Line is one part of a delivery: what was announced of it, counted, taken and held back.
type Line struct {
	DeliveryID       uuid.UUID
	PartID           uuid.UUID
	PartNumber       string
	PartName         string
	PartNameZh       string // empty where nobody translated it
	Serialized       bool
	Currency         string
	Quantity         int    // announced; 0 where the part came unannounced
	UnitCost         *int64 // minor units of Currency; nil: the books' average
	Serials          []string
	Lot              *string
	Accepted         int
	AcceptedSerials  []string
	Held             int
	HeldSerials      []string
	HeldBecause      []Reason
	TakenBack        int // of what was booked, what the ledger reversed
	TakenBackSerials []string
	SentBack         int // of what was held, what went back to the supplier
	SentBackSerials  []string
	Rest             int // announced as a rest
	RestSerials      []string
	PutAwayID        *uuid.UUID // where the good ones went
	SuggestedID      *uuid.UUID // the bin that held the part last
	SuggestedCode    *string
	Tally
}

// Missing is how many were announced and have not come. Where serials were announced, another unit does not
// come in place of one of them.
func (l Line) Missing() int {
	if len(l.Serials) > 0 {
		return len(l.MissingSerials())
	}
	return max(0, l.Quantity-l.Counted())
}

// Over is how many came that nobody announced.
func (l Line) Over() int {
	if len(l.Serials) > 0 {
		return len(l.OtherSerials())
	}
	return max(0, l.Counted()-l.Quantity)
}

// MissingSerials are those that were announced and have not come.
func (l Line) MissingSerials() []string { return without(l.Serials, l.serials()) }

// OtherSerials are those that came in place of announced ones, or besides.
func (l Line) OtherSerials() []string {
	if len(l.Serials) == 0 {
		return nil
	}
	return without(l.serials(), l.Serials)
}

// OtherLots are those that came where another was announced.
func (l Line) OtherLots() []string {
	if l.Lot == nil {
		return nil
	}
	return without(l.Lots, []string{*l.Lot})
}

func (l Line) serials() []string { return slices.Concat(l.GoodSerials, l.FailedSerials) }

func without(list, but []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(but, s) })
}
