package counts

import (
	"context"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// A unit that was read in two places is where it was read last.
const elsewhereSQL = `
WITH gone AS (DELETE FROM count_serials WHERE count_id = $1 AND part_id = $3 AND serial = ANY($4) AND location_id <> $2 AND NOT expected RETURNING 1)
UPDATE count_serials SET found_at = NULL, found_by = NULL, scan = NULL
WHERE count_id = $1 AND part_id = $3 AND serial = ANY($4) AND location_id <> $2 AND expected`

const findUnitsSQL = `
INSERT INTO count_serials AS s (count_id, location_id, part_id, serial, expected, found_at, found_by, scan, books_at)
SELECT $1, $2, $3, w.serial, w.books_at IS NOT DISTINCT FROM $2::uuid, $7, $8, w.scan, w.books_at
FROM unnest($4::text[], $5::text[], $6::uuid[]) AS w (serial, scan, books_at)
ON CONFLICT (count_id, location_id, part_id, serial) DO UPDATE SET found_at = excluded.found_at, found_by = excluded.found_by,
  scan = excluded.scan, books_at = excluded.books_at WHERE s.found_at IS NULL`

const countUnitsSQL = `
UPDATE count_lines l SET assumed = l.assumed AND l.location_id <> $3, counted = (SELECT count(*) FROM count_serials s
  WHERE s.count_id = l.count_id AND s.location_id = l.location_id AND s.part_id = l.part_id AND s.found_at IS NOT NULL)
WHERE l.count_id = $1 AND l.part_id = $2 AND l.counted IS NOT NULL`

// findUnits notes which units were found, and where the books have them.
func (c *Counts) findUnits(ctx context.Context, by who.Actor, k *Count, f found, now time.Time) error {
	if len(f.serials) == 0 {
		return nil
	}
	at, err := c.Standings(ctx, serialsOf(f.part.ID, f.serials))
	if err != nil {
		return err
	}
	scans, books := make([]*string, len(f.serials)), make([]*uuid.UUID, len(f.serials))
	for i, serial := range f.serials {
		if raw, scanned := f.raw[serial]; scanned {
			scans[i] = &raw
		}
		if s, known := at[inventory.SerialOf{Part: f.part.ID, Serial: serial}]; known {
			books[i] = &s.LocationID
		}
	}
	if _, err := pg.Exec(ctx, c.DB(), elsewhereSQL, k.ID, f.place.ID, f.part.ID, f.serials); err != nil {
		return err
	}
	if _, err := pg.Exec(ctx, c.DB(), findUnitsSQL, k.ID, f.place.ID, f.part.ID, f.serials, scans, books, now, inventory.ActorID(by)); err != nil {
		return err
	}
	_, err = pg.Exec(ctx, c.DB(), countUnitsSQL, k.ID, f.part.ID, f.place.ID)
	return err
}

func serialsOf(part uuid.UUID, serials []string) []inventory.SerialOf {
	all := make([]inventory.SerialOf, len(serials))
	for i, s := range serials {
		all[i] = inventory.SerialOf{Part: part, Serial: s}
	}
	return all
}
