package registry

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Exchange says that a use put a unit into an asset, and which one came out.
type Exchange struct {
	AssetID   uuid.UUID
	UseID     uuid.UUID
	PartID    uuid.UUID
	OldPartID uuid.UUID // the same, or one that PartID takes the place of
	NewSerial string    // "" for a part without serials
	OldSerial string    // "" where none came out, or nobody could read it
	At        time.Time
	SameJob   []uuid.UUID // the other uses of the same job: what they put in was not there before
}

const installedSQL = `
SELECT serial, coalesce(fitted_by = ANY ($3), false) AS new FROM asset_components WHERE asset_id = $1 AND part_id = ANY ($2) AND ended_at IS NULL ORDER BY id`

// Recorded is the serial that the asset's record had of a part before the job, where it is none that came
// out of it; "" where the record fits or knows nothing. The asset's own serial fits.
func (r *Register) Recorded(ctx context.Context, e Exchange) (string, error) {
	if e.OldSerial == "" {
		return "", nil
	}
	rows, err := pg.Query[struct {
		Serial string
		New    bool
	}](ctx, r.db, installedSQL, e.AssetID, []uuid.UUID{e.PartID, e.OldPartID}, append([]uuid.UUID{}, e.SameJob...))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	own, err := pg.One[string](ctx, r.db, `SELECT serial FROM assets WHERE id = $1`, e.AssetID)
	if err != nil || own == e.OldSerial {
		return "", pg.Fault(err, "asset")
	}
	recorded := ""
	for _, row := range rows {
		if row.Serial == e.OldSerial {
			return "", nil
		}
		if recorded == "" && !row.New {
			recorded = row.Serial
		}
	}
	return recorded, nil
}

// Exchange writes a use into the record of its asset, within the transaction of ctx: what went in
// sits there from now on, what came out does not. A device whose own serial came out has the new
// one, and what sat in it left with it.
func (r *Register) Exchange(ctx context.Context, by who.Actor, e Exchange) error {
	if e.NewSerial == "" {
		return nil
	}
	a, err := pg.Locked[Asset](ctx, r.db).Where("id = ?", e.AssetID).Take(ctx)
	if err != nil {
		return pg.Fault(err, "asset")
	}
	if e.OldSerial == a.Serial {
		if err := r.end(ctx, e, EndedAssetExchanged, "asset_id = $4", e.AssetID); err != nil {
			return err
		}
		return r.renumber(ctx, by, a, e.NewSerial, "exchanged", &e.UseID)
	}
	if err := r.takeOut(ctx, e); err != nil {
		return err
	}
	// The books found the unit in a van, whatever the record of another asset says.
	if err := r.end(ctx, e, EndedMoved, "part_id = $4 AND serial = $5", e.PartID, e.NewSerial); err != nil {
		return err
	}
	return r.open(ctx, Component{ID: newID(), AssetID: e.AssetID, PartID: e.PartID, Serial: e.NewSerial, Source: ComponentUsed, FittedBy: &e.UseID, FittedAt: &e.At})
}

const sitsSQL = `SELECT count(*)::int FROM asset_components WHERE asset_id = $1 AND part_id = $2 AND serial = $3 AND ended_at IS NULL`

// takeOut ends the component that came out, or writes down that it sat there without the record's knowing.
func (r *Register) takeOut(ctx context.Context, e Exchange) error {
	if e.OldSerial == "" {
		return nil
	}
	known, err := pg.One[int](ctx, r.db, sitsSQL, e.AssetID, e.OldPartID, e.OldSerial)
	if err != nil {
		return err
	}
	if known > 0 {
		return r.end(ctx, e, EndedExchanged, "asset_id = $4 AND part_id = $5 AND serial = $6", e.AssetID, e.OldPartID, e.OldSerial)
	}
	because := EndedExchanged
	return r.open(ctx, Component{
		ID: newID(), AssetID: e.AssetID, PartID: e.OldPartID, Serial: e.OldSerial, Source: ComponentFound,
		EndedBy: &e.UseID, EndedAt: &e.At, EndedBecause: &because,
	})
}

const endSQL = `
UPDATE asset_components SET ended_by = $1, ended_at = $2, ended_because = $3 WHERE ended_at IS NULL AND `

// end ends what sits somewhere by a condition, whose parameters count from $4.
func (r *Register) end(ctx context.Context, e Exchange, because EndedBecause, where string, args ...any) error {
	_, err := pg.Exec(ctx, r.db, endSQL+where, append([]any{e.UseID, e.At, because}, args...)...)
	return pg.Fault(err, "component")
}

const recordSerialSQL = `
INSERT INTO asset_serials (asset_id, seq, old_serial, new_serial, because, use_id, changed_by, changed_at)
SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5::uuid, $6::uuid, $7 FROM asset_serials WHERE asset_id = $1`

// renumber gives an asset that is locked another serial, and keeps the one that it had.
func (r *Register) renumber(ctx context.Context, by who.Actor, a Asset, serial, because string, use *uuid.UUID) error {
	if err := r.recordSerial(ctx, by, a, serial, because, use); err != nil {
		return err
	}
	a.Serial, a.Version, a.UpdatedAt = serial, a.Version+1, r.now()
	if _, err := pg.Rows[Asset](ctx, r.db).Where("id = ?", a.ID).Select("serial", "version", "updated_at").Updates(ctx, a); err != nil {
		return assetFault(err, a)
	}
	return r.tellOfAsset(ctx, who.System, r.now(), "asset.renumbered", a, map[string]any{"use_id": use, "because": because})
}

func (r *Register) recordSerial(ctx context.Context, by who.Actor, a Asset, serial, because string, use *uuid.UUID) error {
	var person *uuid.UUID
	if by.UserID != uuid.Nil {
		person = &by.UserID
	}
	_, err := pg.Exec(ctx, r.db, recordSerialSQL, a.ID, a.Serial, serial, because, use, person, r.now())
	return pg.Fault(err, "asset")
}

const touchedSQL = `
SELECT id, asset_id, part_id, '' AS part_number, '' AS part_name, serial, source, fitted_by, fitted_at, ended_by, ended_at, ended_because, created_at
FROM asset_components WHERE fitted_by = $1 OR ended_by = $1 ORDER BY id FOR UPDATE`

const exchangedSQL = `SELECT seq, old_serial, new_serial, because, use_id, changed_by, changed_at FROM asset_serials WHERE asset_id = $1 AND use_id = $2 ORDER BY seq`

// TakeBack undoes in the asset's record what a use brought about, within the transaction of ctx.
// Nothing is deleted: what the use put in ends, and what it took out sits there anew. What came
// out again by another use meanwhile is a fault.Conflict.
func (r *Register) TakeBack(ctx context.Context, by who.Actor, asset, use uuid.UUID) error {
	a, err := pg.Locked[Asset](ctx, r.db).Where("id = ?", asset).Take(ctx)
	if err != nil {
		return pg.Fault(err, "asset")
	}
	touched, err := pg.Query[Component](ctx, r.db, touchedSQL, use)
	if err != nil {
		return err
	}
	if c, gone := goneSince(touched, use); gone {
		return fault.New(fault.Conflict, "the part with the serial %q was taken out again since", c.Serial)
	}
	if err := r.end(ctx, Exchange{UseID: use, At: r.now()}, EndedTakenBack, "fitted_by = $4", use); err != nil {
		return err
	}
	for _, c := range touched {
		if c.EndedBy == nil || *c.EndedBy != use || *c.EndedBecause == EndedTakenBack || c.Source == ComponentFound {
			continue
		}
		back := Component{ID: newID(), AssetID: c.AssetID, PartID: c.PartID, Serial: c.Serial, Source: ComponentRestored, FittedBy: c.FittedBy, FittedAt: c.FittedAt}
		if err := r.open(ctx, back); err != nil {
			return err
		}
	}
	changes, err := pg.Query[SerialChange](ctx, r.db, exchangedSQL, asset, use)
	if err != nil || len(changes) != 1 {
		return err
	}
	if c := changes[0]; a.Serial != c.NewSerial {
		return fault.New(fault.Conflict, "the asset has another serial since: %q", a.Serial)
	}
	return r.renumber(ctx, by, a, changes[0].OldSerial, "taken_back", &use)
}

// goneSince is the component that a use put in and that sits there no longer; a later use that was
// taken back has put it there again.
func goneSince(touched []Component, use uuid.UUID) (gone Component, is bool) {
	for _, c := range touched {
		if c.FittedBy == nil || *c.FittedBy != use {
			continue
		}
		if c.EndedAt == nil {
			return Component{}, false
		}
		gone, is = c, true
	}
	return gone, is
}
