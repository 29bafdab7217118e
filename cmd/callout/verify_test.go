package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"callout/evidence"
	"callout/internal/keyring"
)

// sealedPackages writes two sign-offs of one chain and returns their files and the folder of keys.
func sealedPackages(t *testing.T) (first, second, keys string) {
	t.Helper()
	dir := t.TempDir()
	keys = filepath.Join(dir, "keys")
	ring, err := keyring.Open(keys)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 9, 5))
	img.SetGray(4, 2, color.Gray{Y: 255})
	var signature bytes.Buffer
	if err := png.Encode(&signature, img); err != nil {
		t.Fatal(err)
	}
	outlet, before := uuid.New(), evidence.Hash{}
	files := []string{filepath.Join(dir, "first.zip"), filepath.Join(dir, "second.zip")}
	for i, file := range files {
		kid, key := ring.Current()
		record, seal, err := evidence.SealRecord(evidence.Record{
			SignOffID: uuid.New(), Sequence: int64(i + 1), Previous: before, SealedAt: time.Now(), Score: 5,
			Outlet: evidence.Outlet{ID: outlet, Name: "Boyle Heights"}, Job: evidence.JobRef{Number: "20261122001-1"},
			Signature: evidence.Signature{
				Signer: "王小明", SignedAt: time.Now(), PNGSHA256: evidence.Sum(signature.Bytes()),
				Strokes: evidence.Strokes{{{X: 1, Y: 1}, {X: 9, Y: 5, T: 40}}},
			},
		}, kid, key)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		err = evidence.WritePackage(f, record, seal, func(evidence.Hash) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(signature.Bytes())), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		before = seal.Hash
	}
	return files[0], files[1], keys
}

func TestVerifySignOff(t *testing.T) {
	t.Parallel()
	first, second, keys := sealedPackages(t)
	_, foreign, otherKeys := sealedPackages(t)
	b, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte("\x89PNG"))+20] ^= 1
	changed := filepath.Join(t.TempDir(), "changed.zip")
	if err := os.WriteFile(changed, b, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		v     verifySignOff
		says  []string
		fails string // "" if it does not
	}{
		{"two of a chain", verifySignOff{Files: []string{second, first}, Keys: keys}, []string{"signed by \"王小明\"", "record 2 follows record 1"}, ""},
		{"by one key", verifySignOff{Files: []string{first}, Key: []string{filepath.Join(keys, "000001.pub")}}, []string{"score 5 of 5"}, ""},
		{"in Chinese", verifySignOff{Files: []string{first}, Keys: keys, Lang: "zh-CN"}, []string{"通过    封存所用的密钥可信", "第 1 条记录"}, ""},
		{"a changed one", verifySignOff{Files: []string{changed, second}, Keys: keys}, []string{"FAILED  signature.png is the signature in the record", "THIS IS NOT WHAT WAS SEALED"}, "1 of 2 sign-offs failed"},
		{"a changed one in Chinese", verifySignOff{Files: []string{changed}, Keys: keys, Lang: "zh-CN"}, []string{"未通过", "这不是封存时的内容"}, "未通过 1 份"},
		{"one of somebody else", verifySignOff{Files: []string{foreign}, Keys: keys}, []string{"FAILED  the key of the seal is trusted"}, "1 of 1"},
		{"two that do not belong together", verifySignOff{Files: []string{first, foreign}, Keys: keys, Key: []string{filepath.Join(otherKeys, "000001.pub")}}, []string{"record 2 of outlet"}, ""},
		{"no zip", verifySignOff{Files: []string{filepath.Join(keys, "000001.pub")}, Keys: keys}, []string{"the file is not a zip file or is damaged"}, "1 of 1"},
		{"no file", verifySignOff{Files: []string{filepath.Join(keys, "missing.zip")}, Keys: keys}, []string{"cannot be read"}, "1 of 1"},
		{"no keys", verifySignOff{Files: []string{first}}, nil, "name the keys"},
		{"a private key", verifySignOff{Files: []string{first}, Key: []string{filepath.Join(keys, "000001.key")}}, nil, "PEM"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.v.Lang == "" {
				tt.v.Lang = "en"
			}
			var out bytes.Buffer
			err := tt.v.report(&out)
			if (err == nil) != (tt.fails == "") || (err != nil && !strings.Contains(err.Error(), tt.fails)) {
				t.Errorf("got %v, want %q", err, tt.fails)
			}
			for _, s := range tt.says {
				if !strings.Contains(out.String(), s) {
					t.Errorf("does not say %q:\n%s", s, &out)
				}
			}
		})
	}
}

func TestVerifyIsACommand(t *testing.T) {
	t.Parallel()
	first, _, keys := sealedPackages(t)
	if err := run(context.Background(), []string{"verify", "sign-off", first, "--keys", keys}); exit(err) != 0 {
		t.Errorf("a sound package: %v", err)
	}
	if err := run(context.Background(), []string{"verify", "sign-off", filepath.Join(keys, "000001.pub"), "--keys", keys}); exit(err) != 1 {
		t.Errorf("no package: %v", err)
	}
}
