package api

import (
	"fmt"
	"time"

	"callout/internal/fault"
	"callout/internal/keyring"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// What our access tokens say of themselves.
const (
	tokenIssuer   = "callout"
	tokenAudience = "callout-api"
	tokenLife     = 15 * time.Minute
	tokenLeeway   = 30 * time.Second
)

// Tokens makes and reads access tokens: JWTs signed with Ed25519 by the newest key of a ring.
type Tokens struct {
	keys *keyring.Ring
	now  func() time.Time
}

// NewTokens returns the tokens of a ring.
func NewTokens(keys *keyring.Ring, now func() time.Time) *Tokens { return &Tokens{keys, now} }

type claims struct {
	jwt.RegisteredClaims
	Session string `json:"sid"`
}

// Issue returns an access token for a user's session, and how long it is good.
func (t *Tokens) Issue(user, session uuid.UUID) (string, time.Duration, error) {
	now := t.now()
	kid, key := t.keys.Current()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience}, Subject: user.String(), ID: uuid.NewString(),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(tokenLife)),
		},
		Session: session.String(),
	})
	token.Header["kid"] = kid
	text, err := token.SignedString(key)
	if err != nil {
		return "", 0, fmt.Errorf("sign access token: %w", err)
	}
	return text, tokenLife, nil
}

// Read returns whose session a token stands for. Whatever is not exactly a token that
// we made and that is good now is fault.Unauthenticated.
func (t *Tokens) Read(text string) (user, session uuid.UUID, err error) {
	var c claims
	_, err = jwt.ParseWithClaims(text, &c, t.key,
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(tokenIssuer), jwt.WithAudience(tokenAudience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(tokenLeeway), jwt.WithTimeFunc(t.now), jwt.WithStrictDecoding())
	if err == nil && (c.IssuedAt == nil || c.NotBefore == nil) {
		err = jwt.ErrTokenRequiredClaimMissing
	}
	if err == nil {
		user, err = uuid.Parse(c.Subject)
	}
	if err == nil {
		session, err = uuid.Parse(c.Session)
	}
	if err != nil {
		return uuid.Nil, uuid.Nil, fault.New(fault.Unauthenticated, "the access token is not good: sign in again")
	}
	return user, session, nil
}

// key is the public key that a token names, one of our ring.
func (t *Tokens) key(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	key, ours := t.keys.Public(kid)
	if !ours {
		return nil, jwt.ErrTokenUnverifiable
	}
	return key, nil
}
