package api

import (
	"time"

	"callout/inventory/requests"

	"github.com/google/uuid"
)

type partRequest struct {
	ID             uuid.UUID         `json:"id"`
	Number         string            `json:"number"`
	Status         requests.Status   `json:"status"`
	Origin         requests.Origin   `json:"origin"`
	JobID          *uuid.UUID        `json:"job_id"`
	TechnicianID   uuid.UUID         `json:"technician_id"`
	VanID          uuid.UUID         `json:"van_id"`
	WarehouseID    *uuid.UUID        `json:"warehouse_id"`
	OutletID       *uuid.UUID        `json:"outlet_id"`
	Suppliers      []uuid.UUID       `json:"supplying_outlet_ids"`
	Reason         string            `json:"reason"`
	Value          *int64            `json:"value"`
	Currency       *string           `json:"currency"`
	PolicyVersion  *int              `json:"policy_version"`
	Automatic      bool              `json:"automatic"`
	RequestedBy    *uuid.UUID        `json:"requested_by"`
	ApprovedBy     *uuid.UUID        `json:"approved_by"`
	PickedBy       *uuid.UUID        `json:"picked_by"`
	IssuedBy       *uuid.UUID        `json:"issued_by"`
	RejectedReason *string           `json:"rejected_reason"`
	DecidedAt      *time.Time        `json:"decided_at"`
	LapsedAt       *time.Time        `json:"lapsed_at"`
	CanceledAt     *time.Time        `json:"canceled_at"`
	CanceledReason *string           `json:"canceled_reason"`
	EndedAt        *time.Time        `json:"ended_at"`
	Lines          []partRequestLine `json:"lines"`
	Overs          []partRequestOver `json:"overs"`
	Version        int               `json:"version"`
	CreatedAt      time.Time         `json:"created_at"`
	UpdatedAt      time.Time         `json:"updated_at"`
}

type partRequestLine struct {
	PartID           uuid.UUID  `json:"part_id"`
	PartNumber       string     `json:"part_number"`
	PartName         string     `json:"part_name"`
	PartNameZh       string     `json:"part_name_zh"`
	Quantity         int        `json:"quantity"`
	Approved         *int       `json:"approved"`
	Canceled         int        `json:"canceled"`
	Replaced         int        `json:"replaced"`
	Reserved         int        `json:"reserved"`
	Backordered      int        `json:"backordered"`
	Issued           int        `json:"issued"`
	InTransit        int        `json:"in_transit"`
	Received         int        `json:"received"`
	Missing          int        `json:"missing"`
	Withdrawn        int        `json:"withdrawn"`
	Lost             int        `json:"lost"`
	Used             int        `json:"used"`
	HandedIn         int        `json:"handed_in"`
	Returned         int        `json:"returned"`
	InVan            *int       `json:"in_van"`
	IssuedSerials    []string   `json:"issued_serials"`
	ReceivedSerials  []string   `json:"received_serials"`
	TransitSerials   []string   `json:"transit_serials"`
	ReturnedSerials  []string   `json:"returned_serials"`
	InsteadOf        *uuid.UUID `json:"instead_of"`
	SubstituteReason *string    `json:"substitute_reason"`
}

type partRequestOver struct {
	PartID     uuid.UUID `json:"part_id"`
	PartNumber string    `json:"part_number"`
	Quantity   int       `json:"quantity"`
	HandedBack int       `json:"handed_back"`
	Kept       int       `json:"kept"`
	Mistaken   int       `json:"mis_scanned"`
	Serial     *string   `json:"serial"`
	Scans      []string  `json:"scans"`
	NotedAt    time.Time `json:"noted_at"`
}

func wirePartRequest(k *call, r requests.Request) partRequest {
	w := partRequest{
		ID: r.ID, Number: r.Number, Status: r.Status, Origin: r.Origin, JobID: r.JobID, TechnicianID: r.TechnicianID, VanID: r.VanID, WarehouseID: r.WarehouseID,
		OutletID: r.OutletID, Suppliers: orEmpty(r.Suppliers), Reason: r.Why().In(k.lang()), Value: r.Value, Currency: r.Currency, PolicyVersion: r.PolicyVersion, Automatic: r.Automatic,
		RequestedBy: r.RequestedBy, ApprovedBy: r.ApprovedBy, PickedBy: r.PickedBy, IssuedBy: r.IssuedBy, RejectedReason: r.RejectedReason,
		DecidedAt: r.DecidedAt, LapsedAt: r.LapsedAt, CanceledAt: r.CanceledAt, CanceledReason: r.CanceledReason, EndedAt: r.EndedAt,
		Lines: make([]partRequestLine, len(r.Lines)), Overs: make([]partRequestOver, len(r.Overs)),
		Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	for i, l := range r.Lines {
		w.Lines[i] = partRequestLine{
			PartID: l.PartID, PartNumber: l.PartNumber, PartName: l.PartName, PartNameZh: l.PartNameZh, Quantity: l.Quantity, Approved: l.Approved, Canceled: l.Canceled, Replaced: l.Replaced,
			Reserved: l.Reserved, Backordered: l.Backordered(), Issued: l.Issued, InTransit: l.InTransit(), Received: l.Received, Missing: l.Missing,
			Withdrawn: l.Withdrawn, Lost: l.Lost, Used: l.Used, HandedIn: l.HandedIn, Returned: l.Returned,
			IssuedSerials: orEmpty(l.IssuedSerials), ReceivedSerials: orEmpty(l.ReceivedSerials), TransitSerials: orEmpty(l.TransitSerials()),
			ReturnedSerials: orEmpty(l.ReturnedSerials), InsteadOf: l.InsteadOf, SubstituteReason: l.SubstituteReason,
		}
		if r.JobID != nil && !r.Status.Ended() {
			w.Lines[i].InVan = new(l.InVan())
		}
	}
	for i, o := range r.Overs {
		w.Overs[i] = partRequestOver{
			PartID: o.PartID, PartNumber: o.PartNumber, Quantity: o.Quantity, HandedBack: o.HandedBack, Kept: o.Kept, Mistaken: o.Mistaken, Serial: o.Serial, Scans: orEmpty(o.Scans), NotedAt: o.NotedAt,
		}
	}
	return w
}
