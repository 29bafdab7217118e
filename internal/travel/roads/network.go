package roads

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"callout/internal/fault"

	"github.com/tidwall/rtree"
)

// Network is the roads of an extract. It never changes, so all may ask it at once.
type Network struct {
	name     string
	first    []int32 // by crossing: where its arcs begin; one more at the end
	arcs     []arc
	roads    []road
	segments []segment
	index    rtree.RTreeGN[float32, int32] // segments by their boxes in degrees
	searches pool
}

// arc is the way from a crossing to a next one.
type arc struct {
	to     int32
	tenths int32 // of a second
	length int32 // decimetres
}

// road is a stretch between two crossings, as it is driven along and against.
type road struct {
	from, to       int32 // crossings
	length         int32 // decimetres
	along, against int32 // tenths of a second; closedWay where one may not
}

const closedWay = -1

// segment is a straight piece of a road.
type segment struct {
	a, b spot
	road int32
	at   int32 // decimetres from the road's beginning to a
}

// Open reads an extract of OpenStreetMap: Delaware in seconds, a large country in minutes and
// gigabytes of memory.
func Open(ctx context.Context, path string) (*Network, error) {
	x, err := read(ctx, path)
	if err != nil {
		return nil, err
	}
	version, err := fingerprint(path)
	if err != nil {
		return nil, err
	}
	n := &Network{name: "roads " + filepath.Base(path) + " " + version}
	crossings := n.lay(x)
	n.keep(n.largest(crossings), crossings)
	if len(n.roads) == 0 {
		return nil, fault.New(fault.Invalid, "the road map %s has no roads", path)
	}
	for i, s := range n.segments {
		low, high := [2]float32{degrees(min(s.a.lng, s.b.lng)), degrees(min(s.a.lat, s.b.lat))},
			[2]float32{degrees(max(s.a.lng, s.b.lng)), degrees(max(s.a.lat, s.b.lat))}
		n.index.Insert(low, high, int32(i))
	}
	n.searches.New = func() any { return newSearch(len(n.first) - 1) }
	return n, nil
}

// Name is the file and the beginning of its SHA-256.
func (n *Network) Name() string { return n.name }

func degrees(v int32) float32 { return float32(float64(v) / 1e7) }

func fingerprint(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read road map: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("read road map: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6]), nil
}
