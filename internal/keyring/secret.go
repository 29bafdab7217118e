package keyring

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

const secretSize = 32

var secretName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// Secret returns the named secret of 32 random bytes, for an HMAC. It is drawn when it is first
// asked for, and is the same ever after, in every process. It refuses a secret file that others
// may read or that does not hold 32 bytes in hexadecimal.
func (r *Ring) Secret(name string) ([]byte, error) {
	if !secretName.MatchString(name) {
		return nil, fmt.Errorf("keyring: %q cannot name a secret", name)
	}
	path := filepath.Join(r.dir, name+".secret")
	b, err := readFile(path, 0o077)
	if errors.Is(err, os.ErrNotExist) {
		drawn := make([]byte, secretSize)
		_, _ = rand.Read(drawn) // never fails (crypto/rand)
		err = create(r.dir, name+".secret", []byte(hex.EncodeToString(drawn)+"\n"), 0o600)
		if err != nil && !errors.Is(err, os.ErrExist) {
			return nil, err
		}
		b, err = readFile(path, 0o077)
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(string(bytes.TrimSpace(b)))
	if err != nil || len(secret) != secretSize || same(secret) {
		return nil, fmt.Errorf("keyring: %s does not hold %d random bytes in hexadecimal", path, secretSize)
	}
	return secret, nil
}
