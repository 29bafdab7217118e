// Package scans says what a scan means here and now: what it is, where it is, and what the person
// who scanned it can do with it next.
//
// It owns nothing that is kept: it reads the books of the warehouse within the scope of the acting
// person. What an action is called over HTTP, and who may do it, the contract says; an action
// names the operation there.
package scans
