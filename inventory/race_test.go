package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

func TestTwoClerksIssueTheLastOne(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]string{"by its serial": "s", "by count": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := stocktest.Open(t)
			p := h.Part(shape)
			line := inventory.Line{PartID: p.ID, Quantity: 1}
			asked := line
			if p.Serialized {
				line.Serials = []string{"S1"}
			}
			h.Stock(h.Warehouse, p, 1, line.Serials...)
			errs := make([]error, 2)
			var wg sync.WaitGroup
			for i := range errs {
				tech, _ := h.Technician(h.Outlet)
				r := h.approved(tech, nil, asked)
				wg.Go(func() {
					_, errs[i] = h.Counter.Issue(t.Context(), h.Clerk, r.ID, r.Version, requests.Issuing{WarehouseID: h.Warehouse.ID, Lines: stocktest.Lines(line)})
				})
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("both or neither: %v, %v", errs[0], errs[1])
			}
			for _, err := range errs {
				if err != nil {
					h.Refused(err, fault.Conflict, h.Warehouse.Name)
				}
			}
			if n := h.Count(`SELECT count(*) FROM movements WHERE kind = 'issue'`); n != 1 {
				t.Errorf("issued %d times", n)
			}
			h.Sound()
		})
	}
}

func TestRacingWorkersNeverBreakAPath(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	const workers, tries = 24, 12
	p := h.Part("s")
	places := []inventory.Location{h.Warehouse}
	for range 5 {
		places = append(places, h.Place(inventory.KindVan, h.Outlet))
	}
	h.Stock(h.Warehouse, p, 0, "S1")
	var moved atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		rnd := rand.New(rand.NewPCG(7, uint64(w)))
		wg.Go(func() {
			for range tries {
				from, to := rnd.IntN(len(places)), rnd.IntN(len(places))
				if w%4 != 0 { // the other quarter guesses, and so mostly lies
					units, _, err := h.Ledger.ListUnits(t.Context(), who.System, inventory.UnitFilter{PartID: &p.ID}, uuid.Nil, 1)
					if err != nil {
						t.Error(err)
						return
					}
					for i, at := range places {
						if at.ID == *units[0].LocationID {
							from = i
						}
					}
				}
				_, err := h.Ledger.Transfer(t.Context(), h.Clerk, inventory.Transfer{
					FromLocation: places[from].ID, ToLocation: places[to].ID, Lines: stocktest.Lines(inventory.Line{PartID: p.ID, Serials: []string{"S1"}}),
				})
				switch {
				case err == nil:
					moved.Add(1)
				case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid):
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := h.Count(`SELECT count(*) FROM unit_moves`); int64(n) != moved.Load()+1 || moved.Load() == 0 {
		t.Errorf("%d steps of %d movements", n, moved.Load()+1)
	}
	h.Sound()
}

// A crew of people does all that can be done with parts, at random and at once. Whatever happens,
// the books stay sound, and only faults that a person can understand come back.
func TestRandomWorkInParallelKeepsTheBooksSound(t *testing.T) {
	t.Parallel()
	h := stocktest.Open(t)
	const people, tries = 8, 40
	a := newShop(h)
	var wg sync.WaitGroup
	var done, refused atomic.Int64
	for i := range people {
		rnd := rand.New(rand.NewPCG(11, uint64(i)))
		wg.Go(func() {
			for range tries {
				switch err := a.work(rnd); {
				case err == nil:
					done.Add(1)
				case fault.From(err).Code == fault.Internal:
					t.Errorf("not a fault for people: %v", err)
				default:
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d deeds done, %d refused", done.Load(), refused.Load())
	if done.Load() == 0 || refused.Load() == 0 {
		t.Error("the walk tried nothing")
	}
	h.Sound()
	if n := h.Count(`SELECT count(*) FROM (SELECT part_id FROM balances GROUP BY 1 HAVING sum(quantity) <> 0) x`); n != 0 {
		t.Errorf("%d parts do not sum to nought", n)
	}
	if n := h.Count(`SELECT count(*) FROM part_uses u WHERE NOT EXISTS (SELECT FROM part_returns r WHERE r.use_id = u.id)
		AND (SELECT return_required FROM parts p WHERE p.id = u.part_id)`); n != 0 {
		t.Errorf("%d uses expect nothing back", n)
	}
}

// shop is where the crew of a random walk works.
type shop struct {
	*stocktest.House
	parts  []inventory.Part
	places []inventory.Location
	techs  []who.Actor
	jobs   []uuid.UUID
}

func newShop(h *stocktest.House) *shop {
	h.Helper()
	a := &shop{house: h, places: []inventory.Location{h.Warehouse, h.Place(inventory.KindWarehouse, h.Outlet)}}
	for _, shape := range []string{"", "r", "s", "sr"} {
		p := h.Part(shape)
		if p.Serialized {
			h.Stock(h.Warehouse, p, 0, "S1", "S2", "S3", "S4", "S5")
		} else {
			h.Stock(h.Warehouse, p, 5)
		}
		a.parts = append(a.parts, p)
	}
	for range 3 {
		tech, van := h.Technician(h.Outlet)
		a.techs, a.places = append(a.techs, tech), append(a.places, van)
		a.jobs = append(a.jobs, h.Job(h.Outlet, tech))
	}
	return a
}

func pick[T any](rnd *rand.Rand, from []T) T { return from[rnd.IntN(len(from))] }

// line is a few of some part, which may or may not be there.
func (a *shop) line(rnd *rand.Rand) inventory.Line {
	p := pick(rnd, a.parts)
	if !p.Serialized {
		return inventory.Line{PartID: p.ID, Quantity: 1 + rnd.IntN(3)}
	}
	return inventory.Line{PartID: p.ID, Serials: []string{a.serialNumber(rnd)}}
}

func (a *shop) serialNumber(rnd *rand.Rand) string { return fmt.Sprintf("S%d", 1+rnd.IntN(8)) }

// work does one thing at random.
func (a *shop) work(rnd *rand.Rand) error {
	ctx := a.Context()
	tech := rnd.IntN(len(a.techs))
	switch rnd.IntN(8) {
	case 0:
		_, err := a.Ledger.Receive(ctx, a.Clerk, inventory.Receipt{LocationID: a.places[rnd.IntN(2)].ID, Lines: a.someLines(rnd)})
		return err
	case 1, 2:
		_, err := a.Ledger.Transfer(ctx, a.Clerk, inventory.Transfer{FromLocation: pick(rnd, a.places).ID, ToLocation: pick(rnd, a.places).ID, Lines: a.someLines(rnd)})
		return err
	case 3:
		moves, _, err := a.Ledger.ListMovements(ctx, a.Clerk, inventory.MovementFilter{}, uuid.Nil, 20)
		if err == nil {
			_, err = a.Uses.Reverse(ctx, a.Clerk, pick(rnd, moves).ID, "at random")
		}
		return err
	case 4, 5:
		use := uses.PartUse{PartID: pick(rnd, a.parts).ID, Quantity: 1, OldPartWish: pick(rnd, []uses.Wish{uses.WishReturn, uses.WishKeeps, uses.WishNone})}
		if a.serialized(use.PartID) {
			use.NewSerial, use.OldSerial = a.serialNumber(rnd), fmt.Sprintf("O%d", rnd.IntN(6))
		}
		if rnd.IntN(2) == 0 {
			_, err := a.Uses.Settle(ctx, a.techs[tech], a.jobs[tech], *a.techs[tech].TechnicianID, []uses.PartUse{use})
			return err
		}
		_, err := a.Uses.Use(ctx, a.techs[tech], a.jobs[tech], use)
		return err
	case 6:
		returns, _, err := a.Returns.ListReturns(ctx, a.Clerk, returns.ReturnFilter{}, uuid.Nil, 100)
		if err != nil || len(returns) == 0 {
			return err
		}
		r := pick(rnd, returns)
		scan := returns.Scan{WarehouseID: a.places[rnd.IntN(2)].ID}
		if a.serialized(r.PartID) {
			scan.Serial = pick(rnd, []string{a.serialNumber(rnd), fmt.Sprintf("O%d", rnd.IntN(6))})
		}
		_, err = a.Returns.ReceiveReturn(ctx, a.Clerk, r.ID, r.Version, scan)
		return err
	}
	return a.supply(rnd, tech)
}

// supply takes a request the whole way, as far as it goes.
func (a *shop) supply(rnd *rand.Rand, tech int) error {
	ctx, line := a.Context(), a.line(rnd)
	asked := inventory.Line{PartID: line.PartID, Quantity: max(line.Quantity, len(line.Serials))}
	r, err := a.Counter.Request(ctx, a.techs[tech], requests.Wanted{Lines: stocktest.Lines(asked)})
	if err == nil {
		r, err = a.Counter.Approve(ctx, a.supervisor(), r.ID, r.Version)
	}
	if err == nil {
		r, err = a.Counter.Issue(ctx, a.Clerk, r.ID, r.Version, requests.Issuing{WarehouseID: a.places[rnd.IntN(2)].ID, Lines: stocktest.Lines(line)})
	}
	if err == nil && rnd.IntN(4) > 0 {
		_, err = a.Counter.Receive(ctx, a.techs[tech], r.ID, r.Version, stocktest.Lines(line))
	}
	return err
}

func (a *shop) someLines(rnd *rand.Rand) []inventory.Line {
	all := stocktest.Lines(a.line(rnd))
	if second := a.line(rnd); second.PartID != all[0].PartID {
		all = append(all, second)
	}
	return all
}

func (a *shop) serialized(part uuid.UUID) bool {
	for _, p := range a.parts {
		if p.ID == part {
			return p.Serialized
		}
	}
	return false
}
