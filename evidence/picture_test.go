package evidence_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"callout/evidence"
	"callout/internal/fault"
)

func drawing(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32()) | uint8(i%4/3*255)
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bigPNG announces a size that it does not have the pixels for.
func bigPNG(width, height uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func base(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Two pictures of one pixel, lossy and lossless.
const (
	webpLossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	webpLossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func atom(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	b := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(append(b, kind...), body...)
}

// heic is the structure of a HEIC file with one picture and a thumbnail, around data that no
// decoder is asked to read.
func heic(width, height uint32) []byte {
	data := []byte("not really HEVC")
	ispe := func(w, h uint32) []byte {
		return atom("ispe", make([]byte, 4), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h))
	}
	build := func(offset uint32) []byte {
		iloc := []byte{0, 0, 0, 0, 0x44, 0x00, 0, 1, 0, 1, 0, 0, 0, 1}
		iloc = binary.BigEndian.AppendUint32(iloc, offset)
		iloc = binary.BigEndian.AppendUint32(iloc, uint32(len(data)))
		head := atom("ftyp", []byte("mif1\x00\x00\x00\x00mif1heic"))
		meta := atom("meta", make([]byte, 4),
			atom("iinf", []byte{0, 0, 0, 0, 0, 1}, atom("infe", []byte{2, 0, 0, 0, 0, 1, 0, 0}, []byte("hvc1\x00"))),
			atom("iloc", iloc),
			atom("iprp", atom("ipco", ispe(width, height), ispe(16, 16))))
		return append(append(head, meta...), atom("mdat", data)...)
	}
	return build(uint32(len(build(0)) - len(data)))
}

func TestCheckPhotoTakesPictures(t *testing.T) {
	t.Parallel()
	img := drawing(40, 30)
	gray := image.NewGray16(image.Rect(0, 0, 7, 5))
	tests := []struct {
		name, announced string
		b               []byte
		want            evidence.Picture
	}{
		{"JPEG", "image/jpeg", jpegOf(t, img), evidence.Picture{MediaType: "image/jpeg", Width: 40, Height: 30}},
		{"JPEG by another name", "image/JPG; q=1", jpegOf(t, img), evidence.Picture{MediaType: "image/jpeg", Width: 40, Height: 30}},
		{"PNG", "image/png", pngOf(t, img), evidence.Picture{MediaType: "image/png", Width: 40, Height: 30}},
		{"PNG of one color", "image/png", pngOf(t, gray), evidence.Picture{MediaType: "image/png", Width: 7, Height: 5}},
		{"lossy WebP", "image/webp", base(t, webpLossy), evidence.Picture{MediaType: "image/webp", Width: 1, Height: 1}},
		{"lossless WebP", "image/webp", base(t, webpLossless), evidence.Picture{MediaType: "image/webp", Width: 1, Height: 1}},
		{"HEIC", "image/heic", heic(4032, 3024), evidence.Picture{MediaType: "image/heic", Width: 4032, Height: 3024}},
		{"HEIC by another name", "image/heif", heic(1, 1), evidence.Picture{MediaType: "image/heic", Width: 16, Height: 16}},
		{"JPEG with a film behind it", "image/jpeg", append(jpegOf(t, img), "\x00\x00\x00\x18ftypmp42"...), evidence.Picture{MediaType: "image/jpeg", Width: 40, Height: 30}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := evidence.CheckPhoto(t.Context(), tt.b, tt.announced)
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestCheckPhotoRefuses(t *testing.T) {
	t.Parallel()
	photo, drawn := jpegOf(t, drawing(40, 30)), pngOf(t, drawing(40, 30))
	flipped := bytes.Clone(drawn)
	flipped[len(flipped)/2] ^= 1
	animated := []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	tests := []struct {
		name, announced string
		b               []byte
		says            string
	}{
		{"nothing", "image/jpeg", nil, "empty"},
		{"too many bytes", "image/jpeg", append(photo, make([]byte, evidence.MaxPhotoBytes)...), "bytes"},
		{"text", "image/jpeg", []byte("hello, I am a photo"), "not a JPEG"},
		{"a page that calls itself a picture", "image/png", []byte("<html><script>alert(1)</script>"), "not a JPEG"},
		{"a zip behind a PNG", "image/png", append(bytes.Clone(drawn), "PK\x03\x04"...), "4 bytes after its end"},
		{"a page before a picture", "image/png", append([]byte("<html>"), drawn...), "not a JPEG"},
		{"GIF", "image/gif", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "not a JPEG"},
		{"SVG", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "not a JPEG"},
		{"AVIF", "image/avif", atom("ftyp", []byte("avif\x00\x00\x00\x00avifmif1")), "not a JPEG"},
		{"MP4", "video/mp4", atom("ftyp", []byte("mp42\x00\x00\x00\x00mp42isom")), "not a JPEG"},
		{"PNG announced as JPEG", "image/jpeg", drawn, "Content-Type"},
		{"JPEG announced as nothing", "", photo, "Content-Type"},
		{"half a JPEG", "image/jpeg", photo[:len(photo)/2], "damaged"},
		{"JPEG without its end", "image/jpeg", photo[:len(photo)-2], "damaged"},
		{"half a PNG", "image/png", drawn[:len(drawn)/2], "damaged"},
		{"PNG with one bit turned", "image/png", flipped, "damaged"},
		{"PNG that is only a head", "image/png", bigPNG(10, 10), "damaged"},
		{"PNG without width", "image/png", bigPNG(0, 10), ""},
		{"too wide", "image/png", bigPNG(16_385, 1), "16385 × 1 pixels"},
		{"too high", "image/png", bigPNG(1, 16_385), "1 × 16385 pixels"},
		{"too many pixels", "image/png", bigPNG(10_000, 5_001), "10000 × 5001 pixels"},
		{"two thousand million a side", "image/png", bigPNG(1<<31-1, 1<<31-1), ""},
		{"moving WebP", "image/webp", animated, "moves"},
		{"too large a HEIC", "image/heic", heic(16_385, 100), "16385 × 100 pixels"},
		{"HEIC of four thousand million a side", "image/heic", heic(1<<32-1, 1<<32-1), "pixels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := evidence.CheckPhoto(t.Context(), tt.b, tt.announced)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestEveryTruncationIsFound(t *testing.T) {
	t.Parallel()
	img := drawing(16, 16)
	for name, tt := range map[string]struct {
		b    []byte
		mime string
	}{
		"JPEG":          {jpegOf(t, img), "image/jpeg"},
		"PNG":           {pngOf(t, img), "image/png"},
		"lossless WebP": {base(t, webpLossless), "image/webp"},
		"lossy WebP":    {base(t, webpLossy), "image/webp"},
		"HEIC":          {heic(100, 100), "image/heic"},
	} {
		for n := range len(tt.b) {
			if p, err := evidence.CheckPhoto(t.Context(), tt.b[:n], tt.mime); err == nil {
				t.Errorf("%s: %d of %d bytes are taken as a whole picture: %+v", name, n, len(tt.b), p)
				break
			}
		}
	}
}

func TestNoBytesBreakTheCheck(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	img := drawing(16, 16)
	for mime, whole := range map[string][]byte{
		"image/jpeg": withExif(t, jpegOf(t, img)), "image/png": pngOf(t, img), "image/webp": base(t, webpLossy), "image/heic": heic(100, 100),
	} {
		for range 1000 {
			b := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			_, err := evidence.CheckPhoto(t.Context(), b, mime)
			if err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatalf("%s: %v", mime, err)
			}
		}
	}
}

func TestAJPEGOfEndlessPassesIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, image.NewGray(image.Rect(0, 0, 5000, 5000)))
	scan := bytes.Index(whole, []byte{0xff, 0xda})
	crafted := bytes.Clone(whole[:scan])
	for range 200 {
		crafted = append(crafted, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xff, 0, 0x34)
	}
	crafted = append(crafted, 0xff, 0xd9)
	start := time.Now()
	_, err := evidence.CheckPhoto(t.Context(), crafted, "image/jpeg")
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "passes") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func TestAWaitingDecoderGivesUpWithItsCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := evidence.CheckPhoto(ctx, jpegOf(t, drawing(4, 4)), "image/jpeg"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkCheckPhoto12MP(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 4000, 3000))
	for y := range 3000 {
		for x := range 4000 {
			img.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	photo := jpegOf(b, img)
	b.SetBytes(int64(len(photo)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := evidence.CheckPhoto(b.Context(), photo, "image/jpeg"); err != nil {
			b.Fatal(err)
		}
	}
}
