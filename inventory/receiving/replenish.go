package receiving

import (
	"context"
	"strconv"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// reason is what the part request says, in the language of whoever reads it.
var reason = words.Say("the van is below its levels").Format

// Choice is a proposal that somebody agrees to. Without a quantity it is as proposed.
type Choice struct {
	VanID    uuid.UUID
	PartID   uuid.UUID
	Quantity int
}

// Refill is what came of the choices for one van.
type Refill struct {
	VanID        uuid.UUID
	TechnicianID uuid.UUID
	Request      Asked
	Lines        []inventory.Line
}

// Replenish opens one part request for each van of the choices. More than fills a van up is a fault.Invalid. What has been asked for meanwhile is
// left out: the same choices twice open nothing the second time.
func (d *Dock) Replenish(ctx context.Context, by who.Actor, choices []Choice) (all []Refill, err error) {
	err = d.DB().InTx(ctx, func(ctx context.Context) error {
		all = nil
		var f fault.Faults
		var vans []uuid.UUID
		for i, c := range choices {
			if _, err := d.van(ctx, by, c.VanID); fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
				f.Add("/chosen/"+strconv.Itoa(i)+"/van_id", "no such %s", words.Noun("van"))
			} else if err != nil {
				return err
			}
			vans = with(vans, c.VanID)
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return err
		}
		// One at a time for each van: the second finds what the first has asked for.
		if _, err := pg.Exec(ctx, d.DB(), `SELECT FROM locations WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE`, vans); err != nil {
			return pg.Fault(err, "location")
		}
		for _, van := range vans {
			r, err := d.refill(ctx, by, van, choices)
			if err != nil {
				return err
			}
			if len(r.Lines) > 0 {
				all = append(all, r)
			}
		}
		return nil
	})
	return all, err
}

// refill asks for what of the choices for a van is proposed still.
func (d *Dock) refill(ctx context.Context, by who.Actor, van uuid.UUID, choices []Choice) (Refill, error) {
	r := Refill{VanID: van}
	var f fault.Faults
	proposals, err := d.Propose(ctx, by, ProposalFilter{VanID: &van})
	if err != nil {
		return r, err
	}
	for _, p := range proposals {
		for i, c := range choices {
			if c.VanID != van || c.PartID != p.PartID {
				continue
			}
			n := p.Quantity()
			if c.Quantity > 0 {
				n = c.Quantity
			}
			if n > p.Quantity() {
				f.Add("/chosen/"+strconv.Itoa(i)+"/quantity", "%d more fill the van up to its %d", p.Quantity(), p.Max)
			}
			r.TechnicianID = p.TechnicianID
			r.Lines = append(r.Lines, inventory.Line{PartID: p.PartID, Quantity: n})
			break
		}
	}
	if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil || len(r.Lines) == 0 {
		return r, err
	}
	r.Request, err = d.deps.Counter.AskFor(ctx, by, r.TechnicianID, reason, r.Lines)
	return r, err
}
