package house

import (
	"context"

	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/receiving"
	"callout/inventory/requests"

	"github.com/google/uuid"
)

// counter is where part requests are opened and served, as the dock asks for it.
type counter struct{ *requests.Counter }

// AskFor opens a part request for a technician's van.
func (c counter) AskFor(ctx context.Context, by who.Actor, technician uuid.UUID, reason string, lines []inventory.Line) (receiving.Asked, error) {
	r, err := c.Request(ctx, by, requests.Wanted{TechnicianID: &technician, Reason: reason, Lines: lines, Origin: requests.OriginReplenishment})
	return receiving.Asked{ID: r.ID, Number: r.Number}, err
}
