package dispatch_test

import (
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// candidates asks the ranking and holds every sentence to be said in both languages.
func (f *field) candidates(t testing.TB, by who.Actor, j dispatch.Job, ask dispatch.Asked) map[string]dispatch.Candidate {
	t.Helper()
	ranked, err := f.board.Candidates(t.Context(), by, j.ID, ask)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]dispatch.Candidate{}
	refused, score := false, int64(-1<<62)
	for _, c := range ranked {
		if c.Ranked == (len(c.Refusals) > 0) || c.Ranked && (refused || c.Score < score) {
			t.Errorf("%s is out of order or both ranked and refused: %+v", c.Name, c)
		}
		sum := int64(0)
		for _, term := range c.Terms {
			sum += term.Points
			known(t, term.Text)
		}
		if sum != c.Score {
			t.Errorf("%s: the terms sum up to %d, the score is %d", c.Name, sum, c.Score)
		}
		for _, r := range c.Refusals {
			known(t, r.Text)
		}
		refused, score = refused || !c.Ranked, c.Score
		byName[c.Name] = c
	}
	return byName
}

func known(t testing.TB, text words.Text) {
	t.Helper()
	if !words.Known(text.Format) {
		t.Errorf("no Chinese for %q", text.Format)
	}
}

func refusals(c dispatch.Candidate) map[dispatch.RefusalCode]string {
	all := map[dispatch.RefusalCode]string{}
	for _, r := range c.Refusals {
		all[r.Code] = r.Text.String()
	}
	return all
}

func TestCandidatesNamesEveryReason(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	f.newTechnician("Able", 4)
	f.newTechnician("Uncertified", 0)
	f.newTechnician("Junior", 2)
	suspended := f.newTechnician("Suspended", 4)
	must(f.crew.Suspend(ctx, who.System, suspended.ID, suspended.Version))(t)
	away := f.newTechnician("Away", 4)
	if _, _, err := f.crew.Announce(ctx, who.System, away.ID, dispatch.NewAbsence{StartsAt: at("08:00"), EndsAt: at("12:00"), Reason: "training"}); err != nil {
		t.Fatal(err)
	}
	f.booked(f.newTechnician("Busy", 4), "09:00")
	f.newTechnicianAt("Remote", 4, f.outlet.ID, offset(90_000, 0))
	night := must(f.crew.Open(ctx, who.System, dispatch.NewTechnician{OutletID: f.outlet.ID, Name: "Night", Home: center, CostPerHour: 1, Currency: "CNY"}))(t)
	f.newShift(night, at("18:00"), at("23:00"))
	must(f.crew.Open(ctx, who.System, dispatch.NewTechnician{OutletID: f.outlet.ID, Name: "Idle", Home: center, CostPerHour: 1, Currency: "CNY"}))(t)
	f.newTechnicianAt("Elsewhere", 4, f.newOutlet("other", offset(40_000, 0)).ID, center)

	j := f.newJob(window("09:00", "09:30"), f.needing(3))
	got := f.candidates(t, dispatcher(&f.outlet.ID), j, dispatch.Asked{})
	if len(got) != 9 || !got["Able"].Ranked || !got["Able"].Start.Equal(at("09:00")) || !got["Able"].End.Equal(at("10:00")) {
		t.Fatalf("%+v", got)
	}
	for name, want := range map[string]map[dispatch.RefusalCode]string{
		"Uncertified": {"no_certificate": "no certificate hvac ≥ 3"},
		"Junior":      {"level_too_low": "certificate hvac is of level 2, the job needs 3"},
		"Suspended":   {"suspended": "is suspended"},
		"Away":        {"absent": "is absent from 2026-11-23 08:00 to 2026-11-23 12:00"},
		"Busy": {
			"arrives_late": "would arrive 2026-11-23 10:00 after job J20261122001, the work must begin by 2026-11-23 09:30",
			"no_room":      "would come to job J20261122001 at 2026-11-23 10:00, it begins at 2026-11-23 09:00",
		},
		"Remote": {"arrives_late": "would arrive 2026-11-23 11:54, the work must begin by 2026-11-23 09:30"},
		"Night":  {"no_certificate": "no certificate hvac ≥ 3", "no_shift": "has no shift from 2026-11-23 09:00 to 2026-11-23 09:30"},
		"Idle":   {"no_certificate": "no certificate hvac ≥ 3", "no_shift": "has no shift from 2026-11-23 09:00 to 2026-11-23 09:30"},
	} {
		have := refusals(got[name])
		if len(have) != len(want) {
			t.Errorf("%s: %q, want %q", name, have, want)
		}
		for code, text := range want {
			if have[code] != text {
				t.Errorf("%s, %s: %q, want %q", name, code, have[code], text)
			}
		}
	}
	if all := f.candidates(t, who.System, j, dispatch.Asked{All: true}); len(all) != 10 || !all["Elsewhere"].Ranked {
		t.Errorf("of all outlets %d candidates", len(all))
	}
	if own := f.candidates(t, dispatcher(&f.outlet.ID), j, dispatch.Asked{All: true}); len(own) != 9 {
		t.Errorf("a dispatcher of one outlet sees %d candidates", len(own))
	}
}

func TestCandidatesWeighsTerms(t *testing.T) {
	t.Parallel()
	f := newField(t)
	valve := f.shelf.newPart("valve")
	f.newTechnicianAt("Far", 3, f.outlet.ID, offset(5000, 0))
	f.newTechnician("Over", 5)
	f.newTechnician("Near", 3)
	j := f.newJob(window("09:00", "11:00"), f.needing(3), func(n *dispatch.NewJob) {
		n.DueAt = ptr(at("09:40"))
		n.Parts = []dispatch.PartNeed{{PartID: valve, Quantity: 2}}
	})
	got := f.candidates(t, who.System, j, dispatch.Asked{})
	term := func(name string, code dispatch.TermCode) dispatch.Term {
		for _, x := range got[name].Terms {
			if x.Code == code {
				return x
			}
		}
		return dispatch.Term{}
	}
	// 5 km × 1.3 = 6.5 km of road at 30 km/h: 13 minutes there, and as much back.
	if x := term("Far", dispatch.TermTravel); x.Value < 1555 || x.Value > 1565 || x.Unit != "s" || x.Text.String() != "26 minutes more on the road" {
		t.Errorf("%+v", x)
	}
	if x := term("Near", dispatch.TermLateness); x.Value != 20*60 || x.Text.String() != "ends 20 minutes after it is due" {
		t.Errorf("%+v", x)
	}
	if x := term("Over", dispatch.TermLevel); x.Value != 2 || x.Points != 60_000 {
		t.Errorf("%+v", x)
	}
	if x := term("Near", dispatch.TermCost); x.Value != 6000 || x.Unit != "CNY" || x.Text.String() != "costs CNY 60.00" {
		t.Errorf("%+v", x)
	}
	if x := term("Near", dispatch.TermParts); x.Value != 2 || x.Unit != "piece" || x.Text.String() != "2 of the needed parts are not on the van: P-valve × 2" {
		t.Errorf("%+v", x)
	}
	if got["Near"].Score >= got["Over"].Score || got["Over"].Score >= got["Far"].Score {
		t.Errorf("near %d, over %d, far %d", got["Near"].Score, got["Over"].Score, got["Far"].Score)
	}
}

func TestCandidatesKnowsTheCustomer(t *testing.T) {
	t.Parallel()
	f := newField(t)
	known := f.newTechnician("Known", 3)
	f.newTechnician("Stranger", 3)
	j := f.work(t, f.booked(known, "12:00"))
	must(f.board.Finish(t.Context(), asTechnician(known), j.ID, j.Version, "done"))(t)
	f.setClock(at("07:10"))
	got := f.candidates(t, who.System, f.newJob(window("08:00", "09:00")), dispatch.Asked{})
	if got["Known"].Score >= got["Stranger"].Score {
		t.Errorf("known %+v, stranger %+v", got["Known"], got["Stranger"])
	}
}

func TestCandidatesWithoutWindowPrefersSoon(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	f.newShift(li, at("08:00").AddDate(0, 0, 1), at("17:00").AddDate(0, 0, 1))
	f.booked(li, "08:00", func(n *dispatch.NewJob) { n.Minutes = 120 })
	c := f.candidates(t, who.System, f.newJob(), dispatch.Asked{})["Li"]
	if !c.Start.Equal(at("10:00")) {
		t.Errorf("starts %s", c.Start.In(shanghai))
	}
	tomorrow := monday.AddDate(0, 0, 1)
	if c = f.candidates(t, who.System, f.newJob(), dispatch.Asked{Day: &tomorrow})["Li"]; !c.Start.Equal(at("08:00").AddDate(0, 0, 1)) {
		t.Errorf("tomorrow: starts %s", c.Start.In(shanghai))
	}
	// What is past is past: at half past four only tomorrow is left, and Li starts from where he is.
	f.setClock(at("16:30"))
	if c = f.candidates(t, who.System, f.newJob(), dispatch.Asked{})["Li"]; !c.Start.Equal(at("08:00").AddDate(0, 0, 1)) {
		t.Errorf("late in the day: starts %s", c.Start.In(shanghai))
	}
	today := monday
	c = f.candidates(t, who.System, f.newJob(), dispatch.Asked{Day: &today})["Li"]
	if r := refusals(c); r[dispatch.RefusalHomeLate] == "" {
		t.Errorf("late in the day: %v", r)
	}
	over := f.newJob(window("09:00", "11:00"))
	c = f.candidates(t, who.System, over, dispatch.Asked{})["Li"]
	if r := refusals(c); r[dispatch.RefusalOutsideWindow] != "the work had to begin by 2026-11-23 11:00" {
		t.Errorf("window over: %v", r)
	}
}

func TestCandidatesFromWhereTheyAre(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	far := f.newSite(5000, 0)
	f.booked(li, "10:00", atSite(far))
	// He is there until eleven, so that he can be in the center at 11:13.
	f.setClock(at("10:30"))
	c := f.candidates(t, who.System, f.newJob(), dispatch.Asked{})["Li"]
	if d := c.Start.Sub(at("11:13")); d < -time.Minute || d > time.Minute {
		t.Errorf("starts %s", c.Start.In(shanghai))
	}
}

func TestAutoAssignTakesTheTop(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.newTechnicianAt("Far", 3, f.outlet.ID, offset(5000, 0))
	near := f.newTechnician("Near", 3)
	j := f.newJob(window("09:00", "11:00"), f.needing(3))
	got := must(f.board.AutoAssign(t.Context(), dispatcher(nil), j.ID, j.Version, dispatch.Asked{}))(t)
	if got.Status != dispatch.StatusScheduled || got.Booking.TechnicianID != near.ID || !got.Booking.StartsAt.Equal(at("09:00")) {
		t.Errorf("%+v", got.Booking)
	}
	kept := must(f.board.Find(t.Context(), who.System, j.ID))(t).Booking
	if e := kept.Explanation; e.Source != dispatch.SourceAuto || len(e.Terms) < 3 || e.Terms[0].Text.In(words.Chinese) != "行程增加 0 分钟" || e.Policy != 1 {
		t.Errorf("%+v", e)
	}
	hopeless := f.newJob(f.needing(5))
	_, err := f.board.AutoAssign(t.Context(), dispatcher(nil), hopeless.ID, hopeless.Version, dispatch.Asked{})
	wants(t, err, fault.Conflict, "nobody can do job")
	if j := must(f.board.Find(t.Context(), who.System, hopeless.ID))(t); j.Status != dispatch.StatusOpen || j.Version != 1 {
		t.Errorf("%+v", j)
	}
	_, err = f.board.Candidates(t.Context(), dispatcher(nil), uuid.Must(uuid.NewV7()), dispatch.Asked{})
	wants(t, err, fault.NotFound)
}
