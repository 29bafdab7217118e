package api

import (
	"time"

	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

func (s *Server) customersHandlers() map[string]handler {
	return map[string]handler{
		"listCustomers": s.listCustomers, "openCustomer": s.openCustomer, "getCustomer": s.getCustomer, "amendCustomer": s.amendCustomer,
	}
}

type customer struct {
	ID          uuid.UUID           `json:"id"`
	Name        string              `json:"name"`
	Phone       *string             `json:"phone"`
	Email       *string             `json:"email"`
	Language    words.Language      `json:"language"`
	ValueClass  registry.ValueClass `json:"value_class"`
	Notes       string              `json:"notes"`
	OutletID    *uuid.UUID          `json:"outlet_id"`
	ExternalKey *string             `json:"external_key"`
	Version     int                 `json:"version"`
	CreatedAt   time.Time           `json:"created_at"`
}

func wireCustomer(c registry.Customer) customer {
	return customer{
		ID: c.ID, Name: c.Name, Phone: c.Phone, Email: c.Email, Language: c.Language, ValueClass: c.ValueClass, Notes: c.Notes,
		OutletID: c.OutletID, ExternalKey: c.ExternalKey, Version: c.Version, CreatedAt: c.CreatedAt,
	}
}

// goOn is the place to go on from in a list in the order of its ids: nil on the last page.
func goOn(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return id
}

func (s *Server) listCustomers(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := registry.CustomerQuery{
		Any: k.query("q"), Name: k.query("name"), Phone: k.query("phone"), Region: k.query("region"), Serial: k.query("serial"), Address: k.query("address"),
	}
	customers, next, err := s.Register.ListCustomers(k.ctx, k.by, q, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, customers, goOn(next), wireCustomer)
}

func (s *Server) openCustomer(k *call) (answer, error) {
	var body struct {
		Name        string              `json:"name"`
		Phone       *string             `json:"phone"`
		Region      string              `json:"region"`
		Email       *string             `json:"email"`
		Language    words.Language      `json:"language"`
		ValueClass  registry.ValueClass `json:"value_class"`
		Notes       string              `json:"notes"`
		ExternalKey *string             `json:"external_key"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Register.OpenCustomer(k.ctx, k.by, registry.NewCustomer(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/customers/"+c.ID.String(), c.Version, wireCustomer(c))
}

func (s *Server) getCustomer(k *call) (answer, error) {
	c, err := s.Register.FindCustomer(k.ctx, k.by, k.id("customer_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(c.Version, wireCustomer(c))
}

func (s *Server) amendCustomer(k *call) (answer, error) {
	var body struct {
		Name       *string              `json:"name"`
		Phone      optional[string]     `json:"phone"`
		Region     string               `json:"region"`
		Email      optional[string]     `json:"email"`
		Language   *words.Language      `json:"language"`
		ValueClass *registry.ValueClass `json:"value_class"`
		Notes      *string              `json:"notes"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Register.AmendCustomer(k.ctx, k.by, k.id("customer_id"), k.version(), registry.CustomerChange{
		Name: body.Name, Phone: body.Phone.set(), Region: body.Region, Email: body.Email.set(), Language: body.Language,
		ValueClass: body.ValueClass, Notes: body.Notes,
	})
	if err != nil {
		return answer{}, err
	}
	return versioned(c.Version, wireCustomer(c))
}
