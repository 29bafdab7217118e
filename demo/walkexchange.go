package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"callout/internal/words"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// partReturn is as much of one as the story needs.
type partReturn struct {
	row

	Serial string  `json:"expected_serial"`
	DueAt  clock   `json:"due_at"`
	Found  *string `json:"discrepancy"`
}

func (r partReturn) path() string { return "/v1/part-returns/" + r.ID.String() }

// exchange is how the new part goes in and the old one comes out.
func (s *story) exchange(ctx context.Context) error {
	technician := s.people["technician"]
	uses := fmt.Sprintf("/v1/jobs/%s/part-uses", s.job.ID)
	var used struct {
		Warranty     string
		Reason       string     `json:"warranty_reason"`
		ListPrice    int64      `json:"list_price"`
		Price        int64      // US cents
		CoveredUntil string     `json:"covered_until"`
		ReturnID     *uuid.UUID `json:"part_return_id"`
	}
	if err := technician.open(ctx, uses, map[string]any{
		"scan": label(ballast, s.serial), "old_scan": gs1.UnitLabel(ballast, oldSerial), "old_part_wish": "return",
	}, &used); err != nil {
		return err
	}
	if used.ReturnID == nil {
		return errors.New("nothing is expected back for the old part")
	}
	s.says("technician", words.Say("scans what goes in, %s, and what comes out, %s, which has to come back", s.serial, oldSerial))
	s.says("technician", words.Say("reads who pays: of $%.2f the customer $%.2f (%s); the repair is covered until %s", dollars(used.ListPrice), dollars(used.Price), used.Reason, used.CoveredUntil))
	var r partReturn
	if err := technician.get(ctx, "/v1/part-returns/"+used.ReturnID.String(), &r); err != nil {
		return err
	}
	photo, err := s.picture(ctx, "part")
	if err != nil {
		return err
	}
	if err := technician.change(ctx, r.path()+"/collect", r.Version, map[string]any{"photo_ids": []uuid.UUID{photo}, "scan": oldSerial}, &r); err != nil {
		return err
	}
	s.says("technician", words.Say("takes a photo of the old part and puts it into the box for old parts: return %s, due by %s", r.Number, r.DueAt))
	if err := expect("the return", r.Status, "collected"); err != nil {
		return err
	}
	return s.useOffline(ctx, uses)
}

// fuse is a small part, of which the technician uses more than the books have in his van.
const fuse = "SL-FUSE-10"

// useOffline is a use that the books cannot explain: it is taken, and flagged.
func (s *story) useOffline(ctx context.Context, uses string) error {
	technician := s.people["technician"]
	var parts struct{ Items []row }
	if err := technician.get(ctx, "/v1/parts?q="+fuse, &parts); err != nil {
		return err
	}
	var stock struct {
		Items []struct {
			PartID   uuid.UUID `json:"part_id"`
			Quantity int
		}
	}
	if err := technician.get(ctx, fmt.Sprintf("/v1/stock?location_id=%s&part_id=%s", s.van, parts.Items[0].ID), &stock); err != nil {
		return err
	}
	there := 0
	for _, b := range stock.Items {
		there += b.Quantity
	}
	more := map[string]any{"part_id": parts.Items[0].ID, "quantity": there + 1, "old_part_wish": "none"}
	no, err := technician.refused(ctx, request{path: uses, body: more}, http.StatusConflict)
	if err != nil {
		return err
	}
	s.says("technician", words.Say("puts in %d fuses, of which the van's books have %d", there+1, there))
	s.hears(no)
	more["accept_shortage"] = true
	var used struct{ Short int }
	if err := technician.open(ctx, uses, more, &used); err != nil {
		return err
	}
	s.says("technician", words.Say("says that they are in all the same: the van owes %d, for everybody to see", used.Short))
	return expect("what the van owes", used.Short, 1)
}

// witness is somebody who may see a part scrapped.
type witness struct {
	ID    uuid.UUID
	Roles []string
}

// takeBack is how the old part comes home and ends.
func (s *story) takeBack(ctx context.Context) error {
	technician, clerk := s.people["technician"], s.people["warehouse"]
	var expected struct{ Items []partReturn }
	if err := clerk.get(ctx, "/v1/part-returns?job_id="+s.job.ID.String(), &expected); err != nil {
		return err
	}
	if err := expect("the number of parts that are expected back", len(expected.Items), 1); err != nil {
		return err
	}
	r := expected.Items[0]
	if err := technician.change(ctx, r.path()+"/ship", r.Version, map[string]any{"carrier": "SF Express", "waybill": "SF1030042"}, &r); err != nil {
		return err
	}
	s.says("technician", words.Say("sends it by parcel, waybill %s", "SF1030042"))
	if err := clerk.change(ctx, r.path()+"/receive", r.Version, map[string]any{"warehouse_id": s.warehouse, "scan": gs1.UnitLabel(ballast, oldSerial)}, &r); err != nil {
		return err
	}
	s.says("warehouse", words.Say("expects %s (return %s), scans the old part that came, and it matches", r.Serial, r.Number))
	if err := expect("the return", r.Status, "matched"); err != nil {
		return err
	}
	supervisor := s.people["supervisor"]
	var able struct{ Items []witness }
	if err := supervisor.get(ctx, "/v1/witnesses?limit=200", &able); err != nil {
		return err
	}
	i := slices.IndexFunc(able.Items, func(w witness) bool { return slices.Contains(w.Roles, "inspector") })
	if err := expect("an inspector among the witnesses", i >= 0, true); err != nil {
		return err
	}
	if err := supervisor.change(ctx, r.path()+"/dispose", r.Version, map[string]any{"kind": "scrap", "witness_id": able.Items[i].ID, "note": "Burnt out"}, &r); err != nil {
		return err
	}
	s.says("supervisor", words.Say("scraps it, and the inspector is the witness"))
	return expect("the return", r.Status, "dispositioned")
}
