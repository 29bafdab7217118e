package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

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
	if err := s.exchange(ctx); err != nil {
		return err
	}
	if err := s.do(ctx, "technician", "finish", map[string]any{"summary": "Changed the ballast; the light is on again."}, "finished"); err != nil {
		return err
	}
	s.says("technician", words.Say("finishes the work"))
	return nil
}

// photograph takes a photo, announces it and delivers its bytes.
func (s *story) photograph(ctx context.Context, kind string) error {
	_, err := s.picture(ctx, kind)
	return err
}

// picture is the id of a photo that the technician takes.
func (s *story) picture(ctx context.Context, kind string) (id uuid.UUID, err error) {
	b, err := photo(kind == "after")
	if err != nil {
		return id, err
	}
	technician := s.people["technician"]
	sum := sha256.Sum256(b)
	var p row
	if err := technician.open(ctx, fmt.Sprintf("/v1/jobs/%s/photos", s.job.ID), map[string]any{
		"kind": kind, "sha256": hex.EncodeToString(sum[:]), "size": len(b), "taken_at": time.Now(), "position": place,
	}, &p); err != nil {
		return id, err
	}
	a, err := technician.ask(ctx, request{
		method: http.MethodPut, path: fmt.Sprintf("/v1/photos/%s/content", p.ID), body: b, mediaType: "image/jpeg",
	}, http.StatusOK)
	if err != nil {
		return id, err
	}
	if err := a.read(&p); err != nil {
		return id, err
	}
	return p.ID, expect("the photo", p.Status, "stored")
}
