package evidence

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// blobKey is where bytes lie: the same bytes always in the same place, so that storing them
// twice, or by two at once, or again after a crash, is storing them once.
func blobKey(h Hash) string {
	text := h.String()
	return "photos/" + text[:2] + "/" + text
}

// PutContent stores the bytes of a photo, whole, and may be repeated: the same bytes change
// nothing, whatever became of the photo meanwhile. It returns fault.Invalid, naming what
// differs, for other bytes than were announced, and for bytes that are no picture of the media
// type. Errors of r are returned as they are. Whoever announced a photo may always deliver it,
// even if the job is no longer his.
func (l *Locker) PutContent(ctx context.Context, by who.Actor, id uuid.UUID, mediaType string, r io.Reader) (Photo, error) {
	p, err := l.deliverable(ctx, by, id)
	if err != nil {
		return Photo{}, err
	}
	b, err := io.ReadAll(io.LimitReader(r, p.Size+1))
	if err != nil {
		return Photo{}, err
	}
	if err := p.differs(b).Err(fault.Invalid, "these are not the bytes that were announced"); err != nil {
		return Photo{}, err
	}
	pic, err := CheckPhoto(ctx, b, mediaType)
	if e, ok := errors.AsType[*fault.Error](err); ok {
		whole := fault.Field{Pointer: "", Detail: e.Detail}
		return Photo{}, &fault.Error{Code: e.Code, Detail: e.Detail, Fields: []fault.Field{whole}}
	}
	if err != nil {
		return Photo{}, err
	}
	// The bytes first: a crash between the two leaves bytes that nobody knows of, and never a
	// photo without bytes. Always, so that bytes that the bucket lost can come back.
	if err := l.store.Put(ctx, blobKey(p.SHA256), bytes.NewReader(b), pic.MediaType); err != nil {
		return Photo{}, err
	}
	return l.stored(ctx, by, id, pic)
}

func (l *Locker) deliverable(ctx context.Context, by who.Actor, id uuid.UUID) (Photo, error) {
	p, err := findPhoto(ctx, l.db, by, id)
	if !fault.Is(err, fault.NotFound) {
		return p, err
	}
	if p, err = anyPhoto(ctx, l.db, id); err == nil && p.AnnouncedBy != by.UserID {
		err = noSuch(nounPhoto)
	}
	return p, err
}

// differs names what b is not of what was announced. Of too many bytes, b is only the first.
func (p Photo) differs(b []byte) (f fault.Faults) {
	switch sum := Sum(b); {
	case int64(len(b)) > p.Size:
		f.Add("/size", "is more than the %d bytes that were announced", p.Size)
	case int64(len(b)) < p.Size:
		f.Add("/size", "is %d bytes, but %d were announced", len(b), p.Size)
		fallthrough
	case sum != p.SHA256:
		f.Add("/sha256", "is %s, but %s was announced", sum, p.SHA256)
	}
	return f
}

// stored notes that the bytes are there, if that is not known.
func (l *Locker) stored(ctx context.Context, by who.Actor, id uuid.UUID, pic Picture) (p Photo, err error) {
	at := l.now()
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		rows, err := storePhoto(ctx, l.db, id, pic, at)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			p, err = anyPhoto(ctx, l.db, id)
			return err
		}
		p = rows[0].Photo
		return event.Append(ctx, l.db, by, at, event.Entry{
			Kind: "photo.stored", SubjectID: p.ID, OutletID: rows[0].OutletID,
			Data: map[string]any{"job_id": p.JobID, "kind": p.Kind},
		})
	})
	return p, err
}

// Content opens the bytes of a photo; the caller closes it. It returns fault.NotFound for a
// photo whose bytes are not here yet.
func (l *Locker) Content(ctx context.Context, by who.Actor, id uuid.UUID) (Photo, io.ReadCloser, error) {
	p, err := findPhoto(ctx, l.db, by, id)
	if err != nil {
		return Photo{}, nil, err
	}
	return l.content(ctx, p)
}

func (l *Locker) content(ctx context.Context, p Photo) (Photo, io.ReadCloser, error) {
	if p.Status == PhotoAnnounced {
		return Photo{}, nil, fault.New(fault.NotFound, "photo %s has not arrived yet", p.ID)
	}
	r, err := l.open(ctx, p.SHA256)
	return p, r, err
}

// open opens the bytes of a hash. Bytes that should be there and are not are a fault of ours,
// and nobody's who asks.
func (l *Locker) open(ctx context.Context, h Hash) (io.ReadCloser, error) {
	r, _, err := l.store.Get(ctx, blobKey(h))
	if fault.Is(err, fault.NotFound) {
		return nil, fmt.Errorf("evidence: the bytes of %s are lost: %w", h, fs.ErrNotExist)
	}
	return r, err
}

// linkLife is how long a link to a photo is good.
const linkLife = 5 * time.Minute

const linkDomain = "callout photo link v1\x00"

// Link lets whoever holds it read the bytes of one photo until it expires.
type Link struct {
	PhotoID   uuid.UUID
	Expires   time.Time // to the second
	Signature string    // 64 hexadecimal digits
}

// Link returns a link to a photo that is good for five minutes.
func (l *Locker) Link(photo uuid.UUID) (Link, error) {
	k := Link{PhotoID: photo, Expires: l.now().Add(linkLife).Truncate(time.Second)}
	mac, err := l.sign(k)
	k.Signature = hex.EncodeToString(mac)
	return k, err
}

// Follow opens the bytes of the photo that a link leads to; the caller closes it. It returns
// fault.Forbidden for a link that we did not make or that has expired.
func (l *Locker) Follow(ctx context.Context, k Link) (Photo, io.ReadCloser, error) {
	mac, err := l.sign(k)
	if err != nil {
		return Photo{}, nil, err
	}
	given, err := hex.DecodeString(k.Signature)
	if err != nil || !hmac.Equal(mac, given) {
		return Photo{}, nil, fault.New(fault.Forbidden, "this link is not one of ours")
	}
	if l.now().After(k.Expires) {
		return Photo{}, nil, fault.New(fault.Forbidden, "this link has expired: read the photo again to get a new one")
	}
	p, err := anyPhoto(ctx, l.db, k.PhotoID)
	if err != nil {
		return Photo{}, nil, err
	}
	return l.content(ctx, p)
}

func (l *Locker) sign(k Link) ([]byte, error) {
	key, err := l.linkKey()
	if err != nil {
		return nil, err
	}
	m := append([]byte(linkDomain), k.PhotoID[:]...)
	h := hmac.New(sha256.New, key)
	h.Write(binary.BigEndian.AppendUint64(m, uint64(k.Expires.Unix())))
	return h.Sum(nil), nil
}
