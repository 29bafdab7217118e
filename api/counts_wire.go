package api

import (
	"time"

	"callout/inventory"
	"callout/inventory/counts"

	"github.com/google/uuid"
)

type stockCount struct {
	ID           uuid.UUID      `json:"id"`
	Number       string         `json:"number"`
	Status       counts.Status  `json:"status"`
	Scope        counts.Scope   `json:"scope"`
	LocationID   uuid.UUID      `json:"location_id"`
	LocationName string         `json:"location_name"`
	LocationKind inventory.Kind `json:"location_kind"`
	OutletID     *uuid.UUID     `json:"outlet_id"`
	Round        int            `json:"round"`
	Note         string         `json:"note"`
	OpenedBy     *uuid.UUID     `json:"opened_by"`
	FinishedBy   *uuid.UUID     `json:"finished_by"`
	ApprovedBy   *uuid.UUID     `json:"approved_by"`
	ApprovedAt   *time.Time     `json:"approved_at"`
	Places       []countPlace   `json:"places"`
	Parts        []countPart    `json:"parts"`
	Lines        []countedLine  `json:"lines"`
	Version      int            `json:"version"`
	CreatedAt    time.Time      `json:"created_at"`
	UpdatedAt    time.Time      `json:"updated_at"`
}

type countPlace struct {
	LocationID uuid.UUID      `json:"location_id"`
	Code       string         `json:"code"`
	Name       string         `json:"name"`
	Kind       inventory.Kind `json:"kind"`
}

type countPart struct {
	PartID uuid.UUID `json:"part_id"`
	Number string    `json:"number"`
	Name   string    `json:"name"`
	NameZh string    `json:"name_zh"`
}

// countedLine is what who counts reads: what the books expect has no place in it.
type countedLine struct {
	LocationID   uuid.UUID      `json:"location_id"`
	LocationName string         `json:"location_name"`
	LocationKind inventory.Kind `json:"location_kind"`
	PartID       uuid.UUID      `json:"part_id"`
	PartNumber   string         `json:"part_number"`
	PartName     string         `json:"part_name"`
	PartNameZh   string         `json:"part_name_zh"`
	Serialized   bool           `json:"serialized"`
	Round        int            `json:"round"`
	Counted      *int           `json:"counted"`
	Serials      []string       `json:"serials"`
	CountedAt    *time.Time     `json:"counted_at"`
	Disturbed    bool           `json:"disturbed"`
	Assumed      bool           `json:"assumed"`
	Kept         bool           `json:"kept"`
	KeptReason   *string        `json:"kept_reason"`
}

func wireCount(k *call, c counts.Count) stockCount {
	w := stockCount{
		ID: c.ID, Number: c.Number, Status: c.Status, Scope: c.Scope, LocationID: c.LocationID, LocationName: k.called(c.LocationKind, c.LocationName), LocationKind: c.LocationKind,
		OutletID: c.OutletID, Round: c.Round, Note: c.Note, OpenedBy: c.OpenedBy, FinishedBy: c.FinishedBy, ApprovedBy: c.ApprovedBy, ApprovedAt: c.ApprovedAt,
		Places: make([]countPlace, len(c.Places)), Parts: make([]countPart, len(c.Parts)), Lines: make([]countedLine, len(c.Lines)),
		Version: c.Version, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
	for i, p := range c.Places {
		w.Places[i] = countPlace{p.ID, p.Code, k.called(p.Kind, p.Name), p.Kind}
	}
	for i, p := range c.Parts {
		w.Parts[i] = countPart{p.ID, p.Number, p.Name, p.NameZh}
	}
	for i, l := range c.Lines {
		w.Lines[i] = countedLine{
			l.LocationID, k.called(l.LocationKind, l.LocationName), l.LocationKind, l.PartID, l.PartNumber, l.PartName, l.PartNameZh, l.Serialized, l.Round, l.Counted, l.Found(), l.CountedAt, l.Disturbed, l.Assumed, l.Kept(), l.KeptReason,
		}
	}
	return w
}

type countSheet struct {
	Count  stockCount      `json:"count"`
	Lines  []countVariance `json:"lines"`
	Totals []countTotal    `json:"totals"`
}

type countTotal struct {
	Currency  string `json:"currency"`
	Over      int64  `json:"over"`
	Under     int64  `json:"under"`
	KeptLines int    `json:"kept_lines"`
	KeptWorth int64  `json:"kept_value"`
}

type countVariance struct {
	LocationID    uuid.UUID       `json:"location_id"`
	LocationName  string          `json:"location_name"`
	LocationKind  inventory.Kind  `json:"location_kind"`
	PartID        uuid.UUID       `json:"part_id"`
	PartNumber    string          `json:"part_number"`
	PartName      string          `json:"part_name"`
	PartNameZh    string          `json:"part_name_zh"`
	Serialized    bool            `json:"serialized"`
	Round         int             `json:"round"`
	Counted       *int            `json:"counted"`
	Expected      *int            `json:"expected"`
	Told          int             `json:"told_afterwards"`
	Variance      int             `json:"variance"`
	Value         int64           `json:"value"`
	Currency      string          `json:"currency"`
	CountedAt     *time.Time      `json:"counted_at"`
	Assumed       bool            `json:"assumed"`
	Kept          bool            `json:"kept"`
	KeptReason    *string         `json:"kept_reason"`
	KeptBy        *uuid.UUID      `json:"kept_by"`
	KeptWorth     int64           `json:"kept_value"`
	Reason        *counts.Reason  `json:"reason"`
	Note          string          `json:"note"`
	Approved      bool            `json:"approved"`
	LateMovements []lateMovement  `json:"late_movements"`
	Units         []differingUnit `json:"units"`
}

type lateMovement struct {
	MovementID uuid.UUID              `json:"movement_id"`
	Kind       inventory.MovementKind `json:"kind"`
	Quantity   int                    `json:"quantity"`
	JobNumber  *string                `json:"job_number"`
	OccurredAt time.Time              `json:"occurred_at"`
	MovedAt    time.Time              `json:"moved_at"`
}

type differingUnit struct {
	Serial     string            `json:"serial"`
	Difference counts.Difference `json:"difference"`
	BooksAt    *uuid.UUID        `json:"books_location_id"`
	BooksName  *string           `json:"books_location_name"`
	FoundIn    *uuid.UUID        `json:"found_in_location_id"`
}

func wireCountSheet(k *call, s counts.Sheet) countSheet {
	w := countSheet{Count: wireCount(k, s.Count), Lines: make([]countVariance, len(s.Lines)), Totals: make([]countTotal, len(s.Totals))}
	for i, t := range s.Totals {
		w.Totals[i] = countTotal(t)
	}
	for i, v := range s.Lines {
		w.Lines[i] = wireVariance(k, v)
	}
	return w
}

func wireVariance(k *call, v counts.Variance) countVariance {
	w := countVariance{
		LocationID: v.LocationID, LocationName: k.called(v.LocationKind, v.LocationName), LocationKind: v.LocationKind, PartID: v.PartID, PartNumber: v.PartNumber, PartName: v.PartName, PartNameZh: v.PartNameZh, Serialized: v.Serialized,
		Round: v.Round, Counted: v.Counted, Expected: v.Expected, Told: v.Told, Variance: v.Over, Value: v.Worth, Currency: v.Currency, CountedAt: v.CountedAt,
		Assumed: v.Assumed, Kept: v.Kept(), KeptReason: v.KeptReason, KeptBy: v.KeptBy, KeptWorth: v.KeptWorth(), Reason: v.Reason, Note: v.Note, Approved: v.Adjusted != nil,
		LateMovements: make([]lateMovement, len(v.Late)), Units: make([]differingUnit, len(v.Differs)),
	}
	for i, m := range v.Late {
		w.LateMovements[i] = lateMovement{m.MovementID, m.Kind, m.Quantity, m.JobNumber, m.OccurredAt, m.MovedAt}
	}
	for i, d := range v.Differs {
		w.Units[i] = differingUnit{d.Serial, d.Difference, d.BooksAt, nil, d.FoundIn}
		if d.BooksName != nil {
			w.Units[i].BooksName = new(k.called(d.BooksKind, *d.BooksName))
		}
	}
	return w
}

type lastCount struct {
	LocationID   uuid.UUID      `json:"location_id"`
	LocationName string         `json:"location_name"`
	LocationKind inventory.Kind `json:"location_kind"`
	PartID       uuid.UUID      `json:"part_id"`
	PartNumber   string         `json:"part_number"`
	PartName     string         `json:"part_name"`
	PartNameZh   string         `json:"part_name_zh"`
	CountedAt    *time.Time     `json:"counted_at"`
	CountID      *uuid.UUID     `json:"count_id"`
}

func wireLastCount(k *call, l counts.Last) lastCount {
	l.LocationName = k.called(l.LocationKind, l.LocationName)
	return lastCount(l)
}
