package dispatch_test

import (
	"fmt"
	"testing"

	"callout/dispatch"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

func TestCandidatesWhoLackAPartAreToldTheNearestStore(t *testing.T) {
	t.Parallel()
	f := newField(t)
	valve, pump := f.shelf.newPart("valve"), f.shelf.newPart("pump")
	near := dispatch.StockPlace{ID: uuid.New(), Name: "Near", Position: offset(2500, 0), Free: 1, PartNumber: "P-valve"}
	detour := dispatch.StockPlace{ID: uuid.New(), Name: "Detour", Position: offset(2500, 2000), Free: 2, PartNumber: "P-valve"}
	far := dispatch.StockPlace{ID: uuid.New(), Name: "Far", Position: offset(2500, 9000), Free: 90, PartNumber: "P-valve"}
	f.shelf.stores = map[uuid.UUID][]dispatch.StockPlace{valve: {far, near, detour}}
	f.newTechnicianAt("West", 3, f.outlet.ID, offset(5000, 0))
	needs := func(valves int, more ...dispatch.PartNeed) func(*dispatch.NewJob) {
		return func(n *dispatch.NewJob) {
			n.Parts = append([]dispatch.PartNeed{{PartID: valve, Quantity: valves}}, more...)
		}
	}
	nearest := func(j dispatch.Job) (all []dispatch.Term) {
		for _, x := range f.candidates(t, who.System, j, dispatch.Asked{})["West"].Terms {
			if x.Code == dispatch.TermNearest {
				all = append(all, x)
			}
		}
		return all
	}
	for _, tt := range []struct {
		name   string
		valves int
		text   string
		value  [2]int64 // metres, from and to
	}{
		{"one, on the straight way", 1, "nearest stock is 0.0 km out of the way: Near holds 1 of part P-valve", [2]int64{0, 5}},
		// Twice √(2500² + 2000²) less 5000 metres, by 1.3 for the roads.
		{"two, a way around", 2, "nearest stock is 1.8 km out of the way: Detour holds 2 of part P-valve", [2]int64{1800, 1850}},
		{"three, far away", 3, "nearest stock is 17.8 km out of the way: Far holds 90 of part P-valve", [2]int64{17700, 17900}},
		{"more than anybody holds", 91, "nearest stock is 0.0 km out of the way: Near holds 1 of part P-valve", [2]int64{0, 5}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f.shelf.asked = 0
			got := nearest(f.newJob(window("09:00", "11:00"), f.needing(3), needs(tt.valves, dispatch.PartNeed{PartID: pump, Quantity: 1})))
			if len(got) != 1 || got[0].Text.String() != tt.text || got[0].Value < tt.value[0] || got[0].Value > tt.value[1] || got[0].Points != 0 {
				t.Errorf("got %+v", got)
			}
			if f.shelf.asked != 1 {
				t.Errorf("asked for stores %d times", f.shelf.asked)
			}
		})
	}
	got := nearest(f.newJob(window("09:00", "11:00"), f.needing(3), needs(2)))
	if zh := got[0].Text.In(words.Chinese); zh != "最近库存绕行 1.8 公里：Detour 有 2 件备件 P-valve" {
		t.Errorf("in Chinese: %s", zh)
	}
}

func TestCandidatesWithEveryPartOnTheVanSaySo(t *testing.T) {
	t.Parallel()
	f := newField(t)
	valve := f.shelf.newPart("valve")
	tech := f.newTechnician("Li", 3)
	van := uuid.Must(uuid.NewV7())
	f.exec(`INSERT INTO locations (id, code, name, kind, outlet_id, may_go_negative, created_at, updated_at) VALUES ($1, 'V1', 'Van', 'van', $2, false, now(), now())`, van, f.outlet.ID)
	f.exec(`UPDATE technicians SET van_id = $1 WHERE id = $2`, van, tech.ID)
	f.shelf.held = map[uuid.UUID]map[uuid.UUID]int{van: {valve: 2}}
	j := f.newJob(window("09:00", "11:00"), f.needing(3), func(n *dispatch.NewJob) { n.Parts = []dispatch.PartNeed{{PartID: valve, Quantity: 2}} })
	found := false
	for _, x := range f.candidates(t, who.System, j, dispatch.Asked{})["Li"].Terms {
		if x.Code == dispatch.TermOnVan {
			found = x.Value == 2 && x.Points == 0 && x.Text.In(words.Chinese) == "所需备件车上齐全"
		}
		if x.Code == dispatch.TermParts || x.Code == dispatch.TermNearest {
			t.Errorf("lacks nothing and is told %s", x.Text)
		}
	}
	if !found || f.shelf.asked != 0 {
		t.Errorf("on the van: %v; asked for stores %d times", found, f.shelf.asked)
	}
}

// BenchmarkCandidatesWithoutParts ranks technicians none of whom has what the job needs, with 20 stores that hold it.
func BenchmarkCandidatesWithoutParts(b *testing.B) {
	for _, stores := range []int{0, 20} {
		b.Run(fmt.Sprintf("500 technicians, %d stores", stores), func(b *testing.B) {
			f := newField(b)
			f.crowd(b, 500, 4)
			valve := f.shelf.newPart("valve")
			f.shelf.stores = map[uuid.UUID][]dispatch.StockPlace{}
			for i := range stores {
				place := dispatch.StockPlace{ID: uuid.New(), Name: "Store", Position: offset(float64(i)*700-7000, float64(i%5)*900), Free: 1 + i%3, PartNumber: "P-valve"}
				f.shelf.stores[valve] = append(f.shelf.stores[valve], place)
			}
			j := f.newJob(f.needing(2), window("09:00", "15:00"), func(n *dispatch.NewJob) { n.Parts = []dispatch.PartNeed{{PartID: valve, Quantity: 1}} })
			b.ReportAllocs()
			for b.Loop() {
				if ranked, err := f.board.Candidates(b.Context(), who.System, j.ID, dispatch.Asked{}); err != nil || len(ranked) != 500 {
					b.Fatal(len(ranked), err)
				}
			}
		})
	}
}
