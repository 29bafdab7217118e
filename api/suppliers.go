package api

import (
	"time"

	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func (s *Server) suppliersHandlers() map[string]handler {
	return map[string]handler{
		"listSuppliers": s.listSuppliers, "openSupplier": s.openSupplier, "getSupplier": s.getSupplier, "amendSupplier": s.amendSupplier,
	}
}

type supplier struct {
	ID        uuid.UUID `json:"id"`
	Code      string    `json:"code"`
	Name      string    `json:"name"`
	NameZh    string    `json:"name_zh"`
	Active    bool      `json:"active"`
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func wireSupplier(s receiving.Supplier) supplier { return supplier(s) }

func (s *Server) listSuppliers(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	page, next, err := s.Dock.ListSuppliers(k.ctx, k.query("q"), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wireSupplier)
}

func (s *Server) openSupplier(k *call) (answer, error) {
	var body struct {
		Code   string `json:"code"`
		Name   string `json:"name"`
		NameZh string `json:"name_zh"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	made, err := s.Dock.OpenSupplier(k.ctx, k.by, receiving.Supplier{Code: body.Code, Name: body.Name, NameZh: body.NameZh})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/suppliers/"+made.ID.String(), made.Version, wireSupplier(made))
}

func (s *Server) getSupplier(k *call) (answer, error) {
	found, err := s.Dock.FindSupplier(k.ctx, k.id("supplier_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(found.Version, wireSupplier(found))
}

func (s *Server) amendSupplier(k *call) (answer, error) {
	var body struct {
		Name   *string `json:"name"`
		NameZh *string `json:"name_zh"`
		Active *bool   `json:"active"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	changed, err := s.Dock.AmendSupplier(k.ctx, k.by, k.id("supplier_id"), k.version(), receiving.SupplierChange(body))
	if err != nil {
		return answer{}, err
	}
	return versioned(changed.Version, wireSupplier(changed))
}
