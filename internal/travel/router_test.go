package travel_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/geo"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/travel"
	"callout/internal/words"

	"github.com/paulmach/orb"
)

var (
	noon    = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) // a Tuesday
	figures = travel.Figures{Travel: geo.DefaultTravel}
	berlin  = []orb.Point{{13.4132, 52.5219}, {13.3327, 52.5072}, {13.3777, 52.5163}, {13.4540, 52.5155}}
)

// grid is a network that drives from cell to cell at a second per ten-thousandth of a degree
// of longitude, and counts what it is asked.
type grid struct {
	mu     sync.Mutex
	asked  int
	name   string
	noRoad func(p orb.Point) bool
	fails  error
	first  int // tells so many drives before it fails
}

func (g *grid) Name() string { return "grid " + g.name }

func (g *grid) Fill(ctx context.Context, points []orb.Point, t *travel.Table) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	told := 0
	for _, gap := range t.Gaps() {
		for _, from := range gap.From {
			for _, to := range gap.To {
				if from == to {
					continue
				}
				if g.fails != nil && told >= g.first {
					return g.fails
				}
				g.asked, told = g.asked+1, told+1
				if g.noRoad != nil && (g.noRoad(points[from]) || g.noRoad(points[to])) {
					t.Tell(from, to, travel.NoRoad, 0)
					continue
				}
				s := int32(math.Round(math.Abs(points[from][0]-points[to][0]) * 10_000))
				t.Tell(from, to, s, 10*s)
			}
		}
	}
	return ctx.Err()
}

func matrix(t *testing.T, p travel.Provider, points ...orb.Point) *travel.Matrix {
	t.Helper()
	m, err := p.Matrix(t.Context(), travel.Question{Points: points, Figures: figures})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func clock() time.Time { return noon }

func TestEstimateIsThatOfTheFigures(t *testing.T) {
	t.Parallel()
	m := matrix(t, travel.Estimate{}, berlin...)
	seconds, metres := m.Table()
	for i, a := range berlin {
		for j, b := range berlin {
			want := geo.DefaultTravel.Between(geo.At(a), geo.At(b))
			if got := m.Between(i, j); got != want || !m.Estimated(i, j) {
				t.Errorf("%d to %d: %v, want %v", i, j, got, want)
			}
			if at := i*m.N + j; int64(seconds[at]) != want.Seconds || int64(metres[at]) != want.Metres {
				t.Errorf("%d to %d: the table says %d s, %d m, want %v", i, j, seconds[at], metres[at], want)
			}
		}
	}
	if m.Notes != nil || m.Source.In(words.Chinese) != "行程按距离估算" {
		t.Errorf("%v, %v", m.Source, m.Notes)
	}
	fixed := travel.Fixed(m.N, seconds, metres, m.Source)
	if fixed.Between(0, 1) != m.Between(0, 1) || fixed.Estimated(0, 1) {
		t.Error("a fixed matrix is not what it was made of")
	}
	for _, bad := range []travel.Figures{{}, {Travel: geo.DefaultTravel, Pace: geo.Pace{Weekday: [24]int{5}}}} {
		for _, p := range []travel.Provider{travel.Estimate{}, travel.NewRouter(&grid{}, nil, clock)} {
			if _, err := p.Matrix(t.Context(), travel.Question{Points: berlin, Figures: bad}); !fault.Is(err, fault.Invalid) {
				t.Errorf("figures %+v are taken", bad)
			}
		}
	}
}

// From 7 to 9 on weekdays traffic runs at half its speed. A day from 7 to 15 in Shanghai has two
// such hours of eight, so its drives take 1.25 of their base time; the night of Shanghai none.
func TestPaceIsAveragedOverTheSpans(t *testing.T) {
	t.Parallel()
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	f := travel.Figures{Travel: geo.DefaultTravel, Zone: shanghai}
	f.Pace.Weekday[7], f.Pace.Weekday[8] = 500, 500
	day := func(from, to int) travel.Span {
		return travel.Span{From: time.Date(2026, 11, 24, from, 0, 0, 0, shanghai).UTC(), To: time.Date(2026, 11, 24, to, 0, 0, 0, shanghai).UTC()}
	}
	for _, tt := range []struct {
		name     string
		spans    []travel.Span
		slowness int64
	}{
		{"no span", nil, geo.One},
		{"a day", []travel.Span{day(7, 15)}, geo.One * 5 / 4},
		{"the night", []travel.Span{day(0, 7)}, geo.One},
		{"two shifts, by their lengths", []travel.Span{day(7, 9), day(9, 15)}, geo.One * 5 / 4},
		{"a moment", []travel.Span{day(8, 8)}, geo.One * 2},
	} {
		for _, p := range []travel.Provider{travel.Estimate{}, travel.NewRouter(&grid{}, nil, clock)} {
			m, err := p.Matrix(t.Context(), travel.Question{Points: berlin, Figures: f, Spans: tt.spans})
			if err != nil {
				t.Fatal(err)
			}
			base := matrix(t, p, berlin...)
			got, want := m.Between(0, 1), base.Between(0, 1)
			if m.Slowness != tt.slowness || got.Seconds != (want.Seconds*tt.slowness+geo.One/2)/geo.One || got.Metres != want.Metres {
				t.Errorf("%s: slowness %d, %v of %v; want %d", tt.name, m.Slowness, got, want, tt.slowness)
			}
		}
	}
	if got := f.Mean(day(7, 15)); got.Detour != 1.3 || math.Abs(got.KmPerHour-24) > 1e-9 {
		t.Errorf("a day's travel is %+v, want 24 km/h", got)
	}
	if got := f.Mean(day(0, 7)); got != f.Travel {
		t.Errorf("the night's travel is %+v", got)
	}
	leave := time.Date(2026, 11, 24, 6, 55, 0, 0, shanghai)
	base := geo.Leg{Seconds: 600}
	if got := f.Arrive(leave, base).Sub(leave); got != 15*time.Minute {
		t.Errorf("ten minutes that begin at 6:55 take %s", got)
	}
	if got := f.Leave(leave.Add(15*time.Minute), base); !got.Equal(leave) {
		t.Errorf("to arrive at 7:10 one leaves at %s", got)
	}
}

func TestRouterTellsWhatTheNetworkSays(t *testing.T) {
	t.Parallel()
	g := &grid{}
	r := travel.NewRouter(g, nil, clock)
	m := matrix(t, r, berlin...)
	if got := m.Between(0, 1); got != (geo.Leg{Seconds: 805, Metres: 8050}) || m.Estimated(0, 1) || m.Notes != nil || m.Between(2, 2) != (geo.Leg{}) {
		t.Errorf("%v, %v", got, m.Notes)
	}
	if m.Source.String() != "drives are those of the road network grid " || g.asked != 12 {
		t.Errorf("%s; asked %d times", m.Source, g.asked)
	}
	// Again, in another order, with the same place twice and one more a few metres off.
	again := []orb.Point{berlin[3], berlin[0], berlin[0], {berlin[1][0] + 1e-6, berlin[1][1]}}
	m = matrix(t, r, again...)
	if m.Between(1, 3).Seconds != 805 || m.Between(1, 2) != (geo.Leg{}) || g.asked != 12 {
		t.Errorf("%v; asked %d times", m.Between(1, 3), g.asked)
	}
	// One new place among known ones: only its own drives are asked for.
	matrix(t, r, append(slices.Clone(berlin), orb.Point{13.5, 52.5})...)
	if g.asked != 12+8 {
		t.Errorf("asked %d times", g.asked)
	}
}

func TestWhatTheNetworkDoesNotSayIsEstimated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		network *grid
		note    string
		chinese string
		guessed int
		source  string
	}{
		{
			"it fails", &grid{fails: errors.New("gone")},
			"the road network could not be asked: 12 of 12 drives are estimates by distance", "无法查询路网：12/12 段行程按距离估算", 12, "drives are estimates by distance",
		},
		{
			"it fails midway", &grid{fails: errors.New("gone"), first: 5},
			"the road network could not be asked: 7 of 12 drives are estimates by distance", "无法查询路网：7/12 段行程按距离估算", 7, "5 of 12 drives are those of the road network grid ",
		},
		{
			"it is slow", &grid{fails: context.DeadlineExceeded, first: 3},
			"the road network did not answer in time: 9 of 12 drives are estimates by distance", "路网未及时应答：9/12 段行程按距离估算", 9, "3 of 12 drives are those of the road network grid ",
		},
		{
			"no road", &grid{noRoad: func(p orb.Point) bool { return p[0] > 13.45 }},
			"the road network has no way: 6 of 12 drives are estimates by distance", "路网中没有通路：6/12 段行程按距离估算", 6, "6 of 12 drives are those of the road network grid ",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := travel.NewRouter(tt.network, nil, clock)
			m := matrix(t, r, berlin...)
			if len(m.Notes) != 1 || m.Notes[0].String() != tt.note || m.Notes[0].In(words.Chinese) != tt.chinese {
				t.Fatalf("notes %v", m.Notes)
			}
			if m.Source.String() != tt.source || m.Source.In(words.Chinese) == tt.source {
				t.Errorf("%s (%s)", m.Source, m.Source.In(words.Chinese))
			}
			guessed := 0
			for i := range berlin {
				for j := range berlin {
					want := geo.Leg{}
					switch {
					case i == j:
					case m.Estimated(i, j):
						guessed++
						want = geo.DefaultTravel.Between(geo.At(berlin[i]), geo.At(berlin[j]))
					default:
						s := int64(math.Round(math.Abs(math.Round(berlin[i][0]*1e4) - math.Round(berlin[j][0]*1e4))))
						want = geo.Leg{Seconds: s, Metres: 10 * s}
					}
					if got := m.Between(i, j); got != want {
						t.Errorf("%d to %d: %v, want %v", i, j, got, want)
					}
				}
			}
			if guessed != tt.guessed {
				t.Errorf("%d estimates", guessed)
			}
			// What failed is asked for again; what has no road is known.
			tt.network.mu.Lock()
			asked := tt.network.asked
			tt.network.fails = nil
			tt.network.mu.Unlock()
			if again := matrix(t, r, berlin...); (again.Notes == nil) != (tt.network.noRoad == nil) || asked+tt.guessed < tt.network.asked {
				t.Errorf("again: %v", again.Notes)
			}
		})
	}
}

func TestCancelledQuestionsHaveNoAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := travel.NewRouter(&grid{}, nil, clock).Matrix(ctx, travel.Question{Points: berlin, Figures: figures}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestPostgresRemembers(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	now := noon
	var mu sync.Mutex
	at := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	sleep := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	nowhere := func(p orb.Point) bool { return p[0] > 13.45 }
	g := &grid{noRoad: nowhere}
	before := matrix(t, travel.NewRouter(g, db, at), berlin...)
	// Another process, which has nothing in memory, and no network any more.
	gone := &grid{fails: errors.New("gone")}
	other := travel.NewRouter(gone, db, at)
	after := matrix(t, other, berlin...)
	for i := range berlin {
		for j := range berlin {
			if before.Between(i, j) != after.Between(i, j) || before.Estimated(i, j) != after.Estimated(i, j) {
				t.Errorf("%d to %d: %v, in another process %v", i, j, before.Between(i, j), after.Between(i, j))
			}
		}
	}
	// Another network knows nothing of it.
	if m := matrix(t, travel.NewRouter(&grid{name: "new", fails: errors.New("gone")}, db, at), berlin...); !m.Estimated(0, 1) {
		t.Error("what one network said is taken for another's")
	}
	// Nor does anybody once it is too old; who asks then renews it.
	sleep(31 * 24 * time.Hour)
	if m := matrix(t, travel.NewRouter(gone, db, at), berlin...); !m.Estimated(0, 1) {
		t.Error("what is too old is told")
	}
	renewed := &grid{noRoad: nowhere}
	matrix(t, travel.NewRouter(renewed, db, at), berlin[:2]...)
	if renewed.asked != 2 {
		t.Errorf("asked %d times", renewed.asked)
	}
	if err := other.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := pg.One[int](t.Context(), db, `SELECT count(*) FROM drives`); err != nil || n != 2 {
		t.Errorf("%d drives are kept, %v", n, err)
	}
}

// Processes that ask for the same at once write the same rows, and none waits for another forever.
func TestProcessesWriteAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	points := make([]orb.Point, 40)
	for i := range points {
		points[i] = orb.Point{13 + float64(i*7%40)/100, 52}
	}
	var group sync.WaitGroup
	for n := range 6 {
		group.Go(func() {
			mine := slices.Clone(points)
			if n%2 == 1 {
				slices.Reverse(mine)
			}
			if _, err := travel.NewRouter(&grid{}, db, clock).Matrix(t.Context(), travel.Question{Points: mine, Figures: figures}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n, err := pg.One[int](t.Context(), db, `SELECT count(*) FROM drives`); err != nil || n != 40*39 {
		t.Errorf("%d drives, %v", n, err)
	}
}

func BenchmarkRouterFromMemory(b *testing.B) {
	points := make([]orb.Point, 400)
	for i := range points {
		points[i] = orb.Point{13 + float64(i)/1000, 52}
	}
	r := travel.NewRouter(&grid{}, nil, clock)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Matrix(b.Context(), travel.Question{Points: points, Figures: figures}); err != nil {
			b.Fatal(err)
		}
	}
}
