// Package importer reads service requests of other systems from CSV files.
//
// A Mapping, written in YAML (README.md), says how the columns of a file become customers,
// sites, cases and jobs. Read turns each row into a Record, or into a Refusal that names
// everything that is wrong with the row: what is read is what is accepted and what is refused.
//
// The package owns the mapping's language and the reading of rows. It does not own what a
// customer, a case or a job is: the words that those accept are handed to Parse.
package importer
