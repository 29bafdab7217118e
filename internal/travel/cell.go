package travel

import (
	"math"

	"github.com/paulmach/orb"
)

// cell is a piece of the earth of 0.0001° by 0.0001°, 11 m by 11 m or less.
type cell int64

const (
	perDegree = 10_000
	columns   = 360*perDegree + 1
)

func cellOf(p orb.Point) cell {
	column := math.Round((p[0] + 180) * perDegree)
	row := math.Round((p[1] + 90) * perDegree)
	return cell(row)*columns + cell(column)
}

// middle is the point that stands for the cell.
func (c cell) middle() orb.Point {
	// Dividing whole numbers gives the decimals themselves, not their neighbours.
	return orb.Point{float64(c%columns-180*perDegree) / perDegree, float64(c/columns-90*perDegree) / perDegree}
}

// cellsOf are the cells that some points are in, each once, and which of them each point is in.
func cellsOf(points []orb.Point) (cells []cell, of []int) {
	at := make(map[cell]int, len(points))
	of = make([]int, len(points))
	for i, p := range points {
		c := cellOf(p)
		n, known := at[c]
		if !known {
			n = len(cells)
			at[c] = n
			cells = append(cells, c)
		}
		of[i] = n
	}
	return cells, of
}
