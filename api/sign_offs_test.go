package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/evidence"
	"callout/internal/keyring"
	"callout/internal/who"

	"github.com/google/uuid"
)

// sealed seals what a customer signed for on a job.
func (y *yard) sealed(job uuid.UUID, photos ...uuid.UUID) evidence.SignOff {
	y.t.Helper()
	r := evidence.Record{
		Outlet: evidence.Outlet{ID: y.outlet, Name: "O"}, Job: evidence.JobRef{ID: job, Number: "J1", Title: "<T>"},
		Signature: evidence.Signature{Signer: "Ada", SignedAt: time.Now(), Strokes: evidence.Strokes{{{X: 1}, {X: 2}}}},
		Score:     5, Answers: evidence.Answers{Solved: true, Satisfied: true},
	}
	for _, id := range photos {
		r.Photos = append(r.Photos, evidence.PhotoTaken{ID: id})
	}
	o, err := y.house.Locker.Seal(y.t.Context(), who.System, r, picture(y.t, asPNG))
	if err != nil {
		y.t.Fatal(err)
	}
	return o
}

type wireSignOff struct {
	ID             uuid.UUID
	JobID          uuid.UUID `json:"job_id"`
	Sequence       int64
	Previous, Hash string
	Record         json.RawMessage
}

func TestASignOffOverHTTP(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	p := y.photographed(picture(t, asJPEG))
	first, second := y.sealed(y.job, p.ID), y.sealed(y.openJob())
	var o wireSignOff
	y.technician.get("/v1/sign-offs/" + first.ID.String()).want(http.StatusOK).into(&o)
	var record evidence.Record
	if err := json.Unmarshal(o.Record, &record); err != nil || record.Signature.Signer != "Ada" || record.Job.Title != "<T>" || len(record.Photos) != 1 || o.Hash != first.Hash.String() {
		t.Errorf("got %+v, %v", o, err)
	}
	y.technician.get(p.path()).into(&p)
	if p.Status != "linked" {
		t.Errorf("the photo is %s", p.Status)
	}
	var list struct {
		Items []wireSignOff
		Next  *string `json:"next_cursor"`
	}
	desk := y.as(who.Dispatcher, y.outlet)
	a := desk.get("/v1/sign-offs?limit=1").want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].ID != second.ID || list.Items[0].Record != nil || list.Items[0].Previous != o.Hash || list.Next == nil {
		t.Fatalf("first page %s", a.body)
	}
	desk.get("/v1/sign-offs?limit=1&cursor=" + *list.Next).want(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].ID != first.ID || list.Next != nil {
		t.Errorf("second page %+v", list)
	}
	for query, want := range map[string]int{"job_id=" + y.job.String(): 1, "outlet_id=" + y.outlet.String(): 2, "outlet_id=" + y.other.String(): 0} {
		if desk.get("/v1/sign-offs?" + query).want(http.StatusOK).into(&list); len(list.Items) != want {
			t.Errorf("%s: %d, want %d", query, len(list.Items), want)
		}
	}
	if y.technician.get("/v1/sign-offs").want(http.StatusOK).into(&list); len(list.Items) != 1 || list.Items[0].ID != first.ID {
		t.Errorf("the technician sees %+v", list)
	}
	for _, c := range []*client{y.as(who.Dispatcher, y.other), y.stranger} {
		for _, path := range []string{"", "/verify", "/package"} {
			c.get("/v1/sign-offs/" + first.ID.String() + path).want(http.StatusNotFound)
		}
		if c.get("/v1/sign-offs").want(http.StatusOK).into(&list); len(list.Items) != 0 {
			t.Errorf("others see %+v", list)
		}
	}
}

func TestVerifyOverHTTP(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	p := y.photographed(picture(t, asJPEG))
	o := y.sealed(y.job, p.ID)
	path := "/v1/sign-offs/" + o.ID.String() + "/verify"
	type verification struct {
		OK     bool
		Checks []struct {
			Name, What string
			OK         bool
			Why        *string
		}
	}
	var v verification
	y.technician.get(path).want(http.StatusOK).into(&v)
	var names []string
	for _, c := range v.Checks {
		names = append(names, c.Name)
	}
	if want := "record_form record_content record_hash strokes place key seal chain row signature photo"; !v.OK || strings.Join(names, " ") != want {
		t.Errorf("got %v %q", v.OK, names)
	}
	key := "photos/" + p.SHA256[:2] + "/" + p.SHA256
	if err := y.house.Store.Put(t.Context(), key, strings.NewReader("something else"), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	for language, says := range map[string]string{"en": "the picture was changed", "zh-CN": "图片已被改动"} {
		v = verification{}
		y.technician.get(path, lang(language)).want(http.StatusOK).into(&v)
		last := v.Checks[len(v.Checks)-1]
		if v.OK || last.Name != "photo" || last.OK || last.Why == nil || !strings.Contains(*last.Why, says) {
			t.Errorf("%s: %+v", language, v)
		}
	}
}

func TestAPackageVerifiesWithTheKeysThatAreServed(t *testing.T) {
	t.Parallel()
	y := openYard(t)
	p := y.photographed(picture(t, asJPEG))
	o := y.sealed(y.job, p.ID)
	path := "/v1/sign-offs/" + o.ID.String() + "/package"
	var keys struct {
		Items []struct {
			ID, PEM string
			Current bool
		}
	}
	y.as(who.Warehouse).get("/v1/seal-keys").want(http.StatusOK).into(&keys)
	if len(keys.Items) != 1 || !keys.Items[0].Current {
		t.Fatalf("keys %+v", keys)
	}
	pub, zip := filepath.Join(t.TempDir(), "key.pub"), filepath.Join(t.TempDir(), "sign-off.zip")
	if err := os.WriteFile(pub, []byte(keys.Items[0].PEM), 0o600); err != nil {
		t.Fatal(err)
	}
	trusted, err := keyring.ReadPublics(pub)
	if err != nil {
		t.Fatal(err)
	}
	a := y.technician.get(path).want(http.StatusOK)
	for name, want := range map[string]string{
		"Content-Type": "application/zip", "Content-Length": strconv.Itoa(len(a.body)), "ETag": fmt.Sprintf("%q", o.Hash),
		"Content-Disposition": "attachment; filename=sign-off-" + o.JobNumber + ".zip",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if err := os.WriteFile(zip, a.body, 0o600); err != nil {
		t.Fatal(err)
	}
	if rep, err := evidence.Verify(zip, trusted); err != nil || !rep.OK() || !slices.ContainsFunc(rep.Checks, func(c evidence.Check) bool { return c.Name == "photo" }) {
		t.Errorf("got %+v, %v", rep, err)
	}
	y.technician.get(path, header("If-None-Match", a.header.Get("ETag"))).want(http.StatusNotModified)
	if again := y.technician.get(path).want(http.StatusOK); !bytes.Equal(a.body, again.body) {
		t.Error("another zip each time")
	}
}
