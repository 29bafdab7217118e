package api

import (
	"time"

	"callout/inventory/returns"

	"github.com/google/uuid"
)

type partReturn struct {
	ID               uuid.UUID              `json:"id"`
	Number           string                 `json:"number"`
	Status           returns.Status         `json:"status"`
	UseID            *uuid.UUID             `json:"use_id"`
	JobID            *uuid.UUID             `json:"job_id"`
	PartID           uuid.UUID              `json:"part_id"`
	PartNumber       string                 `json:"part_number"`
	PartName         string                 `json:"part_name"`
	PartNameZh       string                 `json:"part_name_zh"`
	Quantity         int                    `json:"quantity"`
	TechnicianID     *uuid.UUID             `json:"technician_id"`
	OutletID         *uuid.UUID             `json:"outlet_id"`
	ExpectedSerial   *string                `json:"expected_serial"`
	Unreadable       bool                   `json:"expected_serial_unreadable"`
	DueAt            *time.Time             `json:"due_at"`
	PolicyVersion    *int                   `json:"policy_version"`
	Overdue          bool                   `json:"overdue"`
	WaivedBecause    *returns.WaivedBecause `json:"waived_because"`
	WaivedBy         *uuid.UUID             `json:"waived_by"`
	WaivedAt         *time.Time             `json:"waived_at"`
	Signed           bool                   `json:"signed"`
	SignOffID        *uuid.UUID             `json:"sign_off_id"`
	HeldAt           *uuid.UUID             `json:"held_at_id"`
	CollectedBy      *uuid.UUID             `json:"collected_by"`
	CollectedAt      *time.Time             `json:"collected_at"`
	PhotoIDs         []uuid.UUID            `json:"photo_ids"`
	ShipmentID       *uuid.UUID             `json:"shipment_id"`
	Carrier          *string                `json:"carrier"`
	Waybill          *string                `json:"waybill"`
	ArrivedAs        *returns.Status        `json:"arrived_as"`
	WarehouseID      *uuid.UUID             `json:"warehouse_id"`
	ReceivedPartID   *uuid.UUID             `json:"received_part_id"`
	ReceivedSerial   *string                `json:"received_serial"`
	ReceivedQuantity *int                   `json:"received_quantity"`
	ReceivedScan     *string                `json:"received_scan"`
	ReceivedBy       *uuid.UUID             `json:"received_by"`
	ReceivedAt       *time.Time             `json:"received_at"`
	Discrepancy      *returns.Discrepancy   `json:"discrepancy"`
	MovementID       *uuid.UUID             `json:"movement_id"`
	PlacedAt         *uuid.UUID             `json:"placed_at_id"`
	FollowsID        *uuid.UUID             `json:"follows_id"`
	FollowedBy       []uuid.UUID            `json:"followed_by_ids"`
	Resolution       *returns.Resolution    `json:"resolution"`
	ResolutionNote   string                 `json:"resolution_note"`
	ResolvedBy       *uuid.UUID             `json:"resolved_by"`
	ResolvedAt       *time.Time             `json:"resolved_at"`
	Dispositions     []partDisposition      `json:"dispositions"`
	Note             string                 `json:"note"`
	Version          int                    `json:"version"`
	CreatedAt        time.Time              `json:"created_at"`
	UpdatedAt        time.Time              `json:"updated_at"`
}

type partDisposition struct {
	ID          uuid.UUID               `json:"id"`
	Kind        returns.DispositionKind `json:"kind"`
	Verdict     *returns.Verdict        `json:"verdict"`
	LocationID  *uuid.UUID              `json:"location_id"`
	WitnessID   *uuid.UUID              `json:"witness_id"`
	RMA         *string                 `json:"rma"`
	UnitCost    *int64                  `json:"unit_cost"`
	NewSerial   *string                 `json:"new_serial"`
	Scan        *string                 `json:"scan"`
	PhotoIDs    []uuid.UUID             `json:"photo_ids"`
	MovementIDs []uuid.UUID             `json:"movement_ids"`
	Note        string                  `json:"note"`
	DecidedBy   *uuid.UUID              `json:"decided_by"`
	DecidedAt   time.Time               `json:"decided_at"`
}

func wirePartReturn(r returns.Return) partReturn {
	w := partReturn{
		ID: r.ID, Number: r.Number, Status: r.Status, UseID: r.UseID, JobID: r.JobID, PartID: r.PartID, PartNumber: r.PartNumber, PartName: r.PartName, PartNameZh: r.PartNameZh,
		Quantity: r.Quantity, TechnicianID: r.TechnicianID, OutletID: r.OutletID, ExpectedSerial: r.ExpectedSerial,
		DueAt: r.DueAt, PolicyVersion: r.PolicyVersion, Overdue: r.Overdue,
		WaivedBecause: r.WaivedBecause, WaivedBy: r.WaivedBy, WaivedAt: r.WaivedAt, Signed: r.Signed, SignOffID: r.SignOffID,
		HeldAt: r.HeldAt, CollectedBy: r.CollectedBy, CollectedAt: r.CollectedAt, PhotoIDs: orEmpty(r.PhotoIDs),
		ShipmentID: r.ShipmentID, Carrier: r.Carrier, Waybill: r.Waybill, ArrivedAs: r.ArrivedAs, WarehouseID: r.WarehouseID,
		ReceivedPartID: r.ReceivedPartID, ReceivedSerial: r.ReceivedSerial, ReceivedQuantity: r.ReceivedQuantity, ReceivedScan: r.ReceivedScan,
		ReceivedBy: r.ReceivedBy, ReceivedAt: r.ReceivedAt, Discrepancy: r.Discrepancy, MovementID: r.MovementID, PlacedAt: r.PlacedAt,
		FollowsID: r.FollowsID, FollowedBy: orEmpty(r.FollowedBy), Unreadable: r.Unreadable,
		Resolution: r.Resolution, ResolutionNote: r.ResolutionNote, ResolvedBy: r.ResolvedBy, ResolvedAt: r.ResolvedAt,
		Dispositions: make([]partDisposition, len(r.Dispositions)), Note: r.Note, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	for i, d := range r.Dispositions {
		w.Dispositions[i] = partDisposition{
			ID: d.ID, Kind: d.Kind, Verdict: d.Verdict, LocationID: d.LocationID, WitnessID: d.WitnessID, RMA: d.RMA, UnitCost: d.UnitCost, NewSerial: d.NewSerial,
			Scan: d.Scan, PhotoIDs: orEmpty(d.PhotoIDs), MovementIDs: orEmpty(d.MovementIDs), Note: d.Note, DecidedBy: d.DecidedBy, DecidedAt: d.DecidedAt,
		}
	}
	return w
}
