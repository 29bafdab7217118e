package demo

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"callout/internal/words"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// partRequest is as much of one as the story needs.
type partRequest struct {
	row

	VanID       uuid.UUID  `json:"van_id"`
	WarehouseID *uuid.UUID `json:"warehouse_id"`
	Automatic   bool
	Value       int64 // US cents
	Lines       []struct {
		PartID         uuid.UUID `json:"part_id"`
		Missing        int
		TransitSerials []string `json:"transit_serials"`
	}
}

func (r partRequest) path() string { return "/v1/part-requests/" + r.ID.String() }

// supply is how a part comes into the van.
func (s *story) supply(ctx context.Context) error {
	if err := s.do(ctx, "technician", "accept", nil, "accepted"); err != nil {
		return err
	}
	r, err := s.request(ctx, map[string]any{"job_id": s.job.ID, "reason": "For the light at the gate", "lines": []any{map[string]any{"part_id": s.part, "quantity": 1}}})
	if err != nil {
		return err
	}
	s.says("technician", words.Say("accepts, and asks for a ballast: request %s over $%.2f, which the policy approves by itself", r.Number, dollars(r.Value)))
	if err := expect("the approval by the policy", r.Automatic, true); err != nil {
		return err
	}
	if r.WarehouseID == nil {
		return fmt.Errorf("request %s names no warehouse", r.Number)
	}
	s.van, s.warehouse = r.VanID, *r.WarehouseID
	if r, err = s.handOut(ctx, r); err != nil {
		return err
	}
	s.serial = r.Lines[0].TransitSerials[0]
	if err := s.arrives(ctx, &r, s.serial); err != nil {
		return err
	}
	s.says("technician", words.Say("scans it into the van"))
	if err := expect("the request", r.Status, "received"); err != nil {
		return err
	}
	return s.fillUp(ctx)
}

// dollars are cents in dollars.
func dollars(cents int64) float64 { return float64(cents) / 100 }

// request is a new part request of the technician's.
func (s *story) request(ctx context.Context, body map[string]any) (r partRequest, err error) {
	return r, s.people["technician"].open(ctx, "/v1/part-requests", body, &r)
}

// handOut picks what is set aside for a request and hands it out by scan.
func (s *story) handOut(ctx context.Context, r partRequest) (partRequest, error) {
	clerk := s.people["warehouse"]
	if err := clerk.change(ctx, r.path()+"/pick", r.Version, nil, &r); err != nil {
		return r, err
	}
	var list struct {
		Items []struct {
			LocationID   uuid.UUID `json:"location_id"`
			LocationName string    `json:"location_name"`
			PartNumber   string    `json:"part_number"`
			Quantity     int
			Serials      []string
		}
	}
	if err := clerk.get(ctx, r.path()+"/pick-list", &list); err != nil {
		return r, err
	}
	var lines []any
	for _, stop := range list.Items {
		var scans []string
		for _, serial := range stop.Serials {
			scans = append(scans, label(stop.PartNumber, serial))
		}
		s.says("warehouse", words.Say("picks %d of %s from %s, and scans %s", stop.Quantity, stop.PartNumber, stop.LocationName, strings.Join(stop.Serials, ", ")))
		lines = append(lines, map[string]any{"scans": scans, "from_location_id": stop.LocationID})
	}
	return r, clerk.change(ctx, r.path()+"/issue", r.Version, map[string]any{"lines": lines}, &r)
}

// label is what the QR code of a unit's label says: what any scanner reads, for the parts of the catalogue.
func label(number, serial string) string {
	for _, p := range Parts() {
		if link, err := gs1.DigitalLink(p.GTIN, serial); err == nil && p.Number == number {
			return link
		}
	}
	return gs1.UnitLabel(number, serial)
}

// arrives is how the technician scans units of a request's first part into his van.
func (s *story) arrives(ctx context.Context, r *partRequest, serials ...string) error {
	return s.people["technician"].change(ctx, r.path()+"/receive", r.Version,
		map[string]any{"lines": []any{map[string]any{"part_id": r.Lines[0].PartID, "serials": serials}}}, r)
}

// heads is how many lamp heads the technician asks for: more than the policy lets pass.
const heads = 5

// fillUp is how more comes than the policy lets pass, and less than was sent.
func (s *story) fillUp(ctx context.Context) error {
	clerk := s.people["warehouse"]
	var known struct {
		Matches []struct {
			ID      uuid.UUID
			Title   string
			Where   []struct{ Quantity int }
			Actions []struct{ Title string }
		}
	}
	a, err := clerk.ask(ctx, request{method: http.MethodPost, path: "/v1/scans/resolve", body: map[string]any{"scan": gs1.PartLabel(head)}}, http.StatusOK)
	if err != nil {
		return err
	}
	if err := a.read(&known); err != nil {
		return err
	}
	if len(known.Matches) != 1 || len(known.Matches[0].Actions) == 0 {
		return fmt.Errorf("the label of %s means %+v", head, known)
	}
	what, there := known.Matches[0], 0
	for _, p := range what.Where {
		there += p.Quantity
	}
	s.says("warehouse", words.Say("scans a label from the shelf: %s, %d in %d places; what can be done now: %s", what.Title, there, len(what.Where), what.Actions[0].Title))
	r, err := s.request(ctx, map[string]any{"reason": "For the van", "lines": []any{map[string]any{"part_id": what.ID, "quantity": heads}}})
	if err != nil {
		return err
	}
	if err := expect("the approval by the policy", r.Automatic, false); err != nil {
		return err
	}
	s.says("technician", words.Say("asks for %d lamp heads for the van: request %s over $%.2f, more than the policy lets pass", heads, r.Number, dollars(r.Value)))
	if err := s.people["supervisor"].change(ctx, r.path()+"/approve", r.Version, nil, &r); err != nil {
		return err
	}
	s.says("supervisor", words.Say("approves it"))
	if r, err = s.handOut(ctx, r); err != nil {
		return err
	}
	sent := r.Lines[0].TransitSerials
	if err := s.arrives(ctx, &r, sent[1:]...); err != nil {
		return err
	}
	if err := expect("the number of missing lamp heads", r.Lines[0].Missing, 1); err != nil {
		return err
	}
	s.says("technician", words.Say("finds %d of %d in the box: one is missing, and stays in transit until somebody says where it is", len(sent)-1, len(sent)))
	if err := clerk.change(ctx, r.path()+"/settle-difference", r.Version, map[string]any{
		"outcome": "found", "reason": "It lay on the counter", "lines": []any{map[string]any{"part_id": what.ID, "serials": sent[:1]}},
	}, &r); err != nil {
		return err
	}
	s.says("warehouse", words.Say("finds it on the counter: it is in the warehouse again"))
	return nil
}

// head is the part that the technician fills his van up with.
const head = "SL-LED-100"
