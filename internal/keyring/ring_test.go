package keyring_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/keyring"
)

func open(t *testing.T, dir string) *keyring.Ring {
	t.Helper()
	r, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestKeyIDIsTheThumbprintOfRFC8037(t *testing.T) {
	t.Parallel()
	key, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err != nil {
		t.Fatal(err)
	}
	// RFC 8037, appendix A.3.
	if got := keyring.KeyID(key); got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("got %s", got)
	}
}

func TestOpenMakesAPrivateDirectoryAndAKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys", "seal")
	r := open(t, dir)
	kid, key := r.Current()
	public, known := r.Public(kid)
	if !known || !ed25519.Verify(public, []byte("hello"), ed25519.Sign(key, []byte("hello"))) {
		t.Error("the current key does not verify what it signs")
	}
	for path, want := range map[string]os.FileMode{"": 0o700, "000001.key": 0o600, "000001.pub": 0o644} {
		if got := mode(t, filepath.Join(dir, path)); got != want {
			t.Errorf("%q has mode %04o, want %04o", path, got, want)
		}
	}
	if again, _ := open(t, dir).Current(); again != kid {
		t.Error("opening again changed the key")
	}
	if _, known := r.Public("nobody"); known {
		t.Error("an unknown id has a key")
	}
}

func TestRotateAndRetire(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, elsewhere := open(t, dir), open(t, dir)
	first, _ := r.Current()
	second, err := r.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	for name, ring := range map[string]*keyring.Ring{"here": r, "in another process": elsewhere, "after a restart": open(t, dir)} {
		if now, _ := ring.Current(); now != second {
			t.Errorf("%s the current key is not the new one", name)
		}
		if _, known := ring.Public(first); !known {
			t.Errorf("%s the first key no longer verifies", name)
		}
		if n := len(ring.Publics()); n != 2 {
			t.Errorf("%s there are %d public keys", name, n)
		}
	}
	if err := r.Retire(second); !fault.Is(err, fault.Conflict) {
		t.Errorf("retiring the current key: %v", err)
	}
	if err := r.Retire("nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("retiring an unknown key: %v", err)
	}
	if err := r.Retire(first); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "000001.key")); !os.IsNotExist(err) {
		t.Error("the retired private key is still there")
	}
	if err := r.Retire(first); !fault.Is(err, fault.NotFound) {
		t.Errorf("retiring twice: %v", err)
	}
	for name, ring := range map[string]*keyring.Ring{"here": r, "in another process": elsewhere, "after a restart": open(t, dir)} {
		if _, known := ring.Public(first); !known {
			t.Errorf("%s the retired key no longer verifies", name)
		}
	}
	third, err := elsewhere.Rotate()
	if err != nil || third == first || third == second {
		t.Errorf("third key %s: %v", third, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "000003.key")); err != nil {
		t.Error("a number was used twice")
	}
}

func TestManyStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	var all sync.WaitGroup
	kids, secrets := make([]string, 16), make([][]byte, 16)
	for i := range kids {
		all.Go(func() {
			r, err := keyring.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			kids[i], _ = r.Current()
			if secrets[i], err = r.Secret("links"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range kids {
		if kids[i] != kids[0] || !bytes.Equal(secrets[i], secrets[0]) {
			t.Fatal("they do not share one key and one secret")
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 3 {
		t.Errorf("in the directory: %v", names)
	}
	r, before := open(t, dir), kids[0]
	made := make([]string, 8)
	for i := range made {
		all.Go(func() {
			var err error
			if made[i], err = r.Rotate(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(r.Publics()); n != 1+len(made) {
		t.Errorf("%d rotations made %d keys", len(made), n-1)
	}
	if _, known := r.Public(before); !known {
		t.Error("the first key is gone")
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := open(t, dir)
	links, err := r.Secret("links")
	if err != nil || len(links) != 32 {
		t.Fatalf("%d bytes: %v", len(links), err)
	}
	other, err := r.Secret("other")
	if err != nil || bytes.Equal(links, other) {
		t.Errorf("two names, one secret: %v", err)
	}
	if again, err := open(t, dir).Secret("links"); err != nil || !bytes.Equal(again, links) {
		t.Errorf("another secret after a restart: %v", err)
	}
	path := filepath.Join(dir, "links.secret")
	if got := mode(t, path); got != 0o600 {
		t.Errorf("mode %04o", got)
	}
	for _, name := range []string{"", "../links", "a/b", ".a", "A"} {
		if _, err := r.Secret(name); err == nil {
			t.Errorf("%q names a secret", name)
		}
	}
	for _, bad := range []string{"", "abcd", strings.Repeat("00", 32), strings.Repeat("ab", 33), strings.Repeat("zz", 32)} {
		write(t, path, bad, 0o600)
		if _, err := r.Secret("links"); err == nil {
			t.Errorf("%q is a secret", bad)
		}
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Secret("links"); err == nil || !strings.Contains(err.Error(), "0640") {
		t.Errorf("a secret that the group may read: %v", err)
	}
}
