// Package dispatch says who does which job, when, and how it ends.
//
// It owns outlets and skills (Network), technicians with their certificates, shifts and absences
// (Crew), and jobs with their bookings (Board): the ranking of technicians for a job, the mass
// assignment of a day, the work in the field, and the closing with the customer's signature. It does not
// own whom and what we serve (registry), parts (behind Stock), what proves the work (evidence), why
// a job exists (behind CaseFile), or the arithmetic of a day (dispatch/workday).
//
// The life of a job is drawn in README.md and stands as a table in lifecycle.go; a test compares
// the two.
package dispatch
