package evidence

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // decoder
	_ "image/png"  // decoder
	"mime"
	"strings"

	_ "golang.org/x/image/webp" // decoder
	"golang.org/x/sync/semaphore"

	"callout/internal/fault"
)

// What a photo may be at most. Every limit is checked before a pixel is decoded.
const (
	MaxPhotoBytes  = 20 << 20
	MaxPhotoPixels = 50_000_000
	MaxPhotoSide   = 16_384
)

// The media types of a photo.
const (
	MediaJPEG = "image/jpeg"
	MediaPNG  = "image/png"
	MediaWebP = "image/webp"
	MediaHEIC = "image/heic"
)

// extensions names the file of a photo in a package.
var extensions = map[string]string{MediaJPEG: "jpg", MediaPNG: "png", MediaWebP: "webp", MediaHEIC: "heic"}

// Picture is what a photo's bytes turned out to be.
type Picture struct {
	MediaType     string
	Width, Height int // as stored: a camera may ask for a turn by 90°
	Camera        Camera
}

// CheckPhoto says what picture b is. It returns fault.Invalid for anything but one whole JPEG,
// PNG, WebP or HEIC picture within the limits, of the type that the upload says.
//
// JPEG, PNG and WebP are decoded to their last pixel. HEIC is not decoded: its structure must be
// whole and lie within the bytes. Bytes after the end of a JPEG or HEIC are tolerated, for phones
// append short films and second pictures there, and after that of a PNG they are not; whoever serves a photo must send its MediaType
// and "nosniff", so that it is never anything else.
func CheckPhoto(ctx context.Context, b []byte, announced string) (Picture, error) {
	switch {
	case len(b) == 0:
		return Picture{}, fault.New(fault.Invalid, "the photo is empty")
	case len(b) > MaxPhotoBytes:
		return Picture{}, fault.New(fault.Invalid, "the photo has %d bytes, %d are the most", len(b), MaxPhotoBytes)
	}
	mediaType := sniff(b)
	if mediaType == "" {
		return Picture{}, fault.New(fault.Invalid, "the photo is not a JPEG, PNG, WebP or HEIC picture")
	}
	if plain(announced) != mediaType {
		return Picture{}, fault.New(fault.Invalid, "the photo is %s, but its Content-Type says %q", mediaType, short(announced))
	}
	width, height, err := size(b, mediaType)
	if err != nil {
		return Picture{}, err
	}
	if err := checkSize(width, height); err != nil {
		return Picture{}, err
	}
	if mediaType != MediaHEIC {
		if _, err := decode(ctx, b, width*height); err != nil {
			return Picture{}, err
		}
	}
	return Picture{mediaType, width, height, readCamera(b, mediaType)}, nil
}

// plain is a media type without parameters, with the other names of ours made ours.
func plain(announced string) string {
	t, _, err := mime.ParseMediaType(announced)
	if err != nil {
		return ""
	}
	switch t {
	case "image/jpg", "image/pjpeg":
		return MediaJPEG
	case "image/heif":
		return MediaHEIC
	}
	return t
}

// sniff tells a picture by its first bytes; "" for what is none of ours.
func sniff(b []byte) string {
	head := string(b[:min(len(b), 12)])
	switch {
	case strings.HasPrefix(head, "\xff\xd8\xff"):
		return MediaJPEG
	case strings.HasPrefix(head, "\x89PNG\r\n\x1a\n"):
		return MediaPNG
	case strings.HasPrefix(head, "RIFF") && strings.HasSuffix(head, "WEBP"):
		return MediaWebP
	case isHEIC(b):
		return MediaHEIC
	}
	return ""
}

// size reads the size of a picture without decoding it, and refuses what decoding must not meet.
func size(b []byte, mediaType string) (width, height int, err error) {
	switch {
	case mediaType == MediaHEIC:
		width, height, whole := heicSize(b)
		if !whole {
			return 0, 0, errDamaged()
		}
		return width, height, nil
	case mediaType == MediaPNG && pngEnd(b) < len(b):
		return 0, 0, fault.New(fault.Invalid, "the PNG has %d bytes after its end: save it again", len(b)-pngEnd(b))
	case mediaType == MediaWebP && !webpWhole(b):
		return 0, 0, errDamaged()
	case mediaType == MediaWebP && webpMoves(b):
		return 0, 0, fault.New(fault.Invalid, "the photo moves: send a still picture")
	case mediaType == MediaJPEG && jpegScans(b) > maxScans:
		return 0, 0, fault.New(fault.Invalid, "the photo is drawn in more than %d passes: save it again as an ordinary JPEG", maxScans)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return 0, 0, errDamaged()
	}
	return config.Width, config.Height, nil
}

func checkSize(width, height int) error {
	if width < 1 || height < 1 {
		return fault.New(fault.Invalid, "the photo has no pixels")
	}
	if width > MaxPhotoSide || height > MaxPhotoSide || width*height > MaxPhotoPixels {
		return fault.New(fault.Invalid, "the photo has %d × %d pixels: %d a side and %d in all are the most",
			width, height, MaxPhotoSide, MaxPhotoPixels)
	}
	return nil
}

// A progressive JPEG without subsampling takes 3 bytes a pixel and 12 for its coefficients: the
// most of all. Decoders share one gibibyte, and wait for it, so that many phones that upload at
// once cannot take all memory.
const (
	bytesPerPixel = 16
	decoderMemory = 1 << 30
)

var decoders = semaphore.NewWeighted(decoderMemory)

func decode(ctx context.Context, b []byte, pixels int) (img image.Image, err error) {
	need := int64(pixels) * bytesPerPixel
	if err := decoders.Acquire(ctx, need); err != nil {
		return nil, err
	}
	defer decoders.Release(need)
	// The decoders are not ours and the bytes come from anywhere.
	defer func() {
		if recover() != nil {
			img, err = nil, errDamaged()
		}
	}()
	if img, _, err = image.Decode(bytes.NewReader(b)); err != nil {
		return nil, errDamaged()
	}
	return img, nil
}

func errDamaged() error {
	return fault.New(fault.Invalid, "the picture is damaged or cut off")
}
