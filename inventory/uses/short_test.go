package uses_test

import (
	"fmt"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/inventory/uses"
)

func TestWhatTheBooksLackIsAFlaggedVariance(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	plain, serial := v.Part(""), v.Part("s")
	v.Stock(v.van, plain, 2)
	three := uses.PartUse{PartID: plain.ID, Quantity: 3, OldPartWish: uses.WishNone}
	_, err := v.Uses.Use(ctx, v.tech, v.job, three)
	v.Refused(err, fault.Conflict, "/quantity "+v.van.Name+" holds 2 of part "+plain.Number+", 1 more are needed")
	three.AcceptShortage = true
	used := v.use(v.job, three)
	if used.Short != 1 || v.Holds(v.van.ID, plain) != -1 || v.Count(`SELECT short FROM movements WHERE id = $1`, used.MovementID) != 1 {
		t.Errorf("used %+v, the van holds %d", used, v.Holds(v.van.ID, plain))
	}
	if n := v.Count(`SELECT count(*) FROM events WHERE kind = 'part.short' AND data->>'short' = '1'`); n != 1 {
		t.Errorf("%d events of the shortage", n)
	}
	// A van owes ten of a part at most, however the uses are cut.
	v.use(v.job, uses.PartUse{PartID: plain.ID, Quantity: 7, OldPartWish: uses.WishNone, AcceptShortage: true})
	for _, n := range []int{3, 485} {
		_, err = v.Uses.Use(ctx, v.tech, v.job, uses.PartUse{PartID: plain.ID, Quantity: n, OldPartWish: uses.WishNone, AcceptShortage: true})
		v.Refused(err, fault.Invalid, fmt.Sprintf("/quantity %s would owe %d of part %s: at most 10 may be used that its books lack", v.van.Name, 8+n, plain.Number))
	}
	if v.Holds(v.van.ID, plain) != -8 || v.Count(`SELECT count(*) FROM part_uses`) != 2 {
		t.Errorf("a refused use left something: the van holds %d", v.Holds(v.van.ID, plain))
	}
	_, err = v.Uses.Use(ctx, v.tech, v.job, uses.PartUse{PartID: serial.ID, Quantity: 1, NewSerial: "N1", OldPartWish: uses.WishNone, AcceptShortage: true})
	v.Refused(err, fault.Conflict, "the books do not know it")
	// At the closing as well: the one that was told at the visit counts, the rest goes short.
	all, err := v.Uses.Settle(ctx, v.tech, v.job, *v.tech.TechnicianID, []uses.PartUse{
		{PartID: plain.ID, Quantity: 12, OldPartWish: uses.WishNone, AcceptShortage: true},
	})
	v.Must(err)
	if len(all) != 3 || all[2].Short != 2 || v.Holds(v.van.ID, plain) != -10 {
		t.Errorf("settled %+v, the van holds %d", all, v.Holds(v.van.ID, plain))
	}
	v.Sound()
}

func TestUsesHappenWhenTheTechnicianSays(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	v.Exec(`UPDATE jobs SET created_at = now() - interval '3 days' WHERE id = $1`, v.job)
	p, q := v.Part(""), v.Part("s")
	v.Stock(v.van, p, 9)
	v.Stock(v.van, q, 0, "N1", "N2")
	at := time.Now().Add(-26 * time.Hour).UTC().Truncate(time.Second)
	used := v.use(v.job, uses.PartUse{PartID: p.ID, OldPartWish: uses.WishNone, OccurredAt: at})
	if !used.OccurredAt.Equal(at) || used.UsedAt.Before(at.Add(time.Hour)) || day(*used.CoveredUntil) != day(at.AddDate(0, 0, 90)) {
		t.Errorf("used %+v", used)
	}
	_, err := v.Uses.Use(ctx, v.tech, v.job, uses.PartUse{PartID: p.ID, OldPartWish: uses.WishNone, OccurredAt: time.Now().Add(time.Hour)})
	v.Refused(err, fault.Invalid, "/occurred_at lies in the future")
	_, err = v.Uses.Use(ctx, v.tech, v.job, uses.PartUse{PartID: p.ID, OldPartWish: uses.WishNone, OccurredAt: time.Now().AddDate(0, 0, -4)})
	v.Refused(err, fault.Invalid, "/occurred_at lies before the job was opened")
	// A closing brings uses of several moments, and all or none of them.
	mixed := []uses.PartUse{
		{PartID: q.ID, NewSerial: "N1", OldPartWish: uses.WishNone, OccurredAt: at},
		{PartID: q.ID, NewSerial: "N2", OldPartWish: uses.WishNone},
		{PartID: p.ID, Quantity: 2, OldPartWish: uses.WishNone, OccurredAt: time.Now().Add(time.Hour)},
	}
	_, err = v.Uses.Settle(ctx, v.tech, v.job, *v.tech.TechnicianID, mixed)
	v.Refused(err, fault.Invalid, "/parts/2/occurred_at lies in the future")
	if n := v.Count(`SELECT count(*) FROM part_uses`); n != 1 {
		t.Errorf("a refused closing left %d uses", n-1)
	}
	mixed[2].OccurredAt = at
	all, err := v.Uses.Settle(ctx, v.tech, v.job, *v.tech.TechnicianID, mixed)
	v.Must(err)
	if len(all) != 4 || !all[1].OccurredAt.Equal(at) || all[2].OccurredAt.Equal(at) || v.Count(`SELECT count(*) FROM movements WHERE kind = 'use' AND occurred_at = $1`, at) != 3 {
		t.Errorf("settled %+v", all)
	}
	v.Sound()
}
