package api

import (
	"net/http"
	"time"

	"callout/inventory/uses"
	"callout/registry"

	"github.com/google/uuid"
)

type component struct {
	ID           uuid.UUID                `json:"id"`
	PartID       uuid.UUID                `json:"part_id"`
	PartNumber   string                   `json:"part_number"`
	PartName     string                   `json:"part_name"`
	PartNameZh   string                   `json:"part_name_zh"`
	Serial       string                   `json:"serial"`
	Source       registry.ComponentSource `json:"source"`
	FittedBy     *uuid.UUID               `json:"fitted_by"`
	FittedAt     *time.Time               `json:"fitted_at"`
	EndedBy      *uuid.UUID               `json:"ended_by"`
	EndedAt      *time.Time               `json:"ended_at"`
	EndedBecause *registry.EndedBecause   `json:"ended_because"`
}

func wireComponent(c registry.Component) component {
	return component{
		ID: c.ID, PartID: c.PartID, PartNumber: c.PartNumber, PartName: c.PartName, PartNameZh: c.PartNameZh, Serial: c.Serial, Source: c.Source,
		FittedBy: c.FittedBy, FittedAt: c.FittedAt, EndedBy: c.EndedBy, EndedAt: c.EndedAt, EndedBecause: c.EndedBecause,
	}
}

type serialChange struct {
	Seq       int        `json:"seq"`
	OldSerial string     `json:"old_serial"`
	NewSerial string     `json:"new_serial"`
	Because   string     `json:"because"`
	UseID     *uuid.UUID `json:"part_use_id"`
	ChangedBy *uuid.UUID `json:"changed_by"`
	ChangedAt time.Time  `json:"changed_at"`
}

type partCoverage struct {
	UseID         uuid.UUID `json:"part_use_id"`
	JobID         uuid.UUID `json:"job_id"`
	JobNumber     string    `json:"job_number"`
	PartID        uuid.UUID `json:"part_id"`
	PartNumber    string    `json:"part_number"`
	PartName      string    `json:"part_name"`
	PartNameZh    string    `json:"part_name_zh"`
	Serial        *string   `json:"serial"`
	From          day       `json:"from"`
	Until         day       `json:"until"`
	PolicyVersion int       `json:"policy_version"`
	Void          bool      `json:"void"`
}

func wireCoverage(c uses.Coverage) partCoverage {
	return partCoverage{
		UseID: c.UseID, JobID: c.JobID, JobNumber: c.JobNumber, PartID: c.PartID, PartNumber: c.PartNumber, PartName: c.PartName, PartNameZh: c.PartNameZh, Serial: c.Serial,
		From: day(c.StartsOn), Until: day(c.EndsOn), PolicyVersion: c.PolicyVersion, Void: c.Void,
	}
}

func (s *Server) listAssetComponents(k *call) (answer, error) {
	asset := k.id("asset_id")
	parts, serials, err := s.Register.Components(k.ctx, k.by, asset)
	if err != nil {
		return answer{}, err
	}
	coverages, err := s.Uses.Coverages(k.ctx, k.by, asset)
	if err != nil {
		return answer{}, err
	}
	return shown(map[string]any{
		"items":     each(parts, wireComponent),
		"serials":   each(serials, func(c registry.SerialChange) serialChange { return serialChange(c) }),
		"coverages": each(coverages, wireCoverage),
	})
}

func (s *Server) recordAssetComponent(k *call) (answer, error) {
	var body struct {
		PartID   uuid.UUID  `json:"part_id"`
		Serial   string     `json:"serial"`
		FittedAt *time.Time `json:"fitted_at"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Uses.RecordComponent(k.ctx, k.by, k.id("asset_id"), registry.NewComponent(body))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wireComponent(c)}, nil
}
