package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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

func TestDelaysAndRisksOverHTTP(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	soon := time.Now().Add(2 * time.Hour).UTC().Truncate(time.Second)
	var j wireJob
	d.dispatcher.post("/v1/jobs", d.request("window", obj{"from": soon, "to": soon.Add(time.Hour)})).want(http.StatusCreated).into(&j)
	j.does(d.dispatcher, "assign", obj{"technician_id": d.technician, "start_at": soon}).want(http.StatusOK)
	j.does(d.tech, "delay", obj{"minutes": 90}).want(http.StatusUnprocessableEntity)
	j.does(d.tech, "delay", obj{"minutes": 90, "reason": "the bridge is closed"}).want(http.StatusOK)

	type expected struct {
		ID  uuid.UUID
		ETA struct {
			StartAt time.Time `json:"start_at"`
		}
		Risks []struct {
			Code, Level, Text string
			Minutes           int
		}
	}
	told := func(where string, e expected) {
		t.Helper()
		if e.ID != j.ID || !e.ETA.StartAt.Equal(soon.Add(90*time.Minute)) || len(e.Risks) == 0 || e.Risks[0].Code != "window" || e.Risks[0].Level != "missed" || e.Risks[0].Minutes != 30 {
			t.Errorf("%s: %+v", where, e)
		}
	}
	// The day of the job by the clock of the outlet, in Shanghai.
	day := soon.In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	var risks struct {
		Items    []expected
		RepairID *uuid.UUID `json:"repair_id"`
	}
	d.dispatcher.get(fmt.Sprintf("/v1/board/risks?day=%s&outlet_id=%s", day, d.outlet), lang("zh-CN")).want(http.StatusOK).into(&risks)
	if len(risks.Items) != 1 || risks.RepairID != nil {
		t.Fatalf("%+v", risks)
	}
	told("risks", risks.Items[0])
	if text := risks.Items[0].Risks[0].Text; !strings.Contains(text, "超出客户时间窗 30 分钟") {
		t.Error(text)
	}
	var board struct{ Technicians []struct{ Jobs []expected } }
	d.dispatcher.get(fmt.Sprintf("/v1/board?day=%s&outlet_id=%s", day, d.outlet)).want(http.StatusOK).into(&board)
	told("board", board.Technicians[0].Jobs[0])
	var agenda struct{ Visits []struct{ Job expected } }
	d.tech.get(fmt.Sprintf("/v1/technicians/%s/agenda?day=%s", d.technician, day)).want(http.StatusOK).into(&agenda)
	told("agenda", agenda.Visits[0].Job)
	d.as(who.Dispatcher, d.newOutlet("B")).get(fmt.Sprintf("/v1/board/risks?day=%s&outlet_id=%s", day, d.outlet)).want(http.StatusNotFound)
}
