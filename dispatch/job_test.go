package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func TestOpenTakesPlaceFromSite(t *testing.T) {
	t.Parallel()
	f := newField(t)
	part := f.shelf.newPart("valve")
	j := f.newJob(window("09:00", "11:00"), f.needing(3), func(n *dispatch.NewJob) {
		n.Parts = []dispatch.PartNeed{{PartID: part, Quantity: 2}}
		n.Photos = []dispatch.PhotoNeed{{Kind: "after", Count: 1}}
		n.ExternalKey = ptr("la311-1")
		n.DueAt = ptr(at("18:00"))
	})
	got := must(f.board.Find(t.Context(), who.System, j.ID))(t)
	switch {
	case got.Number != "J20261122001" && got.Number != "J20261123001":
		t.Errorf("number %s", got.Number)
	case got.Status != dispatch.StatusOpen || got.Version != 1 || got.Booking != nil:
		t.Errorf("%+v", got)
	case got.CustomerID != f.customer.ID || *got.OutletID != f.outlet.ID || got.Location != f.site.Location || got.TimeZone != "Asia/Shanghai":
		t.Errorf("place: %+v", got)
	case !got.WindowFrom.Equal(at("09:00")) || !got.DueAt.Equal(at("18:00")) || !got.CreatedAt.Equal(at("07:00")):
		t.Errorf("times: %+v", got)
	case len(got.Needs) != 1 || got.Needs[0] != (dispatch.Need{SkillID: f.hvac.ID, Code: "hvac", Level: 3}):
		t.Errorf("needs: %+v", got.Needs)
	case len(got.Parts) != 1 || got.Parts[0].Quantity != 2 || len(got.Photos) != 1 || got.Photos[0].Kind != "after":
		t.Errorf("parts %+v, photos %+v", got.Parts, got.Photos)
	}
	again := must(f.board.FindByKey(t.Context(), who.System, "la311-1"))(t)
	if again.ID != j.ID {
		t.Error("another job has its key")
	}
	_, err := f.board.Open(t.Context(), who.System, dispatch.NewJob{SiteID: f.site.ID, Title: "x", Priority: "P1", Minutes: 5, ExternalKey: ptr("la311-1")})
	wants(t, err, fault.Conflict, "la311-1")
}

func TestOpenNamesEveryFault(t *testing.T) {
	t.Parallel()
	f := newField(t)
	nothing := uuid.Must(uuid.NewV7())
	_, err := f.board.Open(t.Context(), who.System, dispatch.NewJob{
		SiteID: nothing, Title: " ", Priority: "P1", Minutes: 5, WindowFrom: ptr(at("09:00")), WindowTo: ptr(at("08:00")),
		Needs:  []dispatch.NewNeed{{Code: "plumbing", Level: 1}, {Code: "hvac", Level: 1}, {SkillID: &f.hvac.ID, Level: 2}},
		Parts:  []dispatch.PartNeed{{PartID: nothing, Quantity: 1}},
		Photos: []dispatch.PhotoNeed{{Kind: "after", Count: 1}, {Kind: "after", Count: 2}},
	})
	wants(t, err, fault.Invalid, "/site_id", "/title", "/window/to", "/needs/0", "/needs/2", "/parts/0/part_id", "/photos/1/kind")

	_, err = f.board.Open(t.Context(), who.System, dispatch.NewJob{SiteID: f.site.ID, Title: "x", Priority: "P1", Minutes: 5, AssetID: &nothing, CaseID: &nothing})
	wants(t, err, fault.Invalid, "/asset_id", "/case_id")

	other := f.newOutlet("other", offset(40_000, 0))
	_, err = f.board.Open(t.Context(), dispatcher(&other.ID), dispatch.NewJob{SiteID: f.site.ID, Title: "x", Priority: "P1", Minutes: 5})
	wants(t, err, fault.Invalid, "/site_id")
}

func TestNobodyOpensAJobOfThePast(t *testing.T) {
	t.Parallel()
	f := newField(t)
	desk := dispatcher(nil)
	over := dispatch.NewJob{
		SiteID: f.site.ID, Title: "x", Priority: "P1", Minutes: 5,
		WindowFrom: ptr(at("05:00")), WindowTo: ptr(at("06:00")), DueAt: ptr(at("04:00")),
	}
	_, err := f.board.Open(t.Context(), desk, over)
	wants(t, err, fault.Invalid, "/window/to is past already", "/due_at must not be before the start of the window")

	imported := over
	imported.ExternalKey = ptr("old")
	must(f.board.Open(t.Context(), desk, imported))(t)
	ofCase := over
	ofCase.WindowTo, ofCase.DueOfCase = ptr(at("08:00")), true
	must(f.board.Open(t.Context(), desk, ofCase))(t)
}

func TestListNarrowsAndPages(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	morning := f.booked(li, "09:00")
	f.booked(li, "14:00")
	urgent := f.newJob(func(n *dispatch.NewJob) { n.Priority = dispatch.PriorityP0 })
	other := f.newOutlet("other", offset(40_000, 0))
	f.newJob(atSite(f.newSite(40_000, 0)))

	count := func(by who.Actor, q dispatch.JobQuery, want int) {
		t.Helper()
		seen := map[uuid.UUID]bool{}
		for after := uuid.Nil; ; {
			jobs, next, err := f.board.List(t.Context(), by, q, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range jobs {
				seen[j.ID] = true
			}
			if after = next; next == uuid.Nil {
				break
			}
		}
		if len(seen) != want {
			t.Errorf("%+v: %d jobs, want %d", q, len(seen), want)
		}
	}
	count(who.System, dispatch.JobQuery{}, 4)
	count(dispatcher(&f.outlet.ID), dispatch.JobQuery{}, 3)
	count(dispatcher(&other.ID), dispatch.JobQuery{}, 1)
	count(asTechnician(li), dispatch.JobQuery{}, 2)
	count(who.System, dispatch.JobQuery{Statuses: []dispatch.Status{dispatch.StatusOpen}}, 2)
	count(who.System, dispatch.JobQuery{Statuses: []dispatch.Status{dispatch.StatusOpen, dispatch.StatusScheduled}}, 4)
	count(who.System, dispatch.JobQuery{OutletID: &other.ID}, 1)
	count(who.System, dispatch.JobQuery{Priority: dispatch.PriorityP0}, 1)
	count(who.System, dispatch.JobQuery{TechnicianID: &li.ID}, 2)
	count(who.System, dispatch.JobQuery{From: ptr(at("08:00")), To: ptr(at("12:00"))}, 1)
	count(who.System, dispatch.JobQuery{Number: strings.ToLower(urgent.Number)}, 1)
	count(who.System, dispatch.JobQuery{Number: "J"}, 4)
	count(who.System, dispatch.JobQuery{Number: "%"}, 0)
	count(who.System, dispatch.JobQuery{SiteID: &f.site.ID}, 3)

	if _, err := f.board.Find(t.Context(), dispatcher(&other.ID), morning.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another outlet's job: %v", err)
	}
	wang := f.newTechnician("Wang", 3)
	if _, err := f.board.Find(t.Context(), asTechnician(wang), morning.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another technician's job: %v", err)
	}
}

func TestAmend(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li := f.newTechnician("Li", 3)
	j := f.newJob(window("09:00", "11:00"))
	amend := func(c dispatch.JobChange) error {
		amended, err := f.board.Amend(t.Context(), who.System, j.ID, j.Version, c)
		if err == nil {
			j = amended
		}
		return err
	}
	if err := amend(dispatch.JobChange{
		Title: ptr("Mend"), Minutes: ptr(90), Window: &dispatch.Window{From: ptr(at("10:00")), To: ptr(at("12:00"))},
		Needs: &[]dispatch.NewNeed{{SkillID: &f.hvac.ID, Level: 3}},
	}); err != nil {
		t.Fatal(err)
	}
	got := must(f.board.Find(t.Context(), who.System, j.ID))(t)
	if got.Title != "Mend" || got.Minutes != 90 || !got.WindowTo.Equal(at("12:00")) || got.Version != 2 || got.Needs[0].Level != 3 {
		t.Errorf("%+v", got)
	}
	_, err := f.board.Amend(t.Context(), who.System, j.ID, 1, dispatch.JobChange{Title: ptr("x")})
	wants(t, err, fault.Stale, "version 2")

	j = must(f.board.Assign(t.Context(), who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: li.ID}))(t)
	wants(t, amend(dispatch.JobChange{
		Minutes: ptr(30), Window: &dispatch.Window{From: ptr(at("14:00")), To: ptr(at("15:00"))}, Needs: &[]dispatch.NewNeed{{Code: "hvac", Level: 5}},
	}), fault.Conflict, "/minutes", "/window", "/needs", "unassign it first")
	if err := amend(dispatch.JobChange{Priority: ptr(dispatch.PriorityP0)}); err != nil {
		t.Error(err)
	}
	j = must(f.board.Dispatch(t.Context(), who.System, j.ID, j.Version))(t)
	wants(t, amend(dispatch.JobChange{Priority: ptr(dispatch.PriorityP2), Description: ptr("more")}), fault.Conflict, "/priority")
	if err := amend(dispatch.JobChange{Description: ptr("the gate code is 7"), DueAt: ptr(ptr(at("20:00")))}); err != nil {
		t.Error(err)
	}
	j = must(f.board.Cancel(t.Context(), who.System, j.ID, j.Version, "not wanted any more"))(t)
	wants(t, amend(dispatch.JobChange{Description: ptr("x")}), fault.Conflict, "canceled")
	if j.Booking != nil || j.Reason != "not wanted any more" {
		t.Errorf("%+v", j)
	}
	// The time is free again.
	f.booked(li, "10:30")
}

func TestHistoryTellsEachCommandOnce(t *testing.T) {
	t.Parallel()
	f := newField(t)
	j := f.booked(f.newTechnician("Li", 3), "09:00")
	j = must(f.board.Dispatch(t.Context(), who.System, j.ID, j.Version))(t)
	f.setClock(at("07:30"))
	must(f.board.Decline(t.Context(), who.System, j.ID, j.Version, "my van broke down"))(t)
	var kinds []string
	for _, e := range must(f.board.History(t.Context(), who.System, j.ID))(t) {
		kinds = append(kinds, e.Kind)
		if e.Kind == "job.declined" && (!strings.Contains(string(e.Data), "my van broke down") || !e.At.Equal(at("07:30"))) {
			t.Errorf("%s at %s", e.Data, e.At.Format(time.RFC3339))
		}
	}
	if got := strings.Join(kinds, " "); got != "job.opened job.assigned job.dispatched job.declined" {
		t.Error(got)
	}
}
