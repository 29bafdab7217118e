package evidence

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"io"
	"math"
	"strings"
	"time"

	"github.com/bep/imagemeta"

	"callout/internal/pg"
)

// Camera is what the camera wrote into a photo, as far as it did. Anybody can write it there:
// it supports what the technician says, and proves nothing.
type Camera struct {
	TakenAt  time.Time // zero if not written
	Zoned    bool      // false: the camera's wall clock, in a zone that it did not write, shown as UTC
	Position *Position
}

// Position is a WGS-84 point in degrees.
type Position struct {
	Lng float64 `json:"lng"`
	Lat float64 `json:"lat"`
}

var formats = map[string]imagemeta.ImageFormat{
	MediaJPEG: imagemeta.JPEG, MediaPNG: imagemeta.PNG, MediaWebP: imagemeta.WebP, MediaHEIC: imagemeta.HEIF,
}

// readCamera never fails: a photo with unreadable facts is a photo without them.
func readCamera(b []byte, mediaType string) Camera {
	tags := map[string]any{}
	// What was read before an error is as good as without it.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:               &rationed{r: bytes.NewReader(b), left: 100_000},
		ImageFormat:     formats[mediaType],
		Sources:         imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return strings.HasPrefix(t.Namespace, "IFD0") },
		HandleTag: func(t imagemeta.TagInfo) error {
			tags[t.Tag] = t.Value
			return nil
		},
	})
	var c Camera
	c.TakenAt, c.Zoned = takenAt(tags)
	c.Position = position(tags)
	return c
}

func takenAt(tags map[string]any) (at time.Time, zoned bool) {
	text := func(tag string) string {
		s, _ := tags[tag].(string)
		return strings.TrimRight(s, "\x00 ")
	}
	if at, err := time.Parse("2006:01:02 15:04:05Z07:00", text("DateTimeOriginal")+text("OffsetTimeOriginal")); err == nil {
		return at.UTC(), true
	}
	// The satellites' clock is UTC (EXIF 2.32, GPSTimeStamp).
	if at, err := time.Parse("2006:01:02 15:04:05", text("GPSDateStamp")+" "+text("GPSTimeStamp")); err == nil {
		return at, true
	}
	if at, err := time.Parse("2006:01:02 15:04:05", text("DateTimeOriginal")); err == nil {
		return at, false
	}
	return time.Time{}, false
}

func position(tags map[string]any) *Position {
	lat, hasLat := tags["GPSLatitude"].(float64)
	lng, hasLng := tags["GPSLongitude"].(float64)
	if tags["GPSLatitudeRef"] == "S" {
		lat = -lat
	}
	if tags["GPSLongitudeRef"] == "W" {
		lng = -lng
	}
	p := Position{Lng: lng, Lat: lat}
	// Phones without a fix write zeros.
	if !hasLat || !hasLng || !p.valid() || p == (Position{}) {
		return nil
	}
	return &p
}

// Value is the position as a column of Postgres's type point keeps it.
func (p Position) Value() (driver.Value, error) { return pg.Point{p.Lng, p.Lat}.Value() }

// Scan reads such a column.
func (p *Position) Scan(src any) error {
	var q pg.Point
	err := q.Scan(src)
	*p = Position{Lng: q.Lng(), Lat: q.Lat()}
	return err
}

func (p Position) valid() bool { return math.Abs(p.Lng) <= 180 && math.Abs(p.Lat) <= 90 }

// rationed ends a reader that a crafted file leads in circles.
type rationed struct {
	r    *bytes.Reader
	left int
}

var errRation = errors.New("read too often")

func (r *rationed) Read(p []byte) (int, error) {
	if r.left--; r.left < 0 {
		return 0, errRation
	}
	return r.r.Read(p)
}

func (r *rationed) Seek(offset int64, whence int) (int64, error) {
	if r.left--; r.left < 0 {
		return 0, errRation
	}
	return r.r.Seek(offset, whence)
}

var _ io.ReadSeeker = (*rationed)(nil)
