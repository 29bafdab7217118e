package evidence

import (
	"bytes"
	"encoding/binary"
)

// maxScans bounds the passes of a JPEG. Cameras write 1, progressive encoders about 10; each
// costs the decoder a walk over all pixels and the sender a few dozen bytes.
const maxScans = 100

// jpegScans counts the passes (start-of-scan segments) up to the end of the picture.
func jpegScans(b []byte) int {
	const (
		startOfImage, endOfImage, startOfScan = 0xd8, 0xd9, 0xda
		restart0, restart7, temporary         = 0xd0, 0xd7, 0x01
	)
	scans := 0
	for at := 0; ; {
		next := bytes.IndexByte(b[at:], 0xff)
		if next < 0 || at+next+1 >= len(b) {
			return scans
		}
		marker := b[at+next+1]
		at += next + 2
		switch {
		case marker == 0xff:
			at-- // padding: it may be the first byte of a marker
			continue
		case marker == 0, marker == temporary, marker == startOfImage, restart0 <= marker && marker <= restart7:
			continue // stands alone, or is a stuffed byte of a scan
		case marker == endOfImage:
			return scans
		case marker == startOfScan:
			scans++
		}
		if at+2 > len(b) {
			return scans
		}
		// The length counts itself. What follows a scan's header is searched for the next marker.
		at += max(2, int(b[at])<<8|int(b[at+1]))
		if at > len(b) {
			return scans
		}
	}
}

// webpWhole says whether all bytes that a WebP file announces are there: its decoder stops
// reading when it has the pixels.
func webpWhole(b []byte) bool {
	return uint64(binary.LittleEndian.Uint32(b[4:]))+8 <= uint64(len(b))
}

// webpMoves says whether a WebP file announces an animation (VP8X, bit 1).
func webpMoves(b []byte) bool {
	return len(b) > 20 && string(b[12:16]) == "VP8X" && b[20]&0x02 != 0
}

// pngEnd is where a PNG ends; all of b where its end is missing, which its decoder refuses.
func pngEnd(b []byte) int {
	const signature, around = 8, 12 // a chunk has its length, kind and checksum around its data
	at := signature
	for at+around <= len(b) {
		next := uint64(at) + around + uint64(binary.BigEndian.Uint32(b[at:]))
		if next > uint64(len(b)) {
			break
		}
		kind := string(b[at+4 : at+8])
		if at = int(next); kind == "IEND" {
			return at
		}
	}
	return len(b)
}
