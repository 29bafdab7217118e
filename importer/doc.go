// Package importer reads service requests of other systems from CSV files.
//
// A Mapping, written in YAML (README.md), says how the columns of a file become customers,
// sites, cases and jobs. Read turns each row into a Record, or into a Refusal that names
// everything that is wrong with the row: what is read is what is accepted and what is refused.
// Load brings the records in through the doors of the domains, each whole or not at all, and
// a second time without effect.
//
// The package owns the mapping's language, the reading of rows and the order of loading. It does
// not own what a customer, a case or a job is: the words that those accept are handed to Parse.
package importer
