package api_test

import (
	"net/http"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"

	"github.com/google/uuid"
)

type wireSlot struct {
	From, To     time.Time
	Technicians  int
	TechnicianID uuid.UUID `json:"technician_id"`
	Currency     string
	Cheap        bool
}

func TestSlotFromOfferToPromise(t *testing.T) {
	t.Parallel()
	w := open(t)
	d := w.newDesk("A")
	agent := w.as(who.Agent, d.outlet)
	if _, err := w.house.Crew.Plan(t.Context(), who.System, d.technician, allDays(4)); err != nil {
		t.Fatal(err)
	}
	var j wireJob
	d.dispatcher.post("/v1/jobs", d.request("needs", []obj{{"code": "A-hvac", "level": 2}})).want(http.StatusCreated).into(&j)

	var offer struct{ Items []wireSlot }
	agent.get(j.path() + "/slots?days=5").want(http.StatusOK).into(&offer)
	if len(offer.Items) < 12 || offer.Items[0].Technicians != 1 || offer.Items[0].TechnicianID != d.technician {
		t.Fatalf("%+v", offer.Items)
	}
	agent.get(j.path() + "/slots/hold").want(http.StatusNotFound)
	pick := offer.Items[len(offer.Items)-2]
	var hold struct {
		ID     uuid.UUID
		Window struct{ From, To time.Time }
	}
	made := agent.post(j.path()+"/slots/hold", obj{"from": pick.From, "to": pick.To}).want(http.StatusCreated).into(&hold)
	if made.header.Get("Location") != j.path()+"/slots/hold" || !hold.Window.From.Equal(pick.From) {
		t.Errorf("%s", made.body)
	}
	agent.get(j.path() + "/slots/hold").want(http.StatusOK)
	agent.delete(j.path() + "/slots/hold").want(http.StatusNoContent)
	agent.delete(j.path() + "/slots/hold").want(http.StatusNotFound)
	j.does(agent, "slots/confirm", obj{"hold_id": hold.ID}).want(http.StatusConflict)

	agent.post(j.path()+"/slots/hold", obj{"from": pick.From, "to": pick.To}).want(http.StatusCreated).into(&hold)
	j.does(agent, "slots/confirm", obj{"hold_id": hold.ID}).want(http.StatusOK)
	if j.Status != "scheduled" || j.Booking.TechnicianID != d.technician || j.Booking.Explanation.Source != "slot" {
		t.Errorf("%+v", j)
	}
	agent.post(j.path()+"/slots/hold", obj{"from": pick.From.Add(time.Minute), "to": pick.To}).want(http.StatusUnprocessableEntity)
}

// allDays are shifts from eight to eight, by the clock at the site, from the day after tomorrow on.
func allDays(n int) (plan []dispatch.NewShift) {
	zone, _ := time.LoadLocation("Asia/Shanghai")
	y, m, day := time.Now().In(zone).Date()
	for i := range n {
		plan = append(plan, dispatch.NewShift{
			StartsAt: time.Date(y, m, day+2+i, 8, 0, 0, 0, zone), EndsAt: time.Date(y, m, day+2+i, 20, 0, 0, 0, zone),
		})
	}
	return plan
}
