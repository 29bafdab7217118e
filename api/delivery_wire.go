package api

import (
	"time"

	"callout/evidence"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

// delivery is a delivery on the wire.
type delivery struct {
	ID            uuid.UUID        `json:"id"`
	Number        string           `json:"number"`
	Status        receiving.Status `json:"status"`
	SupplierID    uuid.UUID        `json:"supplier_id"`
	SupplierName  string           `json:"supplier_name"`
	NoteNumber    string           `json:"note_number"`
	WarehouseID   uuid.UUID        `json:"warehouse_id"`
	OutletID      *uuid.UUID       `json:"outlet_id"`
	RestOfID      *uuid.UUID       `json:"rest_of_id"`
	ExpectedAt    *time.Time       `json:"expected_at"`
	Note          string           `json:"note"`
	Reason        *string          `json:"reason"`
	AnnouncedBy   *uuid.UUID       `json:"announced_by"`
	ReceivedBy    *uuid.UUID       `json:"received_by"`
	ReceivedAt    *time.Time       `json:"received_at"`
	PolicyVersion *int             `json:"policy_version"`
	Lines         []deliveryLine   `json:"lines"`
	Version       int              `json:"version"`
	CreatedAt     time.Time        `json:"created_at"`
	UpdatedAt     time.Time        `json:"updated_at"`
}

type deliveryLine struct {
	PartID           uuid.UUID          `json:"part_id"`
	PartNumber       string             `json:"part_number"`
	PartName         string             `json:"part_name"`
	PartNameZh       string             `json:"part_name_zh"`
	Quantity         int                `json:"quantity"`
	UnitCost         *int64             `json:"unit_cost"`
	Currency         string             `json:"currency"`
	Serials          []string           `json:"serials"`
	Lot              *string            `json:"lot"`
	Counted          int                `json:"counted"`
	Failed           int                `json:"failed"`
	Missing          int                `json:"missing"`
	Over             int                `json:"over"`
	MissingSerials   []string           `json:"missing_serials"`
	OtherSerials     []string           `json:"other_serials"`
	OtherLots        []string           `json:"other_lots"`
	Accepted         int                `json:"accepted"`
	AcceptedSerials  []string           `json:"accepted_serials"`
	Held             int                `json:"held"`
	HeldSerials      []string           `json:"held_serials"`
	HeldBecause      []receiving.Reason `json:"held_because"`
	TakenBack        int                `json:"taken_back"`
	TakenBackSerials []string           `json:"taken_back_serials"`
	SentBack         int                `json:"sent_back"`
	SentBackSerials  []string           `json:"sent_back_serials"`
	ToCome           int                `json:"to_come"`
	ToComeSerials    []string           `json:"to_come_serials"`
	PutAwayID        *uuid.UUID         `json:"put_away_id"`
	SuggestedID      *uuid.UUID         `json:"suggested_id"`
	SuggestedCode    *string            `json:"suggested_code"`
}

func wireDelivery(d receiving.Delivery) delivery {
	return delivery{
		ID: d.ID, Number: d.Number, Status: d.Status, SupplierID: d.SupplierID, SupplierName: d.SupplierName, NoteNumber: d.NoteNumber,
		WarehouseID: d.WarehouseID, OutletID: d.OutletID, RestOfID: d.RestOfID, ExpectedAt: d.ExpectedAt, Note: d.Note, Reason: d.Reason,
		AnnouncedBy: d.AnnouncedBy, ReceivedBy: d.ReceivedBy, ReceivedAt: d.ReceivedAt, PolicyVersion: d.PolicyVersion,
		Lines: each(d.Lines, wireDeliveryLine), Version: d.Version, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func wireDeliveryLine(l receiving.Line) deliveryLine {
	return deliveryLine{
		PartID: l.PartID, PartNumber: l.PartNumber, PartName: l.PartName, PartNameZh: l.PartNameZh, Quantity: l.Quantity, UnitCost: l.UnitCost, Currency: l.Currency,
		Serials: orEmpty(l.Serials), Lot: l.Lot, Counted: l.Counted(), Failed: l.Failed, Missing: l.Missing(), Over: l.Over(),
		MissingSerials: orEmpty(l.MissingSerials()), OtherSerials: orEmpty(l.OtherSerials()), OtherLots: orEmpty(l.OtherLots()),
		Accepted: l.Accepted, AcceptedSerials: orEmpty(l.AcceptedSerials), Held: l.Held, HeldSerials: orEmpty(l.HeldSerials),
		TakenBack: l.TakenBack, TakenBackSerials: orEmpty(l.TakenBackSerials), SentBack: l.SentBack, SentBackSerials: orEmpty(l.SentBackSerials),
		ToCome: l.ToCome(), ToComeSerials: orEmpty(l.ToComeSerials()),
		HeldBecause: append([]receiving.Reason{}, l.HeldBecause...), PutAwayID: l.PutAwayID, SuggestedID: l.SuggestedID, SuggestedCode: l.SuggestedCode,
	}
}

// countedDelivery is a delivery with the entries of its count.
type countedDelivery struct {
	delivery
	Entries []deliveryEntry `json:"entries"`
}

type deliveryEntry struct {
	ID          uuid.UUID   `json:"id"`
	PartID      uuid.UUID   `json:"part_id"`
	Quantity    int         `json:"quantity"`
	Serials     []string    `json:"serials"`
	Scans       []string    `json:"scans"`
	Lots        []string    `json:"lots"`
	ModelOK     bool        `json:"model_ok"`
	MarkingOK   bool        `json:"marking_ok"`
	PackagingOK bool        `json:"packaging_ok"`
	Note        string      `json:"note"`
	PhotoIDs    []uuid.UUID `json:"photo_ids"`
	CountedBy   *uuid.UUID  `json:"counted_by"`
	CountedAt   time.Time   `json:"counted_at"`
	StruckBy    *uuid.UUID  `json:"struck_by"`
	StruckAt    *time.Time  `json:"struck_at"`
}

func wireCounted(d receiving.Delivery) countedDelivery {
	return countedDelivery{wireDelivery(d), each(d.Entries, func(e receiving.Entry) deliveryEntry {
		return deliveryEntry{
			ID: e.ID, PartID: e.PartID, Quantity: e.Quantity, Serials: orEmpty(e.Serials), Scans: orEmpty(e.Scans), Lots: orEmpty(e.Lots),
			ModelOK: e.ModelOK, MarkingOK: e.MarkingOK, PackagingOK: e.PackagingOK, Note: e.Note, PhotoIDs: append([]uuid.UUID{}, e.Photos...),
			CountedBy: e.CountedBy, CountedAt: e.CountedAt, StruckBy: e.StruckBy, StruckAt: e.StruckAt,
		}
	})}
}

type deliveryPhoto struct {
	ID         uuid.UUID     `json:"id"`
	DeliveryID uuid.UUID     `json:"delivery_id"`
	SHA256     evidence.Hash `json:"sha256"`
	Size       int64         `json:"size"`
	MediaType  string        `json:"media_type"`
	TakenBy    *uuid.UUID    `json:"taken_by"`
	CreatedAt  time.Time     `json:"created_at"`
}

func wireDeliveryPhoto(p receiving.Photo) deliveryPhoto { return deliveryPhoto(p) }
