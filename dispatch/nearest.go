package dispatch

import (
	"context"
	"slices"

	"callout/dispatch/workday"
	"callout/internal/geo"
	"callout/internal/words"

	"github.com/google/uuid"
)

// store is a place that holds a part, made ready to be driven to.
type store struct {
	StockPlace

	at geo.Spot
}

// knowStores reads what the needed parts that somebody's van lacks are called, and where they are.
func (b *Board) knowStores(ctx context.Context, q *question, crew []*member) error {
	if !slices.ContainsFunc(crew, func(m *member) bool { return q.missing(&m.Technician) > 0 }) {
		return nil
	}
	names, err := b.Stock.Parts(ctx, q.job.partIDs())
	if err != nil {
		return err
	}
	q.names = names
	found, err := b.Stock.NearestStock(ctx, q.job.partIDs(), q.job.OutletID)
	if err != nil || len(found) == 0 {
		return err
	}
	q.stores = make(map[uuid.UUID][]store, len(found))
	for part, places := range found {
		for _, p := range places {
			q.stores[part] = append(q.stores[part], store{p, geo.At(p.Position)})
		}
	}
	return nil
}

// nearest says, for each part that the van lacks, which store is the least way around between the
// place that he comes from and the job. Stores that hold enough go before those that do not.
func (q *question) nearest(v *verdict, spare *workday.Route) (terms []Term) {
	if len(q.stores) == 0 || q.missing(&v.m.Technician) == 0 {
		return nil
	}
	from, to := geo.At(q.route(v.m, v.d, spare).Before(v.in.Position)), geo.At(q.visit.At)
	direct := q.rules.travel.Between(from, to).Metres
	for _, p := range q.job.Parts {
		lacks := q.lacks(&v.m.Technician, p)
		if lacks == 0 {
			continue
		}
		var best *store
		var around int64
		for i := range q.stores[p.PartID] {
			s := &q.stores[p.PartID][i]
			way := max(0, q.rules.travel.Between(from, s.at).Metres+q.rules.travel.Between(s.at, to).Metres-direct)
			enough := s.Free >= lacks
			if best == nil || enough && best.Free < lacks || enough == (best.Free >= lacks) && way < around {
				best, around = s, way
			}
		}
		if best != nil {
			text := words.Say("nearest stock is %.1f km out of the way: %s holds %d of part %s", float64(around)/1000, best.Name, best.Free, best.PartNumber)
			terms = append(terms, Term{TermNearest, around, "m", 0, text})
		}
	}
	return terms
}
