package demo

import (
	"context"
	"fmt"
	"slices"

	"callout/dispatch"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// atOnce is more than there is of anything that is listed here.
const atOnce = 1000

// network lists the outlets that are to be loaded.
func (l *loader) network() ([]Outlet, error) {
	all, err := Outlets()
	return slices.DeleteFunc(all, func(o Outlet) bool { return l.only != "" && l.only != o.Code }), err
}

func (l *loader) openOutlets(ctx context.Context, s *Summary) error {
	all, err := l.network()
	if err != nil {
		return err
	}
	there, _, err := l.Network.ListOutlets(ctx, who.System, "", uuid.Nil, atOnce)
	if err != nil {
		return err
	}
	l.outlets = map[string]uuid.UUID{}
	for _, o := range there {
		l.outlets[o.Code] = o.ID
	}
	for i, o := range all {
		if _, opened := l.outlets[o.Code]; !opened {
			n, err := l.Network.OpenOutlet(ctx, who.System, dispatch.NewOutlet{Code: o.Code, Name: o.Name, TimeZone: o.Zone, Territory: &o.Territory})
			if err != nil {
				return fmt.Errorf("%s: %w", o.Code, err)
			}
			l.outlets[o.Code] = n.ID
		}
		l.tell("outlets", i+1, len(all))
	}
	s.Outlets = len(all)
	return nil
}

func (l *loader) openSkills(ctx context.Context, _ *Summary) error {
	there, _, err := l.Network.ListSkills(ctx, "", uuid.Nil, atOnce)
	if err != nil {
		return err
	}
	l.skills = map[string]uuid.UUID{}
	for _, s := range there {
		l.skills[s.Code] = s.ID
	}
	for _, s := range Skills() {
		if _, opened := l.skills[s.Code]; opened {
			continue
		}
		n, err := l.Network.OpenSkill(ctx, who.System, dispatch.NewSkill{Code: s.Code, Name: s.Name, NameZh: s.NameZh})
		if err != nil {
			return fmt.Errorf("%s: %w", s.Code, err)
		}
		l.skills[s.Code] = n.ID
	}
	return nil
}

func (l *loader) openParts(ctx context.Context, _ *Summary) error {
	there, _, err := l.Ledger.ListParts(ctx, "", uuid.Nil, atOnce)
	if err != nil {
		return err
	}
	l.parts = map[string]uuid.UUID{}
	for _, p := range there {
		l.parts[p.Number] = p.ID
	}
	for _, p := range Parts() {
		if _, opened := l.parts[p.Number]; opened {
			continue
		}
		n, err := l.Ledger.OpenPart(ctx, who.System, inventory.Part{
			Number: p.Number, Name: p.Name, NameZh: p.NameZh, Unit: p.Unit, Serialized: p.Serialized, ReturnRequired: p.ReturnRequired,
			GTIN: &p.GTIN, ListPrice: &p.Price, Currency: "USD", WarrantyDays: p.warranty(),
		})
		if err != nil {
			return fmt.Errorf("%s: %w", p.Number, err)
		}
		l.parts[p.Number] = n.ID
	}
	return nil
}
