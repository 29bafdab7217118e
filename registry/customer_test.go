package registry_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

func TestCustomerLives(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	c := w.customer(registry.NewCustomer{Name: "  王小明 ", Phone: ptr("138 0013 8000"), Region: "CN", Email: ptr("wang@example.com")})
	if c.Name != "王小明" || *c.Phone != "+8613800138000" || c.Language != words.Chinese || c.ValueClass != registry.ValueStandard || c.OutletID != nil {
		t.Fatalf("opened %+v", c)
	}
	noPhone := (*string)(nil)
	got, err := w.AmendCustomer(ctx, w.desk, c.ID, 1, registry.CustomerChange{Phone: &noPhone, ValueClass: ptr(registry.ValueKey)})
	if err != nil {
		t.Fatal(err)
	}
	if got.Phone != nil || got.Email == nil || *got.Email != "wang@example.com" || got.ValueClass != registry.ValueKey || got.Version != 2 {
		t.Errorf("a null clears, an absent member stays: %+v", got)
	}
	again, err := w.FindCustomer(ctx, w.desk, c.ID)
	if err != nil || again.Phone != nil || again.Version != 2 || again.Name != "王小明" {
		t.Errorf("found %+v, %v", again, err)
	}
	_, err = w.AmendCustomer(ctx, w.desk, c.ID, 1, registry.CustomerChange{Name: ptr("x")})
	refused(t, err, fault.Stale)
	_, err = w.AmendCustomer(ctx, w.desk, uuid.New(), 1, registry.CustomerChange{Name: ptr("x")})
	refused(t, err, fault.NotFound)
	if k := w.kinds(c.ID); !slices.Equal(k, []string{"customer.opened", "customer.amended"}) {
		t.Errorf("events %v", k)
	}
}

func TestCustomerRefused(t *testing.T) {
	w := open(t)
	_, err := w.OpenCustomer(t.Context(), w.desk, registry.NewCustomer{Name: " \t", Phone: ptr("call me"), Notes: "a\x00b"})
	refused(t, err, fault.Invalid, "/name", "/phone", "/notes")
	c := w.customer(registry.NewCustomer{ExternalKey: ptr("crm:7")})
	_, err = w.OpenCustomer(t.Context(), w.desk, registry.NewCustomer{Name: "x", ExternalKey: ptr("crm:7")})
	refused(t, err, fault.Conflict, "/external_key")
	_, err = w.AmendCustomer(t.Context(), w.desk, c.ID, 1, registry.CustomerChange{Name: ptr(""), Phone: ptr(ptr("1"))})
	refused(t, err, fault.Invalid, "/phone", "/name")
}

func TestCustomerScope(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	mine, err := w.OpenCustomer(ctx, w.eastern, registry.NewCustomer{Name: "recorded by East"})
	if err != nil {
		t.Fatal(err)
	}
	withSite := w.customer(registry.NewCustomer{Name: "has a site in East"})
	w.site(withSite, shanghai, "1 Bund")
	elsewhere := w.customer(registry.NewCustomer{Name: "has a site in West"})
	w.site(elsewhere, losAngeles, "1 Main St")
	bare := w.customer(registry.NewCustomer{Name: "of the desk"})
	tests := []struct {
		name string
		by   who.Actor
		want []uuid.UUID
	}{
		{"the desk sees all", w.desk, []uuid.UUID{mine.ID, withSite.ID, elsewhere.ID, bare.ID}},
		{"an outlet sees whom it recorded and whose sites it has", w.eastern, []uuid.UUID{mine.ID, withSite.ID}},
		{"another outlet sees its own", w.western, []uuid.UUID{elsewhere.ID}},
		{"a technician without jobs sees nobody", who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Technician}, TechnicianID: ptr(uuid.New())}, nil},
		{"a technician who is no technician sees nobody", who.Actor{UserID: uuid.New(), Roles: []who.Role{who.Technician}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, next, err := w.ListCustomers(ctx, tt.by, registry.CustomerQuery{}, uuid.Nil, 50)
			if err != nil || next != uuid.Nil {
				t.Fatal(err, next)
			}
			if ids := idsOf(got); !slices.Equal(ids, tt.want) {
				t.Errorf("sees %d customers, want %d", len(ids), len(tt.want))
			}
			for _, c := range []registry.Customer{mine, withSite, elsewhere, bare} {
				_, err := w.FindCustomer(ctx, tt.by, c.ID)
				if seen := slices.Contains(tt.want, c.ID); seen != (err == nil) || !seen && !fault.Is(err, fault.NotFound) {
					t.Errorf("finds %s: %v", c.Name, err)
				}
			}
		})
	}
	_, err = w.AmendCustomer(ctx, w.western, mine.ID, 1, registry.CustomerChange{Name: ptr("x")})
	refused(t, err, fault.NotFound)
}

func idsOf(all []registry.Customer) []uuid.UUID {
	var ids []uuid.UUID
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestCustomersAreFound(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	wang := w.customer(registry.NewCustomer{Name: "王小明", Phone: ptr("+8613800138000")})
	ada := w.customer(registry.NewCustomer{Name: "Ada Lovelace", Phone: ptr("+1 213 473 3231")})
	odd := w.customer(registry.NewCustomer{Name: "100%_sure\\", Phone: ptr("021-5555 1234"), Region: "CN"})
	bund := w.site(wang, shanghai, "上海市黄浦区中山东一路 1 号")
	w.site(ada, losAngeles, "200 N Spring St, Los Angeles")
	fridge := w.product("FR-1", 12)
	if _, err := w.OpenAsset(ctx, w.desk, registry.NewAsset{ProductID: fridge.ID, Serial: "SN-Äb/042", SiteID: bund.ID}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		q    registry.CustomerQuery
		want []uuid.UUID
	}{
		{"by a part of the name", registry.CustomerQuery{Any: "lovel"}, []uuid.UUID{ada.ID}},
		{"by two characters of a Chinese name", registry.CustomerQuery{Any: "小明"}, []uuid.UUID{wang.ID}},
		{"by a part of an address", registry.CustomerQuery{Any: "n spring"}, []uuid.UUID{ada.ID}},
		{"by a part of a Chinese address", registry.CustomerQuery{Any: "黄浦区"}, []uuid.UUID{wang.ID}},
		{"by a part of a serial in another case", registry.CustomerQuery{Any: "sn-äB"}, []uuid.UUID{wang.ID}},
		{"by a whole number as people write it", registry.CustomerQuery{Any: "138-0013-8000"}, []uuid.UUID{wang.ID}},
		{"by the last digits", registry.CustomerQuery{Any: "8000"}, []uuid.UUID{wang.ID}},
		{"by a number of another region", registry.CustomerQuery{Any: "(213) 473-3231", Region: "US"}, []uuid.UUID{ada.ID}},
		{"percent and underscore are themselves", registry.CustomerQuery{Any: "0%_s"}, []uuid.UUID{odd.ID}},
		{"a backslash is itself", registry.CustomerQuery{Any: `re\`}, []uuid.UUID{odd.ID}},
		{"percent alone is no wildcard", registry.CustomerQuery{Any: "a%e"}, nil},
		{"what nobody has", registry.CustomerQuery{Any: "Grace Hopper"}, nil},
		{"broken text finds nothing", registry.CustomerQuery{Any: "\xff\x00ad\x00a l"}, []uuid.UUID{ada.ID}},
		{"by name alone", registry.CustomerQuery{Name: "ada"}, []uuid.UUID{ada.ID}},
		{"a name is no address", registry.CustomerQuery{Name: "spring"}, nil},
		{"by phone", registry.CustomerQuery{Phone: "+86 138 0013 8000"}, []uuid.UUID{wang.ID}},
		{"by a part of the phone, with the area's zero", registry.CustomerQuery{Phone: "021-5555"}, []uuid.UUID{odd.ID}},
		{"a phone without digits is nobody's", registry.CustomerQuery{Phone: "x"}, nil},
		{"by serial, whole and in any case", registry.CustomerQuery{Serial: "sn-äb/042"}, []uuid.UUID{wang.ID}},
		{"a part of a serial is no serial", registry.CustomerQuery{Serial: "sn-äb"}, nil},
		{"by address", registry.CustomerQuery{Address: "中山东"}, []uuid.UUID{wang.ID}},
		{"all that is given must fit", registry.CustomerQuery{Name: "王", Address: "spring"}, nil},
		{"both fit", registry.CustomerQuery{Name: "王", Serial: "SN-Äb/042", Any: "黄浦"}, []uuid.UUID{wang.ID}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := w.ListCustomers(ctx, w.desk, tt.q, uuid.Nil, 50)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(idsOf(got), tt.want) {
				t.Errorf("found %+v", got)
			}
		})
	}
	t.Run("an outlet finds nobody by another's site", func(t *testing.T) {
		both := w.customer(registry.NewCustomer{Name: "two sites"})
		w.site(both, shanghai, "East Gate")
		w.site(both, losAngeles, "West Gate")
		got, _, err := w.ListCustomers(ctx, w.eastern, registry.CustomerQuery{Any: "west gate"}, uuid.Nil, 50)
		if err != nil || len(got) != 0 {
			t.Errorf("found %+v, %v", got, err)
		}
		if got, _, _ = w.ListCustomers(ctx, w.eastern, registry.CustomerQuery{Address: "east gate"}, uuid.Nil, 50); len(got) != 1 {
			t.Errorf("found %+v by its own site", got)
		}
	})
}

func TestListGoesOnWhereItStopped(t *testing.T) {
	w := open(t)
	var want, got []uuid.UUID
	for range 7 {
		want = append(want, w.customer(registry.NewCustomer{}).ID)
	}
	pages := 0
	for after := uuid.Nil; ; pages++ {
		page, next, err := w.ListCustomers(t.Context(), w.desk, registry.CustomerQuery{}, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, idsOf(page)...)
		if next == uuid.Nil {
			break
		}
		after = next
	}
	if !slices.Equal(got, want) || pages != 2 {
		t.Errorf("%d of %d customers on %d pages", len(got), len(want), pages+1)
	}
}

func TestEnsureAddsOnce(t *testing.T) {
	w := open(t)
	ctx := t.Context()
	n := registry.NewCustomer{Name: "Ada", ExternalKey: ptr("la311:7")}
	const racers = 8
	type outcome struct {
		id    uuid.UUID
		added bool
		err   error
	}
	came := make(chan outcome, racers)
	for range racers {
		go func() {
			c, added, err := w.EnsureCustomer(ctx, who.System, n)
			came <- outcome{c.ID, added, err}
		}()
	}
	var ids []uuid.UUID
	added := 0
	for range racers {
		o := <-came
		if o.err != nil {
			t.Fatal(o.err)
		}
		if o.added {
			added++
		}
		ids = append(ids, o.id)
	}
	if added != 1 || slices.ContainsFunc(ids, func(id uuid.UUID) bool { return id != ids[0] }) {
		t.Errorf("%d racers added %d customers", racers, added)
	}
	c, again, err := w.EnsureCustomer(ctx, who.System, registry.NewCustomer{Name: "Other", ExternalKey: n.ExternalKey})
	if err != nil || again || c.Name != "Ada" {
		t.Errorf("the second import changes nothing: %+v, %v, %v", c, again, err)
	}
	_, _, err = w.EnsureCustomer(ctx, who.System, registry.NewCustomer{Name: "Ada"})
	refused(t, err, fault.Invalid, "/external_key")
	_, _, err = w.EnsureCustomer(ctx, w.eastern, n)
	refused(t, err, fault.Forbidden)
}

// One transaction takes many rows; a row that is refused does not spoil those before it.
func TestEnsureWithinOneTransaction(t *testing.T) {
	w := open(t)
	var s registry.Site
	err := w.db.InTx(t.Context(), func(ctx context.Context) error {
		c, _, err := w.EnsureCustomer(ctx, who.System, registry.NewCustomer{Name: "Ada", ExternalKey: ptr("c1")})
		if err != nil {
			return err
		}
		if _, _, err := w.EnsureSite(ctx, who.System, registry.NewSite{CustomerID: uuid.New(), Address: "x", Location: ocean, TimeZone: "UTC", ExternalKey: ptr("s0")}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a site of nobody: %v", err)
		}
		s, _, err = w.EnsureSite(ctx, who.System, registry.NewSite{CustomerID: c.ID, Address: "x", Location: losAngeles, TimeZone: "UTC", ExternalKey: ptr("s1")})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.OutletID == nil || *s.OutletID != w.west || strings.Join(w.kinds(s.ID), " ") != "site.opened" {
		t.Errorf("site %+v, events %v", s, w.kinds(s.ID))
	}
}
