package house_test

import (
	"context"
	"math/rand/v2"

	"callout/internal/pg"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/stocktest"

	"github.com/google/uuid"
)

// request is one at random in a status, with its lines.
func (w *walk) request(ctx context.Context, by hand, rnd *rand.Rand, status ...string) (row, requests.Request, error) {
	at, err := some(ctx, w, rnd, `part_requests WHERE status = ANY($1) AND ($2::uuid IS NULL OR technician_id = $2 OR random() < 0.05)`, status, by.TechnicianID)
	if err != nil {
		return at, requests.Request{}, err
	}
	r, err := w.doors.Counter.Find(ctx, by.Actor, at.ID)
	if err == nil && len(r.Lines) == 0 {
		err = errIdle
	}
	return at, r, err
}

// scanned is a line of a request as somebody scans it: what it says, mostly.
func (w *walk) scanned(rnd *rand.Rand, l requests.Line, quantity int, serials []string) inventory.Line {
	if rnd.IntN(10) == 0 {
		return w.line(rnd)
	}
	if !l.Serialized {
		return inventory.Line{PartID: l.PartID, Quantity: max(1, quantity)}
	}
	if len(serials) > 0 {
		return inventory.Line{PartID: l.PartID, Serials: serials[:1+rnd.IntN(len(serials))]}
	}
	return inventory.Line{PartID: l.PartID, Serials: []string{serial(rnd)}}
}

// onShelf are serials of a part that a warehouse and its bins hold.
func (w *walk) onShelf(ctx context.Context, part, warehouse uuid.UUID, n int) []string {
	serials, err := pg.Query[struct{ Serial string }](ctx, w.DB, `
		SELECT u.serial FROM units u JOIN LATERAL (SELECT to_location FROM unit_moves WHERE unit_id = u.id ORDER BY seq DESC LIMIT 1) m ON true
		JOIN locations l ON l.id = m.to_location WHERE u.part_id = $1 AND (l.id = $2 OR l.warehouse_id = $2 AND l.kind = 'bin') ORDER BY random() LIMIT $3`, part, warehouse, n)
	w.Must(err)
	var all []string
	for _, s := range serials {
		all = append(all, s.Serial)
	}
	return all
}

// without are those of all that are not among but.
func without(all []string, but ...[]string) (left []string) {
	gone := map[string]bool{}
	for _, list := range but {
		for _, s := range list {
			gone[s] = true
		}
	}
	for _, s := range all {
		if !gone[s] {
			left = append(left, s)
		}
	}
	return left
}

func init() {
	technicianDeeds = append(technicianDeeds, deed{"request", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		line := w.line(rnd)
		line.Quantity, line.Serials = max(1, line.Quantity), nil
		wanted := requests.Wanted{WarehouseID: new(any1(rnd, w.shops).ID), Lines: stocktest.Lines(line)}
		if rnd.IntN(2) == 0 {
			wanted.JobID = new(any1(rnd, by.jobs))
		}
		_, err := w.doors.Counter.Request(ctx, by.Actor, wanted)
		return err
	}}, deed{"receive request", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, r, err := w.request(ctx, by, rnd, "issued", "backordered", "received")
		if err != nil {
			return err
		}
		l := any1(rnd, r.Lines)
		_, err = w.doors.Counter.Receive(ctx, by.Actor, at.ID, at.Version, stocktest.Lines(w.scanned(rnd, l, l.Issued-l.Received, without(l.IssuedSerials, l.ReceivedSerials, l.WithdrawnSerials))))
		return err
	}}, deed{"hand in unused", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, r, err := w.request(ctx, by, rnd, "issued", "backordered", "received", "closed")
		if err != nil {
			return err
		}
		l := any1(rnd, r.Lines)
		_, err = w.doors.Counter.ReturnUnused(ctx, by.Actor, at.ID, at.Version, requests.Return{Lines: stocktest.Lines(w.scanned(rnd, l, 1, without(l.ReceivedSerials, l.ReturnedSerials, l.HandedInSerials)))})
		return err
	}})
	clerkDeeds = append(clerkDeeds, deed{"pick request", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, err := some(ctx, w, rnd, `part_requests WHERE status IN ('approved', 'backordered')`)
		if err == nil {
			_, err = w.doors.Counter.Pick(ctx, by.Actor, at.ID, at.Version)
		}
		return err
	}}, deed{"issue request", issueRequest}, deed{"issue request", issueRequest}, deed{"take back unused", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, r, err := w.request(ctx, by, rnd, "issued", "backordered", "received", "closed", "canceled")
		if err != nil {
			return err
		}
		l := any1(rnd, r.Lines)
		serials := append(without(l.IssuedSerials, l.ReceivedSerials, l.WithdrawnSerials), l.HandedInSerials...)
		_, err = w.doors.Counter.ReturnUnused(ctx, by.Actor, at.ID, at.Version, requests.Return{Lines: stocktest.Lines(w.scanned(rnd, l, 1, serials))})
		return err
	}})
	supervisorDeeds = append(supervisorDeeds, deed{"approve request", approveRequest}, deed{"approve request", approveRequest}, deed{"reject request", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, err := some(ctx, w, rnd, `part_requests WHERE status = 'requested'`)
		if err == nil && rnd.IntN(3) == 0 {
			_, err = w.doors.Counter.Reject(ctx, by.Actor, at.ID, at.Version, "at random")
		}
		return err
	}}, deed{"cancel request", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, err := some(ctx, w, rnd, `part_requests WHERE status IN ('requested', 'approved', 'picking', 'issued', 'backordered')`)
		if err == nil && rnd.IntN(3) == 0 {
			_, err = w.doors.Counter.Cancel(ctx, by.Actor, at.ID, at.Version, "at random")
		}
		return err
	}}, deed{"settle difference", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, err := some(ctx, w, rnd, `part_requests r WHERE EXISTS (SELECT FROM part_request_lines l WHERE l.request_id = r.id AND l.missing > 0)`)
		if err != nil {
			return err
		}
		r, err := w.doors.Counter.Find(ctx, by.Actor, at.ID)
		if err != nil {
			return err
		}
		l := any1(rnd, r.Lines)
		_, err = w.doors.Counter.SettleDifference(ctx, by.Actor, at.ID, at.Version, requests.Settlement{
			Outcome: any1(rnd, []requests.Outcome{requests.OutcomeFound, requests.OutcomeLost, requests.OutcomeHandedBack}), Reason: "at random",
			Lines: stocktest.Lines(w.scanned(rnd, l, l.Missing, without(l.IssuedSerials, l.ReceivedSerials, l.WithdrawnSerials))),
		})
		return err
	}}, deed{"settle surplus", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, err := some(ctx, w, rnd, `part_requests r WHERE EXISTS (SELECT FROM part_request_overs o WHERE o.request_id = r.id AND o.quantity > o.settled + o.kept + o.mistaken)`)
		if err != nil {
			return err
		}
		r, err := w.doors.Counter.Find(ctx, by.Actor, at.ID)
		if err != nil || len(r.Overs) == 0 {
			return err
		}
		o := any1(rnd, r.Overs)
		line := inventory.Line{PartID: o.PartID, Quantity: max(1, o.Open())}
		if o.Serial != nil {
			line = inventory.Line{PartID: o.PartID, Serials: []string{*o.Serial}}
		}
		_, err = w.doors.Counter.SettleDifference(ctx, by.Actor, at.ID, at.Version, requests.Settlement{
			Outcome: any1(rnd, []requests.Outcome{requests.OutcomeKept, requests.OutcomeMisScan, requests.OutcomeHandedBack}), Reason: "at random", Lines: stocktest.Lines(line),
		})
		return err
	}}, deed{"set aside again", func(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
		at, err := some(ctx, w, rnd, `part_requests WHERE status IN ('approved', 'picking', 'issued', 'backordered')`)
		if err == nil {
			_, err = w.doors.Counter.SetAside(ctx, by.Actor, at.ID, at.Version)
		}
		return err
	}}, deed{"night work", func(ctx context.Context, w *walk, _ hand, rnd *rand.Rand) error {
		switch rnd.IntN(4) {
		case 0:
			if _, err := pg.Exec(ctx, w.DB, `UPDATE reservations SET expires_at = now() - interval '1 second' WHERE id IN (SELECT id FROM reservations ORDER BY random() LIMIT 1)`); err != nil {
				return err
			}
			return w.doors.Counter.Expire(ctx)
		case 1:
			return w.doors.Counter.AccountAll(ctx)
		default:
			parts := make([]uuid.UUID, len(w.parts))
			for i, p := range w.parts {
				parts[i] = p.ID
			}
			return w.doors.Counter.FillBackorders(ctx, any1(rnd, w.shops).ID, parts)
		}
	}})
}

func issueRequest(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
	at, r, err := w.request(ctx, by, rnd, "approved", "picking", "backordered", "issued")
	if err != nil {
		return err
	}
	l := any1(rnd, r.Lines)
	var serials []string
	if l.Serialized && r.WarehouseID != nil {
		serials = w.onShelf(ctx, l.PartID, *r.WarehouseID, max(1, l.ToIssue()))
	}
	_, err = w.doors.Counter.Issue(ctx, by.Actor, at.ID, at.Version, requests.Issuing{Lines: stocktest.Lines(w.scanned(rnd, l, l.ToIssue(), serials))})
	return err
}

func approveRequest(ctx context.Context, w *walk, by hand, rnd *rand.Rand) error {
	at, err := some(ctx, w, rnd, `part_requests WHERE status = 'requested'`)
	if err == nil {
		_, err = w.doors.Counter.Approve(ctx, by.Actor, at.ID, at.Version, requests.Allowance{})
	}
	return err
}
