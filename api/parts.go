package api

import (
	"time"

	"callout/inventory"

	"github.com/google/uuid"
)

func (s *Server) partsHandlers() map[string]handler {
	return map[string]handler{"listParts": s.listParts, "openPart": s.openPart, "getPart": s.getPart, "amendPart": s.amendPart}
}

type stockPart struct {
	ID             uuid.UUID  `json:"id"`
	Number         string     `json:"number"`
	Name           string     `json:"name"`
	NameZh         string     `json:"name_zh"`
	Unit           string     `json:"unit"`
	Serialized     bool       `json:"serialized"`
	ReturnRequired bool       `json:"return_required"`
	GTIN           *string    `json:"gtin"`
	ListPrice      *int64     `json:"list_price"`
	Currency       string     `json:"currency"`
	WarrantyDays   *int       `json:"warranty_days"`
	SupersededBy   *uuid.UUID `json:"superseded_by"`
	Version        int        `json:"version"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
}

func wirePart(p inventory.Part) stockPart { return stockPart(p) }

func (s *Server) listParts(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	parts, next, err := s.Ledger.ListParts(k.ctx, k.query("q"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, parts, further(next), wirePart)
}

func (s *Server) openPart(k *call) (answer, error) {
	var body struct {
		Number         string  `json:"number"`
		Name           string  `json:"name"`
		NameZh         string  `json:"name_zh"`
		Unit           string  `json:"unit"`
		Serialized     bool    `json:"serialized"`
		ReturnRequired bool    `json:"return_required"`
		GTIN           *string `json:"gtin"`
		ListPrice      *int64  `json:"list_price"`
		Currency       string  `json:"currency"`
		WarrantyDays   *int    `json:"warranty_days"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Ledger.OpenPart(k.ctx, k.by, inventory.Part{
		Number: body.Number, Name: body.Name, NameZh: body.NameZh, Unit: body.Unit, Serialized: body.Serialized, ReturnRequired: body.ReturnRequired,
		GTIN: body.GTIN, ListPrice: body.ListPrice, Currency: body.Currency, WarrantyDays: body.WarrantyDays,
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/parts/"+p.ID.String(), p.Version, wirePart(p))
}

func (s *Server) getPart(k *call) (answer, error) {
	p, err := s.Ledger.FindPart(k.ctx, k.id("part_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wirePart(p))
}

func (s *Server) amendPart(k *call) (answer, error) {
	var body struct {
		Name           *string             `json:"name"`
		NameZh         *string             `json:"name_zh"`
		Unit           *string             `json:"unit"`
		ReturnRequired *bool               `json:"return_required"`
		GTIN           optional[string]    `json:"gtin"`
		ListPrice      *int64              `json:"list_price"`
		WarrantyDays   *int                `json:"warranty_days"`
		SupersededBy   optional[uuid.UUID] `json:"superseded_by"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Ledger.AmendPart(k.ctx, k.by, k.id("part_id"), k.version(), inventory.PartChange{
		Name: body.Name, NameZh: body.NameZh, Unit: body.Unit, ReturnRequired: body.ReturnRequired, GTIN: body.GTIN.set(),
		ListPrice: body.ListPrice, WarrantyDays: body.WarrantyDays, SupersededBy: body.SupersededBy.set(),
	})
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wirePart(p))
}
