package evidence_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"callout/evidence"
	"callout/internal/fault"
)

func signed(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	img.SetNRGBA(width/2, height/2, color.NRGBA{A: 255})
	return img
}

func TestCheckSignature(t *testing.T) {
	t.Parallel()
	white := image.NewGray(image.Rect(0, 0, 30, 10))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	hidden := image.NewNRGBA(image.Rect(0, 0, 30, 10))
	for i := range 30 {
		hidden.SetNRGBA(i, 5, color.NRGBA{R: uint8(i)})
	}
	good := pngOf(t, signed(300, 100))
	tests := []struct {
		name string
		b    []byte
		says string // "" if it is one
	}{
		{"pen on nothing", good, ""},
		{"nothing", nil, "not a PNG"},
		{"JPEG", jpegOf(t, drawing(30, 30)), "not a PNG"},
		{"text", []byte("Ada"), "not a PNG"},
		{"transparent all over", pngOf(t, image.NewNRGBA(image.Rect(0, 0, 30, 10))), "blank"},
		{"white all over", pngOf(t, white), "blank"},
		{"one pixel", pngOf(t, signed(1, 1)), "blank"},
		{"colors that nobody can see", pngOf(t, hidden), "blank"},
		{"cut off", good[:len(good)-5], "damaged"},
		{"head only", bigPNG(10, 10), "damaged"},
		{"too many pixels", bigPNG(4000, 1001), "pixels"},
		{"too wide", bigPNG(16_385, 1), "pixels"},
		{"two thousand million a side", bigPNG(1<<31-1, 1<<31-1), ""},
		{"too many bytes", append(bytes.Clone(good), make([]byte, evidence.MaxSignatureBytes)...), "bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := evidence.CheckSignature(t.Context(), tt.b)
			if tt.name == "pen on nothing" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestStrokesCheck(t *testing.T) {
	t.Parallel()
	long := make(evidence.Stroke, evidence.MaxPoints+1)
	for i := range long {
		long[i].X = float64(i)
	}
	line := evidence.Stroke{{X: 1, Y: 1, T: 0}, {X: 9, Y: 2, T: 8}}
	tests := []struct {
		name    string
		strokes evidence.Strokes
		says    string // "" if they are a signature
	}{
		{"a line", evidence.Strokes{line}, ""},
		{"two dots", evidence.Strokes{{{X: 1, Y: 1}}, {{X: 2, Y: 1}}}, ""},
		{"a line and a lifted pen", evidence.Strokes{line, {}}, ""},
		{"the most points", evidence.Strokes{long[:evidence.MaxPoints]}, ""},
		{"none", nil, "blank"},
		{"strokes without points", evidence.Strokes{{}, {}}, "blank"},
		{"a dot", evidence.Strokes{{{X: 1, Y: 1}}}, "blank"},
		{"a pen that rests", evidence.Strokes{{{X: 1, Y: 1, T: 1}, {X: 1, Y: 1, T: 900}}}, "blank"},
		{"too many points", evidence.Strokes{long}, "10001 points"},
		{"too many strokes", make(evidence.Strokes, evidence.MaxStrokes+1), "501 strokes"},
		{"far away", evidence.Strokes{{{X: 1e6, Y: 1}, {X: 2, Y: 2}}}, "out of range"},
		{"nowhere", evidence.Strokes{line, {{X: math.NaN(), Y: 1}}}, "out of range"},
		{"at infinity", evidence.Strokes{line, {{X: 1, Y: math.Inf(-1)}}}, "out of range"},
		{"before time", evidence.Strokes{line, {{X: 1, Y: 1, T: -1}}}, "out of range"},
		{"after time", evidence.Strokes{line, {{X: 1, Y: 1, T: 1 << 53}}}, "out of range"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var f fault.Faults
			tt.strokes.Check(&f, "/signature/strokes")
			switch {
			case tt.says == "" && len(f) > 0:
				t.Errorf("refused: %v", f)
			case tt.says != "" && (len(f) != 1 || f[0].Pointer != "/signature/strokes" || !strings.Contains(f[0].Detail.String(), tt.says)):
				t.Errorf("got %v", f)
			}
		})
	}
}
