package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/once"
	"callout/internal/who"
	contract "callout/mobile-contract"

	"github.com/gin-gonic/gin"
)

// ginPath spells a path of the contract as Gin wants it: {job_id} is :job_id.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// serve returns the route of an operation: who is it, may he, does the request fit, do it, answer.
func (s *Server) serve(op *contract.Operation, do handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Set(operationKey, op.ID)
		k := &call{gin: c, op: op, ctx: c.Request.Context()}
		a, err := s.answer(k, do)
		if err != nil {
			s.refuse(c, err)
			return
		}
		a.write(c)
	}
}

func (s *Server) answer(k *call, do handler) (answer, error) {
	if err := s.admit(k); err != nil {
		return answer{}, err
	}
	if err := k.check(); err != nil {
		return answer{}, err
	}
	if !k.op.Idempotent {
		return do(k)
	}
	return s.onceOnly(k, do)
}

// admit finds out who calls and refuses whom the operation is not for.
func (s *Server) admit(k *call) error {
	public := slices.Contains(k.op.Roles, "public")
	if public {
		return s.limits.allow(k.gin, "address", k.gin.ClientIP())
	}
	token, ok := strings.CutPrefix(k.gin.GetHeader("Authorization"), "Bearer ")
	if !ok {
		return fault.New(fault.Unauthenticated, "sign in first")
	}
	user, session, err := s.Tokens.Read(token)
	if err != nil {
		return err
	}
	if k.by, err = s.Passes.Pass(k.ctx, session, user); err != nil {
		return err
	}
	k.gin.Set(userKey, k.by.UserID)
	if err := s.limits.allow(k.gin, "user", k.by.UserID.String()); err != nil {
		return err
	}
	if !slices.Contains(k.op.Roles, "everyone") && !slices.ContainsFunc(k.by.Roles, func(r who.Role) bool { return slices.Contains(k.op.Roles, string(r)) }) {
		return fault.New(fault.Forbidden, "your roles do not allow this")
	}
	return nil
}

// onceOnly does an operation under its Idempotency-Key.
func (s *Server) onceOnly(k *call, do handler) (answer, error) {
	key := k.gin.GetHeader("Idempotency-Key")
	kept, replayed, err := s.Keys.Do(k.ctx, k.by.UserID, key, k.fingerprint(s.Secret), func(ctx context.Context) (once.Answer, error) {
		within := *k
		within.ctx = ctx
		a, err := do(&within)
		if err != nil {
			return once.Answer{}, err
		}
		body, err := json.Marshal(a.body)
		if err != nil {
			return once.Answer{}, fmt.Errorf("write answer: %w", err)
		}
		return once.Answer{Status: a.status, Headers: a.headers, Body: body}, nil
	})
	if errors.Is(err, once.ErrReused) {
		return answer{}, refusal(http.StatusUnprocessableEntity, string(fault.Invalid), "this Idempotency-Key stands for another request").
			at("header", "/Idempotency-Key", "was used for another request")
	}
	if err != nil {
		return answer{}, err
	}
	a := answer{status: kept.Status, headers: kept.Headers, body: json.RawMessage(kept.Body)}
	if replayed {
		a = a.with("Idempotency-Replayed", "true")
	}
	return a, nil
}

// fingerprint tells two requests under one key apart. It is kept in the database, where nobody
// shall guess a password from it: hence the secret.
func (k *call) fingerprint(secret []byte) []byte {
	h := hmac.New(sha256.New, secret)
	r := k.gin.Request
	_, _ = fmt.Fprintf(h, "%s\n%s\n%s\n%s\n", r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("If-Match"))
	h.Write(k.raw)
	return h.Sum(nil)
}
