package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
)

func TestWhoLeavesIsNoErrorOfOurs(t *testing.T) {
	t.Parallel()
	left, leave := context.WithCancel(t.Context())
	leave()
	for _, tt := range []struct {
		ctx    context.Context
		err    error
		status int
	}{
		{left, fmt.Errorf("read job: %w", context.Canceled), statusGone},
		{left, errors.New("disk full"), http.StatusInternalServerError},
		{t.Context(), context.Canceled, http.StatusInternalServerError},
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequestWithContext(tt.ctx, http.MethodPost, "/v1/solve", http.NoBody)
		(&Server{}).refuse(c, tt.err)
		_, logged := c.Get(errorKey)
		if got := c.Writer.Status(); got != tt.status || logged != (tt.status == http.StatusInternalServerError) {
			t.Errorf("%v: status %d, an error: %v", tt.err, got, logged)
		}
	}
}
