// Package genetic routes fleets of like vehicles: every visit has one time window, every vehicle
// the same depot, day and room, and all visits are to be made at the least cost.
//
// It owns the hybrid genetic search for this plainest kind of problem, which long drives and
// full days make the hardest to finish: plans are crossed, improved by a local search that may
// pass through plans that break the rules, at a price, and kept for being good or different. It
// does not own what a technician or a job is; dispatch/solve brings it such problems as have no
// other rules, with a plan to begin with, and takes its best plan back. It is pure: the same
// problem, seed and number of steps give the same plan.
//
// # Sources
//
// The search follows T. Vidal et al., "A hybrid genetic algorithm with adaptive diversity
// management for a large class of vehicle routing problems with time-windows" (2013) and
// T. Vidal, "Hybrid genetic search for the CVRP: open-source implementation and SWAP*
// neighborhood" (2022); selective route exchange is due to Y. Nagata, O. Bräysy and W. Dullaert,
// "A penalty-based edge assembly memetic algorithm for the vehicle routing problem with time
// windows" (2010) and W. Kool et al., "Hybrid genetic search for the vehicle routing problem with
// time windows: a high-performance implementation" (2022), whose sizes of the population, of the
// neighbourhoods and of the penalties' steps are taken over.
package genetic
