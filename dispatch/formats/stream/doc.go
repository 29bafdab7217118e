// Package stream reads JSON documents of any length value by value, and tells of all that is
// wrong with them together, each fault with its JSON Pointer.
//
// It owns the walk through the text and the types of values. It does not own what a document
// means. What it holds in memory is one value at a time: a row of numbers, a text, a name.
package stream
