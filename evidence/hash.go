package evidence

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
)

// Hash is a SHA-256. Its text is 64 lower-case hexadecimal digits.
type Hash [sha256.Size]byte

// Sum is the hash of b.
func Sum(b []byte) Hash { return sha256.Sum256(b) }

// ParseHash reads the text of a hash.
func ParseHash(text string) (h Hash, err error) {
	err = h.UnmarshalText([]byte(text))
	return h, err
}

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero says whether the hash is all zeros: the one before the first of a chain.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes the text of the hash.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads exactly what MarshalText writes.
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(h) || hex.EncodeToString(b) != string(text) {
		return errors.New("not a SHA-256 in 64 lower-case hexadecimal digits")
	}
	copy(h[:], b)
	return nil
}

// Value is the hash as a bytea column keeps it.
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads such a column.
func (h *Hash) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(h) {
		return fmt.Errorf("read a SHA-256 from %T of %d bytes", src, len(b))
	}
	copy(h[:], b)
	return nil
}
