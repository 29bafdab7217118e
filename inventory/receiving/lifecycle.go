package receiving

import (
	"slices"

	"callout/inventory"
)

// Status is where a delivery stands.
type Status string

// The statuses of a delivery.
const (
	StatusAnnounced Status = "announced" // the delivery note is known
	StatusCounting  Status = "counting"  // somebody has begun to count
	StatusReceived  Status = "received"  // booked, and a rest is to come, or what left again
	StatusClosed    Status = "closed"    // booked, and nothing more is to come
	StatusCanceled  Status = "canceled"
)

// nextOf says which statuses may follow a status of a delivery.
var nextOf = map[Status][]Status{
	StatusAnnounced: {StatusCounting, StatusCanceled},
	StatusCounting:  {StatusCounting, StatusReceived, StatusClosed, StatusCanceled},
	StatusReceived:  {StatusClosed},
	StatusClosed:    {StatusReceived}, // by the ledger alone, where some of it left again
}

// become moves d to a status, if the lifecycle allows it.
func (d *Delivery) become(s Status) error {
	if !slices.Contains(nextOf[d.Status], s) {
		return inventory.CannotBecome("delivery", d.Status, s)
	}
	d.Status = s
	d.Version++
	return nil
}

// TransferStatus is where a transfer in two steps stands.
type TransferStatus string

// The statuses of a transfer.
const (
	TransferSent     TransferStatus = "sent"     // the parts are in transit
	TransferShort    TransferStatus = "short"    // received, and something is missing: it is in transit still
	TransferReceived TransferStatus = "received" // all that was sent is there
	TransferSettled  TransferStatus = "settled"  // what was missing is back or written off
)

// nextOfTransfer says which statuses may follow a status of a transfer.
var nextOfTransfer = map[TransferStatus][]TransferStatus{
	TransferSent:  {TransferShort, TransferReceived, TransferSettled},
	TransferShort: {TransferShort, TransferReceived, TransferSettled},
}

// become moves t to a status, if the lifecycle allows it.
func (t *Transfer) become(s TransferStatus) error {
	if !slices.Contains(nextOfTransfer[t.Status], s) {
		return inventory.CannotBecome("transfer", t.Status, s)
	}
	t.Status = s
	t.Version++
	return nil
}
