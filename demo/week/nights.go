package week

import (
	"context"
	"fmt"
	"time"

	"callout/dispatch"
	"callout/evidence"
	"callout/internal/pg"
	"callout/internal/words"
	"callout/inventory/uses"
	"callout/registry"

	"github.com/google/uuid"
)

// lamp is a street light that was repaired, with the unit that went in.
type lamp struct {
	asset  uuid.UUID
	part   string
	serial string
}

// perNight is how many street lights a technician repairs at night, when nobody drives.
const perNight = 2

// repairs are what a street light needs, in turn: the unit, and the small part besides.
var repairs = [][2]string{{"SL-LED-100", "SL-FUSE-10"}, {"SL-BALLAST-150", "SL-FUSE-10"}, {"SL-CONTROLLER", "SL-PHOTOCELL"}}

// backAgain is how many days later the first light of a night is dark again.
const backAgain = 3

// workNights repairs street lights, each an asset with its components on record.
func (w *week) workNights(ctx context.Context) error {
	for _, s := range w.shops {
		for _, t := range s.crew {
			for i := range perNight {
				if !t.Lights {
					continue
				}
				if err := w.repair(ctx, t, i); err != nil {
					return fmt.Errorf("%s: %w", t.Name, err)
				}
			}
		}
	}
	return nil
}

// repair mends one light, if the van has what it needs.
func (w *week) repair(ctx context.Context, t *hand, i int) error {
	van, _, err := w.holds(ctx, t.VanID)
	if err != nil {
		return err
	}
	kind := repairs[(w.n*perNight+i)%len(repairs)]
	before, again := w.again(t, i)
	if again {
		for _, r := range repairs {
			if r[0] == before.part {
				kind = r
			}
		}
	}
	unit, small := w.part(kind[0]), w.part(kind[1])
	have := van[unit.ID]
	if have.Quantity == 0 || van[small.ID].Quantity == 0 {
		return nil
	}
	old, asset := before.serial, before.asset
	if !again {
		old = w.oldSerial(unit)
		if asset, err = w.light(ctx, t, i); err != nil {
			return err
		}
	}
	w.clock.tick()
	use := w.exchange(unit, w.choose(t, have.Serials), old)
	w.pretend(t, again, &use)
	job, err := w.nightJob(ctx, t, asset, i, dispatch.PartNeeds{{PartID: unit.ID, Quantity: 1}, {PartID: small.ID, Quantity: 1}})
	if err != nil {
		return err
	}
	if err := w.tryAnothers(ctx, t, job, unit); err != nil {
		return err
	}
	used, err := w.use(ctx, t, job, use)
	if err != nil {
		return err
	}
	if _, err := w.use(ctx, t, job, uses.PartUse{PartID: small.ID, Quantity: 1, OldPartWish: uses.WishNone}); err != nil {
		return err
	}
	w.lights[t.ID] = append(w.lights[t.ID], lamp{asset, unit.Number, use.NewSerial})
	if used.ReturnID != nil && !w.remember(t, *used.ReturnID, use) {
		if err := w.collect(ctx, t, job, *used.ReturnID, use.OldSerial); err != nil {
			return err
		}
	}
	w.summary.Jobs++
	_, err = pg.Exec(ctx, w.DB, finishSQL, []uuid.UUID{job}, w.clock.Now())
	return err
}

// again is the light that is dark once more, though it was repaired some days ago.
func (w *week) again(t *hand, i int) (lamp, bool) {
	all := w.lights[t.ID]
	if i > 0 || w.n < backAgain || w.n-backAgain >= len(all) {
		return lamp{}, false
	}
	return all[w.n-backAgain], true
}

// light records a street light by its serial number.
func (w *week) light(ctx context.Context, t *hand, i int) (uuid.UUID, error) {
	if err := w.street(ctx, t); err != nil {
		return uuid.Nil, err
	}
	bought := w.day.At(0, 0).AddDate(-1, 0, 0)
	a, err := w.Register.OpenAsset(ctx, w.head, registry.NewAsset{
		ProductID: w.product, Serial: fmt.Sprintf("POLE-%s-%d-%d", t.Code, w.n, i), SiteID: t.street, PurchasedOn: &bought,
	})
	return a.ID, err
}

// street opens the street whose lights a technician looks after: it is where he lives.
func (w *week) street(ctx context.Context, t *hand) error {
	if w.product == uuid.Nil {
		p, err := w.Register.OpenProduct(ctx, w.head, registry.NewProduct{
			Code: "SL-POLE", Name: "Street light on its pole (made up)", NameZh: "路灯杆（虚构）", WarrantyMonths: 24,
		})
		if err != nil {
			return err
		}
		w.product = p.ID
	}
	if t.street != uuid.Nil {
		return nil
	}
	c, err := w.Register.OpenCustomer(ctx, w.head, registry.NewCustomer{Name: "Street lights near " + t.Code + " (made up)", Language: words.English})
	if err != nil {
		return err
	}
	s, err := w.Register.OpenSite(ctx, w.head, registry.NewSite{
		CustomerID: c.ID, Address: "The street of " + t.Code + " (made up)", Location: t.Home.Orb(), TimeZone: "America/Los_Angeles",
	})
	t.street = s.ID
	return err
}

// The board would book him within his shift, and the night has none.
const bookSQL = `
WITH booked AS (INSERT INTO bookings (id, job_id, technician_id, outlet_id, starts_at, ends_at, explanation, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, '{}', $7, $7))
UPDATE jobs SET status = 'working', arrived_at = $7, started_at = $7, version = version + 1, updated_at = $7 WHERE id = $2`

// nightJob is a job on a light, at which the technician is.
func (w *week) nightJob(ctx context.Context, t *hand, asset uuid.UUID, i int, parts dispatch.PartNeeds) (uuid.UUID, error) {
	j, err := w.Board.Open(ctx, w.head, dispatch.NewJob{
		SiteID: t.street, AssetID: &asset, Title: "Repair a street light (made up)", Priority: "P2", Minutes: 30, Parts: parts,
	})
	if err != nil {
		return uuid.Nil, err
	}
	from := w.day.At(22, 40*i)
	_, err = pg.Exec(ctx, w.DB, bookSQL, uuid.Must(uuid.NewV7()), j.ID, t.ID, t.OutletID, from, from.Add(30*time.Minute), w.clock.Now())
	return j.ID, err
}

// photograph takes a picture of an old part.
func (w *week) photograph(ctx context.Context, t *hand, job uuid.UUID, serial string) (uuid.UUID, error) {
	sum := evidence.Sum([]byte(serial))
	p, err := w.Locker.Announce(ctx, t.by, job, evidence.Announcement{Kind: evidence.KindPart, SHA256: sum, Size: 40_000, TakenAt: w.clock.Now()})
	return p.ID, err
}
