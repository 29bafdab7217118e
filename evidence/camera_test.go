package evidence_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"callout/evidence"
)

// tag is an EXIF entry: text, or degrees as three rationals.
type tag struct {
	id      uint16
	text    string
	degrees []uint32
}

// exif builds a JPEG's APP1 segment with an IFD0 that points to an EXIF and a GPS directory.
func exif(photo, gps []tag) []byte {
	const head, ifd0 = 8, 2 + 2*12 + 4
	order := binary.LittleEndian
	directory := func(tags []tag, at int) []byte {
		b := order.AppendUint16(nil, uint16(len(tags)))
		data := at + 2 + 12*len(tags) + 4
		var tail []byte
		for _, t := range tags {
			b = order.AppendUint16(b, t.id)
			value := []byte(t.text + "\x00")
			kind, count := uint16(2), len(value)
			if t.degrees != nil {
				kind, count, value = 5, 3, nil
				for _, d := range t.degrees {
					value = order.AppendUint32(order.AppendUint32(value, d), 100)
				}
			}
			b = order.AppendUint32(order.AppendUint16(b, kind), uint32(count))
			if len(value) <= 4 {
				b = append(b, append(value, 0, 0, 0)[:4]...)
				continue
			}
			b = order.AppendUint32(b, uint32(data+len(tail)))
			tail = append(tail, value...)
		}
		return append(order.AppendUint32(b, 0), tail...)
	}
	first := directory(photo, head+ifd0)
	second := directory(gps, head+ifd0+len(first))
	b := []byte("II*\x00\x08\x00\x00\x00\x02\x00")
	for _, pointer := range []struct {
		id uint16
		at int
	}{{0x8769, head + ifd0}, {0x8825, head + ifd0 + len(first)}} {
		b = order.AppendUint16(b, pointer.id)
		b = order.AppendUint32(order.AppendUint16(b, 4), 1)
		b = order.AppendUint32(b, uint32(pointer.at))
	}
	b = append(append(order.AppendUint32(b, 0), first...), second...)
	segment := append([]byte("Exif\x00\x00"), b...)
	out := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(segment)+2))
	return append(out, segment...)
}

func insert(jpeg, segment []byte) []byte {
	return bytes.Join([][]byte{jpeg[:2], segment, jpeg[2:]}, nil)
}

var losAngeles = []tag{
	{0x0001, "N", nil},
	{0x0002, "", []uint32{3400, 300, 1440}},
	{0x0003, "W", nil},
	{0x0004, "", []uint32{11800, 1400, 2400}},
}

func withExif(t testing.TB, jpeg []byte) []byte {
	t.Helper()
	return insert(jpeg, exif([]tag{{0x9003, "2020:01:01 08:30:00", nil}, {0x9011, "-08:00", nil}}, losAngeles))
}

func TestWhatTheCameraWrote(t *testing.T) {
	t.Parallel()
	plain := jpegOf(t, drawing(16, 16))
	local := tag{0x9003, "2020:01:01 08:30:00", nil}
	stamp := []tag{{0x0007, "", []uint32{1600, 3100, 200}}, {0x001d, "2020:01:01", nil}}
	tests := []struct {
		name       string
		photo, gps []tag
		at         string
		zoned      bool
		place      *evidence.Position
	}{
		{"nothing", nil, nil, "", false, nil},
		{"time with its zone, and place", []tag{local, {0x9011, "-08:00", nil}}, losAngeles, "2020-01-01T16:30:00Z", true, &evidence.Position{Lng: -118.24, Lat: 34.054}},
		{"time without zone", []tag{local}, nil, "2020-01-01T08:30:00Z", false, nil},
		{"time of the satellites", []tag{local}, stamp, "2020-01-01T16:31:02Z", true, nil},
		{"south and east", nil, []tag{{0x0001, "S", nil}, losAngeles[1], {0x0003, "E", nil}, losAngeles[3]}, "", false, &evidence.Position{Lng: 118.24, Lat: -34.054}},
		{"no such place", nil, []tag{{0x0001, "N", nil}, {0x0002, "", []uint32{9100, 0, 0}}, {0x0003, "W", nil}, losAngeles[3]}, "", false, nil},
		{"place without a fix", nil, []tag{{0x0001, "N", nil}, {0x0002, "", []uint32{0, 0, 0}}, {0x0003, "E", nil}, {0x0004, "", []uint32{0, 0, 0}}}, "", false, nil},
		{"half a place", nil, losAngeles[:2], "", false, nil},
		{"rubbish for a time", []tag{{0x9003, "yesterday at noon!!", nil}}, nil, "", false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := evidence.CheckPhoto(t.Context(), insert(plain, exif(tt.photo, tt.gps)), "image/jpeg")
			if err != nil {
				t.Fatal(err)
			}
			at := ""
			if !p.Camera.TakenAt.IsZero() {
				at = p.Camera.TakenAt.Format(time.RFC3339)
			}
			if at != tt.at || p.Camera.Zoned != tt.zoned {
				t.Errorf("taken at %q, zoned %v", at, p.Camera.Zoned)
			}
			got := p.Camera.Position
			if (got == nil) != (tt.place == nil) || (got != nil && math.Hypot(got.Lng-tt.place.Lng, got.Lat-tt.place.Lat) > 1e-9) {
				t.Errorf("taken in %v", got)
			}
		})
	}
}

func TestUnreadableFactsAreNoFault(t *testing.T) {
	t.Parallel()
	plain := jpegOf(t, drawing(16, 16))
	for _, segment := range []string{
		"\xff\xe1\x00\x08Exif\x00\x00",
		"\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff",
		"\xff\xe1\x00\x16Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x87\x69\x00\x00",
		"\xff\xe1\x01\x08Exif\x00\x00" + strings.Repeat("\xff", 256),
	} {
		p, err := evidence.CheckPhoto(t.Context(), insert(plain, []byte(segment)), "image/jpeg")
		if err != nil || p.Camera != (evidence.Camera{}) {
			t.Errorf("%q: %+v, %v", segment, p, err)
		}
	}
}
