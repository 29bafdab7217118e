package roads

import (
	"compress/bzip2"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"callout/internal/fault"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
	"github.com/paulmach/osm/osmxml"
)

// extract is the drivable ways of a file and the nodes that they run through.
type extract struct {
	ways   []way
	refs   []int64 // of all ways, one after the other
	ids    []int64 // of the nodes, in order
	points []spot  // of the nodes; missing where the file ends before it
	closed []bool  // which of the nodes one does not pass
}

// way is a piece of refs, and the km/h along and against it.
type way struct {
	first, last    int // in refs; last is not part of it
	along, against float64
}

// spot is a point in units of 10⁻⁷ degrees, as OpenStreetMap keeps them.
type spot struct{ lng, lat int32 }

var missing = spot{-1 << 31, -1 << 31}

// read reads a file twice, for nodes come before the ways that tell which of them matter; a file of
// XML, which is small and slow to read, once, with all its nodes.
func read(ctx context.Context, path string) (*extract, error) {
	x := &extract{}
	var nodes []node
	once := !strings.HasSuffix(path, ".pbf")
	err := scan(ctx, path, osm.TypeWay, func(o osm.Object) {
		switch o := o.(type) {
		case *osm.Way:
			x.take(o)
		case *osm.Node:
			nodes = append(nodes, nodeOf(o))
		}
	})
	if err != nil {
		return nil, err
	}
	x.ids = slices.Clone(x.refs)
	slices.Sort(x.ids)
	x.ids = slices.Clip(slices.Compact(x.ids))
	x.points, x.closed = make([]spot, len(x.ids)), make([]bool, len(x.ids))
	for i := range x.points {
		x.points[i] = missing
	}
	for _, n := range nodes {
		x.place(n)
	}
	if once {
		return x, nil
	}
	return x, scan(ctx, path, osm.TypeNode, func(o osm.Object) {
		if n, is := o.(*osm.Node); is {
			x.place(nodeOf(n))
		}
	})
}

// node is what matters of a node of the file.
type node struct {
	id      int64
	at      spot
	blocked bool
}

func nodeOf(n *osm.Node) node {
	return node{int64(n.ID), spot{tenMillionths(n.Lon), tenMillionths(n.Lat)}, blocked(n.Tags)}
}

// take adds a way that vans drive on.
func (x *extract) take(w *osm.Way) {
	along, against := speeds(w.Tags)
	if along == 0 && against == 0 || len(w.Nodes) < 2 {
		return
	}
	first := len(x.refs)
	for _, n := range w.Nodes {
		x.refs = append(x.refs, int64(n.ID))
	}
	x.ways = append(x.ways, way{first, len(x.refs), along, against})
}

// place says where a node is, if it is one of ours.
func (x *extract) place(n node) {
	if at, ours := slices.BinarySearch(x.ids, n.id); ours {
		x.points[at], x.closed[at] = n.at, n.blocked
	}
}

func tenMillionths(degrees float64) int32 {
	if degrees < 0 {
		return int32(degrees*1e7 - .5)
	}
	return int32(degrees*1e7 + .5)
}

// scan gives each object of a kind to fn; of a file of XML, which cannot leave the others out, all.
func scan(ctx context.Context, path string, kind osm.Type, fn func(osm.Object)) error {
	f, err := os.Open(path)
	if err != nil {
		return fault.New(fault.Invalid, "the road map %s cannot be read: give the path of an extract of OpenStreetMap", path)
	}
	defer f.Close()
	s, err := scanner(ctx, path, f, kind)
	if err != nil {
		return err
	}
	for s.Scan() {
		fn(s.Object())
	}
	failed, closing := s.Err(), s.Close()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case failed != nil:
		return fault.New(fault.Invalid, "the road map %s is damaged: %s", path, failed.Error())
	case closing != nil:
		return fmt.Errorf("read road map: %w", closing)
	}
	return nil
}

func scanner(ctx context.Context, path string, f io.Reader, kind osm.Type) (osm.Scanner, error) {
	switch {
	case strings.HasSuffix(path, ".pbf"):
		s := osmpbf.New(ctx, f, runtime.GOMAXPROCS(0))
		s.SkipNodes, s.SkipWays, s.SkipRelations = kind != osm.TypeNode, kind != osm.TypeWay, true
		return s, nil
	case strings.HasSuffix(path, ".osm"):
		return osmxml.New(ctx, f), nil
	case strings.HasSuffix(path, ".osm.bz2"):
		return osmxml.New(ctx, bzip2.NewReader(f)), nil
	}
	return nil, fault.New(fault.Invalid, "the road map %s is in no format that we read: .osm.pbf, .osm or .osm.bz2", path)
}
