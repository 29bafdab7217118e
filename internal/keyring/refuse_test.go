package keyring_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callout/internal/keyring"
)

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func private(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func public(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func TestUnsoundFilesAreRefused(t *testing.T) {
	t.Parallel()
	pub, good, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	otherPub, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	goodPEM := private(t, good)
	tests := []struct {
		name, file, text string
		mode             os.FileMode
		says             string
	}{
		{"private key that the group may read", "000001.key", goodPEM, 0o640, "0640"},
		{"private key that the world may read", "000001.key", goodPEM, 0o604, "0604"},
		{"private key that the group may write", "000001.key", goodPEM, 0o620, "0620"},
		{"public key that the world may write", "000001.pub", public(t, pub), 0o646, "0646"},
		{"RSA private key", "000001.key", private(t, short), 0o600, "not an Ed25519 key"},
		{"RSA public key", "000001.pub", public(t, &short.PublicKey), 0o600, "not an Ed25519 key"},
		{"ECDSA private key", "000001.key", private(t, curve), 0o600, "not an Ed25519 key"},
		{"ECDSA public key", "000001.pub", public(t, &curve.PublicKey), 0o600, "not an Ed25519 key"},
		{"seed of zeros", "000001.key", private(t, ed25519.NewKeyFromSeed(make([]byte, 32))), 0o600, "weak"},
		{"public key where the private one belongs", "000001.key", public(t, pub), 0o600, "PEM"},
		{"private key where the public one belongs", "000001.pub", goodPEM, 0o600, "PEM"},
		{"empty file", "000001.key", "", 0o600, "PEM"},
		{"truncated key", "000001.key", goodPEM[:len(goodPEM)/2], 0o600, "PEM"},
		{"two keys in one file", "000001.key", goodPEM + goodPEM, 0o600, "PEM"},
		{"short key in a sound envelope", "000001.pub", "-----BEGIN PUBLIC KEY-----\nMBMwBQYDK2VwAwoAAQIDBAUGBwgJ\n-----END PUBLIC KEY-----\n", 0o600, ""},
		{"large file", "000001.key", strings.Repeat("x", 5000), 0o600, "too large"},
		{"name that is not ours", "server.key", goodPEM, 0o600, "not named"},
		{"number that is not ours", "1.key", goodPEM, 0o600, "not named"},
		{"number 0", "000000.key", goodPEM, 0o600, "not named"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, tt.file), tt.text, tt.mode)
			if _, err := keyring.Open(dir); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it refused: %s", err, tt.says)
			}
		})
	}
	t.Run("public half of another key", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "000001.key"), goodPEM, 0o600)
		write(t, filepath.Join(dir, "000001.pub"), public(t, otherPub), 0o600)
		if _, err := keyring.Open(dir); err == nil || !strings.Contains(err.Error(), "not the public half") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("directory that others may write to", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o770); err != nil {
			t.Fatal(err)
		}
		if _, err := keyring.Open(dir); err == nil || !strings.Contains(err.Error(), "0770") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("folder with the name of a key", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "000001.key"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := keyring.Open(dir); err == nil {
			t.Error("opened")
		}
	})
}

func TestWeakPublicKeysAreRefused(t *testing.T) {
	t.Parallel()
	// The identity point: R = S·B with S = 0 signs any message.
	identity := append([]byte{1}, make([]byte, 31)...)
	if !ed25519.Verify(identity, []byte("anything"), append(identity, make([]byte, 32)...)) {
		t.Fatal("the attack that this test is about does not work")
	}
	dir := t.TempDir()
	for _, point := range []string{
		hex.EncodeToString(identity),
		"0100000000000000000000000000000000000000000000000000000000000080",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	} {
		b, err := hex.DecodeString(point)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "key.pem")
		write(t, path, public(t, ed25519.PublicKey(b)), 0o644)
		if _, err := keyring.ReadPublics(path); err == nil || !strings.Contains(err.Error(), "weak") {
			t.Errorf("%s: %v", point, err)
		}
	}
}

func TestABadFileDoesNotStopARunningRing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := open(t, dir)
	kid, _ := r.Current()
	write(t, filepath.Join(dir, "000009.key"), "rubbish", 0o600)
	if now, key := r.Current(); now != kid || key == nil {
		t.Error("the current key changed")
	}
	if _, err := r.Rotate(); err == nil {
		t.Error("rotated beside a file that the next start would refuse")
	}
}

func TestReadPublics(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := open(t, dir)
	if _, err := r.Rotate(); err != nil {
		t.Fatal(err)
	}
	all, err := keyring.ReadPublics(dir)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d keys: %v", len(all), err)
	}
	kid, _ := r.Current()
	one, err := keyring.ReadPublics(filepath.Join(dir, "000002.pub"))
	if err != nil {
		t.Fatal(err)
	}
	if _, known := one.Public(kid); !known || len(one) != 1 {
		t.Errorf("got %v", one)
	}
	for _, path := range []string{filepath.Join(dir, "000001.key"), filepath.Join(dir, "missing.pem")} {
		if _, err := keyring.ReadPublics(path); err == nil {
			t.Errorf("%s holds a public key", path)
		}
	}
}

func BenchmarkCurrent(b *testing.B) {
	r, err := keyring.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Current()
	}
}
