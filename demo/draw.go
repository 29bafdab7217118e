package demo

import "fmt"

// draw is a number from 0 to n-1 that looks like chance and is the same at every call with the
// same names, on every machine and with every release of Go.
func draw(n int, names ...any) int {
	z := uint64(14695981039346656037)
	for _, b := range []byte(fmt.Sprint(names...)) {
		z = (z ^ uint64(b)) * 1099511628211 // FNV-1a
	}
	// FNV leaves alike what differs in the last letters only; splitmix64 mixes it.
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return int(z % uint64(n))
}
