// Package cases takes the requests of customers in and sees them to their end: what was asked,
// how urgent it is, by when it is due, and what became of it.
//
// It owns the cases, their deadlines, and the story of a case with its jobs. It does not own
// the jobs (dispatch), whom and what we serve (registry), or the figures of the deadlines
// (internal/policy). The README draws the life of a case.
package cases
