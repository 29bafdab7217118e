package evidence

import (
	"context"
	"fmt"
	"time"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

const photoColumns = `
p.id, p.job_id, p.kind, p.status, p.sha256, p.size, p.taken_at, p.position, coalesce(p.media_type, '') AS media_type,
coalesce(p.width, 0) AS width, coalesce(p.height, 0) AS height, p.camera_at, p.camera_zoned, p.camera_position, p.sign_off_id,
p.announced_by, p.stored_at, p.version, p.created_at, p.updated_at`

const photosSQL = "SELECT" + photoColumns + " FROM photos p"

const photosOfJobsSQL = photosSQL + " JOIN jobs j ON j.id = p.job_id"

func findPhoto(ctx context.Context, db *pg.DB, by who.Actor, id uuid.UUID) (Photo, error) {
	w := that("p.id = ?", id).reach(by, "p.job_id", "j.outlet_id")
	return one[Photo](ctx, db, nounPhoto, photosOfJobsSQL+w.String(), w.Args...)
}

// anyPhoto reads a photo whoever asks for it.
func anyPhoto(ctx context.Context, db *pg.DB, id uuid.UUID) (Photo, error) {
	return one[Photo](ctx, db, nounPhoto, photosSQL+" WHERE p.id = $1", id)
}

func listPhotos(ctx context.Context, db *pg.DB, job, after uuid.UUID, limit int) ([]Photo, uuid.UUID, error) {
	rows, err := pg.Query[Photo](ctx, db, photosSQL+" WHERE p.job_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3", job, after, limit+1)
	if err != nil {
		return nil, uuid.Nil, pg.Fault(err, nounPhoto)
	}
	rows, next := page(rows, limit, func(p Photo) uuid.UUID { return p.ID })
	return rows, next, nil
}

const insertPhotoSQL = `
INSERT INTO photos (id, job_id, kind, status, sha256, size, taken_at, position, announced_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) ON CONFLICT (id) DO NOTHING`

// insertPhoto says whether the photo is new.
func insertPhoto(ctx context.Context, db *pg.DB, p Photo) (fresh bool, err error) {
	n, err := pg.Exec(ctx, db, insertPhotoSQL, p.ID, p.JobID, p.Kind, p.Status, p.SHA256, p.Size, p.TakenAt, p.Position, p.AnnouncedBy,
		p.Version, p.CreatedAt)
	return n == 1, pg.Fault(err, nounPhoto)
}

// storedRow is a photo and the outlet of its job.
type storedRow struct {
	Photo

	OutletID *uuid.UUID
}

const storePhotoSQL = `
UPDATE photos p SET status = 'stored', media_type = $2, width = $3, height = $4, camera_at = $5, camera_zoned = $6,
  camera_position = $7, stored_at = $8, version = p.version + 1, updated_at = $8
FROM jobs j WHERE p.id = $1 AND p.status = 'announced' AND j.id = p.job_id
RETURNING` + photoColumns + `, j.outlet_id`

// storePhoto notes that the bytes are there; no row where that was noted before.
func storePhoto(ctx context.Context, db *pg.DB, id uuid.UUID, pic Picture, at time.Time) ([]storedRow, error) {
	var cameraAt *time.Time
	if !pic.Camera.TakenAt.IsZero() {
		cameraAt = &pic.Camera.TakenAt
	}
	rows, err := pg.Query[storedRow](ctx, db, storePhotoSQL, id, pic.MediaType, pic.Width, pic.Height, cameraAt, pic.Camera.Zoned,
		pic.Camera.Position, at)
	return rows, pg.Fault(err, nounPhoto)
}

// lockPhotos reads photos, whoever asks for them, and holds them until the transaction ends.
func lockPhotos(ctx context.Context, db *pg.DB, ids []uuid.UUID) (map[uuid.UUID]Photo, error) {
	// In one order, so that two who want the same photos cannot wait for each other.
	rows, err := pg.Query[Photo](ctx, db, photosSQL+" WHERE p.id = ANY ($1) ORDER BY p.id FOR UPDATE", ids)
	if err != nil {
		return nil, pg.Fault(err, nounPhoto)
	}
	found := make(map[uuid.UUID]Photo, len(rows))
	for _, p := range rows {
		found[p.ID] = p
	}
	return found, nil
}

const linkPhotosSQL = `
UPDATE photos SET status = 'linked', sign_off_id = $2, version = version + 1, updated_at = $3
WHERE id = ANY ($1) AND status = 'stored'`

func linkPhotos(ctx context.Context, db *pg.DB, ids []uuid.UUID, signOff uuid.UUID, at time.Time) error {
	n, err := pg.Exec(ctx, db, linkPhotosSQL, ids, signOff, at)
	if err == nil && int(n) != len(ids) {
		err = fmt.Errorf("link photos: %d of %d were stored", n, len(ids))
	}
	return pg.Fault(err, nounPhoto)
}
