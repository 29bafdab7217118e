// Package roads tells drives on a road network in memory, read from an extract of OpenStreetMap
// (.osm.pbf, .osm or .osm.bz2; © OpenStreetMap contributors, ODbL).
//
// It owns which ways a van may drive and how fast, the graph of them, the nearest road of a point,
// and fastest drives by Dijkstra from each source. It does not own turns: restrictions and the
// time that a turn takes are left out, as are ferries and traffic lights.
//
// # Speeds
//
// The speed of a kind of way is that of the car profile of OSRM
// (https://github.com/Project-OSRM/osrm-backend, profiles/car.lua), and so is the rule that
// traffic reaches 80 % of a posted limit. They are base speeds, which the pace of the policy
// varies by the hour.
//
// # Reach
//
// Only roads of the largest part within which one can drive from everywhere to everywhere are
// kept. A point drives straight to its nearest road at 15 km/h; further than 1 km from any road
// there is none for it.
package roads
