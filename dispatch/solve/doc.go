// Package solve plans days of field service: who does which job, when, and in which order.
//
// It owns the optimizer: the problem with all its rules, the search for a good plan, and the
// score by which plans are compared. It is pure: no context, no database, no clock, no map of
// the world; the same problem, seed, threads and trace give the same plan, byte for byte. It
// does not own what a job is in the books, how reasons are said to people, or how problems are
// read from files (dispatch/formats). Plans are verified by other code than its own
// (dispatch/solve/check). A fleet of like vehicles without other rules, all of whose jobs can be
// served, is left to dispatch/solve/genetic where the budget is large enough.
//
// # Time
//
// Every time is in whole seconds from a moment of the caller's choice (the Unix epoch does
// well), every duration in seconds, every distance in metres. Windows include both their ends.
// From the first time to the last that a problem names there must be less than 15 years.
//
// # A shift
//
// A technician leaves Start no earlier than From, drives to his stops in their order and is at
// End by To, or by To + Overtime at the price of overtime. Work at a stop, set-up first, begins
// within one of its windows, not before its release; he waits where he is early. Set-up is needed
// only where the place differs from the one before. Breaks are taken in order of their (last
// possible begin, first possible begin), all of them, each beginning within one of its windows, anywhere on a
// leg: at the place he leaves, on the way, or where he arrives, but never during work, and not
// by a technician without stops, who does not leave at all. Certificates must be valid from the
// begin of the work to its end.
//
// # What is settled already
//
// A Pin holds a job to a shift, and with a Start to a time as well. Pinned jobs are always
// served. What was promised is not judged: a drive between two set times (an end of the shift,
// a pinned start) that is longer than there is time for takes the time that there is, and a
// break that the pinned stops alone leave no room for is not owed.
//
// # Jobs that depend on others
//
// Jobs of one Group begin at the same moment with different technicians, all or none. A job
// begins only after those named in After have ended, and is served only if they are. Jobs of one
// Chain that are served are served by the same technician.
package solve
