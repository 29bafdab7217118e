package registry

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// ComponentSource is how the record learned of a component.
type ComponentSource string

// The sources of components.
const (
	ComponentUsed     ComponentSource = "use"      // a use put it in
	ComponentRecorded ComponentSource = "record"   // somebody wrote down what sits there
	ComponentFound    ComponentSource = "found"    // it came out, and nobody had known that it sat there
	ComponentRestored ComponentSource = "restored" // the use that took it out was taken back
)

// EndedBecause is why a component sits in its asset no longer.
type EndedBecause string

// The ends of components.
const (
	EndedExchanged      EndedBecause = "exchanged"       // another took its place
	EndedAssetExchanged EndedBecause = "asset_exchanged" // it left with the whole device
	EndedMoved          EndedBecause = "moved"           // it was put into another asset
	EndedTakenBack      EndedBecause = "taken_back"      // the use that put it in was taken back
)

// Component is a part with a serial that sits, or sat, in an asset.
type Component struct {
	ID           uuid.UUID
	AssetID      uuid.UUID
	PartID       uuid.UUID
	PartNumber   string
	PartName     string
	PartNameZh   string // empty where nobody translated it
	Serial       string
	Source       ComponentSource
	FittedBy     *uuid.UUID // the use
	FittedAt     *time.Time // nil: nobody knows
	EndedBy      *uuid.UUID // the use that took it out, or that was taken back
	EndedAt      *time.Time
	EndedBecause *EndedBecause
	CreatedAt    time.Time
}

// SerialChange is one step in the history of an asset's own serial.
type SerialChange struct {
	Seq       int
	OldSerial string
	NewSerial string
	Because   string // exchanged, taken_back or corrected
	UseID     *uuid.UUID
	ChangedBy *uuid.UUID
	ChangedAt time.Time
}

const componentsSQL = `
SELECT c.id, c.asset_id, c.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, c.serial, c.source,
  c.fitted_by, c.fitted_at, c.ended_by, c.ended_at, c.ended_because, c.created_at
FROM asset_components c JOIN parts p ON p.id = c.part_id WHERE c.asset_id = $1
ORDER BY c.ended_at DESC NULLS FIRST, c.id DESC LIMIT 500`

const serialsSQL = `
SELECT seq, old_serial, new_serial, because, use_id, changed_by, changed_at
FROM asset_serials WHERE asset_id = $1 ORDER BY seq DESC LIMIT 500`

// Components returns what sits in an asset within the actor's scope, what sat there before, and the
// serials that the asset had, the newest first and 500 of each at the most.
func (r *Register) Components(ctx context.Context, by who.Actor, asset uuid.UUID) ([]Component, []SerialChange, error) {
	if _, err := r.FindAsset(ctx, by, asset); err != nil {
		return nil, nil, err
	}
	parts, err := pg.Query[Component](ctx, r.db, componentsSQL, asset)
	if err != nil {
		return nil, nil, err
	}
	serials, err := pg.Query[SerialChange](ctx, r.db, serialsSQL, asset)
	return parts, serials, err
}

// NewComponent is a part that somebody knows to sit in an asset.
type NewComponent struct {
	PartID   uuid.UUID
	Serial   string
	FittedAt *time.Time
}

const serializedSQL = `SELECT serialized FROM parts WHERE id = $1`

// RecordComponent writes down what sits in an asset, as its papers say. A unit that sits in an
// asset by the record already is a fault.Conflict.
func (r *Register) RecordComponent(ctx context.Context, by who.Actor, asset uuid.UUID, n NewComponent) (c Component, err error) {
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		a, err := r.FindAsset(ctx, by, asset)
		if err != nil {
			return err
		}
		var f fault.Faults
		n.Serial = Line(&f, "/serial", n.Serial)
		if n.FittedAt != nil && n.FittedAt.After(r.now()) {
			f.Add("/fitted_at", "must not be in the future")
		}
		known, err := pg.Query[struct{ Serialized bool }](ctx, r.db, serializedSQL, n.PartID)
		switch {
		case err != nil:
			return err
		case len(known) == 0:
			f.Add("/part_id", "no such %s", words.Noun("part"))
		case !known[0].Serialized:
			f.Add("/part_id", "is a part without serials")
		}
		if err := wrong(f, "component"); err != nil {
			return err
		}
		id := newID()
		if err := r.open(ctx, Component{ID: id, AssetID: asset, PartID: n.PartID, Serial: n.Serial, Source: ComponentRecorded, FittedAt: n.FittedAt}); err != nil {
			return err
		}
		rows, err := pg.Query[Component](ctx, r.db, componentsSQL, asset)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.ID == id {
				c = row
			}
		}
		return r.tell(ctx, by, r.now(), "component.recorded", asset, a.OutletID, map[string]any{"component_id": id, "part_id": n.PartID, "serial": n.Serial})
	})
	return c, err
}

const openComponentSQL = `
INSERT INTO asset_components (id, asset_id, part_id, serial, source, fitted_by, fitted_at, ended_by, ended_at, ended_because, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

// open adds a component to the record.
func (r *Register) open(ctx context.Context, c Component) error {
	_, err := pg.Exec(ctx, r.db, openComponentSQL, c.ID, c.AssetID, c.PartID, c.Serial, c.Source, c.FittedBy, c.FittedAt, c.EndedBy, c.EndedAt, c.EndedBecause, r.now())
	if pg.Violates(err, "one_asset_per_component") {
		return fault.New(fault.Conflict, "the part with the serial %q sits in an asset already", c.Serial)
	}
	return pg.Fault(err, "component")
}
