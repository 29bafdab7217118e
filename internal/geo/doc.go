// Package geo knows where things are: WGS-84 points, the way between two of them, and the
// territories of outlets.
//
// It owns distances, the estimate of a drive, and the reading of a territory. It does not own
// addresses, other coordinate systems (those are converted at the edge) or real roads.
package geo
