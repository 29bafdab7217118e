package api

import (
	"net/http"
	"time"

	"callout/inventory/uses"

	"github.com/google/uuid"
)

func (s *Server) partUsesHandlers() map[string]handler {
	return map[string]handler{"listPartUses": s.listPartUses, "usePart": s.usePart}
}

type usedPart struct {
	ID          uuid.UUID  `json:"id"`
	JobID       uuid.UUID  `json:"job_id"`
	PartID      uuid.UUID  `json:"part_id"`
	PartNumber  string     `json:"part_number"`
	PartName    string     `json:"part_name"`
	Quantity    int        `json:"quantity"`
	NewSerial   *string    `json:"new_serial"`
	OldSerial   *string    `json:"old_serial"`
	OldPartWish uses.Wish  `json:"old_part_wish"`
	MovementID  uuid.UUID  `json:"movement_id"`
	ReturnID    *uuid.UUID `json:"part_return_id"`
	UsedBy      *uuid.UUID `json:"used_by"`
	UsedAt      time.Time  `json:"used_at"`
}

func wireUse(u uses.Use) usedPart {
	return usedPart{
		ID: u.ID, JobID: u.JobID, PartID: u.PartID, PartNumber: u.PartNumber, PartName: u.PartName, Quantity: u.Quantity,
		NewSerial: serialOrNull(u.NewSerial), OldSerial: serialOrNull(u.OldSerial), OldPartWish: u.OldPartWish,
		MovementID: u.MovementID, ReturnID: u.ReturnID, UsedBy: u.UsedBy, UsedAt: u.UsedAt,
	}
}

func serialOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *Server) listPartUses(k *call) (answer, error) {
	all, err := s.Uses.ListUses(k.ctx, k.by, k.id("job_id"))
	if err != nil {
		return answer{}, err
	}
	body := struct {
		Items []usedPart `json:"items"`
	}{make([]usedPart, len(all))}
	for i, u := range all {
		body.Items[i] = wireUse(u)
	}
	return shown(body)
}

func (s *Server) usePart(k *call) (answer, error) {
	var body struct {
		PartID      uuid.UUID `json:"part_id"`
		Quantity    int       `json:"quantity"`
		NewSerial   string    `json:"new_serial"`
		OldSerial   string    `json:"old_serial"`
		OldPartWish uses.Wish `json:"old_part_wish"`
	}
	body.Quantity = 1
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	u, err := s.Uses.Use(k.ctx, k.by, k.id("job_id"), uses.PartUse(body))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wireUse(u)}, nil
}
