package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"callout/internal/fault"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// cost is how hard a hash is to make.
type cost struct {
	memory, passes uint32 // KiB
	threads        uint8
}

// ours is what OWASP's password storage cheat sheet asks of Argon2id: 19 MiB, two passes.
var ours = cost{memory: 19 * 1024, passes: 2, threads: 1}

const (
	saltSize = 16
	hashSize = 32

	// A hash from elsewhere may not take more of a machine than this.
	mostMemory = 256 * 1024
	mostPasses = 16

	// patience is how long a sign-in waits for its turn.
	patience = 10 * time.Second
)

// kdf makes and checks password hashes, a few at a time: each takes 19 MiB, and a flood of
// sign-ins must wait for its turn, not for memory.
type kdf struct{ places chan struct{} }

func newKDF() *kdf { return &kdf{make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))} }

// take waits for a place. It returns fault.Busy where none is free for too long.
func (k *kdf) take(ctx context.Context) (give func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case k.places <- struct{}{}:
		return func() { <-k.places }, nil
	case <-ctx.Done():
		return nil, fault.New(fault.Busy, "too many people sign in at once: try again in a moment")
	}
}

// hash makes the PHC string of a password.
func (k *kdf) hash(ctx context.Context, password string) (string, error) {
	give, err := k.take(ctx)
	if err != nil {
		return "", err
	}
	defer give()
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	return phc(ours, salt, ours.derive(password, salt, hashSize)), nil
}

// verify says whether a password is the one of a PHC string. Where there is none, or one that
// cannot be read, it takes as long to say no.
func (k *kdf) verify(ctx context.Context, encoded, password string) (bool, error) {
	give, err := k.take(ctx)
	if err != nil {
		return false, err
	}
	defer give()
	c, salt, want, err := readPHC(encoded)
	if err != nil {
		c, salt, want = ours, make([]byte, saltSize), make([]byte, hashSize)
	}
	got := c.derive(password, salt, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && err == nil, nil
}

// derive hashes one spelling of the password, whatever keyboard wrote it.
func (c cost) derive(password string, salt []byte, size uint32) []byte {
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, c.passes, c.memory, c.threads, size)
}

func phc(c cost, salt, hash []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash))
}

func readPHC(s string) (c cost, salt, hash []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errors.New("read password hash: it is not of Argon2id")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil {
		return c, nil, nil, fmt.Errorf("read password hash: %w", err)
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	hash, errHash := base64.RawStdEncoding.DecodeString(parts[5])
	switch {
	case errSalt != nil || errHash != nil || len(salt) < 8 || len(hash) < 16 || len(hash) > 64:
		return c, nil, nil, errors.New("read password hash: its salt or hash is broken")
	case c.memory < 8 || c.memory > mostMemory || c.passes < 1 || c.passes > mostPasses || c.threads < 1:
		return c, nil, nil, errors.New("read password hash: it asks for too much or too little work")
	}
	return c, salt, hash, nil
}
