package policy_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/policy"
	"callout/internal/who"

	"github.com/google/uuid"
)

var (
	noon  = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) // noon in Shanghai, a Tuesday
	admin = who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Admin}}
)

func fixed(t time.Time) func() time.Time { return func() time.Time { return t } }

func open(t *testing.T) (*policy.Book, *pg.DB) {
	t.Helper()
	db := pgtest.Open(t)
	return policy.NewBook(db, fixed(noon)), db
}

func hours(v float64) map[policy.Name]policy.Figure {
	return map[policy.Name]policy.Figure{policy.CaseResponse("P0"): {Value: v, Unit: policy.UnitHour, Calendar: policy.Clock, Source: "contract"}}
}

func TestDefaultsAreTheFiguresOfTheRequirements(t *testing.T) {
	t.Parallel()
	book, _ := open(t)
	p, err := book.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p.Version != 1 {
		t.Errorf("version %d", p.Version)
	}
	for n, want := range map[policy.Name]time.Duration{
		policy.CaseAcknowledge:      10 * time.Minute, // requirement 9
		policy.CaseResponseAlert:    2 * time.Hour,    // 10
		policy.CaseResponse("P0"):   time.Hour,        // 27
		policy.CaseResponse("P1"):   4 * time.Hour,    // 28
		policy.CaseResponse("P2"):   24 * time.Hour,   // 29
		policy.CaseCompletion("P0"): 24 * time.Hour,   // 38
		policy.CaseCompletion("P1"): 72 * time.Hour,   // 38
		policy.CaseCompletion("P2"): 7 * 24 * time.Hour,
		policy.VisitContactBefore:   2 * time.Hour, // 82
		policy.PartReturnDue:        7 * 24 * time.Hour,
	} {
		if got := p.Due(n, noon).Sub(noon); got != want {
			t.Errorf("%s is due after %s, want %s", n, got, want)
		}
	}
	if p.Number(policy.TravelDetour) != 1.3 || p.Number(policy.TravelSpeed) != 30 || p.Points(policy.RankingTravel) != 100 {
		t.Errorf("figures: %v", p.Document.Figures)
	}
	for n, f := range p.Document.Figures {
		if f.Source == "" {
			t.Errorf("%s does not say where it comes from", n)
		}
	}
}

// Five working days from before the National Day of 2026 end after it and the worked Saturday.
func TestWorkingDaysFollowTheHolidaysOfTheDocument(t *testing.T) {
	t.Parallel()
	book, _ := open(t)
	p, err := book.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 9, 29, 10, 0, 0, 0, p.Calendar().Zone)
	want := time.Date(2026, 10, 12, 10, 0, 0, 0, p.Calendar().Zone) // 30 Sep, 8, 9, 10, 12 Oct
	if got := p.Due(policy.CaseCompletion("P2"), from); !got.Equal(want) {
		t.Errorf("due %s, want %s", got.In(p.Calendar().Zone), want)
	}
}

func TestActIsJudgedByTheVersionInForceThen(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.Open(t)
	clock := noon
	book := policy.NewBook(db, func() time.Time { return clock })
	other := policy.NewBook(db, func() time.Time { return clock })
	later := noon.Add(48 * time.Hour)
	if p, err := book.Publish(ctx, admin, policy.Publication{BasedOn: 1, Figures: hours(3), EffectiveFrom: &later, Note: "new year"}); err != nil || p.Version != 2 {
		t.Fatalf("published %d: %v", p.Version, err)
	}
	clock = noon.Add(time.Hour)
	if _, err := other.Publish(ctx, admin, policy.Publication{BasedOn: 2, Figures: hours(2)}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		at      time.Time
		version int
		hours   float64
	}{
		{noon, 1, 1},
		{noon.Add(59 * time.Minute), 1, 1},
		{noon.Add(time.Hour), 3, 2},
		{later, 3, 2}, // the higher version replaces the one that was announced before it
	} {
		for _, b := range []*policy.Book{book, other} {
			p, err := b.At(ctx, tt.at)
			if err != nil || p.Version != tt.version || p.Number(policy.CaseResponse("P0")) != tt.hours {
				t.Errorf("at %s: version %d, %v hours, %v; want version %d", tt.at, p.Version, p.Number(policy.CaseResponse("P0")), err, tt.version)
			}
		}
	}
	list, err := book.List(ctx, 3, 10)
	if err != nil || len(list) != 2 || list[0].Version != 2 || list[0].Note != "new year" || *list[0].PublishedBy != admin.UserID {
		t.Errorf("listed %v, %v", list, err)
	}
	history, err := event.History(ctx, db, policy.Subject, 10)
	if err != nil || len(history) != 3 {
		t.Errorf("%d events, %v; want one a version", len(history), err)
	}
}

func TestEveryWrongValueIsNamed(t *testing.T) {
	t.Parallel()
	book, _ := open(t)
	yesterday, zone, nine := noon.Add(-24*time.Hour), "Asia/Atlantis", "9"
	_, err := book.Publish(t.Context(), admin, policy.Publication{
		BasedOn: 1, EffectiveFrom: &yesterday, TimeZone: &zone,
		Calendar: policy.CalendarChange{
			Days: []string{"mon", "noday"}, Opens: &nine, DaysOff: []string{"2026-02-30", "2027-01-01"}, MakeUpDays: []string{"2027-01-01"},
		},
		Figures: map[policy.Name]policy.Figure{
			"case_smile":                {Value: 1, Unit: policy.UnitHour, Calendar: policy.Clock},
			policy.CaseAcknowledge:      {Value: 0, Unit: policy.UnitMinute, Calendar: policy.Clock},
			policy.CaseResponse("P1"):   {Value: 4, Unit: policy.UnitPoints},
			policy.CaseResponse("P2"):   {Value: 4, Unit: policy.UnitHour},
			policy.CaseCompletion("P2"): {Value: 2.5, Unit: policy.UnitDay, Calendar: policy.Working},
			policy.TravelDetour:         {Value: .9, Unit: policy.UnitFactor},
			policy.TravelSpeed:          {Value: 30, Unit: policy.UnitKmPerHour, Calendar: policy.Clock},
			policy.RankingLoad:          {Value: 1.5, Unit: policy.UnitPoints},
			policy.PlanNightlyApply:     {Value: 7, Unit: policy.UnitPoints}, // a switch
		},
	})
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, f := range fault.From(err).Fields {
		got = append(got, f.Pointer)
	}
	want := []string{
		"/time_zone", "/working_calendar/days/1", "/working_calendar/opens", "/working_calendar/days_off/0",
		"/working_calendar/make_up_days/0", "/figures/case_acknowledge/value", "/figures/case_completion_p2/value",
		"/figures/case_response_p1/unit", "/figures/case_response_p2/calendar", "/figures/case_smile",
		"/figures/plan_nightly_apply/value", "/figures/ranking_load/value", "/figures/travel_detour/value", "/figures/travel_speed/calendar", "/effective_from",
	}
	if !slices.Equal(got, want) {
		t.Errorf("named\n%q, want\n%q", got, want)
	}
	if p, err := book.Current(t.Context()); err != nil || p.Version != 1 {
		t.Errorf("version %d stands, %v", p.Version, err)
	}
}

func TestOneOfManyPublishersWins(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.Open(t)
	var wg sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		wg.Go(func() {
			_, results[i] = policy.NewBook(db, time.Now).Publish(ctx, admin, policy.Publication{BasedOn: 1, Figures: hours(float64(i + 1))})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		switch {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict):
			t.Errorf("a loser was told %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d publishers won", won)
	}
}

func TestAdminOfOneOutletPublishesNothing(t *testing.T) {
	t.Parallel()
	book, _ := open(t)
	outlet := uuid.New()
	by := who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Admin}, OutletID: &outlet}
	if _, err := book.Publish(t.Context(), by, policy.Publication{BasedOn: 1, Figures: hours(2)}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("got %v", err)
	}
}

func TestPoliciesNeverChange(t *testing.T) {
	t.Parallel()
	book, db := open(t)
	if _, err := book.Current(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`UPDATE policies SET note = 'x'`, `DELETE FROM policies`} {
		if _, err := pg.Exec(t.Context(), db, q); err == nil {
			t.Errorf("%s was allowed", q)
		}
	}
}

// A version that was read and then undone does not stand in for the one that takes its number.
func TestUndoneVersionIsForgotten(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.Open(t)
	clock := noon
	book := policy.NewBook(db, func() time.Time { clock = clock.Add(time.Second); return clock })
	if _, err := book.Current(ctx); err != nil {
		t.Fatal(err)
	}
	_ = db.InTx(ctx, func(ctx context.Context) error {
		if _, err := book.Publish(ctx, admin, policy.Publication{BasedOn: 1, Figures: hours(5)}); err != nil {
			t.Fatal(err)
		}
		if p, err := book.Current(ctx); err != nil || p.Version != 2 {
			t.Errorf("within its transaction: version %d, %v", p.Version, err)
		}
		return context.Canceled
	})
	if _, err := book.Publish(ctx, admin, policy.Publication{BasedOn: 1, Figures: hours(6)}); err != nil {
		t.Fatal(err)
	}
	if p, err := book.Current(ctx); err != nil || p.Number(policy.CaseResponse("P0")) != 6 {
		t.Errorf("%v hours, %v", p.Number(policy.CaseResponse("P0")), err)
	}
}

func BenchmarkPolicyInForce(b *testing.B) {
	book := policy.NewBook(pgtest.Open(b), time.Now)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := book.Current(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// Traffic is steady until somebody publishes otherwise; older documents know nothing of it.
func TestPaceOfTravelIsPublished(t *testing.T) {
	t.Parallel()
	book, db := open(t)
	steady := slices.Repeat([]int{1000}, 24)
	if p, err := book.Current(t.Context()); err != nil || !slices.Equal(p.Document.TravelPace.Weekday, steady) || !slices.Equal(p.Document.TravelPace.Weekend, steady) {
		t.Fatalf("%v, %v", p.Document.TravelPace, err)
	}
	rush := slices.Clone(steady)
	rush[8] = 600
	p, err := book.Publish(t.Context(), admin, policy.Publication{BasedOn: 1, Pace: policy.PaceChange{Weekday: rush, Source: new("traffic counts")}})
	if got := p.Document.TravelPace; err != nil || !slices.Equal(got.Weekday, rush) || !slices.Equal(got.Weekend, steady) || got.Source != "traffic counts" {
		t.Fatalf("%v, %v", got, err)
	}
	wrong := slices.Clone(rush)
	wrong[3], wrong[4] = 99, 3001
	_, err = book.Publish(t.Context(), admin, policy.Publication{BasedOn: 2, Pace: policy.PaceChange{Weekday: wrong, Weekend: []int{1000}}})
	var at []string
	for _, f := range fault.From(err).Fields {
		at = append(at, f.Pointer)
	}
	if want := []string{"/travel_pace/weekday/3", "/travel_pace/weekday/4", "/travel_pace/weekend"}; !slices.Equal(at, want) {
		t.Errorf("refused for %v, want %v", at, want)
	}
	if _, err := pg.Exec(t.Context(), db, `INSERT INTO policies (version, effective_from, document, published_at, note)
		SELECT 3, effective_from, document - 'travel_pace', published_at, '' FROM policies WHERE version = 2`); err != nil {
		t.Fatal(err)
	}
	if p, err := book.Find(t.Context(), 3); err != nil || !slices.Equal(p.Document.TravelPace.Weekday, steady) {
		t.Errorf("an older document: %v, %v", p.Document.TravelPace, err)
	}
	if p, err := book.Find(t.Context(), 2); err != nil || !slices.Equal(p.Document.TravelPace.Weekday, rush) {
		t.Errorf("read again: %v, %v", p.Document.TravelPace, err)
	}
}
