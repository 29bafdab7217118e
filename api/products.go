package api

import (
	"time"

	"callout/registry"

	"github.com/google/uuid"
)

func (s *Server) productsHandlers() map[string]handler {
	return map[string]handler{
		"listProducts": s.listProducts, "openProduct": s.openProduct, "getProduct": s.getProduct, "amendProduct": s.amendProduct,
	}
}

type product struct {
	ID             uuid.UUID `json:"id"`
	Code           string    `json:"code"`
	Name           string    `json:"name"`
	NameZh         string    `json:"name_zh"`
	Category       string    `json:"category"`
	WarrantyMonths int       `json:"warranty_months"`
	Version        int       `json:"version"`
	CreatedAt      time.Time `json:"created_at"`
}

func wireProduct(p registry.Product) product {
	return product{p.ID, p.Code, p.Name, p.NameZh, p.Category, p.WarrantyMonths, p.Version, p.CreatedAt}
}

func (s *Server) listProducts(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	products, next, err := s.Register.ListProducts(k.ctx, registry.ProductQuery{Any: k.query("q"), Category: k.query("category")}, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, products, goOn(next), wireProduct)
}

func (s *Server) openProduct(k *call) (answer, error) {
	var body struct {
		Code           string `json:"code"`
		Name           string `json:"name"`
		NameZh         string `json:"name_zh"`
		Category       string `json:"category"`
		WarrantyMonths int    `json:"warranty_months"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Register.OpenProduct(k.ctx, k.by, registry.NewProduct(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/products/"+p.ID.String(), p.Version, wireProduct(p))
}

func (s *Server) getProduct(k *call) (answer, error) {
	p, err := s.Register.FindProduct(k.ctx, k.id("product_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wireProduct(p))
}

func (s *Server) amendProduct(k *call) (answer, error) {
	var body struct {
		Name           *string `json:"name"`
		NameZh         *string `json:"name_zh"`
		Category       *string `json:"category"`
		WarrantyMonths *int    `json:"warranty_months"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Register.AmendProduct(k.ctx, k.by, k.id("product_id"), k.version(), registry.ProductChange(body))
	if err != nil {
		return answer{}, err
	}
	return versioned(p.Version, wireProduct(p))
}
