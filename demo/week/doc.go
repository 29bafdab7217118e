// Package week works through seven days in the warehouses of the demo operation: vans are filled up, parts
// used and brought back, deliveries counted, stock taken, and three people do what they should not.
//
// It owns what happens and in which order, by a seed. Everything is done through the doors, as the people
// concerned would; only a job's way to its site and back is written past the board.
package week
