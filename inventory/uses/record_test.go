package uses_test

import (
	"testing"

	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory"
	"callout/registry"
)

func TestAUnitIsNotInTwoPlaces(t *testing.T) {
	t.Parallel()
	v := openVisit(t, 10)
	ctx := t.Context()
	p := v.Part("s")
	v.Stock(v.van, p, 0, "V1")
	v.Stock(v.Warehouse, p, 0, "W1")
	elsewhere := v.NewOutlet()
	v.Stock(v.Place(inventory.KindWarehouse, elsewhere), p, 0, "E1")
	record := func(serial string) error {
		_, err := v.Uses.RecordComponent(ctx, v.boss, v.asset, registry.NewComponent{PartID: p.ID, Serial: serial})
		return err
	}
	for serial, place := range map[string]string{"V1": v.van.Name, "W1": v.Warehouse.Name, "E1": "another outlet"} {
		err := record(serial)
		v.Refused(err, fault.Conflict, "/serial unit "+serial+" of part "+p.Number+" sits in no asset: the books have it in "+place)
		if zh := fault.From(err).Fields[0].Detail.In(words.Chinese); zh == fault.From(err).Fields[0].Detail.String() {
			t.Errorf("not translated: %s", zh)
		}
	}
	if n := v.Count(`SELECT count(*) FROM asset_components`) + v.Count(`SELECT count(*) FROM events WHERE kind = 'component.recorded'`); n != 0 {
		t.Errorf("what was refused left %d rows", n)
	}
	v.Must(record("UNKNOWN"))
	// What was used sits at a customer's.
	v.Exec(`UPDATE jobs SET asset_id = NULL WHERE id = $1`, v.job)
	v.use(v.job, unit(p, "V1", ""))
	v.Must(record("V1"))
}
