package osrm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/travel"
	"callout/internal/travel/osrm"

	"github.com/paulmach/orb"
)

// server is an OSRM server whose drives take as many seconds as a thousand times the longitudes
// are apart, and ten metres a second. ill says what is wrong with it at each request, counted from 1.
type server struct {
	*httptest.Server
	asked  atomic.Int64
	most   int // drives of one request at most
	ill    func(n int, w http.ResponseWriter, r *http.Request) bool
	moved  func(lng float64) float64 // metres from a point to its road
	noRoad func(lng float64) bool

	mu    sync.Mutex
	sizes []int // drives of each request that was answered
}

func serve(t *testing.T, s *server) *server {
	t.Helper()
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := int(s.asked.Add(1))
	if s.ill != nil && s.ill(n, w, r) {
		return
	}
	path, found := strings.CutPrefix(r.URL.Path, "/table/v1/driving/")
	if !found || parameter(r, "annotations") != "duration,distance" {
		http.Error(w, "no such service", http.StatusNotFound)
		return
	}
	var lngs []float64
	for _, c := range strings.Split(path, ";") {
		lng, _, _ := strings.Cut(c, ",")
		v, err := strconv.ParseFloat(lng, 64)
		if err != nil {
			refuse(w, "InvalidUrl")
			return
		}
		lngs = append(lngs, v)
	}
	sources, destinations := indices(r, "sources"), indices(r, "destinations")
	if s.most > 0 && len(sources)*len(destinations) > s.most {
		refuse(w, "TooBig")
		return
	}
	s.mu.Lock()
	s.sizes = append(s.sizes, len(sources)*len(destinations))
	s.mu.Unlock()
	var answer struct {
		Code         string           `json:"code"`
		Durations    [][]*float64     `json:"durations"`
		Distances    [][]*float64     `json:"distances"`
		Sources      []map[string]any `json:"sources"`
		Destinations []map[string]any `json:"destinations"`
	}
	answer.Code = "Ok"
	for _, i := range sources {
		durations, distances := make([]*float64, len(destinations)), make([]*float64, len(destinations))
		for at, j := range destinations {
			if s.noRoad == nil || !s.noRoad(lngs[i]) && !s.noRoad(lngs[j]) {
				v := max(lngs[i]-lngs[j], lngs[j]-lngs[i]) * 1000
				durations[at], distances[at] = &v, new(10*v)
			}
		}
		answer.Durations, answer.Distances = append(answer.Durations, durations), append(answer.Distances, distances)
		answer.Sources = append(answer.Sources, s.waypoint(lngs[i]))
	}
	for _, j := range destinations {
		answer.Destinations = append(answer.Destinations, s.waypoint(lngs[j]))
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// answered are the drives of each request that was answered, the fewest first.
func (s *server) answered() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.sizes))
}

func (s *server) waypoint(lng float64) map[string]any {
	moved := 0.0
	if s.moved != nil {
		moved = s.moved(lng)
	}
	return map[string]any{"distance": moved, "location": []float64{lng, 0}, "name": "", "hint": "x"}
}

func refuse(w http.ResponseWriter, code string) {
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"code":%q,"message":"no"}`, code)
}

// parameter is one of the query, in which OSRM lists by semicolons.
func parameter(r *http.Request, name string) string {
	for _, p := range strings.Split(r.URL.RawQuery, "&") {
		if v, found := strings.CutPrefix(p, name+"="); found {
			return v
		}
	}
	return ""
}

func indices(r *http.Request, name string) (all []int) {
	for _, v := range strings.Split(parameter(r, name), ";") {
		n, err := strconv.Atoi(v)
		if err != nil {
			return nil
		}
		all = append(all, n)
	}
	return all
}

// line is points a thousandth of a degree apart: a second's drive.
func line(n int) []orb.Point {
	points := make([]orb.Point, n)
	for i := range points {
		points[i] = orb.Point{13 + float64(i)/1000, 52}
	}
	return points
}

func network(t *testing.T, s *server, o osrm.Options) *osrm.Network {
	t.Helper()
	o.URL = s.URL
	if o.Backoff == 0 {
		o.Backoff = time.Millisecond
	}
	n, err := osrm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ask fills a table of n points on the line, and says how many of its drives are unknown. What is
// told must be right.
func ask(t *testing.T, network *osrm.Network, n int) (table *travel.Table, unknown int, err error) {
	t.Helper()
	table = travel.NewTable(n)
	err = network.Fill(t.Context(), line(n), table)
	for i := range n {
		for j := range n {
			switch got, metres := table.Seconds[i*n+j], table.Metres[i*n+j]; {
			case got == travel.Unknown:
				unknown++
			case got != travel.NoRoad && (got != int32(max(i-j, j-i)) || metres != 10*got):
				t.Errorf("%d to %d: %d s, %d m", i, j, got, metres)
			}
		}
	}
	return table, unknown, err
}

func TestTablesAreAskedForInBlocks(t *testing.T) {
	t.Parallel()
	for points, want := range map[int][]int{0: nil, 1: nil, 2: {4}, 10: {100}, 25: {25, 50, 50, 50, 50, 100, 100, 100, 100}} {
		s := serve(t, &server{most: 100})
		_, unknown, err := ask(t, network(t, s, osrm.Options{Block: 10}), points)
		if err != nil || unknown > 0 {
			t.Errorf("%d points: %d drives are unknown, %v", points, unknown, err)
		}
		if sizes := s.answered(); !slices.Equal(sizes, want) {
			t.Errorf("%d points: asked for %v drives, want %v", points, sizes, want)
		}
	}
}

// Whoever allows less than we thought is asked for less from then on.
func TestBlocksShrinkToWhatTheServerAllows(t *testing.T) {
	t.Parallel()
	s := serve(t, &server{most: 30})
	n := network(t, s, osrm.Options{})
	for range 2 {
		if _, unknown, err := ask(t, n, 23); err != nil || unknown > 0 {
			t.Fatalf("%d drives are unknown, %v", unknown, err)
		}
	}
	refused := int(s.asked.Load()) - len(s.answered())
	if refused > 40 {
		t.Errorf("%d requests were too big", refused)
	}
}

func TestFailuresThatPass(t *testing.T) {
	t.Parallel()
	for name, ill := range map[string]func(int, http.ResponseWriter, *http.Request) bool{
		"500": func(n int, w http.ResponseWriter, _ *http.Request) bool {
			if n <= 2 {
				w.WriteHeader(http.StatusInternalServerError)
			}
			return n <= 2
		},
		"no answer": func(n int, _ http.ResponseWriter, _ *http.Request) bool {
			if n <= 2 {
				panic(http.ErrAbortHandler)
			}
			return false
		},
		"slow": func(n int, _ http.ResponseWriter, r *http.Request) bool {
			if n <= 2 {
				<-r.Context().Done()
			}
			return n <= 2
		},
		"cut off": func(n int, w http.ResponseWriter, _ *http.Request) bool {
			if n <= 2 {
				_, _ = w.Write([]byte(`{"code":"Ok","durations":[[0,1`))
			}
			return n <= 2
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, &server{ill: ill})
			if _, unknown, err := ask(t, network(t, s, osrm.Options{Timeout: 300 * time.Millisecond}), 5); err != nil || unknown > 0 || s.asked.Load() != 3 {
				t.Errorf("%d drives are unknown after %d requests, %v", unknown, s.asked.Load(), err)
			}
		})
	}
}

func TestFailuresThatStay(t *testing.T) {
	t.Parallel()
	says := func(status int, body string) func(int, http.ResponseWriter, *http.Request) bool {
		return func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	for name, tt := range map[string]struct {
		ill      func(int, http.ResponseWriter, *http.Request) bool
		requests int64
	}{
		"a page of a proxy":        {says(200, "<html>"), 3},
		"503":                      {says(503, ""), 3},
		"a profile that is not":    {says(404, `{"message":"not found"}`), 3},
		"a refusal":                {says(400, `{"code":"InvalidValue","message":"no"}`), 1},
		"a refusal with 200":       {says(200, `{"code":"NoTable"}`), 1},
		"too few rows":             {says(200, `{"code":"Ok","durations":[[0,1,2]],"distances":[[0,1,2]]}`), 3},
		"too few columns":          {says(200, `{"code":"Ok","durations":[[0],[0],[0]],"distances":[[0],[0],[0]]}`), 3},
		"no distances":             {says(200, `{"code":"Ok","durations":[[0,1,2],[0,1,2],[0,1,2]]}`), 3},
		"a drive into the past":    {says(200, `{"code":"Ok","durations":[[0,-1,2],[0,1,2],[0,1,2]],"distances":[[0,1,2],[0,1,2],[0,1,2]]}`), 3},
		"a drive beyond all times": {says(200, `{"code":"Ok","durations":[[0,1e99,2],[0,1,2],[0,1,2]],"distances":[[0,1,2],[0,1,2],[0,1,2]]}`), 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, &server{ill: tt.ill})
			if _, unknown, err := ask(t, network(t, s, osrm.Options{}), 3); err == nil || unknown != 6 || s.asked.Load() != tt.requests {
				t.Errorf("%d drives are unknown after %d requests, %v", unknown, s.asked.Load(), err)
			}
		})
	}
}

// One block fails: the others are told all the same.
func TestPartsOfATable(t *testing.T) {
	t.Parallel()
	s := serve(t, &server{ill: func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/13,52;") && len(indices(r, "destinations")) == 5 {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}})
	if _, unknown, err := ask(t, network(t, s, osrm.Options{Block: 10, Retries: -1, Patience: 100}), 15); err == nil || unknown != 50 {
		t.Errorf("%d drives are unknown, %v", unknown, err)
	}
}

func TestPointsWithoutRoads(t *testing.T) {
	t.Parallel()
	is := func(n int) func(float64) bool {
		return func(lng float64) bool { return int(lng*1000+.5) == 13000+n }
	}
	s := serve(t, &server{noRoad: is(1), moved: func(lng float64) float64 {
		if is(3)(lng) {
			return 1001
		}
		return 999
	}})
	table, unknown, err := ask(t, network(t, s, osrm.Options{}), 5)
	if err != nil || unknown > 0 {
		t.Fatal(unknown, err)
	}
	for i := range 5 {
		for j := range 5 {
			want := i != j && (i == 1 || j == 1 || i == 3 || j == 3)
			if got := table.Seconds[i*5+j] == travel.NoRoad; got != want {
				t.Errorf("%d to %d has no road: %v, want %v", i, j, got, want)
			}
		}
	}
}

// After five failures in a row nobody asks for half a minute; then one request goes ahead.
func TestServerThatIsDownIsLeftAlone(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now, down := time.Unix(0, 0), true
	s := serve(t, &server{ill: func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if down {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return down
	}})
	n := network(t, s, osrm.Options{Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }, Block: 2})
	set := func(d time.Duration, isDown bool) {
		mu.Lock()
		defer mu.Unlock()
		now, down = now.Add(d), isDown
	}
	if _, unknown, err := ask(t, n, 20); err == nil || unknown != 380 || s.asked.Load() > 5+3 { // those under way
		t.Fatalf("%d requests to a server that is down, %v", s.asked.Load(), err)
	}
	asked := s.asked.Load()
	set(29*time.Second, false)
	if _, unknown, err := ask(t, n, 3); err == nil || unknown != 6 || s.asked.Load() != asked {
		t.Errorf("it is asked within its rest: %v", err)
	}
	set(2*time.Second, true)
	if _, _, err := ask(t, n, 3); err == nil || s.asked.Load() != asked+1 {
		t.Errorf("%d requests to see whether it is up", s.asked.Load()-asked)
	}
	set(31*time.Second, false)
	if _, unknown, err := ask(t, n, 2); err != nil || unknown > 0 {
		t.Errorf("it is up again: %d drives are unknown, %v", unknown, err)
	}
	if _, unknown, err := ask(t, n, 20); err != nil || unknown > 0 {
		t.Errorf("it is up again: %d drives are unknown, %v", unknown, err)
	}
}

func TestQuestionsEnd(t *testing.T) {
	t.Parallel()
	var well atomic.Bool
	s := serve(t, &server{ill: func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		if !well.Load() {
			<-r.Context().Done()
		}
		return !well.Load()
	}})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	n := network(t, s, osrm.Options{Timeout: time.Minute, Block: 2})
	if err := n.Fill(ctx, line(20), travel.NewTable(20)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	// It was we who hung up: the server is not blamed.
	well.Store(true)
	if _, unknown, err := ask(t, n, 20); err != nil || unknown > 0 {
		t.Errorf("%d drives are unknown, %v", unknown, err)
	}
}

func TestAddressesOfServers(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "localhost:5000", "ftp://x", "http://", "http://x?y=z", "http://x#y", "http://a b"} {
		if _, err := osrm.New(osrm.Options{URL: bad}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	n, err := osrm.New(osrm.Options{URL: "https://ada:secret@roads.example/eu/", Profile: "van"})
	if err != nil || n.Name() != "osrm van roads.example/eu" {
		t.Errorf("%s, %v", n.Name(), err)
	}
}
