package roads

// largest marks the crossings of the largest part of the network within which one can drive from
// everywhere to everywhere: Tarjan's strongly connected components (SIAM J. Comput. 1, 1972),
// without recursion.
func (n *Network) largest(crossings int) []bool {
	n.link(crossings)
	t := tarjan{
		order: make([]int32, crossings), low: make([]int32, crossings), next: make([]int32, crossings), part: make([]int32, crossings),
	}
	for v := range crossings {
		if t.order[v] == 0 {
			t.walk(n, int32(v))
		}
	}
	best := 0
	for i, size := range t.sizes {
		if size > t.sizes[best] {
			best = i
		}
	}
	in := make([]bool, crossings)
	for v, part := range t.part {
		in[v] = int(part) == best+1
	}
	return in
}

type tarjan struct {
	order, low []int32 // when a crossing was met, from 1 on; the earliest that it leads back to
	next       []int32 // how many of its arcs were followed
	part       []int32 // its component, from 1 on; 0 while it is open
	sizes      []int
	met        int32
	open       []int32 // met, and in no component yet
	path       []int32 // from the root of the walk to here
}

func (t *tarjan) meet(v int32) {
	t.met++
	t.order[v], t.low[v] = t.met, t.met
	t.open, t.path = append(t.open, v), append(t.path, v)
}

func (t *tarjan) walk(n *Network, root int32) {
	t.meet(root)
	for len(t.path) > 0 {
		v := t.path[len(t.path)-1]
		if i := n.first[v] + t.next[v]; i < n.first[v+1] {
			t.next[v]++
			switch w := n.arcs[i].to; {
			case t.order[w] == 0:
				t.meet(w)
			case t.part[w] == 0:
				t.low[v] = min(t.low[v], t.order[w])
			}
			continue
		}
		t.path = t.path[:len(t.path)-1]
		if len(t.path) > 0 {
			before := t.path[len(t.path)-1]
			t.low[before] = min(t.low[before], t.low[v])
		}
		if t.low[v] == t.order[v] {
			t.close(v)
		}
	}
}

// close makes a component of v and of all that was met after it and is open.
func (t *tarjan) close(v int32) {
	size := 0
	for {
		w := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.part[w] = int32(len(t.sizes) + 1)
		size++
		if w == v {
			break
		}
	}
	t.sizes = append(t.sizes, size)
}
