package api

import (
	"time"

	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func (s *Server) replenishmentHandlers() map[string]handler {
	return map[string]handler{
		"listVanLevels": s.listVanLevels, "setVanLevels": s.setVanLevels, "removeVanLevels": s.removeVanLevels,
		"listProposals": s.listProposals, "replenishVans": s.replenishVans,
	}
}

// items is a list that comes whole.
type items[W any] struct {
	Items []W `json:"items"`
}

type vanLevel struct {
	PartID     uuid.UUID  `json:"part_id"`
	PartNumber string     `json:"part_number"`
	PartName   string     `json:"part_name"`
	PartNameZh string     `json:"part_name_zh"`
	Min        int        `json:"min"`
	Max        int        `json:"max"`
	SetBy      *uuid.UUID `json:"set_by"`
	SetAt      time.Time  `json:"set_at"`
}

type vanLevels struct {
	Items   []vanLevel `json:"items"`
	Version int        `json:"version"`
}

func replyLevels(all receiving.VanLevels, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(all.Version, vanLevels{each(all.Items, func(l receiving.Level) vanLevel {
		return vanLevel{l.PartID, l.PartNumber, l.PartName, l.PartNameZh, l.Min, l.Max, l.SetBy, l.SetAt}
	}), all.Version})
}

func (s *Server) listVanLevels(k *call) (answer, error) {
	return replyLevels(s.Dock.Levels(k.ctx, k.by, k.id("location_id")))
}

func (s *Server) setVanLevels(k *call) (answer, error) {
	var body struct {
		Levels []struct {
			PartID uuid.UUID `json:"part_id"`
			Min    int       `json:"min"`
			Max    int       `json:"max"`
		} `json:"levels"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	levels := make([]receiving.Level, len(body.Levels))
	for i, l := range body.Levels {
		levels[i] = receiving.Level{PartID: l.PartID, Min: l.Min, Max: l.Max}
	}
	return replyLevels(s.Dock.SetLevels(k.ctx, k.by, k.id("location_id"), k.version(), levels))
}

func (s *Server) removeVanLevels(k *call) (answer, error) {
	if err := s.Dock.RemoveLevels(k.ctx, k.by, k.id("location_id"), k.version(), k.queryID("part_id"), k.query("all") == "true"); err != nil {
		return answer{}, ofQuery(err)
	}
	return done()
}

type proposal struct {
	VanID          uuid.UUID  `json:"van_id"`
	VanName        string     `json:"van_name"`
	OutletID       *uuid.UUID `json:"outlet_id"`
	TechnicianID   uuid.UUID  `json:"technician_id"`
	TechnicianName string     `json:"technician_name"`
	PartID         uuid.UUID  `json:"part_id"`
	PartNumber     string     `json:"part_number"`
	PartName       string     `json:"part_name"`
	PartNameZh     string     `json:"part_name_zh"`
	Min            int        `json:"min"`
	Max            int        `json:"max"`
	OnHand         int        `json:"on_hand"`
	Incoming       int        `json:"incoming"`
	Needed         int        `json:"needed"`
	Left           int        `json:"left"`
	Quantity       int        `json:"quantity"`
	Text           string     `json:"text"`
}

func (s *Server) listProposals(k *call) (answer, error) {
	all, err := s.Dock.Propose(k.ctx, k.by, receiving.ProposalFilter{OutletID: k.queryID("outlet_id"), TechnicianID: k.queryID("technician_id")})
	if err != nil {
		return answer{}, err
	}
	return shown(items[proposal]{each(all, func(p receiving.Proposal) proposal {
		return proposal{
			VanID: p.VanID, VanName: p.VanName, OutletID: p.OutletID, TechnicianID: p.TechnicianID, TechnicianName: p.TechnicianName,
			PartID: p.PartID, PartNumber: p.PartNumber, PartName: p.PartName, PartNameZh: p.PartNameZh, Min: p.Min, Max: p.Max, OnHand: p.OnHand, Incoming: p.Incoming,
			Needed: p.Needed, Left: p.Left(), Quantity: p.Quantity(), Text: p.Text().In(k.lang()),
		}
	})})
}

type refill struct {
	VanID         uuid.UUID    `json:"van_id"`
	TechnicianID  uuid.UUID    `json:"technician_id"`
	PartRequestID uuid.UUID    `json:"part_request_id"`
	Number        string       `json:"number"`
	Lines         []refillLine `json:"lines"`
}

type refillLine struct {
	PartID   uuid.UUID `json:"part_id"`
	Quantity int       `json:"quantity"`
}

func (s *Server) replenishVans(k *call) (answer, error) {
	var body struct {
		Chosen []struct {
			VanID    uuid.UUID `json:"van_id"`
			PartID   uuid.UUID `json:"part_id"`
			Quantity int       `json:"quantity"`
		} `json:"chosen"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	choices := make([]receiving.Choice, len(body.Chosen))
	for i, c := range body.Chosen {
		choices[i] = receiving.Choice(c)
	}
	all, err := s.Dock.Replenish(k.ctx, k.by, choices)
	if err != nil {
		return answer{}, err
	}
	return shown(items[refill]{each(all, func(r receiving.Refill) refill {
		return refill{r.VanID, r.TechnicianID, r.Request.ID, r.Request.Number, each(r.Lines, func(l inventory.Line) refillLine { return refillLine{l.PartID, l.Quantity} })}
	})})
}
