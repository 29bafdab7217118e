// Package policy keeps the figures that the operation is run by: deadlines, weights, speeds, the
// working calendar. They stand in versioned documents, which are never changed.
//
// It owns the documents, which of them is in force at a moment, and the reckoning of a deadline
// from a figure. It does not own what a figure is used for: whoever decides by one notes the
// version that it read.
//
// A version replaces all earlier ones from the moment it takes effect, also those that have not
// taken effect yet: of the versions in effect the highest is in force. Version 1 is defaults.yaml
// as it was when the database was first used. A figure that an old document lacks, because the
// product learned it later, has its default.
package policy
