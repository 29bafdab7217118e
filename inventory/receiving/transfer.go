package receiving

import (
	"context"
	"slices"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Transfer is what somebody sent to another place, where somebody else receives it.
type Transfer struct {
	ID           uuid.UUID
	Number       string
	Status       TransferStatus
	FromLocation uuid.UUID
	FromName     string
	FromKind     inventory.Kind
	ToLocation   uuid.UUID
	ToName       string
	ToKind       inventory.Kind
	TransitID    uuid.UUID // where the parts are meanwhile
	FromOutlet   *uuid.UUID
	ToOutlet     *uuid.UUID
	Note         string
	Reason       *string // why it was settled
	SentBy       *uuid.UUID
	ReceivedBy   *uuid.UUID
	ReceivedAt   *time.Time
	SettledBy    *uuid.UUID
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Lines        []TransferLine
}

// TransferLine is one part of a transfer.
type TransferLine struct {
	TransferID      uuid.UUID
	PartID          uuid.UUID
	PartNumber      string
	PartName        string
	PartNameZh      string // empty where nobody translated it
	Serialized      bool
	Quantity        int
	Serials         []string
	Received        int
	ReceivedSerials []string
	Returned        int // came back to where it was sent from
	Lost            int // written off
}

// Left is how many are in transit still.
func (l TransferLine) Left() int { return l.Quantity - l.Received - l.Returned - l.Lost }

// stores are the kinds of places between which parts are sent: good stock alone.
var stores = []inventory.Kind{inventory.KindWarehouse, inventory.KindBin, inventory.KindOutlet, inventory.KindVan}

// Send takes parts out of a place and puts them on their way to another, which may be another
// outlet's. Out of a van its technician sends, and a supervisor where it has none at work. Into a van goes
// out of the stores what the policy lets pass; more is a supervisor's to send. What the place does not hold
// is a fault.Conflict.
func (d *Dock) Send(ctx context.Context, by who.Actor, s inventory.Transfer) (t Transfer, err error) {
	now := d.Now()
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		var f fault.Faults
		from, to, err := d.ends(ctx, by, s, &f)
		if err != nil {
			return err
		}
		all, err := d.Resolve(ctx, s.Lines, &f)
		if err != nil {
			return err
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return err
		}
		if err := d.mayLoad(ctx, by, from, to, all); err != nil {
			return err
		}
		transit, err := d.Place(ctx, inventory.KindTransit, from.OutletID)
		if err != nil {
			return err
		}
		t = Transfer{
			ID: uuid.Must(uuid.NewV7()), Status: TransferSent, FromLocation: from.ID, FromName: from.Name, FromKind: from.Kind, ToLocation: to.ID, ToName: to.Name, ToKind: to.Kind,
			TransitID: transit.ID, FromOutlet: from.OutletID, ToOutlet: to.OutletID, Note: s.Note, SentBy: inventory.ActorID(by),
			Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		for _, c := range all {
			t.Lines = append(t.Lines, TransferLine{
				TransferID: t.ID, PartID: c.Part.ID, PartNumber: c.Part.Number, PartName: c.Part.Name, PartNameZh: c.Part.NameZh,
				Serialized: c.Part.Serialized, Quantity: c.Quantity, Serials: c.Serials,
			})
		}
		if t.Number, err = d.Number(ctx, "transfer", "T"); err != nil {
			return err
		}
		moved, err := d.Move(ctx, by, inventory.Slip{Kind: inventory.MovementTransfer, ReferenceID: &t.ID, Note: s.Note}, inventory.Between(all, from, transit))
		if err != nil {
			return err
		}
		if err := d.openTransfer(ctx, t); err != nil {
			return err
		}
		return d.tellTransfer(ctx, by, t, moved)
	})
	return t, err
}

// ends finds the two places of a transfer.
func (d *Dock) ends(ctx context.Context, by who.Actor, s inventory.Transfer, f *fault.Faults) (from, to inventory.Location, err error) {
	if from, err = d.Named(ctx, by, s.FromLocation, "/from_location_id", stores, f); err != nil {
		return from, to, err
	}
	if err := d.mayEmpty(ctx, by, from, f); err != nil {
		return from, to, err
	}
	to, err = d.Locate(ctx, s.ToLocation)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && to.Kind == inventory.KindVan && !to.Readable(by):
		f.Add("/to_location_id", "no such %s", words.Noun("location"))
		return from, to, nil
	case err != nil:
		return from, to, err
	case to.ID == from.ID:
		f.Add("/to_location_id", "is where the parts are already")
	case !to.Active:
		f.Add("/to_location_id", "%s is closed", to.Called())
	case !slices.Contains(stores, to.Kind):
		f.Add("/to_location_id", "a place of the kind %s does not do here", to.Kind.Noun())
	}
	return from, to, nil
}

func (d *Dock) tellTransfer(ctx context.Context, by who.Actor, t Transfer, moved []inventory.Movement) error {
	data := inventory.Manifest(moved)
	left, lost := 0, 0
	for _, l := range t.Lines {
		left, lost = left+l.Left(), lost+l.Lost
	}
	data["number"], data["in_transit"], data["lost"], data["reason"] = t.Number, left, lost, t.Reason
	outlet := t.FromOutlet
	if t.Status == TransferReceived || t.Status == TransferShort {
		outlet = t.ToOutlet
	}
	return d.Tell(ctx, by, "transfer."+string(t.Status), t.ID, outlet, data)
}
