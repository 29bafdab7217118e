package api_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/who"

	"github.com/google/uuid"
)

// desk is the stores of an outlet with a dispatcher, a skill that its technician has, and a customer's site
// where he lives. He is on shift from an hour ago for nine hours on.
type desk struct {
	*stores
	dispatcher     *client
	customer, site uuid.UUID
}

func (w *world) newDesk(code string) *desk {
	w.t.Helper()
	d := &desk{stores: w.newStores(code)}
	d.dispatcher = w.as(who.Dispatcher, d.outlet)
	ctx, now := w.t.Context(), time.Now()
	if _, err := w.house.Network.OpenSkill(ctx, who.System, dispatch.NewSkill{Code: code + "-hvac", Name: "Air conditioning"}); err != nil {
		w.t.Fatal(err)
	}
	skills, _, err := w.house.Network.ListSkills(ctx, code+"-hvac", uuid.Nil, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.house.Crew.Certify(ctx, who.System, d.technician, dispatch.NewCertification{
		SkillID: skills[0].ID, Level: 3, ValidFrom: now.AddDate(-1, 0, 0), ValidTo: now.AddDate(1, 0, 0),
	}); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.house.Crew.Plan(ctx, who.System, d.technician, []dispatch.NewShift{{StartsAt: now.Add(-time.Hour), EndsAt: now.Add(9 * time.Hour)}}); err != nil {
		w.t.Fatal(err)
	}
	d.customer = w.row("customers", obj{"outlet_id": d.outlet, "name": "Ms Wu"})
	d.site = w.row("sites", obj{"customer_id": d.customer, "outlet_id": d.outlet, "time_zone": "Asia/Shanghai", "location": "(0,0)", "address": "Renmin Road 1"})
	// The hour that the stores book for him is of no matter here.
	w.exec(`UPDATE bookings SET active = false, released_at = now() WHERE technician_id = $1`, d.technician)
	return d
}

// request is the body of a job of an hour at the site, with other members.
func (d *desk) request(more ...any) obj {
	body := obj{"site_id": d.site, "title": "Mend it", "priority": "P1", "minutes": 60}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

type wireJob struct {
	ID        uuid.UUID
	Number    string
	Status    string
	Version   int
	Reason    string
	SignOffID uuid.UUID `json:"sign_off_id"`
	FollowsID uuid.UUID `json:"follows_id"`
	Follower  uuid.UUID `json:"followed_by_id"`
	Arrival   struct {
		Metres int
		Flags  []string
	}
	Booking *struct {
		TechnicianID uuid.UUID `json:"technician_id"`
		StartsAt     time.Time `json:"starts_at"`
		Explanation  struct {
			Source string
			Terms  []struct{ Code, Text string }
		}
	}
}

func (j wireJob) path() string { return "/v1/jobs/" + j.ID.String() }

// does has somebody do something with the job as he read it last.
func (j *wireJob) does(c *client, verb string, body any) *reply {
	c.t.Helper()
	a := c.post(j.path()+"/"+verb, body, match(j.Version))
	if a.status == http.StatusOK {
		a.into(j)
		if a.version() != j.Version {
			c.t.Errorf("%s: version %d, ETag %d", verb, j.Version, a.version())
		}
	}
	return a
}

func signaturePNG(t testing.TB) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 60, 20))
	for x := range 60 {
		img.SetGray(x, x%20, color.Gray{Y: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func signed(t testing.TB, more ...any) obj {
	t.Helper()
	body := obj{
		"signature": obj{"signer": "Wu Fang", "strokes": [][]obj{{{"x": 1, "y": 2, "t": 0}, {"x": 9.5, "y": 4, "t": 30}}}, "png": signaturePNG(t)},
		"score":     5, "answers": obj{"solved": true, "satisfied": true},
	}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

func TestJobFromOpenToClosed(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	board := d.newPart("CB-1", true)
	d.chief.post("/v1/stock/receive", obj{"location_id": d.warehouse, "lines": []obj{{"part_id": board, "serials": []string{"N1"}}}}).want(http.StatusCreated)
	d.carry(d.warehouse, d.van, []obj{{"part_id": board, "serials": []string{"N1"}}})

	var j wireJob
	opened := d.dispatcher.post("/v1/jobs", d.request("needs", []obj{{"code": "A-hvac", "level": 2}}, "parts", []obj{{"part_id": board, "quantity": 1}},
		"photos", []obj{{"kind": "after", "count": 1}})).want(http.StatusCreated).into(&j)
	if opened.header.Get("Location") != j.path() || j.Status != "open" || !strings.HasPrefix(j.Number, "J") {
		t.Fatalf("%s", opened.body)
	}
	d.tech.get(j.path()).want(http.StatusNotFound)

	var list struct {
		Items []struct {
			TechnicianID uuid.UUID `json:"technician_id"`
			Ranked       bool
			Terms        []struct{ Code, Text string }
		}
	}
	d.dispatcher.get(j.path()+"/candidates", lang("zh-CN")).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || !list.Items[0].Ranked || list.Items[0].TechnicianID != d.technician || list.Items[0].Terms[0].Text != "行程增加 0 分钟" {
		t.Errorf("%+v", list)
	}
	j.does(d.dispatcher, "auto-assign", obj{}).want(http.StatusOK)
	if j.Booking.TechnicianID != d.technician || j.Booking.Explanation.Source != "auto" || len(j.Booking.Explanation.Terms) == 0 {
		t.Errorf("%+v", j.Booking)
	}
	j.does(d.dispatcher, "dispatch", nil).want(http.StatusOK)
	d.tech.get(j.path()).want(http.StatusOK)
	j.does(d.tech, "accept", nil).want(http.StatusOK)
	j.does(d.tech, "travel", nil).want(http.StatusOK)
	j.does(d.tech, "arrive", obj{"position": obj{"type": "Point", "coordinates": []float64{.01, 0}}, "accuracy": 15}).want(http.StatusOK)
	if j.Arrival.Metres < 1100 || j.Arrival.Metres > 1120 || !slices.Equal(j.Arrival.Flags, []string{"out_of_range"}) {
		t.Errorf("%+v", j.Arrival)
	}
	j.does(d.tech, "start", nil).want(http.StatusOK)
	j.does(d.tech, "close", signed(t)).want(http.StatusConflict)
	j.does(d.tech, "hold", obj{"for": "customer", "note": "fetches the key"}).want(http.StatusOK)
	j.does(d.tech, "resume", nil).want(http.StatusOK)
	j.does(d.tech, "finish", obj{"summary": "Changed the board"}).want(http.StatusOK)

	refused := j.does(d.tech, "close", signed(t)).want(http.StatusUnprocessableEntity)
	if got := refused.pointers(); !slices.Equal(got, []string{"/photos", "/parts"}) {
		t.Errorf("refused at %v", got)
	}
	b, _ := base64.StdEncoding.DecodeString(signaturePNG(t))
	var photo wirePhoto
	d.tech.post(j.path()+"/photos", announcement(b)).want(http.StatusCreated).into(&photo)
	refused = j.does(d.tech, "close", signed(t, "photos", []uuid.UUID{photo.ID}, "parts", []obj{{"part_id": board, "quantity": 1, "new_serial": "N9", "old_serial": "O1", "old_part_wish": "return"}})).
		want(http.StatusUnprocessableEntity)
	if got := refused.pointers(); !slices.Equal(got, []string{"/photos/0", "/photos", "/parts/0/new_serial"}) {
		t.Errorf("refused at %v: %s", got, refused.body)
	}
	d.tech.put(photo.path()+"/content", b, header("Content-Type", "image/png")).want(http.StatusOK)
	closing := signed(t, "photos", []uuid.UUID{photo.ID}, "parts", []obj{{"part_id": board, "quantity": 1, "new_serial": "N1", "old_serial": "O1", "old_part_wish": "return"}})
	// Out of his van it is the technician's to say; a supervisor says why he does it for him.
	j.does(d.dispatcher, "close", closing).want(http.StatusForbidden)
	if got := j.does(d.chief, "close", closing).want(http.StatusUnprocessableEntity).pointers(); !slices.Equal(got, []string{"/parts/0/reason"}) {
		t.Errorf("refused at %v", got)
	}
	at := j.Version
	done := d.tech.post(j.path()+"/close", closing, match(at), key("the-closing")).want(http.StatusOK).into(&j)
	again := d.tech.post(j.path()+"/close", closing, match(at), key("the-closing")).want(http.StatusOK)
	if j.Status != "closed" || !bytes.Equal(done.body, again.body) {
		t.Errorf("closed: %s\nagain: %s", done.body, again.body)
	}
	var verdict struct{ OK bool }
	d.dispatcher.get("/v1/sign-offs/" + j.SignOffID.String() + "/verify").want(http.StatusOK).into(&verdict)
	if !verdict.OK || d.holds(d.van, board) != 0 {
		t.Errorf("verdict %+v, the van holds %d", verdict, d.holds(d.van, board))
	}
	var sealed struct {
		Record struct {
			Parts []struct {
				Warranty, Currency string
				CoveredUntil       string `json:"covered_until"`
			}
		}
		Coverages []string
	}
	d.dispatcher.get("/v1/sign-offs/"+j.SignOffID.String(), lang("zh-CN")).want(http.StatusOK).into(&sealed)
	if p := sealed.Record.Parts; len(p) != 1 || p[0].Warranty != "not_covered" || p[0].Currency != "CNY" || len(sealed.Coverages) != 1 ||
		sealed.Coverages[0] != "备件 CB-1 × 1，序列号 N1：质保至 "+p[0].CoveredUntil {
		t.Errorf("sealed %+v", sealed)
	}
	var history struct {
		Items []struct{ Kind string }
	}
	d.dispatcher.get(j.path() + "/history").want(http.StatusOK).into(&history)
	if n := len(history.Items); n != 11 || history.Items[n-1].Kind != "job.closed" {
		t.Errorf("%+v", history)
	}
}

func TestAssigningByHandOverHTTP(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	soon := time.Now().Add(2 * time.Hour).UTC().Truncate(time.Second)
	var first, second, third wireJob
	d.dispatcher.post("/v1/jobs", d.request()).want(http.StatusCreated).into(&first)
	d.dispatcher.post("/v1/jobs", d.request()).want(http.StatusCreated).into(&second)
	d.dispatcher.post("/v1/jobs", d.request("needs", []obj{{"code": "A-hvac", "level": 5}})).want(http.StatusCreated).into(&third)
	first.does(d.dispatcher, "assign", obj{"technician_id": d.technician, "start_at": soon}).want(http.StatusOK)
	if !first.Booking.StartsAt.Equal(soon) || first.Booking.Explanation.Source != "hand" {
		t.Errorf("%+v", first.Booking)
	}
	clash := second.does(d.dispatcher, "assign", obj{"technician_id": d.technician, "start_at": soon.Add(30 * time.Minute)}).want(http.StatusConflict)
	if !strings.Contains(clash.problem().Detail, "is booked for job "+first.Number+" from ") {
		t.Errorf("%s", clash.body)
	}
	second.does(d.dispatcher, "assign", obj{"technician_id": d.technician}).want(http.StatusOK)
	refused := third.does(d.dispatcher, "assign", obj{"technician_id": d.technician, "start_at": soon.Add(3 * time.Hour), "override": true, "reason": "Nobody else"}).want(http.StatusConflict)
	if e := refused.problem().Errors; len(e) != 1 || e[0].Pointer != "/technician_id" || !strings.Contains(e[0].Detail, "is of level 3, the job needs 5") {
		t.Errorf("%s", refused.body)
	}
	d.dispatcher.post(first.path()+"/unassign", obj{}, match(1)).want(http.StatusPreconditionFailed)
	d.dispatcher.post(first.path()+"/unassign", obj{}).want(http.StatusPreconditionRequired)
	first.does(d.dispatcher, "reassign", obj{"technician_id": d.technician, "start_at": soon.Add(4 * time.Hour)}).want(http.StatusOK)
	first.does(d.dispatcher, "unassign", obj{"reason": "Away"}).want(http.StatusOK)
	first.does(d.dispatcher, "cancel", obj{"reason": "Mended already"}).want(http.StatusOK)
	d.dispatcher.patch(first.path(), first.Version, obj{"title": "x"}).want(http.StatusConflict)
	d.dispatcher.patch(third.path(), third.Version, obj{"minutes": 30, "window": nil, "due_at": nil, "needs": []obj{}}).want(http.StatusOK).into(&third)
	third.does(d.dispatcher, "assign", obj{"technician_id": d.technician}).want(http.StatusOK)

	var bookings struct{ Items []struct{ Active bool } }
	d.dispatcher.get(first.path() + "/bookings").want(http.StatusOK).into(&bookings)
	if len(bookings.Items) != 2 || bookings.Items[1].Active {
		t.Errorf("%+v", bookings)
	}
	for query, want := range map[string]int{
		"status=canceled": 1, "status=scheduled,canceled": 3, "technician_id=" + d.technician.String(): 2, "q=" + second.Number: 1, "priority=P0": 0,
		"site_id=" + d.site.String() + "&limit=2": 2, "outlet_id=" + d.outlet.String() + "&status=open": 0,
	} {
		var list struct{ Items []wireJob }
		if d.dispatcher.get("/v1/jobs?" + query).want(http.StatusOK).into(&list); len(list.Items) != want {
			t.Errorf("%s: %d jobs, want %d", query, len(list.Items), want)
		}
	}
}

func TestCannotCompleteOverHTTP(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	var j, rest wireJob
	d.dispatcher.post("/v1/jobs", d.request()).want(http.StatusCreated).into(&j)
	j.does(d.dispatcher, "auto-assign", obj{}).want(http.StatusOK)
	for _, verb := range []string{"dispatch", "accept", "travel"} {
		j.does(d.dispatcher, verb, nil).want(http.StatusOK)
	}
	j.does(d.dispatcher, "arrive", obj{}).want(http.StatusOK)
	j.does(d.dispatcher, "start", nil).want(http.StatusOK)
	j.does(d.tech, "cannot-complete", obj{"reason": "No compressor in town"}).want(http.StatusOK)
	if j.Status != "incomplete" || j.Reason != "No compressor in town" {
		t.Errorf("%+v", j)
	}
	d.tech.get(j.path()).want(http.StatusOK).into(&j)
	d.dispatcher.get("/v1/jobs/" + j.Follower.String()).want(http.StatusOK).into(&rest)
	if rest.Status != "open" || rest.FollowsID != j.ID {
		t.Errorf("%+v", rest)
	}
}

func TestTextsThatNoDatabaseHoldsAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t).newDesk("A")
	const nul = "a\x00b"
	for member, body := range map[string]obj{
		"/title": d.request("title", nul), "/description": d.request("description", nul), "/external_key": d.request("external_key", nul),
		"/needs/0/code": d.request("needs", []obj{{"code": nul, "level": 1}}),
	} {
		if got := d.dispatcher.post("/v1/jobs", body).want(http.StatusUnprocessableEntity).pointers(); !slices.Equal(got, []string{member}) {
			t.Errorf("%s: refused at %v", member, got)
		}
	}
	var j wireJob
	d.dispatcher.post("/v1/jobs", d.request()).want(http.StatusCreated).into(&j)
	j.does(d.dispatcher, "cancel", obj{"reason": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.dispatcher, "cancel", obj{"reason": " "}).want(http.StatusUnprocessableEntity)
	j.does(d.dispatcher, "assign", obj{"technician_id": d.technician, "start_at": time.Now().Add(time.Hour), "override": true, "reason": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.dispatcher, "auto-assign", obj{}).want(http.StatusOK)
	j.does(d.dispatcher, "unassign", obj{"reason": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.dispatcher, "dispatch", nil).want(http.StatusOK)
	j.does(d.tech, "decline", obj{"reason": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.tech, "accept", nil).want(http.StatusOK)
	j.does(d.tech, "travel", nil).want(http.StatusOK)
	j.does(d.tech, "arrive", obj{}).want(http.StatusOK)
	j.does(d.tech, "start", nil).want(http.StatusOK)
	j.does(d.tech, "hold", obj{"for": "parts", "note": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.tech, "cannot-complete", obj{"reason": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.tech, "finish", obj{"summary": nul}).want(http.StatusUnprocessableEntity)
	j.does(d.tech, "finish", obj{"summary": "   "}).want(http.StatusUnprocessableEntity)
	j.does(d.tech, "finish", obj{}).want(http.StatusOK)
	refused := j.does(d.tech, "close", signed(t, "work_summary", nul, "waived_parts", []obj{{"part_id": uuid.New(), "reason": nul}})).want(http.StatusUnprocessableEntity)
	if got := refused.pointers(); !slices.Equal(slices.Sorted(slices.Values(got)), []string{"/waived_parts/0/reason", "/work_summary"}) {
		t.Errorf("refused at %v", got)
	}
}
