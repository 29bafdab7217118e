package receiving_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"callout/internal/fault"
	"callout/internal/policy"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// levels sets the level of a part for a van.
func (h *house) level(van uuid.UUID, p inventory.Part, low, high int) {
	h.Helper()
	now, err := h.dock.Levels(h.Context(), h.Clerk, van)
	h.Must(err)
	_, err = h.dock.SetLevels(h.Context(), h.Clerk, van, now.Version, []receiving.Level{{PartID: p.ID, Min: low, Max: high}})
	h.Must(err)
}

func TestProposalsCountWhatIsThereOnItsWayAndNeeded(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	mate, mates := h.Technician(h.Outlet)
	p, q := h.Part(""), h.Part("")
	h.level(van.ID, p, 4, 10)
	h.level(van.ID, q, 1, 2)
	h.level(mates.ID, p, 0, 5)
	h.Stock(van, p, 6)
	h.Stock(van, q, 2)
	h.Stock(mates, p, 9)
	propose := func() []receiving.Proposal {
		t.Helper()
		all, err := h.dock.Propose(ctx, h.Clerk, receiving.ProposalFilter{})
		h.Must(err)
		return all
	}
	if got := propose(); len(got) != 0 {
		t.Errorf("a full van is proposed %+v", got)
	}
	job := h.Job(h.Outlet, tech)
	h.Exec(`UPDATE bookings SET starts_at = now() + interval '1 hour', ends_at = now() + interval '2 hours' WHERE job_id = $1`, job)
	h.Exec(`UPDATE jobs SET parts = $2 WHERE id = $1`, job, fmt.Sprintf(`[{"part_id": %q, "quantity": 3}]`, p.ID))
	got := propose()
	if len(got) != 1 || got[0].OnHand != 6 || got[0].Needed != 3 || got[0].Left() != 3 || got[0].Quantity() != 7 || got[0].TechnicianID != *tech.TechnicianID {
		t.Fatalf("proposed %+v", got)
	}
	if en, zh := got[0].Text().In(words.English), got[0].Text().In(words.Chinese); !strings.Contains(en, "filled up to 10 with 7 more") || !strings.Contains(zh, "补至 10 件，需 7 件") {
		t.Errorf("%s / %s", en, zh)
	}
	// Beyond the horizon nothing is needed yet.
	h.Exec(`UPDATE bookings SET starts_at = starts_at + interval '9 days', ends_at = ends_at + interval '9 days' WHERE job_id = $1`, job)
	if got := propose(); len(got) != 0 {
		t.Errorf("a job in nine days is needed now: %+v", got)
	}
	h.Exec(`UPDATE bookings SET starts_at = starts_at - interval '9 days', ends_at = ends_at - interval '9 days' WHERE job_id = $1`, job)
	// What is sent to the van is on its way.
	sent, err := h.send(mate, mates.ID, van.ID, inventory.Line{PartID: p.ID, Quantity: 2})
	h.Must(err)
	if got := propose(); len(got) != 0 {
		t.Errorf("five are left, and proposed is %+v", got)
	}
	back := receiving.Settling{Back: []inventory.Line{{PartID: p.ID, Quantity: 2}}, Reason: "sent back"}
	_, err = h.dock.Settle(ctx, h.chief, sent.ID, 1, back)
	h.Refused(err, fault.Forbidden, "nobody else does")
	_, err = h.dock.Settle(ctx, mate, sent.ID, 1, back)
	h.Must(err)
	for by, want := range map[*who.Actor]int{&tech: 1, &mate: 0} {
		if all, err := h.dock.Propose(ctx, *by, receiving.ProposalFilter{}); err != nil || len(all) != want {
			t.Errorf("%v: %+v, %v", by.TechnicianID, all, err)
		}
	}
}

func TestReplenishOnceHoweverOftenItIsAsked(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	p, q := h.Part(""), h.Part("")
	h.level(van.ID, p, 2, 8)
	h.level(van.ID, q, 1, 3)
	choices := []receiving.Choice{{VanID: van.ID, PartID: p.ID}, {VanID: van.ID, PartID: q.ID, Quantity: 1}}
	h.Stock(van, p, 1)
	_, err := h.dock.Replenish(ctx, h.Clerk, []receiving.Choice{{VanID: van.ID, PartID: q.ID}, {VanID: van.ID, PartID: p.ID, Quantity: 8}})
	h.Refused(err, fault.Invalid, "/chosen/1/quantity 7 more fill the van up to its 8")
	if h.counter.asked != 0 {
		t.Error("a refusal opened a part request")
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := h.dock.Replenish(ctx, h.Clerk, choices); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if h.counter.asked != 1 || h.Count(`SELECT sum(quantity)::int FROM part_request_lines`) != 8 {
		t.Errorf("%d requests for %d pieces", h.counter.asked, h.Count(`SELECT sum(quantity)::int FROM part_request_lines`))
	}
	there := h.NewOutlet()
	_, theirs := h.Technician(there)
	_, err = h.dock.Replenish(ctx, h.Clerk, []receiving.Choice{{VanID: theirs.ID, PartID: p.ID}, {VanID: h.Warehouse.ID, PartID: p.ID}})
	h.Refused(err, fault.Invalid, "/chosen/0/van_id no such van")
	h.Refused(err, fault.Invalid, "/chosen/1/van_id no such van")
	mate, _ := h.Technician(h.Outlet)
	_, err = h.dock.Replenish(ctx, mate, choices)
	h.Refused(err, fault.Invalid, "/chosen/0/van_id no such van")
	_, err = h.dock.Replenish(ctx, tech, choices)
	h.Must(err)
}

func TestVansAreFilledUpByNightIfThePolicySaysSo(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	for range 3 {
		_, van := h.Technician(h.Outlet)
		h.level(van.ID, h.Part(""), 1, 2)
	}
	h.Must(h.dock.Night(ctx))
	if h.counter.asked != 0 {
		t.Error("the vans were filled up unasked")
	}
	h.set(policy.ReplenishmentAuto, 1)
	h.Must(h.dock.Night(ctx))
	h.Must(h.dock.Night(ctx))
	if h.counter.asked != 3 {
		t.Errorf("%d requests for three vans", h.counter.asked)
	}
}

func TestLevelsOfAVan(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	tech, van := h.Technician(h.Outlet)
	mate, _ := h.Technician(h.Outlet)
	p, q := h.Part(""), h.Part("")
	h.level(van.ID, p, 1, 2)
	h.level(van.ID, q, 3, 4)
	h.level(van.ID, p, 5, 6)
	got, err := h.dock.Levels(ctx, tech, van.ID)
	h.Must(err)
	slices.SortFunc(got.Items, func(a, b receiving.Level) int { return b.Min - a.Min }) // numbers of parts are counted up in all tests
	if len(got.Items) != 2 || got.Items[0].Min != 5 || got.Items[0].PartID != p.ID || got.Items[1].Max != 4 || got.Version != 4 {
		t.Errorf("levels %+v", got)
	}
	_, err = h.dock.Levels(ctx, mate, van.ID)
	h.Refused(err, fault.NotFound, "no such location")
	_, err = h.dock.Levels(ctx, h.Clerk, h.Warehouse.ID)
	h.Refused(err, fault.Conflict, "levels are for vans, and this is a warehouse")
	_, err = h.dock.SetLevels(ctx, h.Clerk, van.ID, 4, []receiving.Level{{PartID: p.ID, Min: 3, Max: 2}, {PartID: stocktest.NewID(), Max: 1}, {PartID: p.ID, Max: 1}})
	for _, want := range []string{"/levels/0/min is more than the max of 2", "/levels/1/part_id no such part", "/levels/2/part_id part"} {
		h.Refused(err, fault.Invalid, want)
	}
	_, err = h.dock.SetLevels(ctx, h.Clerk, van.ID, 3, []receiving.Level{{PartID: p.ID, Max: 1}})
	h.Refused(err, fault.Stale, "set of levels is at version 4")
	h.Refused(h.dock.RemoveLevels(ctx, h.Clerk, van.ID, 3, &p.ID, false), fault.Stale, "set of levels is at version 4")
	h.Refused(h.dock.RemoveLevels(ctx, h.Clerk, van.ID, 4, nil, false), fault.Invalid, "/part_id name one part, or all=true")
	h.Refused(h.dock.RemoveLevels(ctx, h.Clerk, van.ID, 4, &p.ID, true), fault.Invalid, "/part_id name one part, or all=true")
	if got, err = h.dock.Levels(ctx, h.Clerk, van.ID); err != nil || len(got.Items) != 2 {
		t.Errorf("refusals left %+v, %v", got, err)
	}
	h.Must(h.dock.RemoveLevels(ctx, h.Clerk, van.ID, 4, &p.ID, false))
	h.Must(h.dock.RemoveLevels(ctx, h.Clerk, van.ID, 5, &p.ID, false)) // gone already: nothing changes
	h.Must(h.dock.RemoveLevels(ctx, h.Clerk, van.ID, 5, nil, true))
	if got, err = h.dock.Levels(ctx, h.Clerk, van.ID); err != nil || len(got.Items) != 0 || got.Version != 6 {
		t.Errorf("levels %+v, %v", got, err)
	}
}
