package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// clock is a moment as the clocks at the site show it.
type clock struct{ time.Time }

func (c clock) String() string {
	z, err := time.LoadLocation(zone)
	if err != nil {
		return c.Time.String()
	}
	return c.In(z).Format("2006-01-02 15:04")
}

// row is what nearly every answer holds.
type row struct {
	ID      uuid.UUID
	Number  string
	Status  string
	Version int
}

// call is how it begins: the agent takes the request in.
func (s *story) call(ctx context.Context) error {
	agent := s.people["agent"]
	var customer, product row
	if err := agent.open(ctx, "/v1/customers", map[string]any{
		"name": "Ocean View Apartments (made up)", "phone": "310 555 0142", "region": "US", "language": "en",
	}, &customer); err != nil {
		return err
	}
	var site struct {
		row

		OutletID *uuid.UUID `json:"outlet_id"`
	}
	if err := agent.open(ctx, "/v1/sites", map[string]any{
		"customer_id": customer.ID, "address": "3643 S Mentone Ave, Los Angeles", "time_zone": zone,
		"location": place, "access_notes": "The switch box is behind the gate",
	}, &site); err != nil {
		return err
	}
	if site.OutletID == nil {
		return errors.New("the site lies in no outlet's territory")
	}
	s.customer, s.site = customer.ID, site.ID
	s.says("agent", words.Say("opens a customer and the site where his street lights stand; it lies in the territory of West LA"))
	if err := s.people["admin"].open(ctx, "/v1/products", map[string]any{
		"code": "SL-150", "name": "Street light 150 W (made up)", "name_zh": "150 W 路灯（虚构）", "warranty_months": 60,
	}, &product); err != nil {
		return err
	}
	var asset struct {
		row

		Coverage struct{ Status string }
	}
	if err := agent.open(ctx, "/v1/assets", map[string]any{
		"product_id": product.ID, "serial": "SL-2024-0815", "site_id": site.ID, "purchased_on": time.Now().AddDate(-1, 0, 0).Format(time.DateOnly),
	}, &asset); err != nil {
		return err
	}
	s.asset = asset.ID
	s.says("agent", words.Say("records the light itself by its serial number; its warranty: %s", words.Noun(strings.ReplaceAll(asset.Coverage.Status, "_", " "))))
	if err := agent.open(ctx, "/v1/cases", map[string]any{
		"channel": "hotline", "type": "fault", "severity": "urgent", "customer_id": customer.ID, "site_id": site.ID, "asset_id": asset.ID,
		"description": "The light at the gate is dark, and somebody has fallen.",
	}, &s.file); err != nil {
		return err
	}
	s.says("agent", words.Say("opens case %s: %s, to be answered by %s and done by %s", s.file.Number, s.file.Priority, s.file.ResponseDue, s.file.CompletionDue))
	return s.openJob(ctx)
}

// place is where the story plays.
var place = map[string]any{"type": "Point", "coordinates": []float64{-118.4078235, 34.02324546}}

// ballast is the part that the story is about.
const ballast = "SL-BALLAST-150"

func (s *story) openJob(ctx context.Context) error {
	agent := s.people["agent"]
	var parts struct{ Items []row }
	if err := agent.get(ctx, "/v1/parts?q="+ballast, &parts); err != nil {
		return err
	}
	if err := expect("the number of parts called "+ballast, len(parts.Items), 1); err != nil {
		return err
	}
	s.part = parts.Items[0].ID
	now := time.Now()
	if err := agent.open(ctx, "/v1/jobs", map[string]any{
		"case_id": s.file.ID, "site_id": s.site, "asset_id": s.asset, "title": "Change the ballast of the light at the gate", "priority": s.file.Priority,
		"minutes": 60, "window": map[string]any{"from": now, "to": now.Add(6 * time.Hour)}, "due_at": s.file.CompletionDue,
		"needs":  []any{map[string]any{"code": "streetlight", "level": 4}},
		"parts":  []any{map[string]any{"part_id": s.part, "quantity": 1}},
		"photos": []any{map[string]any{"kind": "before", "count": 1}, map[string]any{"kind": "after", "count": 1}},
	}, &s.job); err != nil {
		return err
	}
	s.says("agent", words.Say("opens job %s: somebody with street lighting at level 4, a ballast, a photo before and one after", s.job.Number))
	if err := agent.get(ctx, "/v1/cases/"+s.file.ID.String(), &s.file); err != nil {
		return err
	}
	return expect("the case", s.file.Status, "in_service")
}

// candidate is a technician in the light of the job.
type candidate struct {
	TechnicianID uuid.UUID `json:"technician_id"`
	Name         string
	Ranked       bool
	Terms        []struct{ Text string }
	Refusals     []struct {
		Code string
		Hard bool
		Text string
	}
}

// send is how the dispatcher finds the right one.
func (s *story) send(ctx context.Context) error {
	dispatcher := s.people["dispatcher"]
	var me struct {
		TechnicianID uuid.UUID `json:"technician_id"`
	}
	if err := s.people["technician"].get(ctx, "/v1/sessions/current", &me); err != nil {
		return err
	}
	s.technician = me.TechnicianID
	var all struct{ Items []candidate }
	if err := dispatcher.get(ctx, fmt.Sprintf("/v1/jobs/%s/candidates", s.job.ID), &all); err != nil {
		return err
	}
	var best, unable *candidate
	can := 0
	for i, c := range all.Items {
		switch {
		case c.Ranked:
			can++
			if c.TechnicianID == s.technician {
				best = &all.Items[i]
			}
		case unable == nil && c.Refusals[0].Hard:
			unable = &all.Items[i]
		}
	}
	if best == nil || unable == nil {
		return fmt.Errorf("the ranking of %d technicians lacks the one who can, or one who cannot: %+v", len(all.Items), all.Items)
	}
	s.says("dispatcher", words.Say("looks at %d technicians: %d can do it, %d cannot", len(all.Items), can, len(all.Items)-can))
	s.says("dispatcher", words.Say("tries %s all the same", unable.Name))
	no, err := dispatcher.refused(ctx, request{
		path: fmt.Sprintf("/v1/jobs/%s/assign", s.job.ID), version: s.job.Version, body: map[string]any{"technician_id": unable.TechnicianID},
	}, 409)
	if err != nil {
		return err
	}
	s.hears(no)
	if err := s.do(ctx, "dispatcher", "assign", map[string]any{"technician_id": best.TechnicianID}, "scheduled"); err != nil {
		return err
	}
	s.says("dispatcher", words.Say("assigns %s for %s, because:", best.Name, s.job.Booking.StartsAt))
	for _, t := range best.Terms {
		s.write(strings.Repeat(" ", 16) + "· " + t.Text + "\n")
	}
	if err := s.do(ctx, "dispatcher", "dispatch", nil, "dispatched"); err != nil {
		return err
	}
	s.says("dispatcher", words.Say("sends the job to the technician's phone"))
	return nil
}
