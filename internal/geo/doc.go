// Package geo knows where things are: WGS-84 points, the way between two of them, and the
// territories of outlets.
//
// It owns distances, the estimate of a drive, the pace of traffic through the week, the reading
// of a territory, and the conversion of points of other coordinate systems, which happens at the
// edge. It does not own addresses or real roads (internal/travel).
package geo
