package keyring

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"

	"callout/internal/fault"
)

// Distrust takes a public key away: what it signed no longer counts, in any process. It returns
// fault.Conflict while the private key is there (retire it first), and fault.NotFound for an
// unknown id.
func (r *Ring) Distrust(kid string) error {
	c := r.latest()
	for _, key := range c.private {
		if KeyID(key.Public().(ed25519.PublicKey)) == kid {
			return fault.New(fault.Conflict, "key %s can still sign: retire it first", kid)
		}
	}
	for number := 1; number <= c.highest; number++ {
		path := filepath.Join(r.dir, fileName(number, ".pub"))
		key, err := readPublic(path, 0o022)
		if err != nil || KeyID(key) != kid {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("keyring: %w", err)
		}
		if err := syncDir(r.dir); err != nil {
			return err
		}
		return r.read()
	}
	return fault.New(fault.NotFound, "no public key %s", kid)
}
