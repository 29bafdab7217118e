// Package travel tells how long drives take: a Provider answers a Question about some points
// with a Matrix of the drives among them.
//
// It owns the estimate by distance, the Router that asks a network of roads and remembers what it
// said, and the promise that there is always an answer: what no network tells is estimated, and
// the Matrix says so. It does not own the networks themselves (internal/travel/osrm asks a
// server, internal/travel/roads reads an extract of OpenStreetMap) or the figures (policy).
//
// # Units
//
// Seconds and metres, whole, int32. Points are WGS-84, longitude first. A base drive is one at
// the base speed: what a network says, or the great circle × detour at the speed of the policy.
//
// # The hour of the day
//
// The pace of a policy (geo.Pace) is per mille of the base speed by hour, on weekdays and at
// weekends, in the zone of the place. A Matrix has one drive a pair, so it takes the pace's mean
// over the spans of the Question, the shifts: each base drive × the mean over all seconds of all
// spans of 1000 / pace. Where a drive's hour is known, Figures.Arrive goes through the hours one
// by one, so who leaves later never arrives earlier. A pace of nothing but 1000 leaves every
// drive as it is.
//
// # What is remembered
//
// A Router rounds points to cells of 0.0001° (11 m or less), asks the network about the middles
// of cells, and keeps the base drive of each pair of cells, in memory and in Postgres, under the
// name and version of the network: the answer does not depend on who asked first.
package travel
