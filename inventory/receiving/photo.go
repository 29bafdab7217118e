package receiving

import (
	"context"
	"io"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Photo is a picture of what came with a delivery. It never changes.
type Photo struct {
	ID         uuid.UUID // the client's name for it
	DeliveryID uuid.UUID
	SHA256     evidence.Hash
	Size       int64 // bytes
	MediaType  string
	TakenBy    *uuid.UUID
	CreatedAt  time.Time
}

const (
	photoSQL = `SELECT id, delivery_id, sha256, size, media_type, taken_by, created_at FROM delivery_photos WHERE id = $1`

	addPhotoSQL = `
INSERT INTO delivery_photos (id, delivery_id, sha256, size, media_type, taken_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
)

// AddPhoto keeps a picture of a delivery, and may be repeated: other bytes under the same name are a fault.Conflict.
func (d *Dock) AddPhoto(ctx context.Context, by who.Actor, delivery, id uuid.UUID, mediaType string, r io.Reader) (p Photo, err error) {
	if _, err := d.Find(ctx, by, delivery); err != nil {
		return p, err
	}
	// The bytes first: a crash between the two leaves bytes that nobody knows of.
	kept, err := d.deps.Locker.Keep(ctx, mediaType, r)
	if err != nil {
		return p, err
	}
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		dl, err := d.lock(ctx, by, delivery)
		if err != nil {
			return err
		}
		n, err := pg.Exec(ctx, d.DB(), addPhotoSQL, id, delivery, kept.SHA256, kept.Size, kept.MediaType, inventory.ActorID(by), d.Now())
		if err != nil {
			return pg.Fault(err, "photo")
		}
		if p, err = d.photo(ctx, delivery, id); fault.Is(err, fault.NotFound) || err == nil && p.SHA256 != kept.SHA256 {
			return fault.New(fault.Conflict, "another photo has this name")
		}
		if err != nil || n == 0 {
			return err
		}
		return d.Tell(ctx, by, "delivery.pictured", delivery, dl.OutletID, map[string]any{"number": dl.Number, "photo_id": id, "sha256": kept.SHA256})
	})
	return p, err
}

func (d *Dock) photo(ctx context.Context, delivery, id uuid.UUID) (Photo, error) {
	one := inventory.Statement{SQL: photoSQL + ` AND delivery_id = $2`, Args: []any{id, delivery}}
	return inventory.Find[Photo](ctx, d.DB(), one, "photo", nil)
}

// OpenPhoto opens the bytes of a picture of a delivery within the actor's scope; the caller closes it.
func (d *Dock) OpenPhoto(ctx context.Context, by who.Actor, delivery, id uuid.UUID) (Photo, io.ReadCloser, error) {
	if _, err := d.Find(ctx, by, delivery); err != nil {
		return Photo{}, nil, err
	}
	p, err := d.photo(ctx, delivery, id)
	if err != nil {
		return Photo{}, nil, err
	}
	r, err := d.deps.Locker.OpenKept(ctx, p.SHA256)
	return p, r, err
}
