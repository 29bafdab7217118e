// Package formats reads problems for the optimizer from files, and writes plans in the form of
// the file: VROOM's JSON, Solomon's text, or Callout's own JSON.
//
// It owns which forms there are and how one is told from another. Each form has a package of its
// own below; dispatch/formats/budget runs the search, dispatch/formats/chart draws.
package formats
