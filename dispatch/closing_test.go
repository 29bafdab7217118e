package dispatch_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"

	"callout/dispatch"
	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// drawing is a PNG with a line across; n makes one drawing differ from another.
func drawing(t testing.TB, n int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 64, 32))
	for x := range 64 {
		img.SetGray(x, (x+n)%32, color.Gray{Y: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photographed announces a photo of a job and, unless it is still on the phone, stores it.
func (f *field) photographed(t testing.TB, by who.Actor, j dispatch.Job, kind evidence.Kind, n int, arrived bool) uuid.UUID {
	t.Helper()
	b := drawing(t, n)
	p := must(f.locker.Announce(t.Context(), by, j.ID, evidence.Announcement{
		Kind: kind, SHA256: evidence.Sum(b), Size: int64(len(b)), TakenAt: at("05:30"),
	}))(t)
	if arrived {
		must(f.locker.PutContent(t.Context(), by, p.ID, "image/png", bytes.NewReader(b)))(t)
	}
	return p.ID
}

// word is a customer's word that has nothing wrong with it.
func word(t testing.TB) dispatch.Closing {
	t.Helper()
	return dispatch.Closing{
		Signature: dispatch.Signature{
			Signer: "Wu Fang", Relation: "owner", PNG: drawing(t, 7),
			Strokes: evidence.Strokes{{{X: 1, Y: 1, T: 0}, {X: 20, Y: 9, T: 40}}},
		},
		Score: 5, Answers: evidence.Answers{Solved: true, Satisfied: true}, Summary: "Changed the valve",
	}
}

// finished takes a job of a technician to where only the customer's word is missing.
func (f *field) finished(t testing.TB, li dispatch.Technician, clock string, more ...func(*dispatch.NewJob)) dispatch.Job {
	t.Helper()
	j := f.work(t, f.booked(li, clock, more...))
	return must(f.board.Finish(t.Context(), asTechnician(li), j.ID, j.Version, ""))(t)
}

func TestCloseSealsEverything(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, ctx := f.newTechnician("Li", 3), t.Context()
	valve, gasket := f.shelf.newPart("valve"), f.shelf.newPart("gasket")
	j := f.finished(t, li, "09:00", func(n *dispatch.NewJob) {
		n.Photos = []dispatch.PhotoNeed{{Kind: "after", Count: 1}}
		n.Parts = []dispatch.PartNeed{{PartID: valve, Quantity: 1}, {PartID: gasket, Quantity: 2}}
	})
	by := asTechnician(li)
	photo := f.photographed(t, by, j, evidence.KindAfter, 1, true)
	c := word(t)
	c.Photos = []uuid.UUID{photo}
	c.Parts = []dispatch.PartUse{{PartID: valve, Quantity: 1, NewSerial: "N1", OldSerial: "O1", OldPartWish: "return"}}
	c.Waived = []dispatch.Waiver{{PartID: gasket, Reason: "the old ones are good"}}
	f.setClock(at("10:00"))
	done := must(f.board.Close(ctx, by, j.ID, j.Version, c))(t)
	kept := must(f.board.Find(ctx, by, j.ID))(t)
	if kept.Status != dispatch.StatusClosed || !kept.ClosedAt.Equal(at("10:00")) || kept.Version != done.Version || kept.Outcome != "Changed the valve" {
		t.Errorf("%+v", kept)
	}
	if kept.SignOffID == nil || *kept.SignOffID != *done.SignOffID {
		t.Fatalf("sign-off %v, told %v", kept.SignOffID, done.SignOffID)
	}
	s := must(f.locker.FindSignOff(ctx, by, *kept.SignOffID))(t)
	report := evidence.VerifyRecord(s.Record, s.Seal(), f.keys)
	if !report.OK() {
		t.Fatalf("%+v", report.Checks)
	}
	r := report.Record
	switch {
	case r.Job.Number != j.Number || r.Customer.Name != "Ms Wu" || r.Outlet.Name != "center" || r.Technician.Name != "Li" || r.Site.Address != "Renmin Road":
		t.Errorf("%+v", r)
	case len(r.Parts) != 1 || r.Parts[0].Number != "P-valve" || r.Parts[0].OldSerial != "O1" || r.Parts[0].OldPartWish != "return":
		t.Errorf("%+v", r.Parts)
	case len(r.Photos) != 1 || r.Photos[0].ID != photo || r.Score != 5 || !r.Answers.Solved || r.PolicyVersion != 1:
		t.Errorf("%+v", r)
	}
	if photos := must(f.locker.Photos(ctx, by, j.ID))(t); photos[0].Status != evidence.PhotoLinked {
		t.Errorf("%+v", photos)
	}
	history := must(f.board.History(ctx, who.System, j.ID))(t)
	last := history[len(history)-1]
	if last.Kind != "job.closed" || !strings.Contains(string(last.Data), "the old ones are good") || !strings.Contains(string(last.Data), s.ID.String()) {
		t.Errorf("%s %s", last.Kind, last.Data)
	}
	_, err := f.board.Close(ctx, by, j.ID, kept.Version, c)
	wants(t, err, fault.Conflict, "closed", "close is not possible")
}

func TestCloseNamesEachMissingThing(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, ctx := f.newTechnician("Li", 3), t.Context()
	valve := f.shelf.newPart("valve")
	j := f.finished(t, li, "09:00", func(n *dispatch.NewJob) {
		n.Photos = []dispatch.PhotoNeed{{Kind: "before", Count: 1}, {Kind: "after", Count: 2}}
		n.Parts = []dispatch.PartNeed{{PartID: valve, Quantity: 1}}
	})
	by := asTechnician(li)
	before, stranger := f.photographed(t, by, j, evidence.KindBefore, 1, false), uuid.Must(uuid.NewV7())
	after := f.photographed(t, by, j, evidence.KindAfter, 2, true)
	f.shelf.open = []words.Text{words.Say("the parts of request %s are issued and not received yet", "P1")}
	_, err := f.board.Close(ctx, by, j.ID, j.Version, dispatch.Closing{
		Signature: dispatch.Signature{Signer: " ", PNG: []byte("x"), SignedAt: ptr(at("12:00"))}, Score: 6,
		Photos: []uuid.UUID{before, stranger, after, after}, Waived: []dispatch.Waiver{{PartID: stranger, Reason: "x"}},
	})
	wants(t, err, fault.Invalid, "P-valve: 1 are needed, 0 were used", "photos of the kind before: 1 needed, 0 here",
		"photos of the kind after: 2 needed, 1 here", "request P1")
	var at []string
	for _, one := range fault.From(err).Fields {
		at = append(at, one.Pointer)
	}
	want := "/signature/signer /signature/signed_at /signature/strokes /signature/png /score /work_summary /photos/0 /photos/1 /photos/3 /photos /photos /parts /waived_parts/0/part_id /parts"
	if got := strings.Join(at, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(f.shelf.settled[j.ID]) != 0 {
		t.Error("parts were settled")
	}
	if kept := must(f.board.Find(ctx, by, j.ID))(t); kept.Status != dispatch.StatusFinished || kept.Version != j.Version {
		t.Errorf("%+v", kept)
	}

	working := f.work(t, f.booked(li, "14:00"))
	_, err = f.board.Close(ctx, by, working.ID, working.Version, word(t))
	wants(t, err, fault.Conflict, "is working")
	_, err = f.board.Close(ctx, by, j.ID, j.Version-1, word(t))
	wants(t, err, fault.Stale)
}

// refusing is a case file that will not have the job change.
type refusing struct{ told []dispatch.Status }

var errRefused = errors.New("the case says no")

func (r *refusing) JobChanged(_ context.Context, _ who.Actor, j dispatch.Job) error {
	r.told = append(r.told, j.Status)
	if j.Status == dispatch.StatusClosed {
		return errRefused
	}
	return nil
}

func TestCloseIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	f := newField(t)
	file := &refusing{}
	f.board.Tell(file)
	li, ctx := f.newTechnician("Li", 3), t.Context()
	request := f.newCase(t)
	j := f.finished(t, li, "09:00", func(n *dispatch.NewJob) { n.CaseID = &request })
	photo := f.photographed(t, asTechnician(li), j, evidence.KindAfter, 1, true)
	_, err := f.board.Close(ctx, asTechnician(li), j.ID, j.Version, word(t))
	if !errors.Is(err, errRefused) {
		t.Fatal(err)
	}
	if len(file.told) != 9 || file.told[0] != dispatch.StatusOpen || file.told[7] != dispatch.StatusFinished {
		t.Errorf("the case was told %v", file.told)
	}
	if kept := must(f.board.Find(ctx, who.System, j.ID))(t); kept.Status != dispatch.StatusFinished || kept.SignOffID != nil {
		t.Errorf("%+v", kept)
	}
	if p := must(f.locker.FindPhoto(ctx, who.System, photo))(t); p.Status != evidence.PhotoStored {
		t.Errorf("%+v", p)
	}
	f.board.Tell(nil)
	// Without a list of photos every one that is here is linked.
	must(f.board.Close(ctx, asTechnician(li), j.ID, j.Version, word(t)))(t)
	if p := must(f.locker.FindPhoto(ctx, who.System, photo))(t); p.Status != evidence.PhotoLinked {
		t.Errorf("%+v", p)
	}
}

func TestJobThatIsOverGivesUpItsPartsWithIt(t *testing.T) {
	t.Parallel()
	f := newField(t)
	li, ctx := f.newTechnician("Li", 3), t.Context()
	done, unwanted := f.finished(t, li, "09:00"), f.booked(li, "13:00")
	f.shelf.stuck = errRefused
	_, err := f.board.Close(ctx, asTechnician(li), done.ID, done.Version, word(t))
	if !errors.Is(err, errRefused) {
		t.Fatal(err)
	}
	if _, err = f.board.Cancel(ctx, who.System, unwanted.ID, unwanted.Version, "sold"); !errors.Is(err, errRefused) {
		t.Fatal(err)
	}
	for _, j := range []dispatch.Job{done, unwanted} {
		if kept := must(f.board.Find(ctx, who.System, j.ID))(t); kept.Status != j.Status || kept.Booking == nil {
			t.Errorf("%+v", kept)
		}
	}
	f.shelf.stuck = nil
	must(f.board.Close(ctx, asTechnician(li), done.ID, done.Version, word(t)))(t)
	must(f.board.Cancel(ctx, who.System, unwanted.ID, unwanted.Version, "sold"))(t)
	if !slices.Equal(f.shelf.over, []uuid.UUID{done.ID, unwanted.ID}) {
		t.Errorf("the parts of %v were given up", f.shelf.over)
	}
}

// newCase writes a service request behind the desk's back.
func (f *field) newCase(t testing.TB) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	must(pg.Exec(t.Context(), f.db, `INSERT INTO cases (id, number, status, channel, type, severity, priority, customer_id, site_id, outlet_id, description,
		received_at, response_due_at, completion_due_at, policy_version, created_at, updated_at)
		VALUES ($1, '1', 'in_service', 'hotline', 'fault', 'general', 'P1', $2, $3, $4, 'x', now(), now(), now(), 1, now(), now())`,
		id, f.customer.ID, f.site.ID, f.outlet.ID))(t)
	return id
}
