package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"callout/evidence"

	"github.com/google/uuid"
)

func (s *Server) photosHandlers() map[string]handler {
	return map[string]handler{
		"listPhotos": s.listPhotos, "announcePhoto": s.announcePhoto, "getPhoto": s.getPhoto,
		"putPhotoContent": s.putPhotoContent, "getPhotoContent": s.getPhotoContent,
	}
}

type photo struct {
	ID               uuid.UUID     `json:"id"`
	JobID            uuid.UUID     `json:"job_id"`
	Kind             string        `json:"kind"`
	Status           string        `json:"status"`
	SHA256           evidence.Hash `json:"sha256"`
	Size             int64         `json:"size"`
	MediaType        *string       `json:"media_type"`
	Width            *int          `json:"width"`
	Height           *int          `json:"height"`
	TakenAt          time.Time     `json:"taken_at"`
	Position         *point        `json:"position"`
	Camera           camera        `json:"camera"`
	SignOffID        *uuid.UUID    `json:"sign_off_id"`
	StoredAt         *time.Time    `json:"stored_at"`
	ContentURL       *string       `json:"content_url"`
	ContentURLExpiry *time.Time    `json:"content_url_expires_at"`
	Version          int           `json:"version"`
	CreatedAt        time.Time     `json:"created_at"`
}

type camera struct {
	TakenAt  *time.Time `json:"taken_at"`
	Zoned    bool       `json:"zoned"`
	Position *point     `json:"position"`
}

// wirePhoto is a photo, with a new link to its bytes once they are there.
func (s *Server) wirePhoto(p evidence.Photo) (photo, error) {
	w := photo{
		ID: p.ID, JobID: p.JobID, Kind: string(p.Kind), Status: string(p.Status), SHA256: p.SHA256, Size: p.Size,
		TakenAt: p.TakenAt, Position: wirePosition(p.Position), Camera: camera{p.CameraAt, p.CameraZoned, wirePosition(p.CameraPosition)},
		SignOffID: p.SignOffID, StoredAt: p.StoredAt, Version: p.Version, CreatedAt: p.CreatedAt,
	}
	if p.Status == evidence.PhotoAnnounced {
		return w, nil
	}
	w.MediaType, w.Width, w.Height = &p.MediaType, &p.Width, &p.Height
	link, err := s.Locker.Link(p.ID)
	url := fmt.Sprintf("/v1/photos/%s/content?expires=%d&signature=%s", link.PhotoID, link.Expires.Unix(), link.Signature)
	w.ContentURL, w.ContentURLExpiry = &url, &link.Expires
	return w, err
}

func wirePosition(p *evidence.Position) *point {
	if p == nil {
		return nil
	}
	return pointAt(p.Lng, p.Lat)
}

func (s *Server) listPhotos(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	rows, last, err := s.Locker.ListPhotos(k.ctx, k.by, k.id("job_id"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	wires := make([]photo, len(rows))
	for i, p := range rows {
		if wires[i], err = s.wirePhoto(p); err != nil {
			return answer{}, err
		}
	}
	return listed(k, wires, further(last), func(w photo) photo { return w })
}

func (s *Server) announcePhoto(k *call) (answer, error) {
	var body struct {
		ID       *uuid.UUID    `json:"id"`
		Kind     evidence.Kind `json:"kind"`
		SHA256   evidence.Hash `json:"sha256"`
		Size     int64         `json:"size"`
		TakenAt  time.Time     `json:"taken_at"`
		Position *point        `json:"position"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	a := evidence.Announcement{ID: body.ID, Kind: body.Kind, SHA256: body.SHA256, Size: body.Size, TakenAt: body.TakenAt}
	if body.Position != nil {
		a.Position = &evidence.Position{Lng: body.Position.lng(), Lat: body.Position.lat()}
	}
	p, err := s.Locker.Announce(k.ctx, k.by, k.id("job_id"), a)
	if err != nil {
		return answer{}, err
	}
	w, err := s.wirePhoto(p)
	if err != nil {
		return answer{}, err
	}
	return created("/v1/photos/"+p.ID.String(), p.Version, w)
}

// getPhoto answers without an ETag: the link in it is another each time.
func (s *Server) getPhoto(k *call) (answer, error) {
	p, err := s.Locker.FindPhoto(k.ctx, k.by, k.id("photo_id"))
	if err != nil {
		return answer{}, err
	}
	return s.showPhoto(p)
}

func (s *Server) showPhoto(p evidence.Photo) (answer, error) {
	w, err := s.wirePhoto(p)
	if err != nil {
		return answer{}, err
	}
	return shown(w)
}

func (s *Server) putPhotoContent(k *call) (answer, error) {
	r := k.gin.Request
	bytes := upload{http.MaxBytesReader(k.gin.Writer, r.Body, evidence.MaxPhotoBytes)}
	p, err := s.Locker.PutContent(k.ctx, k.by, k.id("photo_id"), r.Header.Get("Content-Type"), bytes)
	if err != nil {
		return answer{}, err
	}
	return s.showPhoto(p)
}

func (s *Server) getPhotoContent(k *call) (answer, error) {
	// A number that is none leads to a link that is not ours.
	expires, _ := strconv.ParseInt(k.query("expires"), 10, 64)
	link := evidence.Link{PhotoID: k.id("photo_id"), Expires: time.Unix(expires, 0), Signature: k.query("signature")}
	p, bytes, err := s.Locker.Follow(k.ctx, link)
	if err != nil {
		return answer{}, err
	}
	return download(p.MediaType, p.Size, bytes).named("inline", p.FileName(), p.SHA256), nil
}

// named gives a download the name of a file and the hash of what it is made of.
func (a answer) named(disposition, file string, hash evidence.Hash) answer {
	return a.with("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": file})).
		with("ETag", `"`+hash.String()+`"`)
}

// upload is a body of raw bytes, and what goes wrong while it comes in as HTTP says it.
type upload struct{ r io.Reader }

// Read reads the body.
func (u upload) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if limit, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		err = refusal(http.StatusRequestEntityTooLarge, "too-large", "the body is larger than %d bytes", limit.Limit)
	} else if err != nil && err != io.EOF { //nolint:errorlint // readers return it as it is
		err = refusal(http.StatusBadRequest, "broken-body", "the body ended before it was whole")
	}
	return n, err
}
