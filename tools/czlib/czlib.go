// Package czlib stands in for github.com/datadog/czlib, which paulmach/osm reads extracts with
// where cgo is to be had: that one does not build without the C headers of zlib, this one does.
package czlib

import (
	"compress/zlib"
	"io"
)

// NewReader reads what was packed with zlib.
func NewReader(r io.Reader) (io.ReadCloser, error) { return zlib.NewReader(r) }
