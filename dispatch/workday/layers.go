package workday

// layers says what it takes to have some of the breaks, in order, on one leg. Its tables are
// square: entry [k*n+j] is about the breaks k, k+1, … j-1, so that n is one more than there
// are breaks, and j < k has no meaning.
type layers struct {
	n      int
	breaks []Break
	leave  []int64 // the latest departure from which each of them begins in its window
	length []int64 // their durations together
	over   []int64 // they cannot be over before this
}

func newLayers(breaks []Break) layers {
	n := len(breaks) + 1
	all := make([]int64, 3*n*n)
	l := layers{n, breaks, all[:n*n], all[n*n : 2*n*n], all[2*n*n:]}
	for k := range n {
		l.leave[k*n+k], l.over[k*n+k] = Forever-1, -Forever
		for j := k + 1; j < n; j++ {
			b := breaks[j-1]
			l.length[k*n+j] = l.length[k*n+j-1] + b.Duration
			l.over[k*n+j] = max(l.over[k*n+j-1], b.Earliest) + b.Duration
			l.leave[k*n+j] = l.latestLeave(k, j)
		}
	}
	return l
}

// latestLeave goes back from the last break: each must be over in time for the next.
func (l layers) latestLeave(k, j int) int64 {
	t := int64(Forever)
	for i := j - 1; i >= k; i-- {
		b := l.breaks[i]
		if b.Earliest > b.Latest || b.Earliest+b.Duration > t {
			return -Forever
		}
		t = min(b.Latest, t-b.Duration)
	}
	return t
}

// arrive is when a drive of so many seconds, left at t after k breaks, ends after j breaks;
// Forever where the breaks cannot be had.
func (l *layers) arrive(k, j int, t, drive int64) int64 {
	at := k*l.n + j
	if t > l.leave[at] {
		return Forever
	}
	return max(t+drive+l.length[at], l.over[at])
}

// depart is the latest departure after k breaks from which a drive, with all breaks up to j
// on its way, ends at until or before; -Forever where there is none.
func (l *layers) depart(k, j int, until, drive int64) int64 {
	at := k*l.n + j
	if l.over[at] > until {
		return -Forever
	}
	return min(l.leave[at], until-drive-l.length[at])
}
