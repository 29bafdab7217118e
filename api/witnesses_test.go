package api_test

import (
	"net/http"
	"slices"
	"testing"

	"callout/internal/who"

	"github.com/google/uuid"
)

func TestWitnessesAreOthersWhoKnowStockHere(t *testing.T) {
	t.Parallel()
	w := open(t)
	here, there := w.outlet(), w.outlet()
	clerk := w.as(who.Warehouse, here)
	all := func(roles ...string) []string {
		var list struct {
			Items []struct {
				ID    uuid.UUID
				Name  string
				Roles []string
			}
		}
		clerk.get("/v1/witnesses?limit=200").want(http.StatusOK).into(&list)
		for _, one := range list.Items {
			if one.Name == "" {
				t.Errorf("%s has no name", one.ID)
			}
			roles = append(roles, one.Roles...)
		}
		slices.Sort(roles)
		return roles
	}
	before := all()
	w.as(who.Supervisor, here)
	w.as(who.Warehouse, here)
	w.as(who.Dispatcher, here)
	w.as(who.Technician, here)
	w.as(who.Warehouse, there)
	w.as(who.Inspector)
	want := append([]string{"inspector", "supervisor", "warehouse"}, before...)
	slices.Sort(want)
	if got := all(); !slices.Equal(got, want) {
		t.Errorf("witnesses are %v, want %v", got, want)
	}
}
