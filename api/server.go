package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	contract "callout/mobile-contract"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"callout/internal/once"
	"callout/internal/who"
)

// Passes says who stands behind a session, on every request.
type Passes interface {
	// Pass returns fault.Unauthenticated where the session or its user is no longer good.
	Pass(ctx context.Context, session, user uuid.UUID) (who.Actor, error)
}

// Server serves the operations of the contract.
type Server struct {
	House
	contract *contract.Contract
	metrics  *metrics
	limits   *limiter
	solving  chan struct{} // searches that run for integrators
}

// House is all that the server stands on: the doors of the domains and the ways of the house.
type House struct {
	Doors
	Keys   *once.Keys
	Passes Passes
	Tokens *Tokens
	Secret []byte                      // what fingerprints of requests are made with
	Ready  func(context.Context) error // whether the database answers
	Log    *slog.Logger
	Limits Limits

	Leaving <-chan struct{} // closed when streams are to end; nil = never
}

type handler func(*call) (answer, error)

// New returns the server of a house. It fails where the contract and the handlers do not match.
func New(h House) (*Server, error) {
	c, err := contract.Load()
	if err != nil {
		return nil, err
	}
	s := &Server{House: h, contract: c, metrics: newMetrics(), limits: newLimiter(h.Limits), solving: make(chan struct{}, searches)}
	return s, nil
}

// Handler returns the routes: every operation of the contract, the contract itself, and the signs of life.
func (s *Server) Handler() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.ContextWithFallback = true
	r.Use(s.observe)
	r.NoRoute(func(c *gin.Context) { s.refuse(c, refusal(http.StatusNotFound, "not-found", "no such path")) })
	r.NoMethod(func(c *gin.Context) {
		s.refuse(c, refusal(http.StatusMethodNotAllowed, "method-not-allowed", "this path has no such method"))
	})
	handlers := s.handlers()
	var wrong []error
	for _, op := range s.contract.Operations {
		do, there := handlers[op.ID]
		if !there {
			wrong = append(wrong, fmt.Errorf("operation %s has no handler", op.ID))
			continue
		}
		delete(handlers, op.ID)
		r.Handle(op.Method, ginPath(op.Path), s.serve(op, do))
	}
	for id := range handlers {
		wrong = append(wrong, fmt.Errorf("handler %s has no operation in the contract", id))
	}
	s.houseRoutes(r)
	for _, route := range r.Routes() {
		if route.Method == http.MethodGet { // net/http leaves the body out
			r.HEAD(route.Path, route.HandlerFunc)
		}
	}
	return r, errors.Join(wrong...)
}
