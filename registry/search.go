package registry

import (
	"context"
	"strings"

	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// search gathers the ways in which a row may be found, each through an index of its own.
type search struct {
	ways []string
	args []any
}

func (s *search) add(statement string, args ...any) {
	s.ways = append(s.ways, statement)
	s.args = append(s.args, args...)
}

// found is the condition on ids that every part of a search leads to.
func (s *search) found() string { return "id IN (" + strings.Join(s.ways, " UNION ") + ")" }

// phone finds a whole number, and numbers that hold the digits of a part.
func (s *search) phone(text, region string) {
	if whole := Phone(text, region); whole != "" {
		s.add("SELECT id FROM customers WHERE phone = ?", whole)
	}
	// Numbers are kept without the zero before the area.
	if part := strings.TrimLeft(digits(text), "0"); part != "" {
		s.add("SELECT id FROM customers WHERE phone LIKE ?", "%"+part+"%")
	}
}

func listCustomers(ctx context.Context, db *pg.DB, by who.Actor, q CustomerQuery, after uuid.UUID, limit int) ([]Customer, uuid.UUID, error) {
	scope, args := customerScope(by)
	sites, siteArgs := siteScope(by)
	rows := pg.Rows[Customer](ctx, db).Where("id > ?", after).Where(scope, args...)
	atSite := func(s *search, column, pattern string) {
		s.add("SELECT sites.customer_id FROM sites WHERE sites."+column+" ILIKE ? AND "+sites, append([]any{pattern}, siteArgs...)...)
	}
	withSerial := func(s *search, pattern string) {
		s.add("SELECT sites.customer_id FROM sites JOIN assets a ON a.site_id = sites.id WHERE a.serial ILIKE ? AND "+sites,
			append([]any{pattern}, siteArgs...)...)
	}
	var all []search
	if q.Any != "" {
		var s search
		s.add("SELECT id FROM customers WHERE name ILIKE ?", Fragment(q.Any))
		atSite(&s, "address", Fragment(q.Any))
		withSerial(&s, Fragment(q.Any))
		if len(digits(q.Any)) >= 3 && strings.Trim(q.Any, "0123456789 +-()") == "" {
			s.phone(q.Any, q.Region)
		}
		all = append(all, s)
	}
	if q.Name != "" {
		rows = rows.Where("name ILIKE ?", Fragment(q.Name))
	}
	if q.Phone != "" {
		s := search{ways: []string{"SELECT NULL::uuid"}}
		s.phone(q.Phone, q.Region)
		all = append(all, s)
	}
	if q.Serial != "" {
		var s search
		withSerial(&s, exactly(q.Serial))
		all = append(all, s)
	}
	if q.Address != "" {
		var s search
		atSite(&s, "address", Fragment(q.Address))
		all = append(all, s)
	}
	for _, s := range all {
		rows = rows.Where(s.found(), s.args...)
	}
	found, err := rows.Order("id").Limit(limit + 1).Find(ctx)
	found, next := place(found, limit, func(c Customer) uuid.UUID { return c.ID })
	return found, next, err
}

func listSites(ctx context.Context, db *pg.DB, by who.Actor, q SiteQuery, after uuid.UUID, limit int) ([]Site, uuid.UUID, error) {
	scope, args := siteScope(by)
	rows := pg.Rows[Site](ctx, db).Where("id > ?", after).Where(scope, args...)
	if q.CustomerID != nil {
		rows = rows.Where("customer_id = ?", q.CustomerID)
	}
	if q.OutletID != nil {
		rows = rows.Where("outlet_id = ?", q.OutletID)
	}
	if q.Homeless {
		rows = rows.Where("outlet_id IS NULL")
	}
	if q.Address != "" {
		rows = rows.Where("address ILIKE ?", Fragment(q.Address))
	}
	if q.Any != "" {
		var s search
		s.add("SELECT id FROM sites WHERE name ILIKE ?", Fragment(q.Any))
		s.add("SELECT id FROM sites WHERE address ILIKE ?", Fragment(q.Any))
		s.add("SELECT s.id FROM sites s JOIN customers c ON c.id = s.customer_id WHERE c.name ILIKE ?", Fragment(q.Any))
		rows = rows.Where(s.found(), s.args...)
	}
	found, err := rows.Order("id").Limit(limit + 1).Find(ctx)
	found, next := place(found, limit, func(s Site) uuid.UUID { return s.ID })
	return found, next, err
}

func listProducts(ctx context.Context, db *pg.DB, q ProductQuery, after uuid.UUID, limit int) ([]Product, uuid.UUID, error) {
	rows := pg.Rows[Product](ctx, db).Where("id > ?", after)
	if q.Any != "" {
		p := Fragment(q.Any)
		rows = rows.Where("code ILIKE ? OR name ILIKE ? OR name_zh ILIKE ?", p, p, p)
	}
	if q.Category != "" {
		rows = rows.Where("category = ?", Asked(q.Category))
	}
	found, err := rows.Order("id").Limit(limit + 1).Find(ctx)
	found, next := place(found, limit, func(p Product) uuid.UUID { return p.ID })
	return found, next, err
}
