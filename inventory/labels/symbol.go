package labels

import (
	"image/color"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

// Symbology is which codes stand on a label.
type Symbology string

// The symbologies.
const (
	SymbologyCode128 Symbology = "code128"
	SymbologyQR      Symbology = "qr"
	SymbologyBoth    Symbology = "both"
)

// The quiet zones around symbols, in modules (ISO/IEC 18004 and 15417).
const (
	quietQR   = 4
	quietBars = 10
)

// widest and finest are what a module of bars measures, in millimetres. Finer ones want another
// printer than offices have.
const (
	widest = 0.33
	finest = 0.17
)

// run is a dark stretch of a row of modules.
type run struct{ x, y, length int }

// symbol is a code as modules.
type symbol struct {
	width, height int
	dark          []run
}

func drawn(code barcode.Barcode) symbol {
	size := code.Bounds()
	s := symbol{width: size.Dx(), height: size.Dy()}
	if code.Metadata().Dimensions == 1 {
		s.height = 1
	}
	for y := range s.height {
		for x := 0; x < s.width; x++ {
			start := x
			for x < s.width && code.At(size.Min.X+x, size.Min.Y+y) == color.Black {
				x++
			}
			if x > start {
				s.dark = append(s.dark, run{start, y, x - start})
			}
		}
	}
	return s
}

// square is the QR code of a text; level M stands a seventh of it being unreadable.
func square(text string) (symbol, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return symbol{}, err
	}
	return drawn(code), nil
}

// mostBars is how many characters the encoder puts into one Code 128.
const mostBars = 79

// bars is the Code 128 of a label, and how wide its modules are in the space; 0 where they would
// be finer than the finest.
func bars(l Label, space float64) (symbol, float64, error) {
	text := l.Bars
	if len(text) > mostBars {
		return symbol{}, 0, nil
	}
	if l.GS1 {
		text = string(code128.FNC1) + text
	}
	code, err := code128.Encode(text)
	if err != nil {
		return symbol{}, 0, err
	}
	s := drawn(code)
	module := min(widest, space/float64(s.width+2*quietBars))
	if module < finest {
		return s, 0, nil
	}
	return s, module, nil
}
