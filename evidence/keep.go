package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"

	"callout/internal/fault"
)

// Kept is a picture that belongs to no job: whoever keeps it knows to what it belongs.
type Kept struct {
	SHA256    Hash
	Size      int64 // bytes
	MediaType string
}

// Keep stores the bytes of a picture, and may be repeated. It returns fault.Invalid for bytes that are
// no whole picture of the media type. Errors of r are returned as they are.
func (l *Locker) Keep(ctx context.Context, mediaType string, r io.Reader) (Kept, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxPhotoBytes+1))
	if err != nil {
		return Kept{}, err
	}
	if len(b) > MaxPhotoBytes {
		f := fault.Faults{}
		f.Add("", "must be from 1 to %d bytes", MaxPhotoBytes)
		return Kept{}, f.Err(fault.Invalid, "must be from 1 to %d bytes", MaxPhotoBytes)
	}
	pic, err := CheckPhoto(ctx, b, mediaType)
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return Kept{}, &fault.Error{Code: e.Code, Detail: e.Detail, Fields: []fault.Field{{Pointer: "", Detail: e.Detail}}}
	}
	if err != nil {
		return Kept{}, err
	}
	k := Kept{SHA256: Sum(b), Size: int64(len(b)), MediaType: pic.MediaType}
	return k, l.store.Put(ctx, blobKey(k.SHA256), bytes.NewReader(b), k.MediaType)
}

// OpenKept opens the bytes of a picture that was kept; the caller closes it.
func (l *Locker) OpenKept(ctx context.Context, h Hash) (io.ReadCloser, error) { return l.open(ctx, h) }
