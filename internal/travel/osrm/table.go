package osrm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"callout/internal/travel"

	"github.com/paulmach/orb"
)

// block is one request: points by their numbers.
type block struct{ from, to []int }

// halves are parts of b, cut across its longer side; nil where there is nothing to cut.
func (b block) halves() []block {
	f, t := len(b.from)/2, len(b.to)/2
	switch {
	case f == 0 && t == 0:
		return nil
	case f >= t:
		return []block{{b.from[:f], b.to}, {b.from[f:], b.to}}
	}
	return []block{{b.from, b.to[:t]}, {b.from, b.to[t:]}}
}

// answer is what the table service says.
type answer struct {
	Code         string       `json:"code"`
	Message      string       `json:"message"`
	Durations    [][]*float64 `json:"durations"`
	Distances    [][]*float64 `json:"distances"`
	Sources      []waypoint   `json:"sources"`
	Destinations []waypoint   `json:"destinations"`
}

// waypoint is a point moved onto a road.
type waypoint struct {
	Distance float64 `json:"distance"` // metres that it was moved
}

// refusal is a code by which the server says that it understood and will not.
type refusal struct{ code, message string }

func (r refusal) Error() string { return fmt.Sprintf("osrm refuses: %s: %s", r.code, r.message) }

// refused is the code of a refusal, "" of anything else.
func refused(err error) string {
	r, _ := errors.AsType[refusal](err)
	return r.code
}

// answerBytes is more than a block of 300 × 300 needs.
const answerBytes = 32 << 20

// request asks once.
func (n *Network) request(ctx context.Context, points []orb.Point, b block) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, n.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.base+query(points, b), nil)
	if err != nil {
		return nil, fmt.Errorf("ask osrm: %w", err)
	}
	res, err := n.o.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask osrm: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerBytes))
	if err != nil {
		return nil, fmt.Errorf("ask osrm: %w", err)
	}
	var a answer
	malformed := json.Unmarshal(body, &a)
	switch {
	case res.StatusCode == http.StatusBadRequest && malformed == nil && a.Code != "":
		return nil, refusal{a.Code, a.Message}
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask osrm: it answers %s", res.Status)
	case malformed != nil:
		return nil, fmt.Errorf("ask osrm: read its answer: %w", malformed)
	case a.Code != "Ok":
		return nil, refusal{a.Code, a.Message}
	}
	return &a, a.check(b)
}

// query is the coordinates of a block, and which of them are sources and destinations.
func query(points []orb.Point, b block) string {
	var coordinates, sources, destinations []string
	at := map[int]string{}
	list := func(which []int, into *[]string) {
		for _, p := range which {
			if _, known := at[p]; !known {
				at[p] = strconv.Itoa(len(coordinates))
				coordinates = append(coordinates, degrees(points[p][0])+","+degrees(points[p][1]))
			}
			*into = append(*into, at[p])
		}
	}
	list(b.from, &sources)
	list(b.to, &destinations)
	return strings.Join(coordinates, ";") + "?annotations=duration,distance&sources=" + strings.Join(sources, ";") +
		"&destinations=" + strings.Join(destinations, ";")
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// check refuses an answer that is not of the block's shape.
func (a *answer) check(b block) error {
	for what, rows := range map[string][][]*float64{"durations": a.Durations, "distances": a.Distances} {
		if len(rows) != len(b.from) {
			return fmt.Errorf("ask osrm: %d rows of %s for %d sources", len(rows), what, len(b.from))
		}
		for _, row := range rows {
			if len(row) != len(b.to) {
				return fmt.Errorf("ask osrm: %d %s for %d destinations", len(row), what, len(b.to))
			}
			for _, v := range row {
				if v != nil && !(*v >= 0 && *v < math.MaxInt32) {
					return fmt.Errorf("ask osrm: %v among the %s", *v, what)
				}
			}
		}
	}
	return nil
}

// tell sets the drives of the block in t. Points that lie further from a road than maxSnap have
// none.
func (a *answer) tell(b block, t *travel.Table, maxSnap float64) {
	for i, from := range b.from {
		for j, to := range b.to {
			seconds, metres := a.Durations[i][j], a.Distances[i][j]
			if seconds == nil || metres == nil || far(a.Sources, i, maxSnap) || far(a.Destinations, j, maxSnap) {
				t.Tell(from, to, travel.NoRoad, 0)
				continue
			}
			t.Tell(from, to, int32(math.Round(*seconds)), int32(math.Round(*metres)))
		}
	}
}

// far says whether the server moved a point too far. A server that is told to leave waypoints out
// says nothing of it.
func far(points []waypoint, n int, maxSnap float64) bool {
	return n < len(points) && points[n].Distance > maxSnap
}
