package api

import (
	"time"

	"callout/inventory"

	"github.com/google/uuid"
)

type stockUnit struct {
	ID           uuid.UUID       `json:"id"`
	PartID       uuid.UUID       `json:"part_id"`
	PartNumber   string          `json:"part_number"`
	PartName     string          `json:"part_name"`
	PartNameZh   string          `json:"part_name_zh"`
	Serial       string          `json:"serial"`
	LocationID   *uuid.UUID      `json:"location_id"`
	LocationName *string         `json:"location_name"`
	LocationKind *inventory.Kind `json:"location_kind"`
	Withheld     *string         `json:"withheld"`
	CreatedAt    time.Time       `json:"created_at"`
	Path         []unitStep      `json:"path,omitzero"`
}

type unitStep struct {
	Seq          int                    `json:"seq"`
	MovementID   uuid.UUID              `json:"movement_id"`
	Kind         inventory.MovementKind `json:"kind"`
	FromLocation uuid.UUID              `json:"from_location_id"`
	ToLocation   uuid.UUID              `json:"to_location_id"`
	JobID        *uuid.UUID             `json:"job_id"`
	MovedAt      time.Time              `json:"moved_at"`
	Scan         *string                `json:"scan"`
}

func wireUnit(k *call, u inventory.Unit) stockUnit {
	w := stockUnit{
		ID: u.ID, PartID: u.PartID, PartNumber: u.PartNumber, PartName: u.PartName, PartNameZh: u.PartNameZh, Serial: u.Serial,
		LocationID: u.LocationID, LocationKind: u.LocationKind, Withheld: withheld(u.Withheld), CreatedAt: u.CreatedAt,
	}
	if u.LocationName != nil && u.LocationKind != nil {
		w.LocationName = new(k.called(*u.LocationKind, *u.LocationName))
	}
	for _, step := range u.Path {
		w.Path = append(w.Path, unitStep(step))
	}
	return w
}

func (s *Server) listUnits(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := inventory.UnitFilter{PartID: k.queryID("part_id"), Serial: k.query("serial"), LocationID: k.queryID("location_id")}
	units, next, err := s.Ledger.ListUnits(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listedBlindly(s, k, units, next, func(u inventory.Unit) stockUnit { return wireUnit(k, u) }, f.LocationID, f.PartID)
}

func (s *Server) getUnit(k *call) (answer, error) {
	u, err := s.Ledger.FindUnit(k.ctx, k.by, k.id("unit_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wireUnit(k, u))
}
