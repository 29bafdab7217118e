package api

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/keyring"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// forge makes tokens as somebody else might.
type forge struct {
	dir    string
	ring   *keyring.Ring
	tokens *Tokens
	now    time.Time
	user   uuid.UUID
	sid    uuid.UUID
}

func newForge(t *testing.T) *forge {
	t.Helper()
	f := &forge{dir: t.TempDir(), now: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC), user: uuid.New(), sid: uuid.New()}
	var err error
	if f.ring, err = keyring.Open(f.dir); err != nil {
		t.Fatal(err)
	}
	f.tokens = NewTokens(f.ring, func() time.Time { return f.now })
	return f
}

// good are the claims of a token that we issued now.
func (f *forge) good() map[string]any {
	return map[string]any{
		"iss": tokenIssuer, "aud": tokenAudience, "sub": f.user.String(), "sid": f.sid.String(), "jti": uuid.NewString(),
		"iat": f.now.Unix(), "nbf": f.now.Unix(), "exp": f.now.Add(tokenLife).Unix(),
	}
}

// sign makes a token of any header and claims, with any key.
func sign(t *testing.T, method jwt.SigningMethod, header, claims map[string]any, key any) string {
	t.Helper()
	h := map[string]any{"typ": "JWT", "alg": method.Alg()}
	maps.Copy(h, header)
	text := part(t, h) + "." + part(t, claims)
	signature, err := method.Sign(text, key)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func part(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func (f *forge) refuses(t *testing.T, token string) {
	t.Helper()
	if user, session, err := f.tokens.Read(token); !fault.Is(err, fault.Unauthenticated) || user != uuid.Nil || session != uuid.Nil {
		t.Errorf("got %s, %s, %v; want it refused: %s", user, session, err, token)
	}
}

func TestTokenComesBackAsItWasIssued(t *testing.T) {
	t.Parallel()
	f := newForge(t)
	token, life, err := f.tokens.Issue(f.user, f.sid)
	if err != nil || life != 15*time.Minute {
		t.Fatal(life, err)
	}
	for _, after := range []time.Duration{0, tokenLife - time.Second, -20 * time.Second, tokenLife + 20*time.Second} {
		f.now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC).Add(after)
		if user, session, err := f.tokens.Read(token); err != nil || user != f.user || session != f.sid {
			t.Errorf("%s later: %s, %s, %v", after, user, session, err)
		}
	}
	var c map[string]any
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil || json.Unmarshal(b, &c) != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"} {
		if c[name] == nil {
			t.Errorf("the token has no %s: %v", name, c)
		}
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	t.Parallel()
	f := newForge(t)
	kid, key := f.ring.Current()
	public := key.Public().(ed25519.PublicKey)
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	otherPublic, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]any{"kid": kid}
	good := sign(t, jwt.SigningMethodEdDSA, ours, f.good(), key)
	if _, _, err := f.tokens.Read(good); err != nil {
		t.Fatalf("the pattern of the forgeries is no good itself: %v", err)
	}
	if _, err := f.ring.Rotate(); err != nil {
		t.Fatal(err)
	}
	_, newer := f.ring.Current()
	parts := strings.Split(good, ".")
	bare := map[string]any{"alg": "none", "kid": kid}
	for name, token := range map[string]string{
		"alg none":                             part(t, bare) + "." + parts[1] + ".",
		"alg none with our signature":          part(t, bare) + "." + parts[1] + "." + parts[2],
		"alg None":                             part(t, map[string]any{"alg": "None", "kid": kid}) + "." + parts[1] + ".",
		"no alg":                               part(t, ours) + "." + parts[1] + "." + parts[2],
		"HS256 with the public key as secret":  sign(t, jwt.SigningMethodHS256, ours, f.good(), []byte(public)),
		"HS256 with the PEM as secret":         sign(t, jwt.SigningMethodHS256, ours, f.good(), publicPEM),
		"HS512 with the public key as secret":  sign(t, jwt.SigningMethodHS512, ours, f.good(), []byte(public)),
		"RS256":                                sign(t, jwt.SigningMethodRS256, ours, f.good(), rsaKey),
		"PS256":                                sign(t, jwt.SigningMethodPS256, ours, f.good(), rsaKey),
		"foreign kid":                          sign(t, jwt.SigningMethodEdDSA, map[string]any{"kid": keyring.KeyID(otherPublic)}, f.good(), other),
		"foreign kid on our key":               sign(t, jwt.SigningMethodEdDSA, map[string]any{"kid": "1"}, f.good(), key),
		"missing kid":                          sign(t, jwt.SigningMethodEdDSA, nil, f.good(), key),
		"kid that is no text":                  sign(t, jwt.SigningMethodEdDSA, map[string]any{"kid": 1}, f.good(), key),
		"unknown key with known kid":           sign(t, jwt.SigningMethodEdDSA, ours, f.good(), other),
		"key that the token brings along":      sign(t, jwt.SigningMethodEdDSA, map[string]any{"kid": kid, "jwk": map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(otherPublic)}}, f.good(), other),
		"claims of another token":              parts[0] + "." + part(t, f.good()) + "." + parts[2],
		"truncated signature":                  good[:len(good)-4],
		"no signature":                         parts[0] + "." + parts[1] + ".",
		"two parts":                            parts[0] + "." + parts[1],
		"four parts":                           good + "." + parts[2],
		"half a token":                         good[:len(good)/2],
		"empty":                                "",
		"padded":                               good + "==",
		"signature of another key of the ring": sign(t, jwt.SigningMethodEdDSA, ours, f.good(), newer),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f.refuses(t, token)
		})
	}
}

func TestTokensWithWrongClaimsAreRefused(t *testing.T) {
	t.Parallel()
	f := newForge(t)
	kid, key := f.ring.Current()
	at := func(d time.Duration) int64 { return f.now.Add(d).Unix() }
	tests := []struct {
		name, claim string
		value       any // nil takes the claim away
	}{
		{"missing exp", "exp", nil},
		{"missing iat", "iat", nil},
		{"missing sub", "sub", nil},
		{"missing sid", "sid", nil},
		{"missing iss", "iss", nil},
		{"missing aud", "aud", nil},
		{"expired", "exp", at(-31 * time.Second)},
		{"expires at the beginning of time", "exp", 0},
		{"exp that is no number", "exp", "never"},
		{"future iat", "iat", at(61 * time.Second)},
		{"future nbf", "nbf", at(61 * time.Second)},
		{"wrong aud", "aud", "billing"},
		{"wrong aud in a list", "aud", []string{"billing"}},
		{"empty aud", "aud", []string{}},
		{"wrong iss", "iss", "https://callout"},
		{"empty iss", "iss", ""},
		{"sub that is no UUID", "sub", "admin"},
		{"sid that is no UUID", "sid", "1"},
		{"empty sub", "sub", ""},
		{"sub that is no text", "sub", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := f.good()
			c[tt.claim] = tt.value
			if tt.value == nil {
				delete(c, tt.claim)
			}
			f.refuses(t, sign(t, jwt.SigningMethodEdDSA, map[string]any{"kid": kid}, c, key))
		})
	}
}

func TestRotatedKeyVerifiesUntilItIsRetired(t *testing.T) {
	t.Parallel()
	f := newForge(t)
	old, err := keyring.Open(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	kid, _ := f.ring.Current()
	token, _, err := f.tokens.Issue(f.user, f.sid)
	if err != nil {
		t.Fatal(err)
	}
	// Another process rotates and retires.
	if _, err := old.Rotate(); err != nil {
		t.Fatal(err)
	}
	if now, _ := f.ring.Current(); now == kid {
		t.Error("the old key still signs")
	}
	if _, _, err := f.tokens.Read(token); err != nil {
		t.Errorf("the token of the rotated key: %v", err)
	}
	if err := old.Retire(kid); err != nil {
		t.Fatal(err)
	}
	if err := old.Distrust(kid); err != nil {
		t.Fatal(err)
	}
	f.refuses(t, token)
	fresh, _, err := f.tokens.Issue(f.user, f.sid)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.tokens.Read(fresh); err != nil {
		t.Errorf("the token of the new key: %v", err)
	}
}

// Under a point of small order as public key anybody can sign; a ring does not take such a key.
func TestWeakKeysInTheRingAreRefused(t *testing.T) {
	t.Parallel()
	f := newForge(t)
	identity := ed25519.PublicKey(append([]byte{1}, make([]byte, 31)...))
	header := map[string]any{"typ": "JWT", "alg": "EdDSA", "kid": keyring.KeyID(identity)}
	text := part(t, header) + "." + part(t, f.good())
	signature := append([]byte(identity), make([]byte, 32)...)
	if err := jwt.SigningMethodEdDSA.Verify(text, signature, crypto.PublicKey(identity)); err != nil {
		t.Fatalf("the forgery that this test is about does not work: %v", err)
	}
	der, err := x509.MarshalPKIXPublicKey(identity)
	if err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	if err := os.WriteFile(filepath.Join(f.dir, "000002.pub"), block, 0o600); err != nil {
		t.Fatal(err)
	}
	f.refuses(t, text+"."+base64.RawURLEncoding.EncodeToString(signature))
	if _, err := keyring.Open(f.dir); err == nil {
		t.Error("a ring with a weak key was opened")
	}
}

func BenchmarkToken(b *testing.B) {
	ring, err := keyring.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	tokens := NewTokens(ring, time.Now)
	token, _, err := tokens.Issue(uuid.New(), uuid.New())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := tokens.Read(token); err != nil {
			b.Fatal(err)
		}
	}
}
