package cases_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"callout/cases"
	"callout/dispatch"
	"callout/internal/event"
	"callout/internal/words"

	"github.com/google/uuid"
)

// told returns the sentences of a case's history, and checks that each has its place.
func (w *world) told(c cases.Case, language words.Language, limit int) (sentences []string) {
	w.t.Helper()
	var last int64
	for {
		entries, next, err := w.History(w.t.Context(), w.desk, c.ID, last, limit)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range entries {
			if e.Seq <= last || e.Number == "" || e.Noun() != "case" && e.Noun() != "job" {
				w.t.Errorf("entry %+v after %d", e, last)
			}
			last = e.Seq
			sentences = append(sentences, e.Text.In(language))
		}
		if next == 0 {
			return sentences
		}
	}
}

func TestHistoryTellsTheWholeStory(t *testing.T) {
	w := open(t)
	c := w.received()
	must(w.Amend(t.Context(), w.desk, c.ID, 1, cases.Change{Severity: ptr(cases.SeverityUrgent)}))(t)
	must(w.Amend(t.Context(), w.desk, c.ID, 2, cases.Change{Description: ptr("It smokes")}))(t)
	must(w.Respond(t.Context(), w.desk, c.ID, 3, nil))(t)
	must(w.Classify(t.Context(), w.desk, c.ID, 4, cases.Change{}))(t)
	j := w.visited(c)
	w.becomes(j, dispatch.StatusClosed)
	must(w.Reopen(t.Context(), w.desk, c.ID, w.now(c).Version, "smokes again"))(t)
	must(w.Cancel(t.Context(), w.desk, w.received().ID, 1, "another case"))(t)
	for _, tt := range []struct {
		language words.Language
		want     []string
	}{
		{words.English, []string{
			"case 20261123001 received by hotline: fault, general, priority P1; response due 2026-11-23 14:00, completion due 2026-11-26 10:00",
			"judged fault, urgent, priority P0 instead of fault, general, priority P1; response due 2026-11-23 11:00 instead of 2026-11-23 14:00, completion due 2026-11-24 10:00 instead of 2026-11-26 10:00",
			"case changed: description",
			"customer answered at 2026-11-23 10:00",
			"classified as it was received",
			"job " + j.Number + " opened",
			"in service with job " + j.Number,
			"resolved: job " + j.Number + " was the last one",
			"case reopened: smokes again",
		}},
		{words.Chinese, []string{
			"服务请求 20261123001 通过服务热线受理：故障、一般、优先级 P1；响应期限 2026-11-23 14:00，完成期限 2026-11-26 10:00",
			"判定为故障、紧急、优先级 P0（原为故障、一般、优先级 P1）；响应期限 2026-11-23 11:00（原 2026-11-23 14:00），完成期限 2026-11-24 10:00（原 2026-11-26 10:00）",
			"服务请求已修改：描述",
			"已于 2026-11-23 10:00 响应客户",
			"按受理时的判断确认分类",
			"派工单 " + j.Number + " 已开立",
			"进入服务，派工单 " + j.Number,
			"已解决：派工单 " + j.Number + " 是最后一张",
			"服务请求已重新打开：smokes again",
		}},
	} {
		if got := w.told(c, tt.language, 4); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%q\nwant\n%q", tt.language, got, tt.want)
		}
	}
	entries, _, err := w.History(t.Context(), w.desk, c.ID, 0, 1)
	if err != nil || entries[0].Actor != "Ms Lin" || *entries[0].ActorID != w.desk.UserID || !entries[0].At.Equal(monday) {
		t.Errorf("%+v, %v", entries, err)
	}
}

func TestHistoryTellsWhatHappenedToJobs(t *testing.T) {
	w := open(t)
	c := w.received()
	j, other := w.visited(c), w.visited(c)
	li := w.newTechnician("Li", j)
	type m = map[string]any
	happens := func(kind string, onBehalf bool, details m) {
		t.Helper()
		err := w.db.InTx(t.Context(), func(ctx context.Context) error {
			return event.Append(ctx, w.db, w.desk, monday, event.Entry{Kind: kind, SubjectID: j.ID, OutletID: j.OutletID, Data: m{
				"number": "J1", "technician_id": li.TechnicianID, "on_behalf": onBehalf, "details": details,
			}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	from := m{"starts_at": monday, "ends_at": monday.Add(time.Hour)}
	happens("job.amended", false, m{"changed": []string{"minutes", "window"}})
	happens("job.assigned", false, from)
	happens("job.reassigned", false, m{"starts_at": monday, "ends_at": monday.Add(time.Hour), "reason": "he asked for it"})
	happens("job.unassigned", false, m{"reason": "ill"})
	happens("job.dispatched", false, nil)
	happens("job.declined", true, m{"reason": "too far"})
	happens("job.accepted", true, nil)
	happens("job.traveling", false, nil)
	happens("job.arrived", false, m{"metres": 12})
	happens("job.started", false, nil)
	happens("job.held", false, m{"for": "parts", "note": "the valve"})
	happens("job.resumed", false, nil)
	happens("job.finished", false, m{"metres": "of another shape"})
	happens("job.incomplete", false, m{"reason": "no ladder", "follow_on_number": "J2"})
	happens("job.closed", false, nil)
	happens("job.canceled", false, m{"reason": "rain"})
	happens("job.polished", false, nil)
	want := []string{
		"job J1 changed: minutes, window", "job J1 assigned to Li, 2026-11-23 10:00 to 2026-11-23 11:00",
		"job J1 reassigned to Li, 2026-11-23 10:00 to 2026-11-23 11:00: he asked for it", "job J1 taken from Li: ill", "job J1 sent out to Li",
		"job J1 declined by Li (told by somebody else): too far", "job J1 accepted by Li (told by somebody else)", "Li is on the way to job J1",
		"Li arrived for job J1, 12 m from the site", "work on job J1 began", "job J1 on hold, waiting for parts: the valve", "work on job J1 goes on",
		"work on job J1 is done", "job J1 could not be completed, job J2 carries on: no ladder", "job J1 signed and closed", "job J1 canceled: rain", "job.polished",
	}
	got := w.told(c, words.English, 100)
	if len(got) < 4 || !slices.Equal(got[4:], want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	// A technician hears of his own jobs only.
	entries, _, err := w.History(t.Context(), li, c.ID, 0, 100)
	if err != nil || slices.ContainsFunc(entries, func(e cases.Entry) bool { return e.Subject == other.ID }) || len(entries) != len(got)-1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	if _, _, err := w.History(t.Context(), w.desk, uuid.Must(uuid.NewV7()), 0, 10); err == nil {
		t.Error("a case that is not there has a history")
	}
}
