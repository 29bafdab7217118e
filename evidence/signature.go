package evidence

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"math"

	"callout/internal/fault"
)

// What a signature may be at most.
const (
	MaxSignatureBytes  = 1 << 20
	MaxSignaturePixels = 4_000_000
	MaxStrokes         = 500
	MaxPoints          = 10_000
	maxCoordinate      = 100_000
)

// CheckSignature says whether b is the picture of a signature: a PNG within the limits that is
// not of one color all over. It returns fault.Invalid for anything else.
func CheckSignature(ctx context.Context, b []byte) error {
	if len(b) > MaxSignatureBytes {
		return fault.New(fault.Invalid, "the signature has %d bytes, %d are the most", len(b), MaxSignatureBytes)
	}
	if sniff(b) != MediaPNG {
		return fault.New(fault.Invalid, "the signature is not a PNG picture")
	}
	config, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return errDamaged()
	}
	if config.Width > MaxPhotoSide || config.Height > MaxPhotoSide || config.Width*config.Height > MaxSignaturePixels {
		return fault.New(fault.Invalid, "the signature has %d × %d pixels, %d are the most", config.Width, config.Height, MaxSignaturePixels)
	}
	img, err := decode(ctx, b, config.Width*config.Height)
	if err != nil {
		return err
	}
	if oneColor(img) {
		return fault.New(fault.Invalid, "the signature is blank")
	}
	return nil
}

// oneColor says whether all pixels look the same. What is wholly transparent has no color.
func oneColor(img image.Image) bool {
	area := img.Bounds()
	r0, g0, b0, a0 := img.At(area.Min.X, area.Min.Y).RGBA()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if r, g, b, a := img.At(x, y).RGBA(); r != r0 || g != g0 || b != b0 || a != a0 {
				return false
			}
		}
	}
	return true
}

// Point is where the pen was, in the drawing's own units, at a time in milliseconds from any
// origin that the strokes of one signature share.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	T int64   `json:"t"`
}

// Stroke is the way of the pen from down to up.
type Stroke []Point

// Strokes are how a signature was drawn.
type Strokes []Stroke

// Check adds to f everything that keeps the strokes from being a signature: none at all, too
// many, a point out of range, or a pen that never moved. Pointer is their JSON Pointer.
func (s Strokes) Check(f *fault.Faults, pointer string) {
	points := 0
	for _, stroke := range s {
		points += len(stroke)
	}
	switch {
	case len(s) > MaxStrokes || points > MaxPoints:
		f.Add(pointer, "has %d strokes with %d points: %d with %d are the most", len(s), points, MaxStrokes, MaxPoints)
		return
	case !s.moves():
		f.Add(pointer, "is blank: the pen never moved")
		return
	}
	for _, stroke := range s {
		for _, p := range stroke {
			if !p.valid() {
				f.Add(pointer, "has a point out of range")
				return
			}
		}
	}
}

func (s Strokes) moves() bool {
	var first *Point
	for _, stroke := range s {
		for _, p := range stroke {
			if first == nil {
				first = &p
			} else if p.X != first.X || p.Y != first.Y {
				return true
			}
		}
	}
	return false
}

func (p Point) valid() bool {
	return math.Abs(p.X) <= maxCoordinate && math.Abs(p.Y) <= maxCoordinate && 0 <= p.T && p.T < 1<<53
}

// Hash is the SHA-256 of the strokes in canonical form.
func (s Strokes) Hash() (Hash, error) {
	b, err := canonical(s)
	if err != nil {
		return Hash{}, err
	}
	return Sum(b), nil
}
