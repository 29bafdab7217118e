package api_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// works has the house do its tasks until the test ends.
func (w *world) works() {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var hands sync.WaitGroup
	hands.Go(func() { _ = w.house.Work(ctx, 2) })
	w.t.Cleanup(func() { stop(); hands.Wait() })
}

func TestMassAssignmentOverHTTP(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	d.works()
	for range 3 {
		d.dispatcher.post("/v1/jobs", d.request()).want(http.StatusCreated)
	}
	var hopeless wireJob
	d.dispatcher.post("/v1/jobs", d.request("needs", []obj{{"code": "A-hvac", "level": 5}})).want(http.StatusCreated).into(&hopeless)
	y, month, today := time.Now().UTC().Date()
	day := time.Date(y, month, today+2, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	begins, ends := day+"T09:00:00+08:00", day+"T17:00:00+08:00"
	d.chief.post("/v1/technicians/"+d.technician.String()+"/shifts", obj{"shifts": []obj{{"starts_at": begins, "ends_at": ends}}}).want(http.StatusCreated)

	begun := d.dispatcher.post("/v1/board/auto-assign", obj{"day": day}).want(http.StatusAccepted)
	at := begun.header.Get("Location")
	var run struct {
		Status                string
		Total, Done, Assigned int
		Outlets               []struct {
			Assigned int
			Unserved []struct{ Number, Code, Text string }
		}
	}
	for end := time.Now().Add(30 * time.Second); run.Status != "done" && time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		d.dispatcher.get(at, lang("zh-CN")).want(http.StatusOK).into(&run)
	}
	if run.Status != "done" || run.Total != 4 || run.Done != 4 || run.Assigned != 3 || len(run.Outlets) != 1 || len(run.Outlets[0].Unserved) != 1 {
		t.Fatalf("%+v", run)
	}
	if u := run.Outlets[0].Unserved[0]; u.Number != hopeless.Number || u.Code != "no_certificate" || u.Text != "在班的 1 名工程师都没有所需证书" {
		t.Errorf("%+v", u)
	}
	d.as(who.Dispatcher, d.newOutlet("B")).get(at).want(http.StatusNotFound)
	d.dispatcher.post("/v1/board/auto-assign", obj{"day": "2020-01-01", "outlet_ids": []uuid.UUID{uuid.New()}}).want(http.StatusUnprocessableEntity)

	var board struct {
		Technicians []struct {
			Jobs   []wireJob
			Shifts []struct{ Status string }
		}
		Unassigned []wireJob
	}
	d.dispatcher.get(fmt.Sprintf("/v1/board?day=%s&outlet_id=%s", day, d.outlet)).want(http.StatusOK).into(&board)
	if len(board.Technicians) != 1 || len(board.Technicians[0].Jobs) != 3 || len(board.Technicians[0].Shifts) != 1 || len(board.Unassigned) != 1 {
		t.Errorf("%+v", board)
	}
	var agenda struct {
		Visits []struct {
			Job      wireJob
			Customer string
			Address  string
		}
	}
	d.tech.get(fmt.Sprintf("/v1/technicians/%s/agenda?day=%s", d.technician, day)).want(http.StatusOK).into(&agenda)
	if len(agenda.Visits) != 3 || agenda.Visits[0].Customer != "Ms Wu" || agenda.Visits[0].Address != "Renmin Road 1" {
		t.Errorf("%+v", agenda)
	}
	for _, v := range agenda.Visits {
		if v.Job.Status != "scheduled" || v.Job.Booking == nil {
			t.Errorf("%+v", v.Job)
		}
	}
}
