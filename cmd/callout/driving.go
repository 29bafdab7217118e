package main

import "callout/house"

// driving says who tells how long drives take, for every command that plans.
type driving struct {
	Travel      string `env:"TRAVEL" enum:"estimate,osrm,roads" default:"estimate" help:"Who tells drives: estimate (by distance), osrm (a server), roads (a map in memory)."`
	OSRMURL     string `name:"osrm-url" env:"OSRM_URL" help:"The OSRM server, as http://HOST:5000."`
	OSRMProfile string `name:"osrm-profile" env:"OSRM_PROFILE" default:"driving" help:"What the OSRM server calls our vehicles."`
	RoadsFile   string `env:"ROADS_FILE" type:"path" help:"The extract of OpenStreetMap: .osm.pbf, .osm or .osm.bz2."`
}

func (d driving) travel() house.Travel {
	return house.Travel{By: d.Travel, OSRM: d.OSRMURL, Profile: d.OSRMProfile, RoadsFile: d.RoadsFile}
}
