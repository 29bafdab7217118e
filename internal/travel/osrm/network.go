package osrm

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"callout/internal/fault"
	"callout/internal/travel"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"
)

// Options say which server to ask, and how. All but URL have defaults.
type Options struct {
	URL      string        // http://host:5000, with the path before /table where there is one
	Profile  string        // driving
	Block    int           // sources and destinations of one request at most: 100, as osrm-routed allows by itself
	Parallel int           // requests at once: 4
	Timeout  time.Duration // of one request: 5 s
	Retries  int           // after a failure that may pass: 2; below 0 none
	Backoff  time.Duration // before the first retry, doubled before each other: 200 ms
	MaxSnap  float64       // metres from a point to the road that it is taken for: 1000
	Patience int           // failures in a row after which the server is left alone: 5
	Rest     time.Duration // for how long: 30 s
	Now      func() time.Time
	Client   *http.Client
}

// Network is the roads of an OSRM server.
type Network struct {
	o       Options
	name    string
	base    string // up to the coordinates
	breaker breaker

	mu    sync.Mutex
	block int // smaller once the server found a request too big
}

// New returns the network of a server, without asking it anything.
func New(o Options) (*Network, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fault.New(fault.Invalid, "%q is not the address of an OSRM server: write it as http://HOST:5000", o.URL)
	}
	given(&o.Profile, "driving")
	given(&o.Block, 100)
	given(&o.Parallel, 4)
	given(&o.Timeout, 5*time.Second)
	given(&o.Retries, 2)
	given(&o.Backoff, 200*time.Millisecond)
	given(&o.MaxSnap, 1000)
	given(&o.Patience, 5)
	given(&o.Rest, 30*time.Second)
	given(&o.Client, http.DefaultClient)
	if o.Now == nil {
		o.Now = time.Now
	}
	base := strings.TrimSuffix(u.String(), "/") + "/table/v1/" + url.PathEscape(o.Profile) + "/"
	// Without user and password: people read it.
	name := "osrm " + o.Profile + " " + u.Host + strings.TrimSuffix(u.Path, "/")
	return &Network{o: o, name: name, base: base, block: o.Block, breaker: breaker{patience: o.Patience, rest: o.Rest, now: o.Now}}, nil
}

func given[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// Name is the server and its profile: what another server said may be of other roads.
func (n *Network) Name() string { return n.name }

// Fill asks for the unknown drives, in blocks. It goes on where one block fails, and returns the
// first failure.
func (n *Network) Fill(ctx context.Context, points []orb.Point, t *travel.Table) error {
	var group errgroup.Group
	group.SetLimit(n.o.Parallel)
	var told sync.Mutex
	for _, gap := range t.Gaps() {
		for from := range slices.Chunk(gap.From, n.size()) {
			for to := range slices.Chunk(gap.To, n.size()) {
				group.Go(func() error { return n.ask(ctx, points, block{from, to}, t, &told) })
			}
		}
	}
	return group.Wait()
}

func (n *Network) size() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.block
}

// ask asks for one block and tells t, in parts where the server finds it too big.
func (n *Network) ask(ctx context.Context, points []orb.Point, b block, t *travel.Table, told *sync.Mutex) error {
	a, err := n.persist(ctx, points, b)
	if parts := b.halves(); refused(err) == "TooBig" && parts != nil {
		n.mu.Lock()
		n.block = min(n.block, max(1, max(len(b.from), len(b.to))/2))
		n.mu.Unlock()
		var failed error
		for _, part := range parts {
			if err := n.ask(ctx, points, part, t, told); err != nil {
				failed = err
			}
		}
		return failed
	}
	if err != nil {
		return err
	}
	told.Lock()
	defer told.Unlock()
	a.tell(b, t, n.o.MaxSnap)
	return nil
}

// persist asks until there is an answer, a refusal, or no hope.
func (n *Network) persist(ctx context.Context, points []orb.Point, b block) (*answer, error) {
	wait := n.o.Backoff
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !n.breaker.may() {
			return nil, errResting
		}
		a, err := n.request(ctx, points, b)
		if err == nil || refused(err) != "" {
			n.breaker.heard()
			return a, err
		}
		if ctx.Err() != nil { // it was we who hung up
			n.breaker.unheard()
			return nil, ctx.Err()
		}
		n.breaker.failed()
		if try >= n.o.Retries {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
		wait *= 2
	}
}
