package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Standing is where a unit is, by the last step of its path.
type Standing struct {
	UnitID     uuid.UUID
	PartID     uuid.UUID
	Serial     string
	Seq        int
	LocationID uuid.UUID
	Kind       Kind
	Name       string
	OutletID   *uuid.UUID
	JobNumber  *string // the job that it was used on, where it is at a customer's
}

// Location is where the unit is.
func (s Standing) Location() Location {
	return Location{ID: s.LocationID, Kind: s.Kind, Name: s.Name, OutletID: s.OutletID}
}

const standingSQL = `
SELECT u.id AS unit_id, u.part_id, u.serial, m.seq, l.id AS location_id, l.kind, l.name, l.outlet_id, j.number AS job_number
FROM unnest($1::uuid[], $2::text[]) AS w (part_id, serial)
JOIN units u ON u.part_id = w.part_id AND u.serial = w.serial
JOIN LATERAL (SELECT seq, to_location, movement_id FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
JOIN locations l ON l.id = m.to_location
JOIN movements v ON v.id = m.movement_id
LEFT JOIN jobs j ON j.id = v.job_id AND l.kind = 'customer_site'`

// SerialOf names a unit the way people do.
type SerialOf struct {
	Part   uuid.UUID
	Serial string
}

// Standings says where units are. A unit that the books do not know is absent.
func (l *Ledger) Standings(ctx context.Context, units []SerialOf) (map[SerialOf]Standing, error) {
	var parts []uuid.UUID
	var serials []string
	for _, u := range units {
		parts, serials = append(parts, u.Part), append(serials, u.Serial)
	}
	rows, err := pg.Query[Standing](ctx, l.db, standingSQL, parts, serials)
	at := map[SerialOf]Standing{}
	for _, s := range rows {
		at[SerialOf{s.PartID, s.Serial}] = s
	}
	return at, err
}

// step is the next step on the path of a unit.
type step struct {
	unit, part uuid.UUID
	serial     string
	seq        int // 1 is the first: the unit is new to the books
	entry      int // whose movement it belongs to
	from, to   uuid.UUID
	scan       *string // as the scanner read it
}

// unitsToMove finds the units of the entries. Read while the balances are held that they would
// leave: from there nobody else can take them. What is not where it should be is added to f.
func (l *Ledger) unitsToMove(ctx context.Context, by who.Actor, entries []Entry, f *fault.Faults) ([]step, error) {
	var wanted []SerialOf
	for _, e := range entries {
		for _, s := range e.Serials {
			wanted = append(wanted, SerialOf{e.Part.ID, s})
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	at, err := l.Standings(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var steps []step
	for i, e := range entries {
		for j, serial := range e.Serials {
			st := step{part: e.Part.ID, serial: serial, seq: 1, entry: i, from: e.From.ID, to: e.To.ID}
			if raw, scanned := e.Raw[serial]; scanned {
				st.scan = &raw
			}
			switch s, known := at[SerialOf{e.Part.ID, serial}]; {
			case known && s.LocationID == e.From.ID:
				st.unit, st.seq = s.UnitID, s.Seq+1
			case known:
				astray(by, e, e.SerialAt(j), s, f)
			case e.From.Kind.Outside():
				st.unit = uuid.Must(uuid.NewV7())
			default:
				f.Add(e.SerialAt(j), "unit %s of part %s is not in %s: the books do not know it", serial, e.Part.Number, e.From.Called())
			}
			steps = append(steps, st)
		}
	}
	return steps, nil
}

// astray says that a unit is not where the entry would take it from, and where it is as far as
// the actor may know.
func astray(by who.Actor, e Entry, pointer string, s Standing, f *fault.Faults) {
	switch {
	case !s.Location().Readable(by):
		f.Add(pointer, "unit %s of part %s is not in %s", s.Serial, e.Part.Number, e.From.Called())
	case s.JobNumber != nil:
		f.Add(pointer, "unit %s of part %s is not in %s: it was used on job %s", s.Serial, e.Part.Number, e.From.Called(), *s.JobNumber)
	default:
		f.Add(pointer, "unit %s of part %s is not in %s: it is in %s", s.Serial, e.Part.Number, e.From.Called(), s.Location().Called())
	}
}

const newUnitsSQL = `
INSERT INTO units (id, part_id, serial, created_at)
SELECT w.id, w.part_id, w.serial, $4 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS w (id, part_id, serial)`

const stepsSQL = `
INSERT INTO unit_moves (unit_id, seq, movement_id, part_id, from_location, to_location, scan)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[])`

// recordUnits opens the units that are new to the books and lengthens the path of each.
func (l *Ledger) recordUnits(ctx context.Context, steps []step, moved []Movement) error {
	if len(steps) == 0 {
		return nil
	}
	var fresh, freshParts, units, movements, parts, from, to []uuid.UUID
	var serials []string
	var seqs []int
	var scans []*string
	for _, s := range steps {
		if s.seq == 1 {
			fresh, freshParts, serials = append(fresh, s.unit), append(freshParts, s.part), append(serials, s.serial)
		}
		units, seqs, movements = append(units, s.unit), append(seqs, s.seq), append(movements, moved[s.entry].ID)
		parts, from, to, scans = append(parts, s.part), append(from, s.from), append(to, s.to), append(scans, s.scan)
	}
	if len(fresh) > 0 {
		if _, err := pg.Exec(ctx, l.db, newUnitsSQL, fresh, freshParts, serials, l.now()); err != nil {
			return err
		}
	}
	_, err := pg.Exec(ctx, l.db, stepsSQL, units, seqs, movements, parts, from, to, scans)
	return err
}
