package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// partRequest is as much of one as the story needs.
type partRequest struct {
	row

	Lines []struct {
		IssuedSerials []string `json:"issued_serials"`
	}
}

// supply is how a part comes into the van.
func (s *story) supply(ctx context.Context) error {
	if err := s.do(ctx, "technician", "accept", nil, "accepted"); err != nil {
		return err
	}
	var r partRequest
	if err := s.people["technician"].open(ctx, "/v1/part-requests", map[string]any{
		"job_id": s.job.ID, "reason": "For the light at the gate", "lines": []any{map[string]any{"part_id": s.part, "quantity": 1}},
	}, &r); err != nil {
		return err
	}
	s.says("technician", words.Say("accepts, and asks for a ballast: request %s", r.Number))
	path := "/v1/part-requests/" + r.ID.String()
	if err := s.people["supervisor"].change(ctx, path+"/approve", r.Version, nil, &r); err != nil {
		return err
	}
	s.says("supervisor", words.Say("approves it"))
	var shelves struct {
		Items []struct {
			ID   uuid.UUID
			Code string
		}
	}
	warehouse := s.people["warehouse"]
	if err := warehouse.get(ctx, "/v1/locations?kind=warehouse", &shelves); err != nil {
		return err
	}
	if err := expect("the number of warehouses", len(shelves.Items), 1); err != nil {
		return err
	}
	var units struct{ Items []struct{ Serial string } }
	if err := warehouse.get(ctx, fmt.Sprintf("/v1/units?part_id=%s&location_id=%s&limit=1", s.part, shelves.Items[0].ID), &units); err != nil {
		return err
	}
	if err := expect("the number of ballasts on the shelf", len(units.Items), 1); err != nil {
		return err
	}
	s.serial = units.Items[0].Serial
	lines := []any{map[string]any{"part_id": s.part, "serials": []string{s.serial}}}
	if err := warehouse.change(ctx, path+"/issue", r.Version, map[string]any{"warehouse_id": shelves.Items[0].ID, "lines": lines}, &r); err != nil {
		return err
	}
	s.says("warehouse", words.Say("scans %s and hands it out", s.serial))
	if err := s.people["technician"].change(ctx, path+"/receive", r.Version, map[string]any{"lines": lines}, &r); err != nil {
		return err
	}
	s.says("technician", words.Say("has it in the van"))
	return expect("the request", r.Status, "received")
}

// oldSerial is on the part that comes out of the light; the books have never seen it.
const oldSerial = "BAL-2011-4711"

// visit is what happens at the site, until the work is done.
func (s *story) visit(ctx context.Context) error {
	if err := s.do(ctx, "technician", "travel", nil, "traveling"); err != nil {
		return err
	}
	if err := s.do(ctx, "technician", "arrive", map[string]any{
		"position": map[string]any{"type": "Point", "coordinates": []float64{-118.40760, 34.02330}}, "accuracy": 12,
	}, "on_site"); err != nil {
		return err
	}
	if s.job.Arrival == nil || s.job.Arrival.Metres > 50 {
		return fmt.Errorf("the arrival is %+v, not near the site as told", s.job.Arrival)
	}
	s.says("technician", words.Say("drives there and arrives: the phone is %d m from the site", s.job.Arrival.Metres))
	if err := s.do(ctx, "technician", "start", nil, "working"); err != nil {
		return err
	}
	if err := s.photograph(ctx, "before"); err != nil {
		return err
	}
	s.says("technician", words.Say("takes a photo of the dark light and begins to work"))
	var used struct {
		PartReturnID *uuid.UUID `json:"part_return_id"`
	}
	if err := s.people["technician"].open(ctx, fmt.Sprintf("/v1/jobs/%s/part-uses", s.job.ID), map[string]any{
		"part_id": s.part, "quantity": 1, "new_serial": s.serial, "old_serial": oldSerial, "old_part_wish": "return",
	}, &used); err != nil {
		return err
	}
	if used.PartReturnID == nil {
		return errors.New("nothing is expected back for the old part")
	}
	s.says("technician", words.Say("puts in ballast %s and takes out %s, which has to come back", s.serial, oldSerial))
	if err := s.do(ctx, "technician", "finish", map[string]any{"summary": "Changed the ballast; the light is on again."}, "finished"); err != nil {
		return err
	}
	s.says("technician", words.Say("finishes the work"))
	return nil
}

// photograph takes a photo, announces it and delivers its bytes.
func (s *story) photograph(ctx context.Context, kind string) error {
	b, err := photo(kind == "after")
	if err != nil {
		return err
	}
	technician := s.people["technician"]
	sum := sha256.Sum256(b)
	var p row
	if err := technician.open(ctx, fmt.Sprintf("/v1/jobs/%s/photos", s.job.ID), map[string]any{
		"kind": kind, "sha256": hex.EncodeToString(sum[:]), "size": len(b), "taken_at": time.Now(), "position": place,
	}, &p); err != nil {
		return err
	}
	a, err := technician.ask(ctx, request{
		method: http.MethodPut, path: fmt.Sprintf("/v1/photos/%s/content", p.ID), body: b, mediaType: "image/jpeg",
	}, http.StatusOK)
	if err != nil {
		return err
	}
	if err := a.read(&p); err != nil {
		return err
	}
	return expect("the photo", p.Status, "stored")
}
