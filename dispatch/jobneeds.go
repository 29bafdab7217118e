package dispatch

import (
	"database/sql/driver"

	"callout/internal/pg"

	"github.com/google/uuid"
)

// Needs are the skills that a job asks for.
type Needs []Need

// PartNeeds are the parts that a job is expected to use up.
type PartNeeds []PartNeed

// PhotoNeeds are the photos that a job cannot close without.
type PhotoNeeds []PhotoNeed

type needColumn struct {
	SkillID uuid.UUID `json:"skill_id"`
	Code    string    `json:"code"`
	Level   int       `json:"level"`
}

type partColumn struct {
	PartID   uuid.UUID `json:"part_id"`
	Quantity int       `json:"quantity"`
}

type photoColumn struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Value is the list as the column keeps it.
func (l Needs) Value() (driver.Value, error) {
	return list(l, func(n Need) needColumn { return needColumn(n) }).Value()
}

// Scan reads the column.
func (l *Needs) Scan(src any) error {
	var c pg.JSON[[]needColumn]
	err := c.Scan(src)
	*l = list(c.V, func(n needColumn) Need { return Need(n) }).V
	return err
}

// Value is the list as the column keeps it.
func (l PartNeeds) Value() (driver.Value, error) {
	return list(l, func(p PartNeed) partColumn { return partColumn(p) }).Value()
}

// Scan reads the column.
func (l *PartNeeds) Scan(src any) error {
	var c pg.JSON[[]partColumn]
	err := c.Scan(src)
	*l = list(c.V, func(p partColumn) PartNeed { return PartNeed(p) }).V
	return err
}

// Value is the list as the column keeps it.
func (l PhotoNeeds) Value() (driver.Value, error) {
	return list(l, func(p PhotoNeed) photoColumn { return photoColumn(p) }).Value()
}

// Scan reads the column.
func (l *PhotoNeeds) Scan(src any) error {
	var c pg.JSON[[]photoColumn]
	err := c.Scan(src)
	*l = list(c.V, func(p photoColumn) PhotoNeed { return PhotoNeed(p) }).V
	return err
}

// list turns each of a list into its column's form or back; an empty list is [], not null.
func list[A, B any](from []A, as func(A) B) pg.JSON[[]B] {
	to := make([]B, len(from))
	for i, a := range from {
		to[i] = as(a)
	}
	return pg.JSON[[]B]{V: to}
}

// pieces is how many parts the job is expected to use up.
func (j Job) pieces() (n int64) {
	for _, p := range j.Parts {
		n += int64(p.Quantity)
	}
	return n
}

// partIDs are the parts that the job is expected to use up.
func (j Job) partIDs() []uuid.UUID {
	ids := make([]uuid.UUID, len(j.Parts))
	for i, p := range j.Parts {
		ids[i] = p.PartID
	}
	return ids
}
