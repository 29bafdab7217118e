package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"callout/internal/fault"
	"callout/internal/words"

	"github.com/gin-gonic/gin"
)

// refused is a fault of HTTP itself, or one whose places are not all in the body.
type refused struct {
	status int
	kind   string
	detail words.Text
	fields []placed
}

// placed is a wrong input and the part of the request that it stands in.
type placed struct {
	in string
	fault.Field
}

func (r *refused) Error() string { return r.kind + ": " + r.detail.String() }

func refusal(status int, kind, format string, args ...any) *refused {
	return &refused{status: status, kind: kind, detail: words.Say(format, args...)}
}

// at names a place that is wrong.
func (r *refused) at(in, pointer, format string, args ...any) *refused {
	r.fields = append(r.fields, placed{in, fault.Field{Pointer: pointer, Detail: words.Say(format, args...)}})
	return r
}

func place(in string, faults fault.Faults) []placed {
	out := make([]placed, len(faults))
	for i, f := range faults {
		out[i] = placed{in, f}
	}
	return out
}

// problem is an RFC 9457 answer.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail,omitempty"`
	RequestID string         `json:"request_id,omitempty"`
	Errors    []problemField `json:"errors,omitempty"`
}

type problemField struct {
	In      string `json:"in"`
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

// statusOf is the one table from what a domain says to what HTTP says.
var statusOf = map[fault.Code]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.Busy:            http.StatusTooManyRequests,
	fault.Internal:        http.StatusInternalServerError,
}

// titles says in a few words what each kind of status is about.
var titles = map[int]string{
	400: "Malformed request", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "No such method",
	409: "Conflict", 412: "Changed meanwhile", 413: "Too large", 415: "Unsupported media type", 422: "Invalid input",
	428: "Version required", 429: "Too many requests", 500: "Internal error", 503: "Not ready",
}

// statusGone is for the log alone: the client left before he was answered.
const statusGone = 499

// refuse answers with a problem in the client's language, and keeps what it must not tell for the log.
func (s *Server) refuse(c *gin.Context, err error) {
	if c.Request.Context().Err() != nil && errors.Is(err, context.Canceled) {
		c.Status(statusGone)
		return
	}
	r, ok := err.(*refused) //nolint:errorlint // made here, never wrapped
	if !ok {
		f := fault.From(err)
		r = &refused{status: statusOf[f.Code], kind: string(f.Code), detail: f.Detail, fields: place("body", f.Fields)}
		if f.Code == fault.Internal {
			c.Set(errorKey, err)
		}
	}
	lang := words.Prefer(c.GetHeader("Accept-Language"))
	p := problem{
		Type: "/problems/" + r.kind, Title: words.Word(lang, titles[r.status]), Status: r.status,
		Detail: r.detail.In(lang), RequestID: c.GetString(requestKey),
	}
	for _, f := range r.fields {
		p.Errors = append(p.Errors, problemField{f.in, f.Pointer, f.Detail.In(lang)})
	}
	switch r.status {
	case http.StatusUnauthorized:
		c.Header("WWW-Authenticate", `Bearer realm="callout"`)
	case http.StatusTooManyRequests:
		if c.Writer.Header().Get("Retry-After") == "" {
			c.Header("Retry-After", strconv.Itoa(60))
		}
	}
	c.Header("Content-Type", "application/problem+json")
	c.Header("Content-Language", string(lang))
	c.JSON(r.status, p)
}
