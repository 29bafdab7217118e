package labels

// Sheet is a paper with labels on it.
type Sheet string

// The sheets: two of A4, and single labels on a roll, each a page of its own.
const (
	SheetA4x24      Sheet = "a4_24"       // 3 by 8 of 70 by 37 mm
	SheetA4x14      Sheet = "a4_14"       // 2 by 7 of 99.1 by 38.1 mm
	SheetRoll100x50 Sheet = "roll_100x50" // 100 by 50 mm
	SheetRoll60x40  Sheet = "roll_60x40"  // 60 by 40 mm
)

// grid is where the labels of a sheet lie, in millimetres.
type grid struct {
	pageWidth, pageHeight float64
	columns, rows         int
	left, top             float64 // of the first label
	stepX, stepY          float64 // from one label to the next
	width, height         float64 // of a label
	margin                float64 // on each side of a label, where printers do not print or cutters err
}

var grids = map[Sheet]grid{
	SheetA4x24:      {pageWidth: 210, pageHeight: 297, columns: 3, rows: 8, top: 0.5, stepX: 70, stepY: 37, width: 70, height: 37, margin: 4},
	SheetA4x14:      {pageWidth: 210, pageHeight: 297, columns: 2, rows: 7, left: 4.65, top: 15.15, stepX: 101.6, stepY: 38.1, width: 99.1, height: 38.1, margin: 2.5},
	SheetRoll100x50: {pageWidth: 100, pageHeight: 50, columns: 1, rows: 1, width: 100, height: 50, margin: 2.5},
	SheetRoll60x40:  {pageWidth: 60, pageHeight: 40, columns: 1, rows: 1, width: 60, height: 40, margin: 2.5},
}

// Positions is how many labels one sheet holds; 0 where there is no such sheet.
func (s Sheet) Positions() int { return grids[s].columns * grids[s].rows }

// box is the space of a label on its page.
type box struct{ x, y, width, height float64 }

// box is the inside of the label at a position, which counts from 0 along the rows.
func (g grid) box(position int) box {
	return box{
		x:     g.left + float64(position%g.columns)*g.stepX + g.margin,
		y:     g.top + float64(position/g.columns)*g.stepY + g.margin,
		width: g.width - 2*g.margin, height: g.height - 2*g.margin,
	}
}
