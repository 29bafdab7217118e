package dispatch_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/travel"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// away is a road network that cannot be asked.
type away struct{}

func (away) Name() string                                           { return "away" }
func (away) Fill(context.Context, []orb.Point, *travel.Table) error { return errors.New("gone") }

func TestStoredNotesOfAPlanAreRead(t *testing.T) {
	t.Parallel()
	said := words.Say("%s: %s", words.Say("must be %d at the most", 7), words.Say("%.1f km on the road to it", 3.0))
	r := dispatch.PlanResult{Notes: []words.Text{said}, Unserved: []dispatch.Skipped{{Text: said}}}
	stored, err := r.Value()
	if err != nil {
		t.Fatal(err)
	}
	var back dispatch.PlanResult
	if err := back.Scan(stored); err != nil {
		t.Fatal(err)
	}
	for l, want := range map[words.Language]string{
		words.English: "must be 7 at the most: 3.0 km on the road to it", words.Chinese: "最大为 7：前往途中 3.0 公里",
	} {
		for _, text := range []words.Text{back.Notes[0], back.Unserved[0].Text} {
			if got := text.In(l); got != want {
				t.Errorf("%q, not %q", got, want)
			}
		}
	}
}

func TestNotesOfAPlanWithoutItsRoadNetwork(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.board.Deps.Travel = travel.NewRouter(away{}, nil, time.Now)
	p := f.planner(t)
	f.full(2, 3)
	plan := f.planned(t, p, who.System, quick())
	for l, want := range map[words.Language][]string{
		words.English: {"drives are estimates by distance", "the road network could not be asked: "},
		words.Chinese: {"行程按距离估算", "无法查询路网："},
	} {
		var notes []string
		for _, n := range plan.Result.Notes {
			notes = append(notes, n.In(l))
		}
		all := strings.Join(notes, "\n")
		if len(notes) < 2 || !strings.HasPrefix(notes[0], want[0]) || !strings.HasPrefix(notes[1], want[1]) || strings.ContainsAny(all, "{%[") {
			t.Errorf("%s: %s", l, all)
		}
	}
}

func TestWhatAPlanIsRefusedForIsSaidOfThePlan(t *testing.T) {
	t.Parallel()
	f := newField(t)
	p := dispatch.NewPlanner(f.board)
	_, err := p.Start(t.Context(), who.System, quick(func(n *dispatch.NewPlan) {
		n.Options.Seconds, n.Outlets = 3, []uuid.UUID{f.outlet.ID, uuid.New()}
	}))
	wants(t, err, fault.Invalid, "the plan cannot be made like this", "/iterations must not be given together with budget_seconds", "/outlet_ids/1 no such active outlet")
}
