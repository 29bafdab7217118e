package solve

import "math/bits"

// random is Marsaglia's xorshift generator with a multiplier (Vigna's xorshift64*): fast, and the
// same numbers everywhere.
type random struct{ x uint64 }

// newRandom gives each stream of a seed its own numbers.
func newRandom(seed, stream uint64) random {
	z := seed*0x9E3779B97F4A7C15 + (stream+1)*0xD1B54A32D192ED03
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return random{z ^ z>>31 | 1}
}

func (r *random) next() uint64 {
	r.x ^= r.x >> 12
	r.x ^= r.x << 25
	r.x ^= r.x >> 27
	return r.x * 0x2545F4914F6CDD1D
}

// below is one of 0 … n-1.
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// unit is from 0 up to, not including, 1.
func (r *random) unit() float64 { return float64(r.next()>>11) / (1 << 53) }
