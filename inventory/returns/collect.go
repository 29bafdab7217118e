package returns

import (
	"context"
	"slices"
	"strconv"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Collection is a technician's word that he took the old part along.
type Collection struct {
	PhotoIDs   []uuid.UUID // of the job, that show the part
	Serial     string
	Scan       string // as the scanner read it
	Note       string
	OccurredAt time.Time // zero is now
}

// Collect takes the old part into the box for old parts of the technician's van: he alone does who has
// to bring it, with a photo of it, and it must be the unit that is expected.
func (c *Returns) Collect(ctx context.Context, by who.Actor, id uuid.UUID, version int, col Collection) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.collected", func(ctx context.Context, r *Return) (map[string]any, error) {
		if err := r.become(StatusCollected); err != nil {
			return nil, err
		}
		if !r.brings(by.TechnicianID) {
			return nil, fault.New(fault.Forbidden, "only the technician who has to bring the old part collects it")
		}
		old, err := c.collected(ctx, r, col)
		if err != nil {
			return nil, err
		}
		box, err := c.box(ctx, *r.TechnicianID)
		if err != nil {
			return nil, err
		}
		slip := inventory.Slip{Kind: inventory.MovementCollect, JobID: r.JobID, ReferenceID: &r.ID, Note: col.Note, OccurredAt: col.OccurredAt}
		movement, err := c.bring(ctx, by, *r, slip, old, box)
		if err != nil {
			return nil, err
		}
		at := col.OccurredAt
		if at.IsZero() {
			at = c.Now()
		}
		r.HeldAt, r.CollectedBy, r.CollectedAt = &box.ID, inventory.ActorID(by), &at
		if col.Note != "" {
			r.Note = col.Note
		}
		return map[string]any{"movement_id": movement, "photo_ids": col.PhotoIDs}, c.showPhotos(ctx, r.ID, nil, col.PhotoIDs)
	})
}

// collected is the old part that the technician holds, and is the one that is expected.
func (c *Returns) collected(ctx context.Context, r *Return, col Collection) (old inventory.Counted, err error) {
	var f fault.Faults
	if len(col.PhotoIDs) == 0 {
		f.Add("/photo_ids", "is required")
	}
	if err := c.checkPhotos(ctx, *r, col.PhotoIDs, &f); err != nil {
		return old, err
	}
	if err := c.checkOpened(ctx, r.JobID, col.OccurredAt, &f); err != nil {
		return old, err
	}
	if r.Unreadable && (col.Serial != "" || col.Scan != "") {
		f.Add("/serial", "the use says that nobody can read it: the photos show the part")
	}
	known := true
	if col.Serial == "" && col.Scan == "" && r.ExpectedSerial == nil {
		if old.Part, err = c.FindPart(ctx, r.PartID); err != nil {
			return old, err
		}
		old.Quantity, old.At = r.Quantity, inventory.Pointers{None: true}
	} else if r.Unreadable {
		known = false
	} else if old, known, err = c.identify(ctx, Thing{Serial: col.Serial, Scan: col.Scan}, r.PartID, r.Quantity, &f); err != nil {
		return old, err
	}
	if known {
		r.checkExpected(old, &f)
	}
	return old, f.Err(fault.Invalid, "the request cannot be met as it is")
}

const openedSQL = `SELECT EXISTS (SELECT FROM jobs WHERE id = $1 AND created_at > $2)`

// checkOpened adds to f that an old part was taken along before its job was opened.
func (c *Returns) checkOpened(ctx context.Context, job *uuid.UUID, told time.Time, f *fault.Faults) error {
	if job == nil || told.IsZero() {
		return nil
	}
	early, err := pg.One[bool](ctx, c.DB(), openedSQL, *job, told)
	if err == nil && early {
		f.Add("/occurred_at", "lies before the job was opened")
	}
	return err
}

// box is where a technician's van keeps old parts.
func (c *Returns) box(ctx context.Context, technician uuid.UUID) (inventory.Location, error) {
	van, err := c.Van(ctx, technician)
	if fault.Is(err, fault.NotFound) {
		return van, fault.New(fault.Conflict, "the technician has no van to put old parts into")
	} else if err != nil {
		return van, err
	}
	return c.SubPlace(ctx, inventory.KindCollected, van)
}

// Two who name one photo at once wait for each other.
const shownSQL = `
WITH held AS MATERIALIZED (SELECT id FROM photos WHERE id = ANY($1) ORDER BY id FOR UPDATE)
SELECT h.id AS photo_id, (SELECT r.number FROM part_return_photos s JOIN part_returns r ON r.id = s.return_id WHERE s.photo_id = h.id AND r.id <> $2 LIMIT 1) AS number
FROM held h`

// checkPhotos adds to f each photo that is none of the part on the job, or shows another old part.
func (c *Returns) checkPhotos(ctx context.Context, r Return, ids []uuid.UUID, f *fault.Faults) error {
	type shown struct {
		PhotoID uuid.UUID
		Number  *string
	}
	rows, err := pg.Query[shown](ctx, c.DB(), shownSQL, ids, r.ID)
	if err != nil {
		return err
	}
	job := r.JobID
	for i, id := range ids {
		at := "/photo_ids/" + strconv.Itoa(i)
		p, err := c.locker.FindPhoto(ctx, who.System, id) // whoever may act on the return may name photos of its job
		switch {
		case fault.Is(err, fault.NotFound), err == nil && (job == nil || p.JobID != *job):
			f.Add(at, "no such %s", words.Noun("photo"))
		case err != nil:
			return err
		case p.Kind != evidence.KindPart && p.Kind != evidence.KindDamage && p.Kind != evidence.KindNameplate:
			f.Add(at, "this photo is of the kind %s: the part must be on it", words.Noun(p.Kind))
		default:
			if n := slices.IndexFunc(rows, func(s shown) bool { return s.PhotoID == id && s.Number != nil }); n >= 0 {
				f.Add(at, "it shows the old part of part return %s: each has photos of its own", *rows[n].Number)
			}
		}
	}
	return nil
}

const showPhotosSQL = `INSERT INTO part_return_photos (return_id, disposition_id, photo_id) SELECT $1, $2::uuid, unnest($3::uuid[]) ON CONFLICT DO NOTHING`

// showPhotos notes which photos show the old part.
func (c *Returns) showPhotos(ctx context.Context, id uuid.UUID, disposition *uuid.UUID, photos []uuid.UUID) error {
	_, err := pg.Exec(ctx, c.DB(), showPhotosSQL, id, disposition, photos)
	return pg.Fault(err, "part return")
}
