// Package calendar counts working days and working hours.
//
// It owns the arithmetic: which moments are worked, and when an amount of working time has
// passed. It does not own which days those are: a policy says so. It is pure: it knows neither
// the present moment nor any database.
package calendar
