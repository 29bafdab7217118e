package evidence

import (
	"encoding/binary"
	"slices"
)

// A HEIC file is a tree of boxes (ISO/IEC 14496-12): 4 bytes of size, 4 of kind, the rest. No
// decoder of it is at hand, so a file counts as whole when every box lies within its parent and
// every piece of every item within the file.

type box struct {
	kind string
	body []byte
}

const maxBoxes = 10_000

// isHEIC says whether b announces itself as a HEVC-coded still picture.
func isHEIC(b []byte) bool {
	if len(b) < 16 || string(b[4:8]) != "ftyp" {
		return false
	}
	end := min(uint64(binary.BigEndian.Uint32(b)), uint64(len(b)))
	heic := []string{"heic", "heix", "heim", "heis"}
	major := string(b[8:12])
	if slices.Contains(heic, major) {
		return true
	}
	for at := uint64(16); major == "mif1" && at+4 <= end; at += 4 {
		if slices.Contains(heic, string(b[at:at+4])) {
			return true
		}
	}
	return false
}

// boxes divides b into boxes that fill it exactly. Only the last of a file may leave its size open.
func boxes(b []byte, file bool) (all []box, whole bool) {
	for len(b) > 0 {
		if len(b) < 8 || len(all) == maxBoxes {
			return nil, false
		}
		size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch {
		case size == 0 && file:
			size = uint64(len(b))
		case size == 1 && len(b) >= 16:
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < head || size > uint64(len(b)) {
			return nil, false
		}
		all = append(all, box{string(b[4:8]), b[head:size]})
		b = b[size:]
	}
	return all, true
}

// only returns the one box of a kind.
func only(all []box, kind string) (found []byte, one bool) {
	count := 0
	for _, b := range all {
		if b.kind == kind {
			found, count = b.body, count+1
		}
	}
	return found, count == 1
}

// heicSize returns the largest size that an item of the file announces, which is the picture's
// own: thumbnails and tiles are smaller.
func heicSize(b []byte) (width, height int, whole bool) {
	top, ok := boxes(b, true)
	if !ok {
		return 0, 0, false
	}
	meta, one := only(top, "meta")
	if !one || len(meta) < 4 {
		return 0, 0, false
	}
	inner, ok := boxes(meta[4:], false)
	if !ok {
		return 0, 0, false
	}
	info, one := only(inner, "iinf")
	if !one || !entriesWhole(info) {
		return 0, 0, false
	}
	places, one := only(inner, "iloc")
	data, _ := only(inner, "idat")
	if !one || !itemsWhole(places, uint64(len(b)), uint64(len(data))) {
		return 0, 0, false
	}
	properties, _ := only(inner, "iprp")
	parts, _ := boxes(properties, false)
	container, _ := only(parts, "ipco")
	all, ok := boxes(container, false)
	if !ok {
		return 0, 0, false
	}
	for _, p := range all {
		if p.kind != "ispe" || len(p.body) < 12 {
			continue
		}
		w, h := binary.BigEndian.Uint32(p.body[4:]), binary.BigEndian.Uint32(p.body[8:])
		// In floating point: two announced sides can overflow an integer.
		if float64(w)*float64(h) > float64(width)*float64(height) {
			width, height = int(w), int(h)
		}
	}
	return width, height, true
}

// entriesWhole says whether the list of items is made of whole boxes.
func entriesWhole(info []byte) bool {
	head := 6 // version and flags, a count of 16 bits
	if len(info) > 0 && info[0] > 0 {
		head = 8 // or of 32
	}
	if len(info) < head {
		return false
	}
	_, whole := boxes(info[head:], false)
	return whole
}

// itemsWhole reads the iloc box: whether every piece of every item lies within the file (of so
// many bytes), or within the idat box, and there is one at all.
func itemsWhole(iloc []byte, file, idat uint64) bool {
	r := fields{b: iloc}
	version := r.uint(1)
	r.uint(3)
	sizes := r.uint(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	idSize := 2
	if version == 2 {
		idSize = 4
	}
	if version > 2 || offsetSize > 8 || lengthSize > 8 || baseSize > 8 || indexSize > 8 {
		return false
	}
	pieces := 0
	for items := r.uint(idSize); items > 0 && !r.short; items-- {
		r.uint(idSize)
		method := uint64(0)
		if version > 0 {
			method = r.uint(2) & 15
		}
		r.uint(2)
		base := r.uint(baseSize)
		for extents := r.uint(2); extents > 0 && !r.short; extents-- {
			if version > 0 {
				r.uint(indexSize)
			}
			offset, length := r.uint(offsetSize), r.uint(lengthSize)
			limit := file
			if method == 1 {
				limit = idat
			}
			if method < 2 && (base > limit || offset > limit-base || length > limit-base-offset) {
				return false
			}
			pieces++
		}
	}
	return !r.short && pieces > 0
}

// fields reads big-endian numbers one after the other.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) uint(size int) (n uint64) {
	if size > len(f.b) {
		f.short = true
		return 0
	}
	for _, c := range f.b[:size] {
		n = n<<8 | uint64(c)
	}
	f.b = f.b[size:]
	return n
}
