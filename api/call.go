package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	contract "callout/mobile-contract"

	"github.com/gin-gonic/gin"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

const maxBody = 1 << 20

// call is one request to one operation, checked against the contract: a handler
// only takes out of it what the contract promises to be there.
type call struct {
	gin *gin.Context
	op  *contract.Operation
	ctx context.Context
	by  who.Actor
	raw []byte // the JSON body
}

// lang is the language that the client would like to read.
func (k *call) lang() words.Language { return words.Prefer(k.gin.GetHeader("Accept-Language")) }

// called is what a place is called in the caller's language.
func (k *call) called(kind inventory.Kind, name string) string { return kind.Called(name).In(k.lang()) }

// check holds headers, parameters and body against the contract and tells of all faults together.
func (k *call) check() error {
	if err := k.checkHeaders(); err != nil {
		return err
	}
	var bad []placed
	for i := range k.op.Params {
		p := &k.op.Params[i]
		switch p.In {
		case "path":
			bad = append(bad, place("path", p.Check(k.gin.Param(p.Name)))...)
		case "header":
			if v := k.gin.GetHeader(p.Name); v != "" {
				bad = append(bad, place("header", p.Check(v))...)
			}
		}
	}
	bad = append(bad, place("query", k.op.CheckQuery(k.gin.Request.URL.Query()))...)
	if k.op.Body != nil && k.op.Body.Schema != nil {
		faults, err := k.readJSON()
		if err != nil {
			return err
		}
		bad = append(bad, place("body", faults)...)
	} else if err := k.checkMedia(); err != nil {
		return err
	}
	if len(bad) > 0 {
		return &refused{status: http.StatusUnprocessableEntity, kind: string(fault.Invalid), detail: words.Say("the request does not fit the contract"), fields: bad}
	}
	return nil
}

// checkHeaders demands the headers that the operation cannot do without.
func (k *call) checkHeaders() error {
	if k.op.Idempotent && k.gin.GetHeader("Idempotency-Key") == "" {
		return refusal(http.StatusBadRequest, "idempotency-key-missing", "this operation demands an Idempotency-Key").
			at("header", "/Idempotency-Key", "is required")
	}
	if k.op.Versioned && k.gin.GetHeader("If-Match") == "" {
		return refusal(http.StatusPreconditionRequired, "if-match-missing", "this operation demands the version that you read, in If-Match").
			at("header", "/If-Match", "is required")
	}
	return nil
}

func (k *call) checkMedia() error {
	if k.op.Body == nil {
		return nil
	}
	mediaType, params, err := mime.ParseMediaType(k.gin.GetHeader("Content-Type"))
	fits := func(pattern string) bool { ok, _ := path.Match(pattern, mediaType); return ok }
	if err != nil || !slices.ContainsFunc(k.op.Body.MediaTypes, fits) {
		return refusal(http.StatusUnsupportedMediaType, "unsupported-media-type", "the body must be of type %s", strings.Join(k.op.Body.MediaTypes, ", ")).
			at("header", "/Content-Type", "must be %s", strings.Join(k.op.Body.MediaTypes, ", "))
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return refusal(http.StatusUnsupportedMediaType, "unsupported-media-type", "the body must be in UTF-8").
			at("header", "/Content-Type", "must be %s", "charset=utf-8")
	}
	if encoding := k.gin.GetHeader("Content-Encoding"); encoding != "" && encoding != "identity" {
		return refusal(http.StatusUnsupportedMediaType, "unsupported-media-type", "the body must not be compressed").
			at("header", "/Content-Encoding", "is not known here")
	}
	return nil
}

func (k *call) readJSON() (fault.Faults, error) {
	r := k.gin.Request
	raw, err := io.ReadAll(http.MaxBytesReader(k.gin.Writer, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, refusal(http.StatusRequestEntityTooLarge, "too-large", "the body is larger than %d bytes", maxBody)
	} else if err != nil {
		return nil, refusal(http.StatusBadRequest, "broken-body", "the body ended before it was whole")
	}
	if len(raw) == 0 && !k.op.Body.Required {
		return nil, nil
	}
	if err := k.checkMedia(); err != nil {
		return nil, err
	}
	k.raw = raw
	faults, malformed := k.op.Body.CheckJSON(raw)
	if malformed {
		return nil, &refused{status: http.StatusBadRequest, kind: "malformed", detail: words.Say("the body is not a JSON text"), fields: place("body", faults)}
	}
	return faults, nil
}

// id is the path parameter name.
func (k *call) id(name string) uuid.UUID { return uuid.MustParse(k.gin.Param(name)) }

// version is the version that the client read last.
func (k *call) version() int {
	v, _ := strconv.Atoi(strings.Trim(k.gin.GetHeader("If-Match"), `"`))
	return v
}

// body decodes the JSON body into dst; a member that dst lacks is a fault of ours, not the client's.
func (k *call) body(dst any) error {
	if len(k.raw) == 0 {
		return nil
	}
	if err := jsonv2.Unmarshal(k.raw, dst, jsonv2.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("decode the body of %s: %w", k.op.ID, err)
	}
	return nil
}

// query is the query parameter name, empty where it is absent.
func (k *call) query(name string) string { return k.gin.Query(name) }

// queryID is the query parameter name as an id, nil where it is absent.
func (k *call) queryID(name string) *uuid.UUID {
	id, err := uuid.Parse(k.gin.Query(name))
	if err != nil {
		return nil
	}
	return &id
}

// queryTime is the query parameter name as a moment, nil where it is absent.
func (k *call) queryTime(name string) *time.Time {
	t, err := time.Parse(time.RFC3339, k.gin.Query(name))
	if err != nil {
		return nil
	}
	return &t
}

// queryBool says whether the query parameter name is true.
func (k *call) queryBool(name string) bool { return k.gin.Query(name) == "true" }

// limit is how many rows the client wants at the most.
func (k *call) limit() int {
	n, err := strconv.Atoi(k.gin.Query("limit"))
	if err != nil {
		return 50
	}
	return n
}

// cursor reads the place to go on from into dst, which stays as it is on the first page.
func (k *call) cursor(dst any) error {
	text := k.gin.Query("cursor")
	if text == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, dst)
	}
	if err != nil {
		return refusal(http.StatusUnprocessableEntity, string(fault.Invalid), "the request does not fit the contract").
			at("query", "/cursor", "is no cursor of this list")
	}
	return nil
}

// after is the id to go on from in a list that is in the order of its ids.
func (k *call) after() (uuid.UUID, error) {
	var id uuid.UUID
	err := k.cursor(&id)
	return id, err
}

// optional tells an absent member from a null one.
type optional[T any] struct {
	present bool
	value   *T
}

// UnmarshalJSON notes that the member is there.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.present = true
	return json.Unmarshal(b, &o.value)
}

// set is nil where the member was absent, and leads to nil where it was null.
func (o *optional[T]) set() **T {
	if o.present {
		return &o.value
	}
	return nil
}
