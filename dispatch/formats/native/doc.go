// Package native reads and writes Callout's own form of a problem: JSON with everything that the
// optimizer knows. The schemas SolveProblem and SolvePlan of the contract (mobile-contract/solve.yaml)
// are its description, member by member.
//
// It owns the form, its limits and its words. It does not own the search.
//
// # Rules of the form
//
// Times are RFC 3339 with offset, in whole seconds. Durations are whole seconds, distances whole
// metres, money whole minor units of one currency that is nowhere named. Everything that is
// referred to (technicians, shifts, jobs, profiles, skills, parts) goes by a text of the
// caller's choice; skills and parts need not be declared.
//
// A place is [longitude, latitude], WGS-84, or a number: the row of the matrices, and of the
// document's list of places, which may say where it is. A profile with durations is a matrix and
// wants numbers, one without is an estimate and wants coordinates. Where no profile is named there
// is one: an estimate of 1.3 × the great circle at 30 km/h.
//
// A member that is not known is refused, and so is null.
package native
