package keyring

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
)

var (
	errNotPEM  = errors.New("is not one PEM block of the right kind")
	errForeign = errors.New("is not an Ed25519 key")
	errWeak    = errors.New("is a weak key")
)

// KeyID names a public key: its RFC 7638 thumbprint (SHA-256, base64url).
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(key) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func formatPrivate(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func formatPublic(key ed25519.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

func parsePrivate(b []byte) (ed25519.PrivateKey, error) {
	der, err := onlyBlock(b, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errNotPEM
	}
	key, ours := parsed.(ed25519.PrivateKey)
	if !ours {
		return nil, errForeign
	}
	if same(key.Seed()) || weak(key.Public().(ed25519.PublicKey)) {
		return nil, errWeak
	}
	return key, nil
}

func parsePublic(b []byte) (ed25519.PublicKey, error) {
	der, err := onlyBlock(b, "PUBLIC KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errNotPEM
	}
	key, ours := parsed.(ed25519.PublicKey)
	if !ours {
		return nil, errForeign
	}
	if weak(key) {
		return nil, errWeak
	}
	return key, nil
}

func onlyBlock(b []byte, kind string) ([]byte, error) {
	block, rest := pem.Decode(b)
	if block == nil || block.Type != kind || len(block.Headers) > 0 || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errNotPEM
	}
	return block.Bytes, nil
}

// smallOrder lists the points of order 8 and less of the curve of RFC 8032, in every encoding and
// without their sign bit: under such a public key anybody can make a signature that verifies.
var smallOrder = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

func weak(key ed25519.PublicKey) bool {
	if len(key) != ed25519.PublicKeySize {
		return true
	}
	unsigned := bytes.Clone(key)
	unsigned[31] &= 0x7f
	for _, point := range smallOrder {
		if hex.EncodeToString(unsigned) == point {
			return true
		}
	}
	return false
}

// same says whether all bytes are one: a seed or secret that nobody drew at random.
func same(b []byte) bool { return len(b) == 0 || bytes.Count(b, b[:1]) == len(b) }
