package evidence

import (
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"reflect"

	"github.com/google/uuid"

	"callout/internal/fault"
)

const (
	sealVersion   = 1
	sealAlgorithm = "Ed25519"
	sealDomain    = "callout sign-off seal v1\x00"
)

// Seal makes a record's bytes provable: it binds their hash to a place in the outlet's chain and
// to a key. The package's documentation says byte by byte what is signed.
type Seal struct {
	Version   int       `json:"version"`
	Algorithm string    `json:"algorithm"`
	OutletID  uuid.UUID `json:"outlet_id"`
	Sequence  int64     `json:"sequence"`
	Previous  Hash      `json:"previous"`
	Hash      Hash      `json:"hash"`
	KeyID     string    `json:"key_id"`
	Signature []byte    `json:"signature"`
}

// Keys knows public keys by their ids.
type Keys interface {
	Public(kid string) (ed25519.PublicKey, bool)
}

// SealRecord returns the canonical bytes of r, which are what must be stored, and their seal
// under a key. It fills in the version and the hash of the strokes. It returns fault.Invalid,
// with a pointer to each fault, for a record that does not agree with itself.
func SealRecord(r Record, kid string, key ed25519.PrivateKey) (record []byte, s Seal, err error) {
	r = r.plain()
	r.Version = RecordVersion
	if err := r.faults().Err(fault.Invalid, "the sign-off cannot be sealed"); err != nil {
		return nil, Seal{}, err
	}
	if r.Signature.StrokesSHA256, err = r.Signature.Strokes.Hash(); err != nil {
		return nil, Seal{}, err
	}
	if record, err = canonical(r); err != nil {
		return nil, Seal{}, err
	}
	// What JSON cannot carry (a broken character, a number too large) would be sealed as
	// something else than what was signed.
	var again Record
	if err := json.Unmarshal(record, &again); err != nil || len(record) > maxRecord || !reflect.DeepEqual(again, r) {
		return nil, Seal{}, fault.New(fault.Invalid, "the sign-off has text or figures that cannot be sealed")
	}
	s = Seal{
		Version: sealVersion, Algorithm: sealAlgorithm,
		OutletID: r.Outlet.ID, Sequence: r.Sequence, Previous: r.Previous,
		Hash: Sum(record), KeyID: kid,
	}
	s.Signature = ed25519.Sign(key, s.message())
	return record, s, nil
}

// message is what is signed.
func (s Seal) message() []byte {
	m := make([]byte, 0, len(sealDomain)+len(s.OutletID)+8+2*len(s.Hash))
	m = append(m, sealDomain...)
	m = append(m, s.OutletID[:]...)
	m = binary.BigEndian.AppendUint64(m, uint64(s.Sequence))
	m = append(m, s.Previous[:]...)
	return append(m, s.Hash[:]...)
}

// signed says whether the key made the seal.
func (s Seal) signed(key ed25519.PublicKey) bool {
	return s.Version == sealVersion && s.Algorithm == sealAlgorithm && len(key) == ed25519.PublicKeySize &&
		ed25519.Verify(key, s.message(), s.Signature)
}

// JSON is the seal as seal.json holds it, in canonical form.
func (s Seal) JSON() ([]byte, error) { return canonical(s) }

// ParseSeal reads what JSON writes, and nothing else.
func ParseSeal(b []byte) (s Seal, ok bool) {
	ok = len(b) <= maxSeal && readCanonical(b, &s)
	return s, ok
}
