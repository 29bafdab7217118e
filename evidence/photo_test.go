package evidence_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/who"
)

func TestAPhotoFromAnnouncedToStored(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.outlet()
	job := s.job(&o)
	by := s.technician(o, job)
	b := withExif(t, jpegOf(t, drawing(40, 30)))
	p, err := s.Announce(t.Context(), by, job, announced(b))
	if err != nil {
		t.Fatal(err)
	}
	if p.Status != evidence.PhotoAnnounced || p.MediaType != "" || p.Version != 1 || !p.TakenAt.Equal(*moment("2026-11-24T08:50:00.123456Z")) {
		t.Errorf("announced: %+v", p)
	}
	if _, _, err := s.Content(t.Context(), by, p.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("bytes that have not arrived: %v", err)
	}
	for range 2 {
		got, err := s.PutContent(t.Context(), by, p.ID, "image/jpeg", bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != evidence.PhotoStored || got.Version != 2 || got.MediaType != "image/jpeg" || got.Width != 40 || got.Height != 30 ||
			got.CameraAt == nil || got.CameraPosition == nil || *got.Position != (evidence.Position{Lng: 116.391, Lat: 39.907}) {
			t.Errorf("stored: %+v", got)
		}
		s.now = s.now.Add(time.Minute)
	}
	p, r, err := s.Content(t.Context(), by, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes went in, %d came out: %v", len(b), len(got), err)
	}
	if all, err := s.Photos(t.Context(), by, job); err != nil || len(all) != 1 || all[0].ID != p.ID || all[0].SHA256 != evidence.Sum(b) {
		t.Errorf("got %+v, %v", all, err)
	}
	if got := s.events(p.ID); !slices.Equal(got, []string{"photo.announced", "photo.stored"}) {
		t.Errorf("events %q", got)
	}
}

func TestAnnounceTwice(t *testing.T) {
	t.Parallel()
	s := open(t)
	job, other := s.job(nil), s.job(nil)
	name := uuid.Must(uuid.NewV7())
	a := announced([]byte("a photo"))
	a.ID = &name
	var racing sync.WaitGroup
	for range 8 {
		racing.Go(func() {
			if p, err := s.Announce(t.Context(), who.System, job, a); err != nil || p.ID != name || p.Version != 1 {
				t.Errorf("got %+v, %v", p, err)
			}
		})
	}
	racing.Wait()
	if got := s.events(name); len(got) != 1 {
		t.Errorf("events %q", got)
	}
	for what, change := range map[string]func(*evidence.Announcement){
		"another kind":     func(a *evidence.Announcement) { a.Kind = evidence.KindBefore },
		"other bytes":      func(a *evidence.Announcement) { a.SHA256[0]++ },
		"another size":     func(a *evidence.Announcement) { a.Size++ },
		"another moment":   func(a *evidence.Announcement) { a.TakenAt = a.TakenAt.Add(time.Second) },
		"another position": func(a *evidence.Announcement) { a.Position = &evidence.Position{} },
		"no position":      func(a *evidence.Announcement) { a.Position = nil },
	} {
		b := a
		change(&b)
		if _, err := s.Announce(t.Context(), who.System, job, b); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := s.Announce(t.Context(), who.System, other, a); !fault.Is(err, fault.Conflict) {
		t.Errorf("another job: %v", err)
	}
	s.exec(`UPDATE jobs SET status = 'canceled' WHERE id = $1`, job)
	if p, err := s.Announce(t.Context(), who.System, job, a); err != nil || p.ID != name {
		t.Errorf("the same again after the job was canceled: %v", err)
	}
	a.ID = nil
	if _, err := s.Announce(t.Context(), who.System, job, a); !fault.Is(err, fault.Conflict) {
		t.Errorf("a new one after the job was canceled: %v", err)
	}
	s.exec(`UPDATE jobs SET status = 'closed', closed_at = now() WHERE id = $1`, other)
	if _, err := s.Announce(t.Context(), who.System, other, a); !fault.Is(err, fault.Conflict) {
		t.Errorf("a new one after the job was closed: %v", err)
	}
	if all, err := s.Photos(t.Context(), who.System, other); err != nil || len(all) != 0 {
		t.Errorf("refused and kept: %+v, %v", all, err)
	}
}

func TestAnnounceRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	_, err := s.Announce(t.Context(), who.System, job, evidence.Announcement{Kind: "selfie", Position: &evidence.Position{Lng: 181}})
	wantFault(t, err, fault.Invalid, "/kind", "/size", "/taken_at", "/position")
	a := announced([]byte("x"))
	a.Size = evidence.MaxPhotoBytes + 1
	_, err = s.Announce(t.Context(), who.System, job, a)
	wantFault(t, err, fault.Invalid, "/size")
	_, err = s.Announce(t.Context(), who.System, uuid.New(), announced([]byte("x")))
	wantFault(t, err, fault.NotFound)
	s.exec(`INSERT INTO photos (id, job_id, kind, status, sha256, size, taken_at, announced_by, created_at, updated_at)
		SELECT gen_random_uuid(), $1, 'other', 'announced', sha256('x'), 1, now(), $1, now(), now() FROM generate_series(1, 200)`, job)
	_, err = s.Announce(t.Context(), who.System, job, announced([]byte("x")))
	wantFault(t, err, fault.Conflict)
	early, late := announced([]byte("x")), announced([]byte("x"))
	early.TakenAt, late.TakenAt = *moment("1999-12-31T23:59:59Z"), s.now.Add(11*time.Minute)
	for _, a := range []evidence.Announcement{early, late} {
		_, err := s.Announce(t.Context(), who.System, job, a)
		wantFault(t, err, fault.Invalid, "/taken_at")
	}
}

func TestPhotosComeInPages(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	for range 5 {
		if _, err := s.Announce(t.Context(), who.System, job, announced([]byte("x"))); err != nil {
			t.Fatal(err)
		}
	}
	var got []uuid.UUID
	for after, pages := uuid.Nil, 0; pages == 0 || after != uuid.Nil; pages++ {
		rows, next, err := s.ListPhotos(t.Context(), who.System, job, after, 2)
		if err != nil || len(rows) > 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, p := range rows {
			got = append(got, p.ID)
		}
		after = next
	}
	if all, err := s.Photos(t.Context(), who.System, job); err != nil || len(all) != 5 || len(got) != 5 {
		t.Errorf("%d of %d in pages, %v", len(got), len(all), err)
	}
}

func TestContentThatIsNotWhatWasAnnounced(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	b := jpegOf(t, drawing(40, 30))
	page := []byte("<html>no picture</html>")
	huge := bigPNG(16_000, 16_000)
	broken := errors.New("the line broke")
	tests := []struct {
		name, mediaType string
		announced, sent []byte
		pointers        []string
		says            string
	}{
		{"a byte less", "image/jpeg", b, b[:len(b)-1], []string{"/size", "/sha256"}, "announced"},
		{"a byte more", "image/jpeg", b, append(bytes.Clone(b), 0), []string{"/size"}, "more than"},
		{"nothing", "image/jpeg", b, nil, []string{"/size", "/sha256"}, "0 bytes"},
		{"a byte changed", "image/jpeg", b, append(bytes.Clone(b[:len(b)-1]), 0), []string{"/sha256"}, "announced"},
		{"another type than said", "image/png", b, b, []string{""}, "image/jpeg"},
		{"no picture", "image/jpeg", page, page, []string{""}, "not a JPEG"},
		{"too many pixels", "image/png", huge, huge, []string{""}, "pixels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := s.Announce(t.Context(), who.System, job, announced(tt.announced))
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.PutContent(t.Context(), who.System, p.ID, tt.mediaType, bytes.NewReader(tt.sent))
			wantFault(t, err, fault.Invalid, tt.pointers...)
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
			if again, err := s.FindPhoto(t.Context(), who.System, p.ID); err != nil || again.Status != evidence.PhotoAnnounced {
				t.Errorf("got %+v, %v", again, err)
			}
		})
	}
	p := s.photo(who.System, job, b)
	if _, err := s.PutContent(t.Context(), who.System, p.ID, "image/jpeg", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a broken line: %v", err)
	}
	endless := &counted{}
	_, err := s.PutContent(t.Context(), who.System, p.ID, "image/jpeg", endless)
	wantFault(t, err, fault.Invalid, "/size")
	if endless.read > int64(len(b))+64<<10 {
		t.Errorf("read %d bytes of a photo of %d", endless.read, len(b))
	}
	if _, err := s.PutContent(t.Context(), who.System, uuid.New(), "image/jpeg", bytes.NewReader(b)); !fault.Is(err, fault.NotFound) {
		t.Errorf("a photo that nobody announced: %v", err)
	}
}

type counted struct{ read int64 }

func (c *counted) Read(b []byte) (int, error) {
	c.read += int64(len(b))
	return len(b), nil
}

// TestContentAfterACrash has the bytes in the bucket and a row that does not know it, and the other way round.
func TestContentAfterACrash(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	b := jpegOf(t, drawing(40, 30))
	p := s.photo(who.System, job, b)
	s.exec(`UPDATE photos SET status = 'announced', stored_at = NULL, media_type = NULL WHERE id = $1`, p.ID)
	if p, err := s.PutContent(t.Context(), who.System, p.ID, "image/jpeg", bytes.NewReader(b)); err != nil || p.Status != evidence.PhotoStored {
		t.Errorf("got %+v, %v", p, err)
	}
	if err := os.Remove(s.file(p.SHA256)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Content(t.Context(), who.System, p.ID); err == nil || fault.From(err).Code != fault.Internal {
		t.Errorf("lost bytes: %v", err)
	}
	if _, err := s.PutContent(t.Context(), who.System, p.ID, "image/jpeg", bytes.NewReader(b)); err != nil {
		t.Error(err)
	}
	if _, r, err := s.Content(t.Context(), who.System, p.ID); err != nil {
		t.Error(err)
	} else {
		_ = r.Close()
	}
}

func TestManyAtOncePutOnePhoto(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	b := jpegOf(t, drawing(40, 30))
	p, err := s.Announce(t.Context(), who.System, job, announced(b))
	if err != nil {
		t.Fatal(err)
	}
	var racing sync.WaitGroup
	for range 8 {
		racing.Go(func() {
			if p, err := s.PutContent(t.Context(), who.System, p.ID, "image/jpeg", bytes.NewReader(b)); err != nil || p.Version != 2 {
				t.Errorf("got %+v, %v", p, err)
			}
		})
	}
	racing.Wait()
	if got := s.events(p.ID); len(got) != 2 {
		t.Errorf("events %q", got)
	}
}

func TestWhoSeesAPhoto(t *testing.T) {
	t.Parallel()
	s := open(t)
	ours, theirs := s.outlet(), s.outlet()
	job, another := s.job(&ours), s.job(&ours)
	technician := s.technician(ours, job)
	b := jpegOf(t, drawing(40, 30))
	p := s.photo(technician, job, b)
	tests := []struct {
		name string
		by   who.Actor
		sees bool
	}{
		{"the technician of the job", technician, true},
		{"a technician of another job", s.technician(ours, another), false},
		{"a technician who is nobody", who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Technician}}, false},
		{"a dispatcher of the outlet", who.Actor{Roles: []who.Role{who.Dispatcher}, OutletID: &ours}, true},
		{"a dispatcher of another outlet", who.Actor{Roles: []who.Role{who.Dispatcher}, OutletID: &theirs}, false},
		{"a dispatcher of all outlets", who.Actor{Roles: []who.Role{who.Dispatcher}}, true},
	}
	for _, tt := range tests {
		_, find := s.FindPhoto(t.Context(), tt.by, p.ID)
		_, r, read := s.Content(t.Context(), tt.by, p.ID)
		if read == nil {
			_ = r.Close()
		}
		_, list := s.Photos(t.Context(), tt.by, job)
		_, put := s.PutContent(t.Context(), tt.by, p.ID, "image/jpeg", bytes.NewReader(b))
		_, announce := s.Announce(t.Context(), tt.by, job, announced(b))
		for what, err := range map[string]error{"find": find, "read": read, "list": list, "put": put, "announce": announce} {
			if tt.sees && err != nil || !tt.sees && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %s: %v", tt.name, what, err)
			}
		}
	}
	s.exec(`UPDATE bookings SET active = false, released_at = now() WHERE job_id = $1`, job)
	if _, err := s.FindPhoto(t.Context(), technician, p.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("after the job went to somebody else: %v", err)
	}
	if _, err := s.PutContent(t.Context(), technician, p.ID, "image/jpeg", bytes.NewReader(b)); err != nil {
		t.Errorf("delivering after the job went to somebody else: %v", err)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	p, other := s.photo(who.System, job, jpegOf(t, drawing(40, 30))), s.photo(who.System, job, jpegOf(t, drawing(30, 40)))
	good, err := s.Link(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	follow := func(k evidence.Link) error {
		got, r, err := s.Follow(t.Context(), k)
		if err == nil {
			_ = r.Close()
			if got.ID != k.PhotoID {
				t.Errorf("leads to %s", got.ID)
			}
		}
		return err
	}
	if err := follow(good); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*evidence.Link){
		"another photo":     func(k *evidence.Link) { k.PhotoID = other.ID },
		"a later end":       func(k *evidence.Link) { k.Expires = k.Expires.Add(time.Second) },
		"an end in minus":   func(k *evidence.Link) { k.Expires = time.Unix(-1, 0) },
		"no signature":      func(k *evidence.Link) { k.Signature = "" },
		"half a signature":  func(k *evidence.Link) { k.Signature = k.Signature[:32] },
		"another signature": func(k *evidence.Link) { k.Signature = strings.Repeat("0", 64) },
		"no digits":         func(k *evidence.Link) { k.Signature = strings.Repeat("z", 64) },
	} {
		k := good
		change(&k)
		if err := follow(k); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.now = s.now.Add(4*time.Minute + 59*time.Second)
	if err := follow(good); err != nil {
		t.Errorf("before its end: %v", err)
	}
	s.now = s.now.Add(2 * time.Second)
	if err := follow(good); !fault.Is(err, fault.Forbidden) {
		t.Errorf("after its end: %v", err)
	}
}
