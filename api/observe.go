package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// What a request carries along for the log.
const (
	requestKey   = "request_id"
	operationKey = "operation"
	userKey      = "user_id"
	errorKey     = "error"
)

type metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	flight   prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callout_request_seconds", Help: "Time from request to answer, by operation and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"operation", "status"}),
		flight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "callout_requests_in_flight", Help: "Requests being answered."}),
	}
	m.registry.MustRegister(m.seconds, m.flight, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe gives a request its id, turns a panic into a 500, and writes the one line of log that it leaves.
func (s *Server) observe(c *gin.Context) {
	began := time.Now()
	id := c.GetHeader("X-Request-Id")
	if !soundID(id) {
		id = uuid.NewString()
	}
	c.Set(requestKey, id)
	c.Header("X-Request-Id", id)
	c.Header("X-Content-Type-Options", "nosniff")
	s.metrics.flight.Inc()
	defer s.metrics.flight.Dec()
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // the one value that net/http compares too
				panic(p)
			}
			err := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			if !c.Writer.Written() {
				s.refuse(c, err)
			}
			c.Set(errorKey, err)
		}
		s.note(c, id, time.Since(began))
	}()
	c.Next()
}

func (s *Server) note(c *gin.Context, id string, took time.Duration) {
	op := c.GetString(operationKey)
	status := c.Writer.Status()
	if op == "" {
		op = "none"
	}
	s.metrics.seconds.WithLabelValues(op, strconv.Itoa(status)).Observe(took.Seconds())
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", id), slog.String("operation", op), slog.String("method", c.Request.Method),
		slog.String("path", c.Request.URL.Path), slog.Int("status", status), slog.Int("bytes", c.Writer.Size()),
		slog.Float64("took_ms", float64(took.Microseconds())/1000), slog.String("address", c.ClientIP()),
	}
	if user, known := c.Get(userKey); known {
		attrs = append(attrs, slog.Any("user_id", user))
	}
	if err, failed := c.Get(errorKey); failed {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", err.(error).Error()))
	}
	s.Log.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

// soundID says whether an id from outside may stand in our logs.
func soundID(id string) bool {
	if id == "" || len(id) > 100 {
		return false
	}
	for _, r := range id {
		if r <= ' ' || r > '~' || r == '"' {
			return false
		}
	}
	return true
}

// houseRoutes adds what is about the house and not about the trade.
func (s *Server) houseRoutes(r *gin.Engine) {
	r.GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "ok"}) })
	r.GET("/readyz", func(c *gin.Context) {
		if err := s.Ready(c.Request.Context()); err != nil {
			s.refuse(c, refusal(http.StatusServiceUnavailable, "not-ready", "the database does not answer"))
			c.Set(errorKey, errors.Join(errors.New("not ready"), err))
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ready"})
	})
	r.GET("/metrics", gin.WrapH(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})))
	s.docRoutes(r)
}
