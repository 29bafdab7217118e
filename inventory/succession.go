package inventory

import (
	"context"

	"callout/internal/pg"

	"github.com/google/uuid"
)

// heirsSQL is for each of the parts $1 which parts may serve for it: itself, and what takes its place, and
// what takes that one's place, by so many steps.
const heirsSQL = `
WITH RECURSIVE heirs (part_id, heir_id, step) AS (
  SELECT id, id, 0 FROM parts WHERE id = ANY($1)
  UNION ALL SELECT h.part_id, p.superseded_by, h.step + 1 FROM heirs h JOIN parts p ON p.id = h.heir_id WHERE p.superseded_by IS NOT NULL)`

// MayServe says which parts may serve for each of parts: itself first, then what takes its place, the
// nearest before the others. A part that is not there is absent.
func (l *Ledger) MayServe(ctx context.Context, parts []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	rows, err := pg.Query[struct{ PartID, HeirID uuid.UUID }](ctx, l.db, heirsSQL+` SELECT part_id, heir_id FROM heirs ORDER BY part_id, step`, parts)
	serve := map[uuid.UUID][]uuid.UUID{}
	for _, r := range rows {
		serve[r.PartID] = append(serve[r.PartID], r.HeirID)
	}
	return serve, err
}

// Unmet says how many of each want is not met by what there is: of the part itself first, and then of
// what may serve for it. What there is serves once.
func Unmet(wants []Want, serve map[uuid.UUID][]uuid.UUID, have map[uuid.UUID]int) []Want {
	lacks := make([]Want, len(wants))
	take := func(w *Want, part uuid.UUID) {
		n := min(w.Quantity, max(0, have[part]))
		w.Quantity -= n
		have[part] -= n
	}
	for i, w := range wants {
		lacks[i] = w
		take(&lacks[i], w.PartID)
	}
	for i := range lacks {
		for _, heir := range serve[lacks[i].PartID] {
			take(&lacks[i], heir)
		}
	}
	return lacks
}
