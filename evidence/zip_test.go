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

// entry is a file of a zip made by hand.
type entry struct {
	name string
	b    []byte
}

func entries(t testing.TB) []entry {
	t.Helper()
	b := packed(t, sample(t))
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry{f.Name, content})
	}
	return all
}

func zipOf(t testing.TB, all []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range all {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.b); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestZipsThatAreNotThePackage(t *testing.T) {
	t.Parallel()
	replaced := func(name string, b []byte) []entry {
		all := entries(t)
		for i := range all {
			if strings.HasPrefix(all[i].name, name) {
				all[i].b = b
			}
		}
		return all
	}
	zeros := make([]byte, 21<<20)
	tests := []struct {
		name string
		all  []entry
		want string
	}{
		{"packed again", entries(t), ""},
		{"packed again with its folder", append(entries(t), entry{"photos/", nil}), ""},
		{"a way out of the folder", append(entries(t), entry{"../../etc/passwd", []byte("x")}), "files"},
		{"a way from the root", append(entries(t), entry{"/etc/passwd", []byte("x")}), "files"},
		{"a way out through photos", append(entries(t), entry{"photos/../record.json", []byte("{}")}), "files"},
		{"a way by backslashes", append(entries(t), entry{`..\evil.exe`, []byte("x")}), "files"},
		{"a name of control characters", append(entries(t), entry{"\x1b[2J", nil}), "files"},
		{"another folder", append(entries(t), entry{"thumbs/", nil}), "files"},
		{"the record twice", append(entries(t), entry{"record.json", []byte("{}")}), "record_file record_form record_content record_hash files"},
		{"the signature twice, alike", append(entries(t), entries(t)[3]), "signature files"},
		{"a photo of 21 MiB zeros", replaced("photos/", zeros), "photo"},
		{"a record of 21 MiB zeros", replaced("record.json", zeros), "record_file record_form record_content record_hash files"},
		{"a seal of 21 MiB zeros", replaced("seal.json", zeros), "seal_file record_hash place key seal"},
		{"21 MiB zeros that nobody asked for", append(entries(t), entry{"bomb", zeros}), "files"},
		{"nothing", nil, "record_file seal_file record_form record_content record_hash key seal"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := verify(t, save(t, zipOf(t, tt.all)))
			if got := failed(rep); got != tt.want {
				t.Errorf("failed %q, want %q", got, tt.want)
			}
			for _, c := range rep.Checks {
				if strings.ContainsAny(c.Why.String(), "\x1b") {
					t.Error("a name from the zip reaches the terminal as it is")
				}
			}
		})
	}
}

func TestFilesThatAreNoPackage(t *testing.T) {
	t.Parallel()
	many := make([]entry, 300)
	for i := range many {
		many[i].name = strings.Repeat("x", i+1)
	}
	long := make([]entry, 200)
	for i := range long {
		long[i].name = strings.Repeat("x", 1<<14) + string(rune('a'+i))
	}
	whole := packed(t, sample(t))
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "half a zip": whole[:len(whole)/2],
		"too many files": zipOf(t, many), "too long a table of contents": zipOf(t, long),
	} {
		if rep, err := evidence.Verify(save(t, b), mapOf(1)); err == nil && (rep.OK() || failed(rep) != "package") {
			t.Errorf("%s: opened", name)
		}
	}
	if _, err := evidence.Verify(filepath.Join(t.TempDir(), "missing.zip"), mapOf(1)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestEveryByteOfTheZipIsSafe turns bytes of the zip itself: whatever opens still must not tell
// anything but the truth.
func TestEveryByteOfTheZipIsSafe(t *testing.T) {
	t.Parallel()
	whole := packed(t, sample(t))
	path := save(t, whole)
	want := verify(t, path).Seal.Hash
	for at := 0; at < len(whole); at += 11 {
		b := bytes.Clone(whole)
		b[at] ^= 0x10
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		rep, err := evidence.Verify(path, mapOf(1))
		if err == nil && rep.OK() && (rep.Seal.Hash != want || rep.Record.Score != 5) {
			t.Fatalf("byte %d: another sign-off is taken for the sealed one", at)
		}
	}
}
