package labels

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/paper"

	"codeberg.org/go-pdf/fpdf"
)

// Most is how many labels one print has at the most, copies counted.
const Most = 1000

// Order is what to print.
type Order struct {
	Sheet     Sheet
	Start     int // the position of the first label on the first sheet; 1 is the first
	Symbology Symbology
	Labels    []Label
	At        time.Time // when it was printed, for the document's properties
}

// Print is the PDF of an order. It fails with fault.Invalid where the order is of more than Most
// labels, begins behind the sheet's end, or where bars alone are wanted and a label's would be
// finer than 0.17 mm: beside a QR code such bars are left out.
func Print(o Order) ([]byte, error) {
	g := grids[o.Sheet]
	if err := o.check(g); err != nil {
		return nil, err
	}
	p := press{Fpdf: paper.Open(g.pageWidth, g.pageHeight, "Labels 标签", o.At), grid: g, symbology: o.Symbology}
	at := o.Start - 1
	p.AddPage()
	for _, l := range o.Labels {
		draw, err := p.prepare(l)
		if err != nil {
			return nil, err
		}
		for range l.Copies {
			if at == o.Sheet.Positions() {
				p.AddPage()
				at = 0
			}
			draw(g.box(at))
			at++
		}
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, fmt.Errorf("print labels: %w", err)
	}
	return b.Bytes(), nil
}

func (o Order) check(g grid) error {
	var f fault.Faults
	if o.Start < 1 || o.Start > o.Sheet.Positions() {
		f.Add("/start", "this sheet has %d positions", o.Sheet.Positions())
	}
	total := 0
	for i, l := range o.Labels {
		total += l.Copies
		if o.Symbology != SymbologyCode128 {
			continue
		}
		_, module, err := bars(l, g.width-2*g.margin)
		if err != nil {
			return err
		}
		if module == 0 {
			f.Add(fmt.Sprintf("/items/%d", i), "%s is too long for bars on this sheet: print a QR code", l.Read)
		}
	}
	if total > Most {
		f.Add("/items", "these are %d labels; one print has at most %d", total, Most)
	}
	return f.Err(fault.Invalid, "the labels cannot be printed")
}

// press is a document that labels are drawn on.
type press struct {
	*fpdf.Fpdf
	grid      grid
	symbology Symbology
}

// The measures of a label, in millimetres.
const (
	barsHeight = 8.0
	readHeight = 3.5  // the text under the bars
	largestQR  = 26.0 // more does not read better
	gap        = 1.5
)

// prepare makes the codes of a label once and returns what draws it, as often as it is wanted.
func (p press) prepare(l Label) (func(box), error) {
	var code, matrix symbol
	var module float64
	var err error
	if p.symbology != SymbologyQR {
		if code, module, err = bars(l, p.grid.width-2*p.grid.margin); err != nil {
			return nil, fmt.Errorf("bars of %q: %w", l.Bars, err)
		}
	}
	if p.symbology != SymbologyCode128 {
		if matrix, err = square(l.Link); err != nil {
			return nil, fmt.Errorf("QR code of %q: %w", l.Link, err)
		}
	}
	return func(b box) {
		text := b
		if module > 0 {
			text.height -= barsHeight + readHeight + gap
			x, y := b.x+(b.width-float64(code.width)*module)/2, b.y+b.height-barsHeight-readHeight
			p.paint(code, x, y, module, barsHeight)
			p.line(l.Read, box{x, y + barsHeight, b.x + b.width - x, readHeight}, 7, true)
		}
		if matrix.width > 0 {
			size := min(text.height, largestQR)
			unit := size / float64(matrix.width+2*quietQR)
			p.paint(matrix, b.x+quietQR*unit, b.y+quietQR*unit, unit, unit)
			text.x, text.width = text.x+size+gap, text.width-size-gap
		}
		p.write(l, text)
	}, nil
}

// paint fills the dark modules of a symbol in one path: as rectangles, so that they are sharp in any print.
func (p press) paint(s symbol, x, y, width, height float64) {
	scale, top := 72/25.4, p.grid.pageHeight
	var b strings.Builder
	for _, r := range s.dark {
		fmt.Fprintf(&b, "%.3f %.3f %.3f %.3f re ", (x+float64(r.x)*width)*scale, (top-y-float64(r.y+1)*height)*scale,
			float64(r.length)*width*scale, height*scale)
	}
	b.WriteString("f")
	p.RawWriteStr(b.String())
}

// write says the label in words, in the space beside its codes.
func (p press) write(l Label, space box) {
	type row struct {
		text  string
		size  float64 // points
		whole bool
	}
	rows := []row{{l.Title, 13, true}, {l.NameZh, 9, false}, {l.Name, 8, false}}
	if l.Serial != "" {
		rows = append(rows, row{"S/N " + l.Serial, 9, true})
	}
	total := 0.0
	for _, r := range rows {
		if r.text != "" {
			total += leading(r.size)
		}
	}
	shrink, y := min(1, space.height/total), space.y
	for _, r := range rows {
		if r.text != "" {
			height := leading(r.size) * shrink
			p.line(r.text, box{space.x, y, space.width, height}, r.size*shrink, r.whole)
			y += height
		}
	}
}

// leading is how high a line of the size is.
func leading(points float64) float64 { return points * 25.4 / 72 * 1.3 }

// line writes a text into one line. What is too long becomes smaller; a name below 5 points is cut
// off, and what must be whole becomes as small as it has to.
func (p press) line(text string, space box, points float64, whole bool) {
	text = paper.Printable(text)
	p.SetFontSize(points)
	if width := p.GetStringWidth(text); width > space.width {
		points *= space.width / width
		if !whole {
			points = max(points, 5)
		}
		p.SetFontSize(points)
	}
	if letters := []rune(text); p.GetStringWidth(text) > space.width*1.001 {
		for len(letters) > 0 && p.GetStringWidth(string(letters)+"…") > space.width {
			letters = letters[:len(letters)-1]
		}
		text = string(letters) + "…"
	}
	p.Text(space.x, space.y+space.height*0.78, text)
}
