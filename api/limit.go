package api

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"callout/internal/fault"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// Limits says how often one may ask: per signed-in user, and per network address and login where
// nobody is signed in yet.
type Limits struct {
	UserPerSecond, AddressPerSecond float64
	UserBurst, AddressBurst         int
}

// DefaultLimits lets a person and his devices work at any human speed.
var DefaultLimits = Limits{UserPerSecond: 50, UserBurst: 200, AddressPerSecond: 1, AddressBurst: 20}

// most is how many callers are remembered; with more, the ones who have been quiet are forgotten.
const most = 50_000

type limiter struct {
	limits Limits
	mu     sync.Mutex
	seen   map[string]*bucket
}

type bucket struct {
	*rate.Limiter
	last time.Time
}

func newLimiter(l Limits) *limiter { return &limiter{limits: l, seen: map[string]*bucket{}} }

// allow takes one request from the caller's allowance, and tells him in the headers what is left of it.
func (l *limiter) allow(c *gin.Context, kind, name string) error {
	per, burst := l.limits.UserPerSecond, l.limits.UserBurst
	if kind != "user" {
		per, burst = l.limits.AddressPerSecond, l.limits.AddressBurst
	}
	b := l.bucket(kind+name, per, burst)
	ok := b.Allow()
	left := math.Max(0, math.Floor(b.Tokens()))
	window := int(math.Ceil(float64(burst) / per))
	c.Header("RateLimit-Policy", fmt.Sprintf(`"%s";q=%d;w=%d`, kind, burst, window))
	c.Header("RateLimit", fmt.Sprintf(`"%s";r=%d;t=%d`, kind, int(left), int(math.Ceil((float64(burst)-left)/per))))
	if ok {
		return nil
	}
	c.Header("Retry-After", strconv.Itoa(int(math.Ceil(1/per))))
	return fault.New(fault.Busy, "too many requests: wait a moment")
}

func (l *limiter) bucket(name string, per float64, burst int) *bucket {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if len(l.seen) >= most {
		for n, b := range l.seen {
			if now.Sub(b.last) > time.Minute {
				delete(l.seen, n)
			}
		}
	}
	b, there := l.seen[name]
	if !there {
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(per), burst)}
		l.seen[name] = b
	}
	b.last = now
	return b
}
