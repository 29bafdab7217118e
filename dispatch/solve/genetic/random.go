package genetic

// random is the generator splitmix64 (Steele, Lea and Flood, 2014).
type random struct{ x uint64 }

func newRandom(seed, stream uint64) random {
	r := random{seed}
	return random{r.next() ^ (stream+1)*0xD1B54A32D192ED03}
}

func (r *random) next() uint64 {
	r.x += 0x9E3779B97F4A7C15
	z := r.x
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below is one of 0 … n-1.
func (r *random) below(n int) int { return int((r.next() >> 32) * uint64(n) >> 32) }

func (r *random) shuffle(a []int32) {
	for i := len(a) - 1; i > 0; i-- {
		j := r.below(i + 1)
		a[i], a[j] = a[j], a[i]
	}
}
