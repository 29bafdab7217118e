package evidence

import (
	"context"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Kind is what a photo is to show.
type Kind string

// The kinds of photos.
const (
	KindBefore        Kind = "before"
	KindAfter         Kind = "after"
	KindPart          Kind = "part"
	KindNameplate     Kind = "nameplate"
	KindDamage        Kind = "damage"
	KindSignaturePage Kind = "signature_page"
	KindOther         Kind = "other"
)

// Kinds lists every kind.
var Kinds = []Kind{KindBefore, KindAfter, KindPart, KindNameplate, KindDamage, KindSignaturePage, KindOther}

// PhotoStatus is where a photo stands.
type PhotoStatus string

// The statuses of a photo, in the order of its life.
const (
	PhotoAnnounced PhotoStatus = "announced" // its bytes may still be on a phone
	PhotoStored    PhotoStatus = "stored"    // its bytes are here, and those that were announced
	PhotoLinked    PhotoStatus = "linked"    // a sealed sign-off names it: it never changes again
)

// Photo is a picture that was taken on a job.
type Photo struct {
	ID        uuid.UUID
	JobID     uuid.UUID
	Kind      Kind
	Status    PhotoStatus
	SHA256    Hash
	Size      int64 // bytes
	TakenAt   time.Time
	Position  *Position // where the phone was
	MediaType string    // "" until it is stored
	Width     int       // pixels as stored; 0 until it is stored
	Height    int

	CameraAt       *time.Time // what the camera wrote into the picture, as Camera says
	CameraZoned    bool
	CameraPosition *Position

	SignOffID   *uuid.UUID
	AnnouncedBy uuid.UUID // a user
	StoredAt    *time.Time
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// FileName is what a copy of the photo is called.
func (p Photo) FileName() string { return "photo-" + p.ID.String() + "." + extensions[p.MediaType] }

// taken is the photo as a record names it.
func (p Photo) taken() PhotoTaken {
	at := p.TakenAt
	return PhotoTaken{
		ID: p.ID, Kind: string(p.Kind), SHA256: p.SHA256, Size: p.Size, MediaType: p.MediaType, TakenAt: &at, Position: p.Position,
	}
}

// Announcement is what is known of a photo before its bytes are here.
type Announcement struct {
	ID       *uuid.UUID // the phone's own name for it; nil has one made
	Kind     Kind
	SHA256   Hash
	Size     int64
	TakenAt  time.Time
	Position *Position
}

// When a photo may have been taken: digital cameras are younger than firstPhoto, and a phone's clock
// may be ahead of ours.
var firstPhoto = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const clockAhead = 10 * time.Minute

// roomForOldParts is how many photos of old parts a job takes that has all that its record can name.
const roomForOldParts = 50

func (a Announcement) faults(at time.Time) (f fault.Faults) {
	if !a.Kind.known() {
		f.Add("/kind", "no such %s", nounKind)
	}
	if a.Size < 1 || a.Size > MaxPhotoBytes {
		f.Add("/size", "must be from 1 to %d bytes", MaxPhotoBytes)
	}
	switch {
	case a.TakenAt.Before(firstPhoto):
		f.Add("/taken_at", "must not be before the year %d", firstPhoto.Year())
	case a.TakenAt.After(at.Add(clockAhead)):
		f.Add("/taken_at", "must not be in the future")
	}
	if a.Position != nil && !a.Position.valid() {
		f.Add("/position", "is not a place on earth")
	}
	return f
}

// ofPart says whether a photo of the kind can show an old part.
func (k Kind) ofPart() bool { return k == KindPart || k == KindNameplate || k == KindDamage }

func (k Kind) known() bool {
	for _, one := range Kinds {
		if k == one {
			return true
		}
	}
	return false
}

// says tells whether the announcement says of the photo what was announced before.
func (a Announcement) says(p Photo, job uuid.UUID) bool {
	where := a.Position == nil && p.Position == nil || a.Position != nil && p.Position != nil && *a.Position == *p.Position
	return where && job == p.JobID && a.Kind == p.Kind && a.SHA256 == p.SHA256 && a.Size == p.Size && micro(a.TakenAt).Equal(p.TakenAt)
}

// Announce records that a photo of a job was taken, before its bytes are here. The same facts
// under the same id again give the photo as it stands now. It returns fault.Conflict where the
// id has other facts, where the job is closed or canceled, and where it has as many photos as a
// record can name. Photos of an old part, which no record seals, it takes until that part is collected.
func (l *Locker) Announce(ctx context.Context, by who.Actor, job uuid.UUID, a Announcement) (p Photo, err error) {
	at := l.now()
	if err := a.faults(at).Err(fault.Invalid, "the photo cannot be announced like this"); err != nil {
		return Photo{}, err
	}
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		j, err := holdJob(ctx, l.db, by, job)
		if fault.Is(err, fault.NotFound) && by.TechnicianID != nil && a.Kind.ofPart() {
			j, err = holdOwed(ctx, l.db, by, job)
		}
		if err != nil {
			return err
		}
		room := maxPhotos
		if j.ended() {
			room += roomForOldParts
		}
		p = Photo{
			ID: uuid.Must(uuid.NewV7()), JobID: job, Kind: a.Kind, Status: PhotoAnnounced, SHA256: a.SHA256, Size: a.Size,
			TakenAt: micro(a.TakenAt), Position: a.Position, AnnouncedBy: by.UserID, Version: 1, CreatedAt: at, UpdatedAt: at,
		}
		if a.ID != nil {
			p.ID = *a.ID
		}
		fresh, err := insertPhoto(ctx, l.db, p)
		switch {
		case err != nil:
			return err
		case !fresh:
			if p, err = anyPhoto(ctx, l.db, p.ID); err == nil && !a.says(p, job) {
				err = fault.New(fault.Conflict, "photo %s is announced already, with other facts", p.ID)
			}
			return err
		case j.ended() && (!j.Owes || !a.Kind.ofPart()):
			return fault.New(fault.Conflict, "job %s is closed or canceled: it takes no more photos", j.Number)
		case j.Photos >= room:
			return fault.New(fault.Conflict, "job %s has %d photos: it takes no more", j.Number, j.Photos)
		}
		return event.Append(ctx, l.db, by, at, event.Entry{
			Kind: "photo.announced", SubjectID: p.ID, OutletID: j.OutletID,
			Data: map[string]any{"job_id": p.JobID, "kind": p.Kind},
		})
	})
	return p, err
}

// Photos returns all photos of a job.
func (l *Locker) Photos(ctx context.Context, by who.Actor, job uuid.UUID) ([]Photo, error) {
	all, _, err := l.ListPhotos(ctx, by, job, uuid.Nil, maxPhotos)
	return all, err
}

// ListPhotos returns photos of a job after an id, in the order of their ids, and the id to go on
// from; uuid.Nil at the end.
func (l *Locker) ListPhotos(ctx context.Context, by who.Actor, job, after uuid.UUID, limit int) ([]Photo, uuid.UUID, error) {
	if _, err := findJob(ctx, l.db, by, job); err != nil {
		return nil, uuid.Nil, err
	}
	return listPhotos(ctx, l.db, job, after, limit)
}

// FindPhoto returns one photo.
func (l *Locker) FindPhoto(ctx context.Context, by who.Actor, id uuid.UUID) (Photo, error) {
	return findPhoto(ctx, l.db, by, id)
}
