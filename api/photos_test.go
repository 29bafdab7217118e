package api_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callout/evidence"
	"callout/internal/who"

	"github.com/google/uuid"
)

// picture is a picture of its own, unlike every other.
func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	n := pictures.Add(1)
	img := image.NewNRGBA(image.Rect(0, 0, 24, 16))
	for i := range 24 {
		img.SetNRGBA(i, int(n)%16, color.NRGBA{R: uint8(n), G: uint8(n >> 8), B: uint8(i), A: 255})
	}
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var pictures atomic.Int64

func asJPEG(b *bytes.Buffer, img image.Image) error { return jpeg.Encode(b, img, nil) }
func asPNG(b *bytes.Buffer, img image.Image) error  { return png.Encode(b, img) }

// yard is a world with a job of an outlet under way, and the people around it.
type yard struct {
	*world

	outlet, other uuid.UUID
	job           uuid.UUID
	technician    *client // who has the job
	stranger      *client // a technician of the same outlet who has not
}

func openYard(t testing.TB) *yard {
	t.Helper()
	y := &yard{world: open(t), outlet: uuid.Must(uuid.NewV7()), other: uuid.Must(uuid.NewV7())}
	for _, o := range []uuid.UUID{y.outlet, y.other} {
		y.exec(`INSERT INTO outlets (id, code, name, time_zone, created_at, updated_at) VALUES ($1, $2, 'O', 'UTC', now(), now())`, o, o.String())
	}
	y.job = y.openJob()
	y.technician, y.stranger = y.hire(), y.hire()
	y.book(y.technician, y.job)
	return y
}

// openJob has somebody work on a job of the outlet already.
func (y *yard) openJob() uuid.UUID {
	y.t.Helper()
	j := uuid.Must(uuid.NewV7())
	y.exec(`INSERT INTO customers (id, name, created_at, updated_at) VALUES ($1, 'C', now(), now())`, j)
	y.exec(`INSERT INTO sites (id, customer_id, address, location, time_zone, outlet_id, created_at, updated_at) VALUES ($1, $1, 'A', '(1,2)', 'UTC', $2, now(), now())`, j, y.outlet)
	y.exec(`INSERT INTO jobs (id, number, title, status, priority, customer_id, site_id, outlet_id, location, time_zone, minutes, created_at, updated_at)
		VALUES ($1, $2, 'T', 'working', 'P1', $1, $1, $3, '(1,2)', 'UTC', 60, now(), now())`, j, "J"+j.String()[24:], y.outlet)
	return j
}

func (y *yard) hire() *client {
	y.t.Helper()
	c := y.as(who.Technician, y.outlet)
	y.exec(`INSERT INTO technicians (id, user_id, outlet_id, name, home, cost_per_hour, currency, created_at, updated_at) VALUES ($1, $1, $2, 'T', '(1,2)', 0, 'CNY', now(), now())`, c.user, y.outlet)
	return c
}

func (y *yard) book(c *client, job uuid.UUID) {
	y.t.Helper()
	y.exec(`INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
		VALUES ($1, $2, $3, $4, now(), now() + interval '1 hour', '{}', now(), now())`, uuid.New(), job, c.user, y.outlet)
}

func announcement(b []byte) map[string]any {
	return map[string]any{
		"kind": "after", "sha256": evidence.Sum(b).String(), "size": len(b), "taken_at": "2025-11-24T16:50:00.5+08:00",
		"position": map[string]any{"type": "Point", "coordinates": []float64{116.391, 39.907}},
	}
}

// photographed is a photo of the job that is stored.
func (y *yard) photographed(b []byte) wirePhoto {
	y.t.Helper()
	var p wirePhoto
	y.technician.post(y.photos(), announcement(b)).want(http.StatusCreated).into(&p)
	y.technician.put(p.path()+"/content", b, header("Content-Type", http.DetectContentType(b))).want(http.StatusOK).into(&p)
	return p
}

func (y *yard) photos() string { return "/v1/jobs/" + y.job.String() + "/photos" }

type wirePhoto struct {
	ID                   uuid.UUID
	Kind, Status, SHA256 string
	Size                 int64
	MediaType            *string `json:"media_type"`
	Width, Height        *int
	TakenAt              time.Time `json:"taken_at"`
	Position             struct{ Coordinates []float64 }
	ContentURL           *string `json:"content_url"`
	Version              int
}

func (p wirePhoto) path() string { return "/v1/photos/" + p.ID.String() }

func TestAPhotoOverHTTP(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	for mediaType, encode := range map[string]func(*bytes.Buffer, image.Image) error{"image/jpeg": asJPEG, "image/png": asPNG} {
		b := picture(t, encode)
		var p wirePhoto
		a := y.technician.post(y.photos(), announcement(b)).want(http.StatusCreated).into(&p)
		if a.header.Get("Location") != p.path() || p.Status != "announced" || p.ContentURL != nil || p.MediaType != nil ||
			!slices.Equal(p.Position.Coordinates, []float64{116.391, 39.907}) || p.TakenAt.Format(time.RFC3339Nano) != "2025-11-24T08:50:00.5Z" {
			t.Errorf("announced: %s", a.body)
		}
		for range 2 {
			a = y.technician.put(p.path()+"/content", b, header("Content-Type", mediaType)).want(http.StatusOK).into(&p)
			if p.Status != "stored" || p.Version != 2 || *p.MediaType != mediaType || *p.Width != 24 || *p.Height != 16 {
				t.Errorf("stored: %s", a.body)
			}
		}
		y.technician.get(p.path()).want(http.StatusOK).into(&p)
		a = y.nobody().get(*p.ContentURL).want(http.StatusOK)
		if !bytes.Equal(a.body, b) {
			t.Errorf("%d bytes went in, %d came out", len(b), len(a.body))
		}
		for name, want := range map[string]string{
			"Content-Type": mediaType, "X-Content-Type-Options": "nosniff", "Content-Length": strconv.Itoa(len(b)),
			"ETag":                fmt.Sprintf("%q", evidence.Sum(b)),
			"Content-Disposition": "inline; filename=photo-" + p.ID.String() + "." + mediaType[len("image/"):],
		} {
			if got := a.header.Get(name); strings.Replace(got, ".jpg", ".jpeg", 1) != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if a = y.nobody().get(*p.ContentURL, header("If-None-Match", a.header.Get("ETag"))).want(http.StatusNotModified); len(a.body) > 0 {
			t.Errorf("sent again: %d bytes", len(a.body))
		}
	}
	var list struct {
		Items []wirePhoto
		Next  *string `json:"next_cursor"`
	}
	y.technician.get(y.photos() + "?limit=1").want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Next == nil {
		t.Fatalf("first page %+v", list)
	}
	first := list.Items[0]
	y.technician.get(y.photos() + "?limit=1&cursor=" + *list.Next).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].ID == first.ID || list.Next != nil {
		t.Errorf("second page %+v", list)
	}
	y.nobody().get(*first.ContentURL).want(http.StatusOK)
}

func TestAPhoneNamesItsPhotos(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	body := announcement([]byte("a photo"))
	body["id"] = uuid.NewString()
	a := y.technician.post(y.photos(), body).want(http.StatusCreated)
	if again := y.technician.post(y.photos(), body).want(http.StatusCreated); !bytes.Equal(a.body, again.body) {
		t.Errorf("the same again: %s", again.body)
	}
	body["kind"] = "before"
	y.technician.post(y.photos(), body).want(http.StatusConflict)
	y.exec(`UPDATE jobs SET status = 'canceled' WHERE id = $1`, y.job)
	if p := y.technician.post(y.photos(), announcement([]byte("late")), lang("zh-CN")).want(http.StatusConflict).problem(); !strings.Contains(p.Detail, "不能再添加照片") {
		t.Errorf("got %q", p.Detail)
	}
}

func TestContentOverHTTPThatIsNotWhatWasAnnounced(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	b := picture(t, asJPEG)
	var p wirePhoto
	y.technician.post(y.photos(), announcement(b)).want(http.StatusCreated).into(&p)
	path := p.path() + "/content"
	other := bytes.Clone(b)
	other[len(other)/2] ^= 1
	jpegs := header("Content-Type", "image/jpeg")
	for name, tt := range map[string]struct {
		body     []byte
		o        option
		status   int
		pointers []string
	}{
		"a byte changed":    {other, jpegs, 422, []string{"/sha256"}},
		"a byte less":       {b[1:], jpegs, 422, []string{"/size", "/sha256"}},
		"a byte more":       {append(bytes.Clone(b), 0), jpegs, 422, []string{"/size"}},
		"another type":      {b, header("Content-Type", "image/png"), 422, []string{""}},
		"no type of photos": {b, header("Content-Type", "application/json"), 415, []string{"/Content-Type"}},
		"SVG":               {b, header("Content-Type", "image/svg+xml"), 415, []string{"/Content-Type"}},
		"no type":           {b, without("Content-Type"), 415, []string{"/Content-Type"}},
	} {
		a := y.technician.put(path, tt.body, tt.o).want(tt.status)
		if got := a.pointers(); !slices.Equal(got, tt.pointers) {
			t.Errorf("%s: names %q, want %q: %s", name, got, tt.pointers, a.body)
		}
	}
	if a := y.technician.get(p.path()).into(&p); p.Status != "announced" {
		t.Errorf("got %s", a.body)
	}
	// One byte more than any photo may have, announced as the largest.
	huge := make([]byte, evidence.MaxPhotoBytes+1)
	y.technician.post(y.photos(), announcement(huge)).want(http.StatusUnprocessableEntity)
	y.technician.post(y.photos(), announcement(huge[1:])).want(http.StatusCreated).into(&p)
	y.technician.put(p.path()+"/content", huge, jpegs).want(http.StatusRequestEntityTooLarge)
	y.technician.put(p.path()+"/content", "cut off", jpegs, func(r *http.Request) { r.Body = http.NoBody }).want(http.StatusUnprocessableEntity)
}

func TestLinksToPhotos(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	p, other := y.photographed(picture(t, asJPEG)), y.photographed(picture(t, asJPEG))
	good := *p.ContentURL
	y.nobody().get(good).want(http.StatusOK)
	path, query, _ := strings.Cut(good, "?")
	for name, bad := range map[string]string{
		"another photo":     other.path() + "/content?" + query,
		"a photo of nobody": "/v1/photos/" + uuid.NewString() + "/content?" + query,
		"a later end":       strings.Replace(good, "expires=", "expires=9", 1),
		"an end as 1e9":     path + "?expires=1e9&signature=" + strings.Repeat("0", 64),
		"another signature": good[:len(good)-64] + strings.Repeat("0", 64),
	} {
		if a := y.nobody().get(bad); a.status != http.StatusForbidden {
			t.Errorf("%s: %d: %s", name, a.status, a.body)
		}
	}
	for _, bad := range []string{path, path + "?expires=1", good + "0", strings.ToUpper(good[len(path):])} {
		if !strings.HasPrefix(bad, "/") {
			bad = path + bad
		}
		y.technician.get(bad).want(http.StatusUnprocessableEntity)
	}
}

func TestPhotosOfOthersAreNotThere(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	b := picture(t, asJPEG)
	p := y.photographed(b)
	for name, c := range map[string]*client{
		"another outlet's dispatcher": y.as(who.Dispatcher, y.other), "a technician who has another job": y.stranger,
		"a technician who is nobody": y.as(who.Technician, y.outlet),
	} {
		for what, a := range map[string]*reply{
			"read": c.get(p.path()), "list": c.get(y.photos()), "announce": c.post(y.photos(), announcement(b)),
			"put": c.put(p.path()+"/content", b, header("Content-Type", "image/jpeg")),
		} {
			if a.status != http.StatusNotFound {
				t.Errorf("%s may %s: %d: %s", name, what, a.status, a.body)
			}
		}
	}
	for _, c := range []*client{y.as(who.Dispatcher, y.outlet), y.as(who.Inspector), y.as(who.Agent, y.outlet)} {
		c.get(p.path()).want(http.StatusOK)
		c.get(y.photos()).want(http.StatusOK)
	}
}
