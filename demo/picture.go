package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	paint "image/draw"
	"image/jpeg"
	"image/png"
	"math"
)

// photo is a JPEG picture of a street light by night, off or on.
func photo(on bool) ([]byte, error) {
	const width, height = 640, 480
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := uint8(20 + y*40/height)
			c := color.RGBA{shade / 2, shade / 2, shade, 255}
			if glow := 160 - math.Hypot(float64(x-width/2), float64(y-110)); on && glow > 0 {
				c.R, c.G, c.B = c.R+uint8(glow), c.G+uint8(glow*.9), c.B+uint8(glow*.5)
			}
			img.Set(x, y, c)
		}
	}
	paint.Draw(img, image.Rect(width/2-4, 110, width/2+4, height), image.NewUniform(color.Gray{70}), image.Point{}, paint.Src)
	paint.Draw(img, image.Rect(width/2-30, 95, width/2+30, 112), image.NewUniform(color.Gray{90}), image.Point{}, paint.Src)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		return nil, fmt.Errorf("photo: %w", err)
	}
	return b.Bytes(), nil
}

// point is where a pen was, after so many milliseconds.
type point struct {
	X int `json:"x"`
	Y int `json:"y"`
	T int `json:"t"`
}

// signature is how a customer signs: the way of the pen, and what it leaves on the paper.
func signature() (strokes [][]point, picture []byte, err error) {
	img := image.NewGray(image.Rect(0, 0, 320, 120))
	paint.Draw(img, img.Bounds(), image.White, image.Point{}, paint.Src)
	var pen []point
	for t := range 260 {
		x := 30 + t
		y := 60 + int(28*math.Sin(float64(t)/9)*math.Cos(float64(t)/37))
		img.SetGray(x, y, color.Gray{})
		img.SetGray(x, y+1, color.Gray{})
		if t%4 == 0 {
			pen = append(pen, point{x, y, 5 * t})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, nil, fmt.Errorf("signature: %w", err)
	}
	return [][]point{pen}, b.Bytes(), nil
}
