package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// bag is the part that is counted.
const bag = "GE-BAG-120"

// stockCount is as much of one as the story needs.
type stockCount struct{ row }

// sheet is what a count found.
type sheet struct {
	Count stockCount
	Lines []struct {
		LocationID uuid.UUID `json:"location_id"`
		PartID     uuid.UUID `json:"part_id"`
		Counted    int
		Expected   int
		Variance   int
		Value      int64
	}
}

// takeStock is a blind count of a shelf from which something has gone.
func (s *story) takeStock(ctx context.Context) error {
	clerk, head := s.people["warehouse"], s.people["supervisor"]
	var parts struct{ Items []row }
	if err := clerk.get(ctx, "/v1/parts?q="+bag, &parts); err != nil {
		return err
	}
	part := parts.Items[0].ID
	shelf, there, err := s.lies(ctx, part)
	if err != nil {
		return err
	}
	var c stockCount
	if err := clerk.open(ctx, "/v1/counts", map[string]any{"location_id": shelf, "scope": "cycle", "part_ids": []uuid.UUID{part}}, &c); err != nil {
		return err
	}
	path := "/v1/counts/" + c.ID.String()
	if _, err := clerk.ask(ctx, request{
		method: http.MethodPost, path: path + "/lines", body: map[string]any{"lines": []any{map[string]any{"part_id": part, "quantity": there - 2}}},
	}, http.StatusOK); err != nil {
		return err
	}
	s.says("warehouse", words.Say("counts the bags on the shelf without being told what the books expect (count %s): %d", c.Number, there-2))
	if _, err := clerk.ask(ctx, request{method: http.MethodGet, path: path + "/sheet"}, http.StatusForbidden); err != nil {
		return err
	}
	if err := clerk.get(ctx, path, &c); err != nil {
		return err
	}
	if err := clerk.change(ctx, path+"/finish", c.Version, map[string]any{}, &c); err != nil {
		return err
	}
	var found sheet
	if err := head.get(ctx, path+"/sheet", &found); err != nil {
		return err
	}
	if len(found.Lines) != 1 || found.Lines[0].Variance != -2 {
		return fmt.Errorf("the sheet is not as told: %+v", found)
	}
	l := found.Lines[0]
	s.says("supervisor", words.Say("reads the sheet: %d counted, %d by the books, $%.2f are missing", l.Counted, l.Expected, dollars(-l.Value)))
	if err := head.change(ctx, path+"/reasons", found.Count.Version, map[string]any{"lines": []any{
		map[string]any{"location_id": l.LocationID, "part_id": l.PartID, "reason": "damaged", "note": "Two rolls were wet"},
	}}, &found); err != nil {
		return err
	}
	if err := head.change(ctx, path+"/approve", found.Count.Version, nil, &found); err != nil {
		return err
	}
	s.says("supervisor", words.Say("explains it and approves: the books are put right by a movement, and nothing is erased"))
	return expect("the count", found.Count.Status, "approved")
}

// lies is the shelf of the warehouse where a part lies, and how many.
func (s *story) lies(ctx context.Context, part uuid.UUID) (shelf uuid.UUID, there int, err error) {
	var stock struct {
		Items []struct {
			LocationID   uuid.UUID `json:"location_id"`
			LocationKind string    `json:"location_kind"`
			Quantity     int
		}
	}
	if err := s.people["supervisor"].get(ctx, "/v1/stock?limit=200&part_id="+part.String(), &stock); err != nil {
		return shelf, 0, err
	}
	for _, b := range stock.Items {
		if b.LocationKind == "bin" && b.Quantity > 2 {
			return b.LocationID, b.Quantity, nil
		}
	}
	return shelf, 0, errors.New("no shelf holds enough to be counted")
}

// figures are those of a reconciliation.
type figures struct{ Opening, Issued, Used, Returned, Variance, Closing int }

// prove is how the books answer for every piece.
func (s *story) prove(ctx context.Context) error {
	head := s.people["supervisor"]
	span := "from=" + url.QueryEscape(time.Now().Add(-24*time.Hour).UTC().Format(time.RFC3339))
	var r struct {
		Sound bool
		Rows  int
		Items []struct {
			figures

			Holds  bool
			PartID uuid.UUID `json:"part_id"`
		}
	}
	if err := head.get(ctx, fmt.Sprintf("/v1/reconciliation?by=technician&technician_id=%s&part_id=%s&%s", s.technician, s.part, span), &r); err != nil {
		return err
	}
	if len(r.Items) != 1 || !r.Items[0].Holds || !r.Sound {
		return fmt.Errorf("the ballasts do not reconcile: %+v", r)
	}
	f := r.Items[0].figures
	s.says("supervisor", words.Say("reconciles the technician's ballasts: %d at first + %d in − %d used − %d out − %d lost = %d now; it holds", f.Opening, f.Issued, f.Used, f.Returned, f.Variance, f.Closing))
	var d struct {
		Sum   int
		Items []struct {
			Kind    string
			Serials []string
		}
	}
	if err := head.get(ctx, fmt.Sprintf("/v1/reconciliation/movements?figure=used&technician_id=%s&part_id=%s&%s", s.technician, s.part, span), &d); err != nil {
		return err
	}
	if d.Sum != 1 || len(d.Items) != 1 || len(d.Items[0].Serials) != 1 {
		return fmt.Errorf("what was used is not as told: %+v", d)
	}
	s.says("supervisor", words.Say("looks behind the %d used: unit %s", d.Sum, d.Items[0].Serials[0]))
	if err := head.get(ctx, "/v1/reconciliation?by=location&"+span, &r); err != nil {
		return err
	}
	if err := expect("the equation in every place", r.Sound, true); err != nil {
		return err
	}
	s.says("supervisor", words.Say("has every place reconciled: the equation holds in all %d rows", r.Rows))
	if err := s.lookForSignals(ctx); err != nil {
		return err
	}
	return s.printLabels(ctx)
}

// lookForSignals is how the fuses are found that nobody had issued.
func (s *story) lookForSignals(ctx context.Context) error {
	head := s.people["supervisor"]
	// The hourly look may have come first: what it raised is in the list all the same.
	if _, err := head.ask(ctx, request{method: http.MethodPost, path: "/v1/signals/scan"}, http.StatusOK); err != nil {
		return err
	}
	a, err := head.ask(ctx, request{method: http.MethodGet, path: "/v1/signals?status=raised"}, http.StatusOK)
	if err != nil {
		return err
	}
	var raised struct {
		Items []struct {
			row

			Rule, Text string
			Evidence   []struct{ Label string }
		}
	}
	if err := a.read(&raised); err != nil {
		return err
	}
	if len(raised.Items) != 1 || raised.Items[0].Rule != "used_never_issued" {
		return fmt.Errorf("the signals are not as told: %s", a.body)
	}
	g := raised.Items[0]
	s.says("supervisor", words.Say("looks for signals, and finds one: %s", g.Text))
	for _, e := range g.Evidence {
		s.write(strings.Repeat(" ", 16) + "· " + e.Label + "\n")
	}
	if err := head.change(ctx, "/v1/signals/"+g.ID.String()+"/dismiss", g.Version, map[string]any{"note": "The phone was offline", "false_positive": true}, &g.row); err != nil {
		return err
	}
	s.says("supervisor", words.Say("asks the technician, and dismisses it: the phone was offline. A signal is a question, no verdict"))
	return expect("the signal", g.Status, "dismissed")
}

// printLabels is how the shelf gets labels.
func (s *story) printLabels(ctx context.Context) error {
	a, err := s.people["warehouse"].ask(ctx, request{method: http.MethodPost, path: "/v1/labels", body: map[string]any{
		"sheet": "a4_24", "items": []any{map[string]any{"part_id": s.part, "copies": 6}, map[string]any{"location_id": s.warehouse}},
	}}, http.StatusOK)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(a.body, []byte("%PDF-")) {
		return errors.New("the labels are no PDF")
	}
	s.says("warehouse", words.Say("prints a sheet of labels with Code 128 and QR: %d kB of PDF", len(a.body)/1000))
	return nil
}
