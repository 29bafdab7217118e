package house_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"callout/house"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/audit"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// walk is a warehouse where eight people do at random whatever the product lets them do, at once.
type walk struct {
	*stocktest.House
	doors    *house.House
	parts    []inventory.Part
	shops    []inventory.Location // warehouses
	shelves  []inventory.Location // warehouses and their bins
	held     []inventory.Location
	vendor   inventory.Location
	supplier uuid.UUID
	techs    []hand
	clerks   []hand
	heads    []hand // supervisors
}

// hand is one of the people.
type hand struct {
	who.Actor
	van  inventory.Location
	jobs []uuid.UUID
}

// deed is something that one of the people does. It picks its object at random, often a wrong one.
type deed struct {
	name string
	do   func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error
}

func newWalk(t testing.TB) *walk {
	t.Helper()
	doors, err := house.Open(t.Context(), house.Options{DatabaseURL: pgtest.URL(t), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(doors.Close)
	w := &walk{House: stocktest.On(t, doors.DB, doors.Ledger), doors: doors}
	w.shops = []inventory.Location{w.Warehouse, w.Place(inventory.KindWarehouse, w.Outlet)}
	w.shelves = slices.Clone(w.shops)
	for i, shop := range w.shops {
		for j := range 2 {
			bin, err := w.Ledger.OpenLocation(w.Context(), w.Clerk, inventory.Location{Code: fmt.Sprintf("B-%d-%d", i, j), Name: fmt.Sprintf("Bin %d-%d", i, j), Kind: inventory.KindBin, WarehouseID: &shop.ID})
			w.Must(err)
			w.shelves = append(w.shelves, bin)
		}
		q, err := w.Ledger.SubPlace(w.Context(), inventory.KindQuarantine, shop)
		w.Must(err)
		w.held = append(w.held, q)
	}
	w.vendor = w.Place(inventory.KindVendorRepair, w.Outlet)
	cost := int64(3500)
	for _, shape := range []string{"", "r", "s", "sr"} {
		p := w.Part(shape)
		w.parts = append(w.parts, p)
		line := inventory.Line{PartID: p.ID, Quantity: 40, UnitCost: &cost}
		if p.Serialized {
			line.Quantity = 0
			for i := range 40 {
				line.Serials = append(line.Serials, fmt.Sprintf("S%d", i))
			}
		}
		_, err := w.Ledger.Receive(w.Context(), who.System, inventory.Receipt{LocationID: w.Warehouse.ID, Lines: stocktest.Lines(line)})
		w.Must(err)
	}
	n := 0
	person := func(role who.Role) who.Actor {
		return who.Actor{UserID: w.User(role), Roles: []who.Role{role}, OutletID: &w.Outlet}
	}
	for range 3 {
		actor, van := w.Technician(w.Outlet)
		h := hand{Actor: actor, van: van}
		for range 3 {
			h.jobs = append(h.jobs, w.Job(w.Outlet, actor))
		}
		for _, p := range w.parts {
			line := inventory.Line{PartID: p.ID, Quantity: 8}
			if p.Serialized {
				line.Quantity = 0
				for range 8 {
					line.Serials = append(line.Serials, fmt.Sprintf("S%d", n%32))
					n++
				}
			}
			_, err := w.Ledger.Transfer(w.Context(), who.System, inventory.Transfer{FromLocation: w.Warehouse.ID, ToLocation: van.ID, Lines: stocktest.Lines(line)})
			w.Must(err)
		}
		n += 4
		w.techs = append(w.techs, h)
	}
	for range 3 {
		w.clerks = append(w.clerks, hand{Actor: person(who.Warehouse)})
	}
	for range 2 {
		w.heads = append(w.heads, hand{Actor: person(who.Supervisor)})
	}
	s, err := doors.Dock.OpenSupplier(w.Context(), who.System, receiving.Supplier{Code: "ACME", Name: "Acme"})
	w.Must(err)
	w.supplier = s.ID
	// The walk asks after each refusal what its actor has written: without these it would read whole tables.
	w.Owner(`CREATE INDEX ON movements (moved_by)`, `CREATE INDEX ON events (actor_id)`)
	return w
}

// photo is an announced photo of a job.
func (w *walk) photo(job uuid.UUID) uuid.UUID {
	id := stocktest.NewID()
	w.Exec(`INSERT INTO photos (id, job_id, kind, status, sha256, size, taken_at, announced_by, created_at, updated_at)
		VALUES ($1, $2, 'part', 'announced', decode(repeat('0a', 32), 'hex'), 1, now(), $1, now(), now())`, id, job)
	return id
}

// signature is the picture of one.
func signature() []byte {
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	img.SetGray(3, 3, color.Gray{Y: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// people are the eight, with what each may do.
func (w *walk) people() map[int]struct {
	hand
	deeds []deed
} {
	all := map[int]struct {
		hand
		deeds []deed
	}{}
	add := func(hands []hand, deeds []deed) {
		for _, h := range hands {
			all[len(all)] = struct {
				hand
				deeds []deed
			}{h, deeds}
		}
	}
	add(w.techs, technicianDeeds)
	add(w.clerks, clerkDeeds)
	add(w.heads, supervisorDeeds)
	return all
}

// tally is how often each deed was done and refused, and why the first time.
type tally struct {
	sync.Mutex
	done, refused map[string]int
	why           map[string]string
}

// written is how much an actor has written so far.
func (w *walk) written(ctx context.Context, by uuid.UUID) (string, error) {
	return pg.One[string](ctx, w.DB, `SELECT (SELECT count(*) FROM movements WHERE moved_by = $1) || ' movements, ' || (SELECT count(*) FROM events WHERE actor_id = $1) || ' events'`, by)
}

// stroll lets everybody do so many deeds each, at once.
func (w *walk) stroll(seed uint64, each int, n *tally) {
	var wg sync.WaitGroup
	for i, p := range w.people() {
		rnd := rand.New(rand.NewPCG(seed, uint64(i)))
		wg.Go(func() {
			ctx := w.Context()
			before, err := w.written(ctx, p.UserID)
			for done := 0; done < each; {
				if err != nil {
					w.Error(err)
					return
				}
				d := p.deeds[rnd.IntN(len(p.deeds))]
				failed := d.do(ctx, w, p.hand, rnd)
				if errors.Is(failed, errIdle) {
					continue
				}
				done++
				var after string
				if after, err = w.written(ctx, p.UserID); err != nil {
					continue
				}
				n.Lock()
				switch {
				case failed == nil:
					n.done[d.name]++
				case fault.From(failed).Code == fault.Internal:
					w.Errorf("%s: not a fault for people: %v", d.name, failed)
				case after != before:
					w.Errorf("%s was refused (%v) and left a trace: %s before, %s after", d.name, failed, before, after)
				default:
					n.refused[d.name]++
					if n.why[d.name] == "" {
						n.why[d.name] = failed.Error()
					}
				}
				n.Unlock()
				before = after
			}
		})
	}
	wg.Wait()
}

// prove demands that the books fold to what they say, and that every holder's equation holds.
func (w *walk) prove() {
	w.Helper()
	w.Sound()
	for _, by := range []audit.By{audit.ByLocation, audit.ByTechnician, audit.ByPart} {
		report, err := w.doors.Auditor.Reconcile(w.Context(), who.System, audit.Query{By: by, From: time.Now().Add(-400 * 24 * time.Hour)})
		w.Must(err)
		for _, row := range report.Rows {
			if !row.Holds() {
				w.Errorf("by %s: %+v does not hold", by, row)
			}
		}
	}
}

// Whatever eight people do at once, right or wrong, the books stay sound: twenty thousand deeds, proven after
// every two thousand.
func TestWarehouseStaysSoundWhateverPeopleDo(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	n := &tally{done: map[string]int{}, refused: map[string]int{}, why: map[string]string{}}
	const batches, each = 10, 250 // of eight people
	for batch := range batches {
		w.stroll(uint64(batch), each, n)
		w.prove()
		if t.Failed() {
			break
		}
	}
	done, refused := 0, 0
	for _, name := range slices.Sorted(maps.Keys(n.why)) {
		t.Logf("%-24s %5d done, %5d refused, such as: %s", name, n.done[name], n.refused[name], n.why[name])
	}
	for _, deeds := range [][]deed{technicianDeeds, clerkDeeds, supervisorDeeds} {
		for _, d := range deeds {
			if n.done[d.name] == 0 && !t.Failed() {
				t.Errorf("%s never succeeded: the walk does not try it", d.name)
			}
		}
	}
	for _, c := range n.done {
		done += c
	}
	for _, c := range n.refused {
		refused += c
	}
	t.Logf("%d done, %d refused", done, refused)
	if !t.Failed() && done+refused < 20_000 {
		t.Errorf("only %d deeds", done+refused)
	}
}
