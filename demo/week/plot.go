package week

import (
	"context"
	"slices"

	"callout/inventory"
	"callout/inventory/counts"
	"callout/inventory/returns"
	"callout/inventory/signals"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// plot is who does what he should not, and how far it has come. It needs people who repair street lights.
type plot struct {
	twice *hand // brings one old part for two
	grey  *hand // uses a unit that he bought somewhere
	liar  *hand // tells another old serial than the record has

	first       uuid.UUID // the return under which the old part came that comes twice
	firstSerial string
	firstPart   uuid.UUID
	second      uuid.UUID // the return under which it comes again

	tried, used, lied bool // the second did try another's unit, and use his own; the third has lied

	offline    *hand // honest: his phone told of a use before his delivery
	wasOffline bool

	shortDelivery uuid.UUID
}

// The units and serials of the three.
const (
	smuggledSerial = "GREY-MARKET-0815"
	inventedSerial = "ZZ-99-INVENTED"
)

// plan chooses the three among those who repair street lights, and one who is honest and offline.
func (w *week) plan() {
	var lights []*hand
	for _, s := range w.shops {
		for _, t := range s.crew {
			if t.Lights {
				lights = append(lights, t)
			}
		}
	}
	w.rnd.Shuffle(len(lights), func(i, j int) { lights[i], lights[j] = lights[j], lights[i] })
	if n := len(lights); n > 0 {
		w.plot.twice, w.plot.grey, w.plot.liar = lights[0], lights[1%n], lights[2%n]
	}
	s := w.shops[w.rnd.IntN(len(w.shops))]
	w.plot.offline = s.crew[w.rnd.IntN(len(s.crew))]
}

// did notes a dishonest act.
func (w *week) did(rule signals.RuleID, t *hand, serial string) {
	w.summary.Planted = append(w.summary.Planted, Act{rule, t.Name, serial})
}

// goesOffline says whether this is the use that the phone tells of before the delivery.
func (w *week) goesOffline(t *hand, p inventory.Part, have int) bool {
	if t != w.plot.offline || w.plot.wasOffline || w.n < 1 || p.Serialized || have < 1 || have > 3 {
		return false
	}
	w.plot.wasOffline = true
	return true
}

// remember keeps an eye on the old part that will come twice, and says whether a use is the one that it
// will come for.
func (w *week) remember(t *hand, id uuid.UUID, u uses.PartUse) (second bool) {
	p := &w.plot
	switch {
	case t != p.twice:
	case p.first == uuid.Nil:
		p.first, p.firstSerial, p.firstPart = id, u.OldSerial, u.PartID
	case p.second == uuid.Nil && w.n > 1 && u.PartID == p.firstPart:
		p.second = id
		return true
	}
	return false
}

// isEvidence says whether an old part is the one that must lie on its shelf when it comes again.
func (w *week) isEvidence(r returns.Return) bool { return r.ID == w.plot.first }

// swapped has the technician bring what he brought before, for another old part.
func (w *week) swapped(t *hand, r returns.Return, s *returns.Scan) bool {
	if r.ID != w.plot.second {
		return false
	}
	s.Serial = w.plot.firstSerial
	w.did(signals.RuleReturnedTwice, t, s.Serial)
	return true
}

// smuggle puts a unit among what is counted in a van that was never issued to it.
func (w *week) smuggle(t *hand, told []counts.Told) []counts.Told {
	if t != w.plot.grey {
		return told
	}
	led := w.part(repairs[0][0]).ID
	for i := range told {
		if told[i].PartID == led {
			told[i].Serials = append(told[i].Serials, smuggledSerial)
			return told
		}
	}
	return append(told, counts.Told{PartID: led, Serials: []string{smuggledSerial}})
}

// choose is the unit that a technician takes out of his van.
func (w *week) choose(t *hand, serials []string) string {
	if t == w.plot.grey && slices.Contains(serials, smuggledSerial) {
		return smuggledSerial
	}
	return serials[0]
}

// pretend changes what a technician tells of an exchange.
func (w *week) pretend(t *hand, again bool, u *uses.PartUse) {
	switch {
	case t == w.plot.twice:
		u.OldPartWish = uses.WishReturn
	case t == w.plot.liar && again && !w.plot.lied:
		w.plot.lied = true
		u.OldSerial, u.OldPartWish = inventedSerial, uses.WishReturn
		w.did(signals.RuleOldSerial, t, inventedSerial)
	case t == w.plot.grey && u.NewSerial == smuggledSerial:
		w.plot.used = true
		w.did(signals.RuleNeverIssued, t, smuggledSerial)
	}
}

// tryAnothers has the second technician use a unit that lies on the shelf still, which the books refuse.
func (w *week) tryAnothers(ctx context.Context, t *hand, job uuid.UUID, p inventory.Part) error {
	if t != w.plot.grey || w.plot.tried {
		return nil
	}
	shelf, _, err := w.holds(ctx, t.shop.shelf(p.Number))
	if err != nil || len(shelf[p.ID].Serials) == 0 {
		return err
	}
	w.plot.tried = true
	_, err = w.Uses.Use(ctx, t.by, job, w.exchange(p, shelf[p.ID].Serials[0], "OLD-NEVER-SEEN"))
	return w.refused(err, "a unit of the warehouse's")
}
