package house

import (
	"context"

	"callout/dispatch"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/requests"
	"callout/inventory/returns"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// stock is the ledger as the board asks for it: dispatch and inventory do not know each other.
type stock struct {
	ledger  *inventory.Ledger
	uses    *uses.Uses
	counter *requests.Counter
	returns *returns.Returns
}

// Settle books the uses of a closing job.
func (s stock) Settle(ctx context.Context, by who.Actor, job dispatch.StockJob, used []dispatch.PartUse) ([]dispatch.SettledPart, error) {
	in := make([]uses.PartUse, len(used))
	for i, u := range used {
		in[i] = uses.PartUse{
			PartID: u.PartID, Quantity: u.Quantity, NewSerial: u.NewSerial, OldSerial: u.OldSerial, OldPartWish: uses.Wish(u.OldPartWish),
			OldPartID: u.OldPartID, NewScan: u.Scan, OldScan: u.OldScan, OldUnreadable: u.OldUnreadable, OccurredAt: u.OccurredAt, AcceptShortage: u.AcceptShortage,
			Because: u.Because,
		}
	}
	all, err := s.uses.Settle(ctx, by, job.ID, job.TechnicianID, in)
	if err != nil {
		return nil, err
	}
	out := make([]dispatch.SettledPart, len(all))
	for i, u := range all {
		out[i] = dispatch.SettledPart{
			PartUse: dispatch.PartUse{
				PartID: u.PartID, Quantity: u.Quantity, NewSerial: u.NewSerial, OldSerial: u.OldSerial, OldPartWish: string(u.OldPartWish),
			},
			PartNumber: u.PartNumber, PartName: u.PartName,
			Warranty: string(u.Warranty), Price: u.Price, Currency: u.Currency, CoveredUntil: u.CoveredUntil,
		}
	}
	return out, nil
}

// Release gives up what was asked for a job that is over.
func (s stock) Release(ctx context.Context, by who.Actor, job uuid.UUID) error {
	return s.counter.EndFor(ctx, by, job)
}

// Reclaim expects what a customer was to keep and has not signed for.
func (s stock) Reclaim(ctx context.Context, by who.Actor, job uuid.UUID) error {
	return s.returns.Reclaim(ctx, by, job)
}

// NearestStock says which stores hold parts.
func (s stock) NearestStock(ctx context.Context, parts []uuid.UUID, outlet *uuid.UUID) (map[uuid.UUID][]dispatch.StockPlace, error) {
	stores, err := s.ledger.Stores(ctx, parts, outlet)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID][]dispatch.StockPlace{}
	for _, t := range stores {
		out[t.PartID] = append(out[t.PartID], dispatch.StockPlace{ID: t.LocationID, Name: t.Name, Position: t.Position.Orb(), Free: t.Free, PartNumber: t.PartNumber})
	}
	return out, nil
}

// Missing names what keeps a job from closing.
func (s stock) Missing(ctx context.Context, job uuid.UUID) ([]words.Text, error) {
	return s.uses.Missing(ctx, job)
}

// Holdings counts what vans hold.
func (s stock) Holdings(ctx context.Context, vans, parts []uuid.UUID) (map[uuid.UUID]map[uuid.UUID]int, error) {
	return s.ledger.Holdings(ctx, vans, parts)
}

// Parts says what parts are called.
func (s stock) Parts(ctx context.Context, parts []uuid.UUID) (map[uuid.UUID]dispatch.StockPart, error) {
	names, err := s.ledger.PartNames(ctx, parts)
	if err != nil {
		return nil, err
	}
	serve, err := s.ledger.MayServe(ctx, parts)
	out := make(map[uuid.UUID]dispatch.StockPart, len(names))
	for id, n := range names {
		out[id] = dispatch.StockPart{Number: n.Number, Name: n.Name, Heirs: serve[id]}
	}
	return out, err
}
