package evidence

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"sync"
	"time"

	"callout/internal/blob"
	"callout/internal/keyring"
	"callout/internal/pg"
)

// Locker keeps the photos of jobs and the sealed sign-offs: rows in the database, bytes in a
// bucket, keys in neither.
type Locker struct {
	db      *pg.DB
	store   *blob.Store
	keys    *keyring.Ring
	linkKey func() ([]byte, error)
	now     func() time.Time
}

// NewLocker returns the locker in db and store, which seals with keys.
func NewLocker(db *pg.DB, store *blob.Store, keys *keyring.Ring, now func() time.Time) *Locker {
	return &Locker{
		db: db, store: store, keys: keys,
		linkKey: sync.OnceValues(func() ([]byte, error) { return keys.Secret("photo-links") }),
		now:     func() time.Time { return now().UTC().Truncate(time.Microsecond) },
	}
}

// SealKey is a public key that sign-offs were sealed with.
type SealKey struct {
	ID      string
	Current bool   // the one that seals now
	PEM     string // as a .pub file holds it
}

// SealKeys returns the public keys of all seals, the current one first.
func (l *Locker) SealKeys() ([]SealKey, error) {
	current, _ := l.keys.Current()
	var all []SealKey
	for id, key := range l.keys.Publics() {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		all = append(all, SealKey{id, id == current, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))})
	}
	slices.SortFunc(all, func(a, b SealKey) int {
		if a.Current != b.Current {
			return map[bool]int{true: -1, false: 1}[a.Current]
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return all, nil
}
