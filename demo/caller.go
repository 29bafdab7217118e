package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// caller is a person who speaks to Callout over HTTP.
type caller struct {
	url      string
	role     string
	language words.Language
	token    string
}

// request is what a caller asks.
type request struct {
	method, path string
	version      int    // in If-Match, where it is not 0
	key          string // in Idempotency-Key; "" takes another one for each POST
	body         any    // bytes go as they are, as mediaType
	mediaType    string // of bytes
}

// answer is what a caller is told.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// patience is how long anybody waits for an answer.
const patience = 30 * time.Second

// ask sends a request and returns the answer, which must have a status that is wanted.
func (c *caller) ask(ctx context.Context, r request, want int) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var content []byte
	switch b := r.body.(type) {
	case nil:
	case []byte:
		content = b
	default:
		var err error
		if content, err = json.Marshal(b); err != nil {
			return answer{}, err
		}
		r.mediaType = "application/json"
	}
	// A link that Callout gave leads where it says.
	at := r.path
	if strings.HasPrefix(at, "/") {
		at = c.url + at
	}
	q, err := http.NewRequestWithContext(ctx, r.method, at, bytes.NewReader(content))
	if err != nil {
		return answer{}, err
	}
	q.Header.Set("Accept-Language", string(c.language))
	if r.mediaType != "" {
		q.Header.Set("Content-Type", r.mediaType)
	}
	if c.token != "" {
		q.Header.Set("Authorization", "Bearer "+c.token)
	}
	if r.method == http.MethodPost {
		if r.key == "" {
			r.key = uuid.NewString()
		}
		q.Header.Set("Idempotency-Key", r.key)
	}
	if r.version != 0 {
		q.Header.Set("If-Match", strconv.Quote(strconv.Itoa(r.version)))
	}
	told, err := http.DefaultClient.Do(q)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = told.Body.Close() }()
	a := answer{status: told.StatusCode, header: told.Header}
	if a.body, err = io.ReadAll(told.Body); err != nil {
		return a, err
	}
	if a.status != want {
		return a, fmt.Errorf("%s %s by the %s: %d, not %d as told: %s", r.method, r.path, c.role, a.status, want, a.body)
	}
	return a, nil
}

// read decodes an answer.
func (a answer) read(into any) error {
	if err := json.Unmarshal(a.body, into); err != nil {
		return fmt.Errorf("%w: %s", err, a.body)
	}
	return nil
}

// get reads what stands at a path.
func (c *caller) get(ctx context.Context, path string, into any) error {
	a, err := c.ask(ctx, request{method: http.MethodGet, path: path}, http.StatusOK)
	if err != nil {
		return err
	}
	return a.read(into)
}

// open makes something new of a body.
func (c *caller) open(ctx context.Context, path string, body, into any) error {
	a, err := c.ask(ctx, request{method: http.MethodPost, path: path, body: body}, http.StatusCreated)
	if err != nil {
		return err
	}
	return a.read(into)
}

// change does something with what is at a version; body may be nil.
func (c *caller) change(ctx context.Context, path string, version int, body, into any) error {
	a, err := c.ask(ctx, request{method: http.MethodPost, path: path, version: version, body: body}, http.StatusOK)
	if err != nil {
		return err
	}
	return a.read(into)
}

// refusal is how Callout says no: the whole, and each thing that is wrong.
type refusal struct {
	Detail string
	Errors []struct{ Pointer, Detail string }
}

func (r refusal) String() string {
	text := r.Detail
	for _, e := range r.Errors {
		text += "\n" + e.Detail
	}
	return text
}

// refused tries what must be refused with a status and returns what Callout says to it.
func (c *caller) refused(ctx context.Context, r request, want int) (refusal, error) {
	r.method = http.MethodPost
	a, err := c.ask(ctx, r, want)
	if err != nil {
		return refusal{}, err
	}
	var no refusal
	return no, a.read(&no)
}

// signIn returns the caller who has an account.
func signIn(ctx context.Context, url string, a Account, l words.Language) (*caller, error) {
	c := &caller{url: strings.TrimSuffix(url, "/"), role: a.Role, language: l}
	var tokens struct {
		Token string `json:"access_token"`
	}
	err := c.open(ctx, "/v1/sessions", map[string]string{"login": a.Login, "password": a.Password, "device": "demo"}, &tokens)
	c.token = tokens.Token
	return c, err
}
