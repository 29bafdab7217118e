package house

import (
	"context"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/travel"
	"callout/internal/travel/osrm"
	"callout/internal/travel/roads"
)

// Travel says who tells how long drives take.
type Travel struct {
	By        string // estimate (where empty), osrm, roads
	OSRM      string // the address of the OSRM server
	Profile   string // what the server calls our vehicles; driving where empty
	RoadsFile string // the extract of OpenStreetMap
}

// open opens the provider. A road network is asked when it is needed: a server that is away now
// does not keep the house closed.
func (t Travel) open(ctx context.Context, db *pg.DB, now func() time.Time) (travel.Provider, error) {
	switch t.By {
	case "", "estimate":
		return travel.Estimate{}, nil
	case "osrm":
		if t.OSRM == "" {
			return nil, fault.New(fault.Invalid, "TRAVEL=osrm needs the address of the OSRM server: give it as OSRM_URL, like http://HOST:5000")
		}
		network, err := osrm.New(osrm.Options{URL: t.OSRM, Profile: t.Profile, Now: now})
		if err != nil {
			return nil, err
		}
		return travel.NewRouter(network, db, now), nil
	case "roads":
		if t.RoadsFile == "" {
			return nil, fault.New(fault.Invalid, "TRAVEL=roads needs an extract of OpenStreetMap: give its path as ROADS_FILE")
		}
		network, err := roads.Open(ctx, t.RoadsFile)
		if err != nil {
			return nil, err
		}
		return travel.NewRouter(network, db, now), nil
	}
	return nil, fault.New(fault.Invalid, "travel is told by %q; it must be estimate, osrm or roads", t.By)
}
