package api

import (
	"net/http"
	"time"

	"callout/inventory/uses"

	"github.com/google/uuid"
)

func (s *Server) partUsesHandlers() map[string]handler {
	return map[string]handler{
		"listPartUses": s.listPartUses, "usePart": s.usePart, "decidePartWarranty": s.decidePartWarranty, "getPartCosts": s.getPartCosts,
		"listAssetComponents": s.listAssetComponents, "recordAssetComponent": s.recordAssetComponent,
	}
}

type usedPart struct {
	ID             uuid.UUID     `json:"id"`
	JobID          uuid.UUID     `json:"job_id"`
	AssetID        *uuid.UUID    `json:"asset_id"`
	PartID         uuid.UUID     `json:"part_id"`
	PartNumber     string        `json:"part_number"`
	PartName       string        `json:"part_name"`
	PartNameZh     string        `json:"part_name_zh"`
	Quantity       int           `json:"quantity"`
	NewSerial      *string       `json:"new_serial"`
	OldSerial      *string       `json:"old_serial"`
	OldUnreadable  bool          `json:"old_serial_unreadable"`
	OldPartID      uuid.UUID     `json:"old_part_id"`
	OldPartWish    uses.Wish     `json:"old_part_wish"`
	Scan           *string       `json:"scan"`
	OldScan        *string       `json:"old_scan"`
	Short          int           `json:"short"`
	RecordedSerial *string       `json:"recorded_serial"`
	Warranty       uses.Warranty `json:"warranty"`
	Reason         string        `json:"warranty_reason"`
	Price          *int64        `json:"price"`
	ListPrice      *int64        `json:"list_price"`
	Currency       string        `json:"currency"`
	CoveredUntil   *day          `json:"covered_until"`
	MovementID     uuid.UUID     `json:"movement_id"`
	ReturnID       *uuid.UUID    `json:"part_return_id"`
	UsedBy         *uuid.UUID    `json:"used_by"`
	UsedAt         time.Time     `json:"used_at"`
	OccurredAt     time.Time     `json:"occurred_at"`
}

func wireUse(k *call, u uses.Use) usedPart {
	return usedPart{
		ID: u.ID, JobID: u.JobID, AssetID: u.AssetID, PartID: u.PartID, PartNumber: u.PartNumber, PartName: u.PartName, PartNameZh: u.PartNameZh, Quantity: u.Quantity,
		NewSerial: serialOrNull(u.NewSerial), OldSerial: serialOrNull(u.OldSerial), OldUnreadable: u.OldUnreadable, OldPartID: u.OldPartID, OldPartWish: u.OldPartWish,
		Scan: u.NewScan, OldScan: u.OldScan, Short: u.Short, RecordedSerial: u.RecordedSerial,
		Warranty: u.Warranty, Reason: u.Reason.In(k.lang()), Price: u.Price, ListPrice: u.ListPrice, Currency: u.Currency, CoveredUntil: (*day)(u.CoveredUntil),
		MovementID: u.MovementID, ReturnID: u.ReturnID, UsedBy: u.UsedBy, UsedAt: u.UsedAt, OccurredAt: u.OccurredAt,
	}
}

func serialOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Server) listPartUses(k *call) (answer, error) {
	all, err := s.Uses.List(k.ctx, k.by, k.id("job_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(map[string]any{"items": each(all, func(u uses.Use) usedPart { return wireUse(k, u) })})
}

// charge is a person's decision about who pays.
type charge struct {
	Warranty uses.Warranty `json:"warranty"`
	Reason   string        `json:"reason"`
}

func (s *Server) usePart(k *call) (answer, error) {
	var body struct {
		PartID         uuid.UUID `json:"part_id"`
		Quantity       int       `json:"quantity"`
		NewSerial      string    `json:"new_serial"`
		Scan           string    `json:"scan"`
		OldSerial      string    `json:"old_serial"`
		OldUnreadable  bool      `json:"old_serial_unreadable"`
		OldScan        string    `json:"old_scan"`
		OldPartID      uuid.UUID `json:"old_part_id"`
		OldPartWish    uses.Wish `json:"old_part_wish"`
		OccurredAt     time.Time `json:"occurred_at"`
		AcceptShortage bool      `json:"accept_shortage"`
		Charge         *charge   `json:"charge"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	u, err := s.Uses.Use(k.ctx, k.by, k.id("job_id"), uses.PartUse{
		PartID: body.PartID, Quantity: body.Quantity, NewSerial: body.NewSerial, NewScan: body.Scan, OldSerial: body.OldSerial, OldUnreadable: body.OldUnreadable, OldScan: body.OldScan,
		OldPartID: body.OldPartID, OldPartWish: body.OldPartWish, OccurredAt: body.OccurredAt, AcceptShortage: body.AcceptShortage,
		Charge: (*uses.Charge)(body.Charge),
	})
	if err != nil {
		return answer{}, err
	}
	if u.Repeated {
		return shown(wireUse(k, u))
	}
	return answer{status: http.StatusCreated, body: wireUse(k, u)}, nil
}

func (s *Server) decidePartWarranty(k *call) (answer, error) {
	var body charge
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	u, err := s.Uses.Decide(k.ctx, k.by, k.id("job_id"), k.id("part_use_id"), uses.Charge(body))
	if err != nil {
		return answer{}, err
	}
	return shown(wireUse(k, u))
}

type partCost struct {
	UseID        uuid.UUID     `json:"part_use_id"`
	PartID       uuid.UUID     `json:"part_id"`
	PartNumber   string        `json:"part_number"`
	PartName     string        `json:"part_name"`
	PartNameZh   string        `json:"part_name_zh"`
	Quantity     int           `json:"quantity"`
	NewSerial    *string       `json:"new_serial"`
	Cost         *int64        `json:"cost"`
	ListPrice    *int64        `json:"list_price"`
	Price        *int64        `json:"price"`
	Currency     string        `json:"currency"`
	Warranty     uses.Warranty `json:"warranty"`
	Reason       string        `json:"warranty_reason"`
	CoveredUntil *day          `json:"covered_until"`
	MovementID   uuid.UUID     `json:"movement_id"`
}

type costTotal struct {
	Currency string `json:"currency"`
	Cost     int64  `json:"cost"`
	Price    int64  `json:"price"`
	Waived   int64  `json:"waived"`
	Unpriced int    `json:"unpriced"`
}

func (s *Server) getPartCosts(k *call) (answer, error) {
	c, err := s.Uses.Costs(k.ctx, k.by, k.id("job_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(map[string]any{
		"items": each(c.Uses, func(u uses.Use) partCost {
			return partCost{
				UseID: u.ID, PartID: u.PartID, PartNumber: u.PartNumber, PartName: u.PartName, PartNameZh: u.PartNameZh, Quantity: u.Quantity, NewSerial: serialOrNull(u.NewSerial),
				Cost: u.Cost, ListPrice: u.ListPrice, Price: u.Price, Currency: u.Currency, Warranty: u.Warranty, Reason: u.Reason.In(k.lang()),
				CoveredUntil: (*day)(u.CoveredUntil), MovementID: u.MovementID,
			}
		}),
		"totals": each(c.Totals, func(t uses.Total) costTotal { return costTotal(t) }),
	})
}
