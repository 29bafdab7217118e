package api

import (
	"errors"
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/keyring"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// What our access tokens say of themselves, and how long one is good. leeway allows for the clocks
// of two of our servers, which are not quite the same.
const (
	tokenIssuer   = "callout"
	tokenAudience = "callout-api"
	tokenLife     = 15 * time.Minute
	tokenLeeway   = 30 * time.Second
)

// Tokens issues and reads access tokens: JWTs signed with Ed25519 by the current key of a ring.
type Tokens struct {
	ring   *keyring.Ring
	now    func() time.Time
	parser *jwt.Parser
	memory tokenMemory
}

// claims are all that a token says; who the user is now is looked up on every request.
type claims struct {
	jwt.RegisteredClaims

	Session string `json:"sid"`
}

// NewTokens returns the tokens that are signed with the keys of a ring.
func NewTokens(ring *keyring.Ring, now func() time.Time) *Tokens {
	return &Tokens{ring: ring, now: now, parser: jwt.NewParser(
		// The method is ours to say, never the token's.
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(tokenIssuer), jwt.WithAudience(tokenAudience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(tokenLeeway), jwt.WithTimeFunc(now),
	)}
}

// Issue makes an access token for a user's session, and says how long it is good.
func (t *Tokens) Issue(user, session uuid.UUID) (string, time.Duration, error) {
	kid, key := t.ring.Current()
	now := t.now()
	id, err := uuid.NewV7()
	if err != nil {
		return "", 0, fmt.Errorf("issue token: %w", err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience}, Subject: user.String(), ID: id.String(),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(tokenLife)),
		},
		Session: session.String(),
	})
	token.Header["kid"] = kid
	signed, err := token.SignedString(key)
	if err != nil {
		return "", 0, fmt.Errorf("issue token: %w", err)
	}
	return signed, tokenLife, nil
}

// Read returns whose token it is and of which session. It returns fault.Unauthenticated for one
// that we did not sign, that is not good now, or that lacks a claim.
func (t *Tokens) Read(token string) (user, session uuid.UUID, err error) {
	now := t.now()
	if v, known := t.memory.find(token); known && now.After(v.from) && now.Before(v.until) {
		if _, ours := t.ring.Public(v.kid); ours {
			return v.user, v.session, nil
		}
	}
	var c claims
	parsed, err := t.parser.ParseWithClaims(token, &c, t.key)
	if err != nil {
		if errors.Is(err, jwt.ErrTokenExpired) {
			return uuid.Nil, uuid.Nil, fault.New(fault.Unauthenticated, "the access token has expired")
		}
		return uuid.Nil, uuid.Nil, errToken
	}
	user, errUser := uuid.Parse(c.Subject)
	session, errSession := uuid.Parse(c.Session)
	// The library checks the moment of issue only where there is one.
	if errUser != nil || errSession != nil || c.IssuedAt == nil {
		return uuid.Nil, uuid.Nil, errToken
	}
	kid, _ := parsed.Header["kid"].(string)
	from := c.IssuedAt.Time
	if c.NotBefore != nil && c.NotBefore.After(from) {
		from = c.NotBefore.Time
	}
	t.memory.keep(token, verified{user, session, kid, from.Add(-tokenLeeway), c.ExpiresAt.Add(tokenLeeway)}, now)
	return user, session, nil
}

var errToken = fault.New(fault.Unauthenticated, "the access token is not valid")

func (t *Tokens) key(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	key, known := t.ring.Public(kid)
	if !known {
		return nil, fmt.Errorf("no key %q", kid)
	}
	return key, nil
}
