package evidence_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/keyring"
	"callout/internal/pg"
	"callout/internal/who"
)

// signed is what a customer put a name to, with photos of the job.
func (s *shelf) signed(outlet *uuid.UUID, job uuid.UUID, photos ...evidence.Photo) evidence.Record {
	s.t.Helper()
	r := sample(s.t)
	r.SignOffID, r.Sequence, r.Photos = uuid.Nil, 0, nil
	r.Job.ID, r.Outlet = job, evidence.Outlet{}
	if outlet != nil {
		r.Outlet.ID = *outlet
	}
	for _, p := range photos {
		r.Photos = append(r.Photos, evidence.PhotoTaken{ID: p.ID})
	}
	return r
}

func (s *shelf) seal(r evidence.Record) evidence.SignOff {
	s.t.Helper()
	_, png := pictures(s.t)
	so, err := s.Seal(s.t.Context(), who.System, r, png)
	if err != nil {
		s.t.Fatal(err)
	}
	return so
}

func (s *shelf) verify(id uuid.UUID) evidence.Report {
	s.t.Helper()
	rep, err := s.Verify(s.t.Context(), who.System, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return rep
}

func TestSealASignOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.outlet()
	job := s.job(&o)
	by := s.technician(o, job)
	p, unused := s.photo(by, job, jpegOf(t, drawing(40, 30))), s.photo(by, job, jpegOf(t, drawing(20, 30)))
	_, png := pictures(t)
	so, err := s.Seal(t.Context(), by, s.signed(&o, job, p), png)
	if err != nil {
		t.Fatal(err)
	}
	if so.Sequence != 1 || !so.Previous.IsZero() || so.Chain != o || *so.OutletID != o || !so.SealedAt.Equal(s.now) || so.ID == uuid.Nil {
		t.Errorf("sealed %+v", so)
	}
	found, err := s.FindSignOff(t.Context(), by, so.ID)
	if err != nil || !bytes.Equal(found.Record, so.Record) || found.Hash != so.Hash || found.Signer != "王小明" || found.JobNumber != so.JobNumber {
		t.Errorf("found %+v, %v", found, err)
	}
	rep := s.verify(so.ID)
	if got := failed(rep); !rep.OK() || got != "" {
		t.Errorf("failed %q", got)
	}
	if want := []evidence.PhotoTaken{{
		ID: p.ID, Kind: "after", SHA256: p.SHA256, Size: p.Size, MediaType: "image/jpeg",
		TakenAt: moment("2026-11-24T08:50:00.123456Z"), Position: p.Position,
	}}; len(rep.Record.Photos) != 1 || *rep.Record.Photos[0].Position != *want[0].Position || !rep.Record.Photos[0].TakenAt.Equal(*want[0].TakenAt) || rep.Record.Photos[0].SHA256 != p.SHA256 {
		t.Errorf("photos %+v", rep.Record.Photos)
	}
	if p, err = s.FindPhoto(t.Context(), by, p.ID); err != nil || p.Status != evidence.PhotoLinked || *p.SignOffID != so.ID {
		t.Errorf("photo %+v, %v", p, err)
	}
	if unused, err = s.FindPhoto(t.Context(), by, unused.ID); err != nil || unused.Status != evidence.PhotoStored {
		t.Errorf("photo %+v, %v", unused, err)
	}
	again := jpegOf(t, drawing(40, 30))
	if _, err := s.PutContent(t.Context(), by, p.ID, "image/jpeg", bytes.NewReader(again)); err != nil {
		t.Errorf("the same bytes of a linked photo: %v", err)
	}
	again[len(again)-1]++
	if _, err := s.PutContent(t.Context(), by, p.ID, "image/jpeg", bytes.NewReader(again)); !fault.Is(err, fault.Invalid) {
		t.Errorf("other bytes of a linked photo: %v", err)
	}
	if got := s.events(so.ID); len(got) != 0 {
		t.Errorf("events %q: closing the job is the command", got)
	}
}

func TestSealNamesEveryPhotoThatIsMissing(t *testing.T) {
	t.Parallel()
	s := open(t)
	job, other := s.job(nil), s.job(nil)
	good, elsewhere := s.photo(who.System, job, jpegOf(t, drawing(40, 30))), s.photo(who.System, other, jpegOf(t, drawing(40, 30)))
	underway, err := s.Announce(t.Context(), who.System, job, announced([]byte("still on the phone")))
	if err != nil {
		t.Fatal(err)
	}
	_, png := pictures(t)
	_, err = s.Seal(t.Context(), who.System, s.signed(nil, job, good, underway, elsewhere, evidence.Photo{ID: uuid.New()}, good), png)
	wantFault(t, err, fault.Invalid, "/photos/1", "/photos/2", "/photos/3", "/photos/4")
	if p, err := s.FindPhoto(t.Context(), who.System, good.ID); err != nil || p.Status != evidence.PhotoStored {
		t.Errorf("photo %+v, %v", p, err)
	}
	s.seal(s.signed(nil, job, good))
	s.tamper(`UPDATE photos SET job_id = $2 WHERE id = $1`, good.ID, other)
	_, err = s.Seal(t.Context(), who.System, s.signed(nil, other, good, elsewhere), png)
	wantFault(t, err, fault.Invalid, "/photos/0")
}

func TestSealRefusesASignOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.outlet()
	job := s.job(&o)
	_, png := pictures(t)
	tests := []struct {
		name    string
		by      who.Actor
		change  func(*evidence.Record)
		png     []byte
		code    fault.Code
		pointer []string
	}{
		{"a blank signature", who.System, nil, pngOf(t, drawing(1, 1)), fault.Invalid, []string{"/signature/png"}},
		{"no picture of one", who.System, nil, []byte("Ada"), fault.Invalid, []string{"/signature/png"}},
		{"no score", who.System, func(r *evidence.Record) { r.Score = 0 }, png, fault.Invalid, []string{"/score"}},
		{"no strokes", who.System, func(r *evidence.Record) { r.Signature.Strokes = nil }, png, fault.Invalid, []string{"/signature/strokes"}},
		{"pen at no number", who.System, func(r *evidence.Record) { r.Signature.Strokes[0][0].X = math.Inf(1) }, png, fault.Invalid, []string{"/signature/strokes"}},
		{"another outlet's job", who.Actor{OutletID: new(uuid.New())}, nil, png, fault.NotFound, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := s.signed(&o, job)
			if tt.change != nil {
				tt.change(&r)
			}
			_, err := s.Seal(t.Context(), tt.by, r, tt.png)
			wantFault(t, err, tt.code, tt.pointer...)
		})
	}
	t.Run("a second one", func(t *testing.T) {
		t.Parallel()
		twice := s.job(&o)
		s.seal(s.signed(&o, twice))
		_, err := s.Seal(t.Context(), who.System, s.signed(&o, twice), png)
		wantFault(t, err, fault.Conflict)
	})
}

// TestARacingChain seals for one outlet from all sides, half of it in transactions that end in nothing.
func TestARacingChain(t *testing.T) {
	t.Parallel()
	s := open(t)
	o, other := s.outlet(), s.outlet()
	const racers = 20
	_, png := pictures(t)
	regret := errors.New("the customer will not sign after all")
	var all sync.WaitGroup
	for range racers {
		kept, dropped, elsewhere := s.signed(&o, s.job(&o)), s.signed(&o, s.job(&o)), s.signed(&other, s.job(&other))
		all.Go(func() {
			for _, r := range []evidence.Record{kept, elsewhere} {
				if _, err := s.Seal(t.Context(), who.System, r, png); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			err := s.db.InTx(t.Context(), func(ctx context.Context) error {
				_, err := s.Seal(ctx, who.System, dropped, png)
				return errors.Join(err, regret)
			})
			if !errors.Is(err, regret) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, chain := range []uuid.UUID{o, other} {
		rows, next, err := s.ListSignOffs(t.Context(), who.System, evidence.SignOffQuery{OutletID: &chain}, uuid.Nil, racers)
		if err != nil || len(rows) != racers || next != uuid.Nil {
			t.Fatalf("%d sign-offs, %v", len(rows), err)
		}
		slices.SortFunc(rows, func(a, b evidence.SignOff) int { return int(a.Sequence - b.Sequence) })
		before := evidence.Hash{}
		for i, so := range rows {
			if so.Sequence != int64(i+1) || so.Previous != before {
				t.Errorf("place %d: number %d follows %s", i+1, so.Sequence, so.Previous)
			}
			before = so.Hash
			if rep := s.verify(so.ID); !rep.OK() {
				t.Errorf("number %d: failed %q", so.Sequence, failed(rep))
			}
		}
	}
}

func TestSealedRowsStay(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := s.outlet()
	job := s.job(&o)
	p := s.photo(who.System, job, jpegOf(t, drawing(40, 30)))
	so := s.seal(s.signed(&o, job, p))
	const second = `INSERT INTO sign_offs SELECT gen_random_uuid(), $2, outlet_id, chain, sequence + %s, %s, sha256('x'), key_id, signature, signer, score, record, signature_png, sealed_at FROM sign_offs WHERE id = $1`
	insert := func(step, previous string) string {
		return strings.Replace(strings.Replace(second, "%s", step, 1), "%s", previous, 1)
	}
	next := s.job(&o)
	for name, tt := range map[string]struct {
		statement string
		args      []any
	}{
		"change":             {`UPDATE sign_offs SET score = 1 WHERE id = $1`, []any{so.ID}},
		"delete":             {`DELETE FROM sign_offs WHERE id = $1`, []any{so.ID}},
		"empty":              {`TRUNCATE sign_offs CASCADE`, nil},
		"change its photo":   {`UPDATE photos SET kind = 'other' WHERE id = $1`, []any{p.ID}},
		"delete its photo":   {`DELETE FROM photos WHERE id = $1`, []any{p.ID}},
		"a fork":             {insert("0", "previous"), []any{so.ID, next}},
		"a gap":              {insert("2", "hash"), []any{so.ID, next}},
		"another one before": {insert("1", "sha256('y')"), []any{so.ID, next}},
		"a second beginning": {insert("1", "previous"), []any{so.ID, next}},
		"a photo of another job": {`INSERT INTO photos SELECT gen_random_uuid(), $2, kind, status, sha256, size, taken_at, position, media_type, width, height, camera_at,
			camera_zoned, camera_position, sign_off_id, announced_by, stored_at, version, created_at, updated_at FROM photos WHERE id = $1`, []any{p.ID, next}},
	} {
		if _, err := pg.Exec(t.Context(), s.db, tt.statement, tt.args...); err == nil {
			t.Errorf("%s: the database took it", name)
		}
	}
	s.exec(insert("1", "hash"), so.ID, next) // the only way on
}

func TestVerifyFindsWhatWasChangedBehindOurBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(s *shelf, first, second evidence.SignOff, p evidence.Photo)
		want   string
	}{
		{"nothing", func(*shelf, evidence.SignOff, evidence.SignOff, evidence.Photo) {}, ""},
		{"the record", func(s *shelf, _, so evidence.SignOff, _ evidence.Photo) {
			s.tamper(`UPDATE sign_offs SET record = convert_to(replace(convert_from(record, 'UTF8'), '"score":5', '"score":4'), 'UTF8') WHERE id = $1`, so.ID)
		}, "record_hash row"},
		{"the score beside the record", func(s *shelf, _, so evidence.SignOff, _ evidence.Photo) {
			s.tamper(`UPDATE sign_offs SET score = 1 WHERE id = $1`, so.ID)
		}, "row"},
		{"the signature's picture", func(s *shelf, _, so evidence.SignOff, _ evidence.Photo) {
			s.tamper(`UPDATE sign_offs SET signature_png = set_byte(signature_png, 60, 255 - get_byte(signature_png, 60)) WHERE id = $1`, so.ID)
		}, "signature"},
		{"the seal", func(s *shelf, _, so evidence.SignOff, _ evidence.Photo) {
			s.tamper(`UPDATE sign_offs SET signature = set_byte(signature, 9, 255 - get_byte(signature, 9)) WHERE id = $1`, so.ID)
		}, "seal"},
		{"the key's name", func(s *shelf, _, so evidence.SignOff, _ evidence.Photo) {
			s.tamper(`UPDATE sign_offs SET key_id = 'mine' WHERE id = $1`, so.ID)
		}, "key seal"},
		{"the record before", func(s *shelf, before, _ evidence.SignOff, _ evidence.Photo) {
			s.tamper(`UPDATE sign_offs SET record = record || ' ' WHERE id = $1`, before.ID)
		}, "chain"},
		{"the record before taken out", func(s *shelf, before, _ evidence.SignOff, _ evidence.Photo) {
			s.tamper(`DELETE FROM sign_offs WHERE id = $1`, before.ID)
		}, "chain"},
		{"a photo's bytes", func(s *shelf, _, _ evidence.SignOff, p evidence.Photo) {
			b, err := os.ReadFile(s.file(p.SHA256))
			if err != nil {
				s.t.Fatal(err)
			}
			b[len(b)/2] ^= 1
			write(s.t, s.file(p.SHA256), b)
		}, "photo"},
		{"a photo's bytes taken away", func(s *shelf, _, _ evidence.SignOff, p evidence.Photo) {
			if err := os.Remove(s.file(p.SHA256)); err != nil {
				s.t.Fatal(err)
			}
		}, "photo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			job := s.job(nil)
			first := s.seal(s.signed(nil, s.job(nil)))
			p := s.photo(who.System, job, jpegOf(t, drawing(40, 30)))
			second := s.seal(s.signed(nil, job, p))
			tt.change(s, first, second, p)
			if got := failed(s.verify(second.ID)); got != tt.want {
				t.Errorf("failed %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAPackageOfTheLocker(t *testing.T) {
	t.Parallel()
	s := open(t)
	job := s.job(nil)
	p := s.photo(who.System, job, jpegOf(t, drawing(40, 30)))
	so := s.seal(s.signed(nil, job, p))
	if _, err := s.keys.Rotate(); err != nil {
		t.Fatal(err)
	}
	newer := s.seal(s.signed(nil, s.job(nil)))
	keys, err := s.SealKeys()
	if err != nil || len(keys) != 2 || keys[0].ID != newer.KeyID || !keys[0].Current || keys[1].ID != so.KeyID || keys[1].Current {
		t.Fatalf("keys %+v, %v", keys, err)
	}
	folder := t.TempDir()
	for _, k := range keys {
		if block, _ := pem.Decode([]byte(k.PEM)); block == nil {
			t.Errorf("key %s is no PEM", k.ID)
		}
		write(t, filepath.Join(folder, k.ID+".pub"), []byte(k.PEM))
	}
	trusted, err := keyring.ReadPublics(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []evidence.SignOff{so, newer} {
		_, zip, size, err := s.Package(t.Context(), who.System, one.ID)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(zip)
		if err != nil || int64(len(b)) != size {
			t.Errorf("%d bytes, said %d: %v", len(b), size, err)
		}
		if rep, err := evidence.Verify(save(t, b), trusted); err != nil || !rep.OK() {
			t.Errorf("failed %q: %v", failed(rep), err)
		}
	}
	_, zip, _, err := s.Package(t.Context(), who.System, so.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Errorf("whoever does not read it: %v", err)
	}
	if err := os.Remove(s.file(p.SHA256)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.Package(t.Context(), who.System, so.ID); err == nil || fault.From(err).Code != fault.Internal {
		t.Errorf("a photo is lost: %v", err)
	}
}

func TestWhoSeesASignOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	ours, theirs := s.outlet(), s.outlet()
	job, another := s.job(&ours), s.job(&ours)
	so, other := s.seal(s.signed(&ours, job)), s.seal(s.signed(&ours, another))
	tests := []struct {
		name string
		by   who.Actor
		list []uuid.UUID
	}{
		{"the technician of the job", s.technician(ours, job), []uuid.UUID{so.ID}},
		{"a dispatcher of the outlet", who.Actor{OutletID: &ours}, []uuid.UUID{other.ID, so.ID}},
		{"a dispatcher of another outlet", who.Actor{OutletID: &theirs}, nil},
		{"a dispatcher of all outlets", who.System, []uuid.UUID{other.ID, so.ID}},
	}
	for _, tt := range tests {
		rows, next, err := s.ListSignOffs(t.Context(), tt.by, evidence.SignOffQuery{}, uuid.Nil, 10)
		var got []uuid.UUID
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if err != nil || next != uuid.Nil || !slices.Equal(got, tt.list) {
			t.Errorf("%s: lists %v, %v", tt.name, got, err)
		}
		_, find := s.FindSignOff(t.Context(), tt.by, so.ID)
		_, check := s.Verify(t.Context(), tt.by, so.ID)
		_, zip, _, download := s.Package(t.Context(), tt.by, so.ID)
		if download == nil {
			_ = zip.Close()
		}
		for what, err := range map[string]error{"find": find, "verify": check, "package": download} {
			if sees := slices.Contains(tt.list, so.ID); sees && err != nil || !sees && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %s: %v", tt.name, what, err)
			}
		}
	}
	first, next, err := s.ListSignOffs(t.Context(), who.System, evidence.SignOffQuery{OutletID: &ours}, uuid.Nil, 1)
	if err != nil || len(first) != 1 || next != other.ID {
		t.Fatalf("first page %+v, %v, %v", first, next, err)
	}
	second, next, err := s.ListSignOffs(t.Context(), who.System, evidence.SignOffQuery{OutletID: &ours}, next, 1)
	if err != nil || len(second) != 1 || second[0].ID != so.ID || next != uuid.Nil {
		t.Errorf("second page %+v, %v, %v", second, next, err)
	}
	if of, _, err := s.ListSignOffs(t.Context(), who.System, evidence.SignOffQuery{JobID: &job}, uuid.Nil, 10); err != nil || len(of) != 1 || of[0].ID != so.ID {
		t.Errorf("of the job %+v, %v", of, err)
	}
}

func BenchmarkSeal(b *testing.B) {
	s := open(b)
	o := s.outlet()
	_, png := pictures(b)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		r := s.signed(&o, s.job(&o))
		b.StartTimer()
		if _, err := s.Seal(b.Context(), who.System, r, png); err != nil {
			b.Fatal(err)
		}
	}
}
