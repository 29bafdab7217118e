// Package chart draws plans as SVG: the routes on a map, and below it the days on a timeline.
//
// A drawing stands alone, without scripts, fonts or pictures from elsewhere, and follows the
// reader's choice of a light or a dark screen. It owns how plans look, not what they say.
package chart
