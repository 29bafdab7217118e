package api

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// answer is what an operation says when it went well.
type answer struct {
	status  int
	headers map[string]string
	body    any           // written as JSON
	bytes   io.ReadCloser // or bytes as they are, of size and the Content-Type header
	size    int64
	stream  func(*stream) error // or events as they happen
}

func (a answer) with(name, value string) answer {
	h := maps.Clone(a.headers)
	if h == nil {
		h = map[string]string{}
	}
	h[name] = value
	a.headers = h
	return a
}

// shown answers 200 with something that has no version of its own.
func shown(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }

// versioned answers 200 with a row and its ETag.
func versioned(version int, body any) (answer, error) {
	return answer{status: http.StatusOK, body: body}.with("ETag", etag(version)), nil
}

// created answers 201 with a new row, its ETag and where it is.
func created(location string, version int, body any) (answer, error) {
	return answer{status: http.StatusCreated, body: body}.with("ETag", etag(version)).with("Location", location), nil
}

// accepted answers 202: the work goes on, look at location.
func accepted(location string, body any) (answer, error) {
	return answer{status: http.StatusAccepted, body: body}.with("Location", location), nil
}

// done answers 204.
func done() (answer, error) { return answer{status: http.StatusNoContent}, nil }

// download answers 200 with bytes as they are.
func download(mediaType string, size int64, content io.ReadCloser) answer {
	return answer{status: http.StatusOK, bytes: content, size: size}.with("Content-Type", mediaType)
}

type page[W any] struct {
	Items []W     `json:"items"`
	Next  *string `json:"next_cursor"`

	Withheld *string `json:"withheld,omitempty"` // of lists that leave something out
}

// listed answers one page. next is the place after the last item, or nil on the last page.
func listed[D, W any](k *call, items []D, next any, wire func(D) W) (answer, error) {
	p := page[W]{Items: make([]W, len(items))}
	for i, it := range items {
		p.Items[i] = wire(it)
	}
	a := answer{status: http.StatusOK}
	if next != nil {
		b, err := json.Marshal(next)
		if err != nil {
			return answer{}, err
		}
		cursor := base64.RawURLEncoding.EncodeToString(b)
		p.Next = &cursor
		u := *k.gin.Request.URL
		q := u.Query()
		q.Set("cursor", cursor)
		u.RawQuery = q.Encode()
		a = a.with("Link", "<"+u.RequestURI()+`>; rel="next"`)
	}
	a.body = p
	return a, nil
}

// further is the next of a list in the order of its ids: nil where there is no last one.
func further(last uuid.UUID) any {
	if last == uuid.Nil {
		return nil
	}
	return last
}

func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }

func (a answer) write(c *gin.Context) {
	for name, value := range a.headers {
		c.Header(name, value)
	}
	if a.stream != nil {
		a.follow(c)
		return
	}
	c.Header("Cache-Control", "private, no-cache")
	if a.bytes != nil {
		defer func() { _ = a.bytes.Close() }()
	}
	tag := a.headers["ETag"]
	switch {
	case tag != "" && c.Request.Method == http.MethodGet && c.GetHeader("If-None-Match") == tag:
		c.Status(http.StatusNotModified)
	case a.bytes != nil:
		c.DataFromReader(a.status, a.size, a.headers["Content-Type"], a.bytes, nil)
	case a.body != nil:
		c.JSON(a.status, a.body)
	default:
		c.Status(a.status)
	}
}
