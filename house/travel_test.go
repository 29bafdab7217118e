package house

import (
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/internal/travel"
	"callout/internal/words"
)

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	for variable, of := range map[string]Travel{"OSRM_URL": {By: "osrm"}, "ROADS_FILE": {By: "roads"}} {
		_, err := of.open(t.Context(), nil, time.Now)
		for _, l := range []words.Language{words.English, words.Chinese} {
			if said := fault.From(err).Detail.In(l); !strings.Contains(said, variable) {
				t.Errorf("%s in %s: %s", variable, l, said)
			}
		}
	}
}

func TestTravelIsToldByWhomTheOperatorNames(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of   Travel
		kind travel.Provider
	}{
		"nobody is named":      {Travel{}, travel.Estimate{}},
		"estimates":            {Travel{By: "estimate"}, travel.Estimate{}},
		"a server":             {Travel{By: "osrm", OSRM: "http://localhost:1", Profile: "driving"}, &travel.Router{}},
		"a server without URL": {Travel{By: "osrm"}, nil},
		"a map that is not":    {Travel{By: "roads", RoadsFile: "missing.osm.pbf"}, nil},
		"somebody unknown":     {Travel{By: "crow"}, nil},
	} {
		got, err := tt.of.open(t.Context(), nil, time.Now)
		switch tt.kind.(type) {
		case nil:
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		case travel.Estimate:
			if _, is := got.(travel.Estimate); !is || err != nil {
				t.Errorf("%s: %T, %v", name, got, err)
			}
		default:
			if _, is := got.(*travel.Router); !is || err != nil {
				t.Errorf("%s: %T, %v", name, got, err)
			}
		}
	}
}
