package genetic

// walk is a route on its way: where it is, when it leaves, and the warp so far.
type walk struct {
	place, depart, warp int32
}

// upTo is the walk to node i, as it stands.
func (t *tour) upTo(i int32) walk {
	x := &t.nodes[i]
	return walk{x.place, x.depart, x.warpTo}
}

// visit goes on to a node.
func (w walk) visit(t *tour, x *node) walk {
	at := w.depart + t.time[w.place*t.width+x.place]
	if at < x.early {
		at = x.early
	} else if at > x.late {
		w.warp += at - x.late
		at = x.late
	}
	return walk{x.place, at + x.service, w.warp}
}

// along goes on from node a to node b, as they are linked.
func (w walk) along(t *tour, a, b int32) walk {
	for i := a; ; i = t.nodes[i].next {
		w = w.visit(t, &t.nodes[i])
		if i == b {
			return w
		}
	}
}

// back goes on from node a to node b, against their links.
func (w walk) back(t *tour, a, b int32) walk {
	for i := a; ; i = t.nodes[i].prev {
		w = w.visit(t, &t.nodes[i])
		if i == b {
			return w
		}
	}
}

// join is the warp of a walk that goes on with all from node z on.
func (w walk) join(t *tour, z int32) int32 {
	x := &t.nodes[z]
	at := w.depart + t.time[w.place*t.width+x.place]
	return w.warp + x.warpFrom + max(0, at-x.latest)
}
