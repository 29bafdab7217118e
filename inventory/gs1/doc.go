// Package gs1 reads what a scanner sends: GS1 element strings, GS1 Digital Links, the house's own
// labels and plain texts; and it writes what the labels of the house say.
//
// It owns the grammar of scans and nothing else: it knows no part, no place and no clock. What a
// scan means here and now is the affair of package scans.
package gs1
