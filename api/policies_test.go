package api_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"callout/internal/policy"
	"callout/internal/who"
)

type policyVersion struct {
	Version int
	Note    string
	Figures map[policy.Name]policy.Figure
	By      *string `json:"published_by"`
}

func quicker(basedOn int, hours float64) obj {
	return obj{"based_on": basedOn, "note": "quicker", "figures": obj{"case_response_p1": obj{"value": hours, "unit": "hour", "calendar": "clock"}}}
}

func TestPolicyIsPublishedAndHolds(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin, technician := w.as(who.Admin), w.as(who.Technician)
	var p policyVersion
	a := technician.get("/v1/policies/current").want(http.StatusOK).into(&p)
	if p.Version != 1 || a.version() != 1 || p.By != nil || p.Figures["case_response_p1"].Value != 4 {
		t.Errorf("the first policy: %+v", p)
	}
	admin.post("/v1/policies", quicker(1, 2)).want(http.StatusCreated).into(&p)
	if p.Version != 2 || p.Note != "quicker" || p.By == nil || *p.By != admin.user.String() {
		t.Errorf("published %+v", p)
	}
	technician.get("/v1/policies/current").want(http.StatusOK).into(&p)
	if p.Version != 2 || p.Figures["case_response_p1"].Value != 2 || p.Figures["case_response_p2"].Value != 24 {
		t.Errorf("in force: %+v", p)
	}
	admin.post("/v1/policies", quicker(1, 3)).want(http.StatusConflict)
	later := quicker(2, 1)
	later["effective_from"] = "2099-01-01T00:00:00+08:00"
	admin.post("/v1/policies", later).want(http.StatusCreated)
	technician.get("/v1/policies/current").want(http.StatusOK).into(&p)
	if p.Version != 2 {
		t.Errorf("an announced policy is in force: %+v", p)
	}

	var versions []int
	next := "/v1/policies?limit=2"
	for range 3 {
		var page struct {
			Items []policyVersion
			Next  *string `json:"next_cursor"`
		}
		technician.get(next).want(http.StatusOK).into(&page)
		for _, v := range page.Items {
			versions = append(versions, v.Version)
		}
		if page.Next == nil {
			break
		}
		next = "/v1/policies?limit=2&cursor=" + *page.Next
	}
	if !slices.Equal(versions, []int{3, 2, 1}) {
		t.Errorf("listed %v", versions)
	}
}

func TestWrongPoliciesAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.as(who.Admin)
	bad := obj{
		"based_on": 1, "effective_from": "2020-01-01T00:00:00Z", "time_zone": "Asia/Atlantis",
		"working_calendar": obj{"opens": "18:00"},
		"figures": obj{
			"case_response_p0": obj{"value": 0, "unit": "hour", "calendar": "clock"},
			"travel_speed":     obj{"value": 30, "unit": "hour", "calendar": "clock"},
		},
	}
	want := []string{"/time_zone", "/working_calendar/closes", "/figures/case_response_p0/value", "/figures/travel_speed/unit", "/effective_from"}
	if got := admin.post("/v1/policies", bad).want(http.StatusUnprocessableEntity).pointers(); !slices.Equal(got, want) {
		t.Errorf("named %q, want %q", got, want)
	}
	w.as(who.Supervisor).post("/v1/policies", quicker(1, 2)).want(http.StatusForbidden)
	w.as(who.Admin, w.newOutlet("A")).post("/v1/policies", quicker(1, 2)).want(http.StatusForbidden)
}

// The contract lists every figure that the product knows, and no other.
func TestContractNamesEveryFigure(t *testing.T) {
	t.Parallel()
	w := open(t)
	p, err := w.house.Policies.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSampler(w.law)
	if err != nil {
		t.Fatal(err)
	}
	figures := s.node(map[string]any{"$ref": "#/components/schemas/Figures"})["properties"].(map[string]any)
	inContract := slices.Sorted(maps.Keys(figures))
	var known []string
	for n := range p.Document.Figures {
		known = append(known, string(n))
	}
	slices.Sort(known)
	if !slices.Equal(inContract, known) {
		t.Errorf("the contract has %q, the product %q", inContract, known)
	}
}
