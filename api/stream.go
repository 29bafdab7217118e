package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"callout/internal/fault"

	"github.com/gin-gonic/gin"
)

// stream tells a client of things as they happen: Server-Sent Events (WHATWG HTML, 9.2).
type stream struct {
	c    *gin.Context
	out  *http.ResponseController
	last time.Time
}

const (
	// heartbeat is after how much silence a stream says that it lives, and looks whether its reader still may read.
	heartbeat = 10 * time.Second

	// unread is how long a client may take to read what it is sent.
	unread = 30 * time.Second
)

// streamed answers 200 with events for as long as tell goes on.
func streamed(tell func(*stream) error) answer {
	return answer{status: http.StatusOK, stream: tell}.with("Content-Type", "text/event-stream").with("X-Accel-Buffering", "no")
}

// stream writes the events of an answer. What goes wrong by then can only end it: the client asks again.
func (a answer) follow(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	c.Status(a.status)
	c.Writer.WriteHeaderNow()
	if c.Request.Method == http.MethodHead {
		return
	}
	s := &stream{c: c, out: http.NewResponseController(c.Writer), last: time.Now()}
	if err := s.say(": hello\n\n"); err != nil {
		return
	}
	if err := a.stream(s); err != nil && c.Request.Context().Err() == nil && fault.From(err).Code == fault.Internal {
		c.Set(errorKey, err)
	}
}

// send tells of one event. A client that asks again names the id of the last one that it has read.
func (s *stream) send(id int, event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return s.say(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", id, event, b))
}

func (s *stream) say(text string) error {
	s.last = time.Now()
	// A server that sets no deadlines for answers may not know how.
	_ = s.out.SetWriteDeadline(s.last.Add(unread))
	if _, err := s.c.Writer.WriteString(text); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	s.c.Writer.Flush()
	return nil
}

// alive goes on with a stream where nothing happens: it ends it where the server leaves or the reader may not read any
// more, and says now and then that it lives.
func (s *Server) alive(k *call, out *stream) error {
	select {
	case <-s.Leaving:
		return fault.New(fault.Busy, "the server is leaving: ask again")
	default:
	}
	if time.Since(out.last) < heartbeat {
		return nil
	}
	now, err := s.Passes.Pass(k.ctx, k.by.Session, k.by.UserID)
	if err != nil {
		return err
	}
	if !slices.Equal(now.Roles, k.by.Roles) || !now.Sees(k.by.OutletID) {
		return fault.New(fault.Forbidden, "your roles do not allow this")
	}
	return out.say(": beat\n\n")
}
