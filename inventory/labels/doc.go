// Package labels prints sheets of labels for parts, locations and units as PDF.
//
// It owns the sheets, the layout of a label and its codes: Code 128 (GS1-128 where GS1 can say
// it) and QR (a GS1 Digital Link). It reads nothing: what stands on a label is given to it.
package labels
