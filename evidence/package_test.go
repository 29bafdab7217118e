package evidence_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callout/evidence"
)

// bytesOf opens the pictures of the sample record.
func bytesOf(t testing.TB) func(evidence.Hash) (io.ReadCloser, error) {
	t.Helper()
	photo, signature := pictures(t)
	return func(h evidence.Hash) (io.ReadCloser, error) {
		for _, b := range [][]byte{photo, signature} {
			if evidence.Sum(b) == h {
				return io.NopCloser(bytes.NewReader(b)), nil
			}
		}
		return nil, fs.ErrNotExist
	}
}

func packed(t testing.TB, r evidence.Record) []byte {
	t.Helper()
	record, s := seal(t, r)
	var b bytes.Buffer
	if err := evidence.WritePackage(&b, record, s, bytesOf(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sign-off.zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// unpacked is the sample package as a folder, and the names of its files.
func unpacked(t testing.TB) (dir string, names []string) {
	t.Helper()
	b := packed(t, sample(t))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return dir, names
}

func verify(t testing.TB, path string) evidence.Report {
	t.Helper()
	_, _, trusted := seed(1)
	rep, err := evidence.Verify(path, trusted)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestPackageRoundTrip(t *testing.T) {
	t.Parallel()
	b := packed(t, sample(t))
	if !bytes.Equal(b, packed(t, sample(t))) {
		t.Error("the same sign-off gives another zip")
	}
	rep := verify(t, save(t, b))
	if got := failed(rep); !rep.OK() || got != "" {
		t.Errorf("zip: failed %q", got)
	}
	if rep.Record == nil || rep.Record.Job.Number != "20261122001-1" || rep.Seal.Sequence != 1 {
		t.Errorf("%+v", rep)
	}
	dir, names := unpacked(t)
	if rep := verify(t, dir); !rep.OK() {
		t.Errorf("folder: failed %q", failed(rep))
	}
	photo, _ := pictures(t)
	want := []string{"README.txt", "record.json", "seal.json", "signature.png", "photos/" + evidence.Sum(photo).String() + ".jpg"}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("the package has %q", names)
	}
}

func TestAPhotoInTwoRolesIsPackedOnce(t *testing.T) {
	t.Parallel()
	r := sample(t)
	twin := r.Photos[0]
	twin.ID, twin.Kind = id(11), "old_part"
	r.Photos = append(r.Photos, twin)
	if rep := verify(t, save(t, packed(t, r))); !rep.OK() {
		t.Errorf("failed %q", failed(rep))
	}
}

// TestEveryByteCounts turns each byte of each file, drops and doubles some, and wants it found.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	dir, names := unpacked(t)
	for _, name := range names {
		if name == "README.txt" {
			continue
		}
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		try := func(what string, at int, b []byte) {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if verify(t, dir).OK() {
				t.Errorf("%s: %s byte %d was not found", name, what, at)
			}
		}
		for at := range whole {
			b := bytes.Clone(whole)
			b[at] ^= 0x01
			if 'A' <= whole[at]&^0x20 && whole[at]&^0x20 <= 'Z' {
				b[at] = whole[at] ^ 0x20 // a letter in its other case
			}
			try("turning", at, b)
			if at%9 == 0 {
				try("dropping", at, append(bytes.Clone(whole[:at]), whole[at+1:]...))
				try("doubling", at, append(bytes.Clone(whole[:at+1]), whole[at:]...))
			}
		}
		for _, tail := range []string{" ", "\n", "\x00"} {
			try("adding", len(whole), append(bytes.Clone(whole), tail...))
		}
		try("losing all but", 0, nil)
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !verify(t, dir).OK() {
		t.Error("the package did not come out as it went in")
	}
}

func TestFoldersThatAreNotThePackage(t *testing.T) {
	t.Parallel()
	photo, _ := pictures(t)
	photoFile := "photos/" + evidence.Sum(photo).String() + ".jpg"
	tests := []struct {
		name   string
		change func(dir string) error
		want   string
	}{
		{"without README", func(dir string) error { return os.Remove(filepath.Join(dir, "README.txt")) }, ""},
		{"with another README", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "README.txt"), []byte("call this number to verify"), 0o600)
		}, "readme"},
		{"without photo", func(dir string) error { return os.Remove(filepath.Join(dir, photoFile)) }, "photo"},
		{"without photos", func(dir string) error { return os.RemoveAll(filepath.Join(dir, "photos")) }, "photo"},
		{"without signature", func(dir string) error { return os.Remove(filepath.Join(dir, "signature.png")) }, "signature"},
		{"without record", func(dir string) error { return os.Remove(filepath.Join(dir, "record.json")) }, "record_file record_form record_content record_hash files"},
		{"without seal", func(dir string) error { return os.Remove(filepath.Join(dir, "seal.json")) }, "seal_file record_hash place key seal"},
		{"with a file more", func(dir string) error { return os.WriteFile(filepath.Join(dir, "note.txt"), nil, 0o600) }, "files"},
		{"with a photo more", func(dir string) error { return os.WriteFile(filepath.Join(dir, "photos", "x.jpg"), photo, 0o600) }, "files"},
		{"with a photo of another name", func(dir string) error {
			return os.Rename(filepath.Join(dir, photoFile), filepath.Join(dir, "photos", "x.jpg"))
		}, "photo files"},
		{"with a link for a photo", func(dir string) error {
			path := filepath.Join(dir, photoFile)
			return errors.Join(os.Rename(path, filepath.Join(dir, "..", "elsewhere.jpg")), os.Symlink("../../elsewhere.jpg", path))
		}, "photo"},
		{"with a folder for a record", func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "record.json")), os.Mkdir(filepath.Join(dir, "record.json"), 0o700))
		}, "record_file record_form record_content record_hash files"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir, _ := unpacked(t)
			// One level down, so that a link can lead out of the package into a place of ours.
			inner := filepath.Join(t.TempDir(), "in")
			if err := os.Rename(dir, inner); err != nil {
				t.Fatal(err)
			}
			if err := tt.change(inner); err != nil {
				t.Fatal(err)
			}
			if got := failed(verify(t, inner)); got != tt.want {
				t.Errorf("failed %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWritePackageRefusesWhatWasNotSealed(t *testing.T) {
	t.Parallel()
	record, s := seal(t, sample(t))
	other := func(evidence.Hash) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("other bytes")), nil }
	if err := evidence.WritePackage(io.Discard, record, s, other); err == nil {
		t.Error("packed other bytes")
	}
	if err := evidence.WritePackage(io.Discard, record, s, func(evidence.Hash) (io.ReadCloser, error) { return nil, fs.ErrNotExist }); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("packed what is not there: %v", err)
	}
	if err := evidence.WritePackage(io.Discard, append(record, ' '), s, bytesOf(t)); err == nil {
		t.Error("packed another record")
	}
}
