// Package workday answers two questions about technicians' days: where would one more visit fit
// best, and who should take which of many visits?
//
// It owns the exact arithmetic of a day (drives, windows, breaks, shift, certificates), the
// reasons why a visit does not fit, the terms of a score and the greedy assignment. It is pure:
// no context, no database, no clock; the same input gives the same output, byte for byte. It
// does not own what a job is, who may book it, or how a reason is said to people.
//
// # Time
//
// Every time is in whole seconds from a moment of the caller's choice (the Unix epoch does
// well), every duration in seconds. Windows include both their ends.
//
// # A day
//
// A technician leaves Start no earlier than the shift begins, drives to his stops in their
// order, and is at End before the shift ends. Work at a stop begins within one of its windows;
// he waits where he is early. Breaks are taken in order, each beginning within its window,
// anywhere on a leg: at the place he leaves, on the way, or where he arrives, but never during
// work. A leg left at t with a drive of d seconds and one break on it thus needs t ≤ break.Latest
// and ends at max(t+d, break.Earliest) + break.Duration.
//
// What is booked already is not judged: a Fixed stop keeps its start even where the drive to it
// is too short, and a break that the day as booked has no room for is not owed any more. Only
// what a new visit changes is judged, and strictly.
//
// # Layers
//
// A Route holds, for every stop and every number of breaks taken before it (its layer), the
// earliest end of its work and the latest start from which the rest of the day still holds. So
// a new visit is tried in each position in constant time.
package workday
