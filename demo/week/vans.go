package week

import (
	"context"

	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/requests"

	"github.com/google/uuid"
)

// replenish asks for what the vans lack, and has approved what the policy leaves to a person.
func (w *week) replenish(ctx context.Context) error {
	for _, s := range w.shops {
		proposals, err := w.Dock.Propose(ctx, s.clerk, receiving.ProposalFilter{})
		if err != nil {
			return err
		}
		var chosen []receiving.Choice
		for _, p := range proposals {
			chosen = append(chosen, receiving.Choice{VanID: p.VanID, PartID: p.PartID})
		}
		if len(chosen) == 0 {
			continue
		}
		refills, err := w.Dock.Replenish(ctx, s.clerk, chosen)
		if err != nil {
			return err
		}
		for _, r := range refills {
			w.clock.tick()
			w.summary.Requests++
			asked, err := w.Counter.Find(ctx, w.head, r.Request.ID)
			if err != nil {
				return err
			}
			if asked.Automatic {
				w.summary.Automatic++
				continue
			}
			if _, err := w.Counter.Approve(ctx, w.head, asked.ID, asked.Version, requests.Allowance{}); err != nil {
				return err
			}
			w.summary.Supervised++
		}
	}
	return nil
}

// handOut serves every request that waits and for which something is there.
func (w *week) handOut(ctx context.Context) error {
	for _, s := range w.shops {
		for _, status := range []requests.Status{requests.StatusApproved, requests.StatusBackordered} {
			waiting, _, err := w.Counter.List(ctx, s.clerk, requests.Filter{Status: status}, uuid.Nil, 500)
			if err != nil {
				return err
			}
			for _, r := range waiting {
				if err := w.serve(ctx, s, r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// serve picks what is set aside, hands it out by scan, and has the technician receive it.
func (w *week) serve(ctx context.Context, s *shop, r requests.Request) error {
	reserved := 0
	for _, l := range r.Lines {
		reserved += l.Reserved
	}
	if reserved == 0 {
		return nil
	}
	w.clock.tick()
	r, err := w.Counter.Pick(ctx, s.clerk, r.ID, r.Version)
	if err != nil {
		return err
	}
	stops, err := w.Counter.PickList(ctx, s.clerk, r.ID)
	if err != nil {
		return err
	}
	for _, in := range w.trips(stops) {
		if r, err = w.Counter.Issue(ctx, s.clerk, r.ID, r.Version, in); err != nil {
			return err
		}
		w.clock.tick()
	}
	return w.receive(ctx, s, r)
}

// trips are what is handed out at once: a part that lies in two places goes twice.
func (w *week) trips(stops []requests.Stop) []requests.Issuing {
	var all []requests.Issuing
	times := map[uuid.UUID]int{}
	for _, stop := range stops {
		n := times[stop.PartID]
		times[stop.PartID]++
		if n == len(all) {
			all = append(all, requests.Issuing{})
		}
		all[n].Lines = append(all[n].Lines, w.scanned(stop.PartID, stop.Quantity, stop.Serials))
		all[n].From = append(all[n].From, &stop.LocationID)
	}
	return all
}

// receive is what the technician finds in his box: one in twenty-five lacks a piece.
func (w *week) receive(ctx context.Context, s *shop, r requests.Request) error {
	t := s.technician(r.TechnicianID)
	var lines []inventory.Line
	short := w.chance(25)
	for _, l := range r.Lines {
		n, serials := l.InTransit(), l.TransitSerials()
		if n > 1 && short {
			short = false
			n--
			if l.Serialized {
				serials = serials[:n]
			}
			w.summary.Short++
		}
		if n > 0 {
			lines = append(lines, w.scanned(l.PartID, n, serials))
		}
	}
	_, err := w.Counter.Receive(ctx, t.by, r.ID, r.Version, lines)
	return err
}

// settleShortages: what did not come the day before lies on the counter still.
func (w *week) settleShortages(ctx context.Context) error {
	for _, s := range w.shops {
		for _, status := range []requests.Status{requests.StatusIssued, requests.StatusBackordered, requests.StatusReceived} {
			all, _, err := w.Counter.List(ctx, s.clerk, requests.Filter{Status: status}, uuid.Nil, 500)
			if err != nil {
				return err
			}
			for _, r := range all {
				if err := w.settle(ctx, s, r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// settle finds what is missing of a request.
func (w *week) settle(ctx context.Context, s *shop, r requests.Request) error {
	var lines []inventory.Line
	for _, l := range r.Lines {
		if l.Missing > 0 {
			lines = append(lines, w.scanned(l.PartID, l.Missing, l.TransitSerials()))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	w.clock.tick()
	_, err := w.Counter.SettleDifference(ctx, s.clerk, r.ID, r.Version, requests.Settlement{
		Outcome: requests.OutcomeFound, Reason: "It lay on the counter still", Lines: lines,
	})
	return err
}

// bringBack has one technician of each shop hand back a piece that he asked for and does not need.
func (w *week) bringBack(ctx context.Context) error {
	if w.n != 5 {
		return nil
	}
	for _, s := range w.shops {
		closed, _, err := w.Counter.List(ctx, s.clerk, requests.Filter{Status: requests.StatusClosed}, uuid.Nil, 500)
		if err != nil {
			return err
		}
		for _, r := range closed {
			done, err := w.handBack(ctx, s, r)
			if err != nil {
				return err
			}
			if done {
				break
			}
		}
	}
	return nil
}

// handBack returns one piece of a request that is in the van still, if there is one.
func (w *week) handBack(ctx context.Context, s *shop, r requests.Request) (bool, error) {
	t := s.technician(r.TechnicianID)
	van, _, err := w.holds(ctx, t.VanID)
	if err != nil {
		return false, err
	}
	for _, l := range r.Lines {
		if l.Serialized || l.InVan() == 0 || van[l.PartID].Quantity == 0 {
			continue
		}
		lines := []inventory.Line{{PartID: l.PartID, Quantity: 1}}
		w.clock.tick()
		if r, err = w.Counter.ReturnUnused(ctx, t.by, r.ID, r.Version, requests.Return{Lines: lines, Note: "One too many"}); err != nil {
			return false, err
		}
		w.clock.tick()
		shelf := s.shelf(l.PartNumber)
		_, err = w.Counter.ReturnUnused(ctx, s.clerk, r.ID, r.Version, requests.Return{LocationID: &shelf, Lines: lines})
		w.summary.Unused++
		return true, err
	}
	return false, nil
}

// technician is one of the shop's.
func (s *shop) technician(id uuid.UUID) *hand {
	for _, t := range s.crew {
		if t.ID == id {
			return t
		}
	}
	return &hand{}
}
