package dispatch_test

import (
	"slices"
	"testing"

	"callout/internal/policy"
	"callout/internal/who"
)

// pace publishes how fast traffic is on weekdays: steady but for some hours.
func (f *field) pace(t testing.TB, perMille int, hours ...int) {
	t.Helper()
	speeds := slices.Repeat([]int{1000}, 24)
	for _, h := range hours {
		speeds[h] = perMille
	}
	p := must(f.board.Policies.Current(t.Context()))(t)
	must(f.board.Policies.Publish(t.Context(), who.System, policy.Publication{BasedOn: p.Version, Pace: policy.PaceChange{Weekday: speeds}}))(t)
}

// Ten minutes at the base speed take twenty where traffic runs at half of it.
func TestExpectedTimesKnowTheHour(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx, li := t.Context(), f.newTechnician("Li", 3)
	by, away := asTechnician(li), f.newSite(tenMinutes, 0)
	j := f.booked(li, "09:00", atSite(away))
	f.setClock(at("08:50")) // half of the drive by nine, the other half in five minutes
	f.pace(t, 500, 8)
	j = must(f.board.Dispatch(ctx, who.System, j.ID, j.Version))(t)
	j = must(f.board.Accept(ctx, by, j.ID, j.Version))(t)
	j = must(f.board.Travel(ctx, by, j.ID, j.Version))(t)
	expects(t, f.outlooks(t, li)[j.ID], "09:05", "10:05")
}

func TestExpectedTimesOfTheRestOfTheDayTakeItsMean(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	away := f.newSite(tenMinutes, 0)
	first, second := f.booked(li, "09:00"), f.booked(li, "10:10", atSite(away))
	f.pace(t, 500, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
	o := f.outlooks(t, li)
	expects(t, o[first.ID], "09:00", "10:00")
	expects(t, o[second.ID], "10:20", "11:20")
}
