package stream

import (
	"strconv"

	"callout/internal/words"

	"github.com/go-json-experiment/json/jsontext"
)

// Ints reads an array of whole numbers from 0 to most, and no more than so many of them. It is
// made for the rows of large matrices: the row is held as text, and read digit by digit.
func (r *Reader) Ints(count int, most int32) []int32 {
	if !r.is("array", "array") {
		return nil
	}
	raw, err := r.d.ReadValue()
	if r.fail(err) {
		return nil
	}
	row := make([]int32, 0, max(count, 4))
	for i := 1; i < len(raw); {
		switch c := raw[i]; {
		case c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r' || c == ']':
			i++
		case c >= '0' && c <= '9':
			n := int64(0)
			begin := i
			for ; i < len(raw) && raw[i] >= '0' && raw[i] <= '9' && n <= int64(most); i++ {
				n = n*10 + int64(raw[i]-'0')
			}
			if n > int64(most) || raw[i] == '.' || raw[i] == 'e' || raw[i] == 'E' {
				i = begin + len(r.odd(raw[begin:], len(row), most, &n))
			}
			row = append(row, int32(n))
		default:
			n := int64(0)
			i += len(r.odd(raw[i:], len(row), most, &n))
			row = append(row, 0)
		}
		if len(r.Faults) >= maxFaults {
			return row
		}
	}
	return row
}

// odd reads an item of a row that is not simply digits, and returns its text.
func (r *Reader) odd(raw []byte, at int, most int32, n *int64) jsontext.Value {
	v := first(raw)
	pointer := r.At() + "/" + strconv.Itoa(at)
	*n = 0
	if v.Kind() != '0' {
		r.Faults.Add(pointer, "must be of type %s", words.Noun("integer"))
		return v
	}
	value, fit := whole(v)
	switch {
	case fit == notWhole:
		r.Faults.Add(pointer, "must be of type %s", words.Noun("integer"))
	case fit == tooSmall || fit == fits && value < 0:
		r.Faults.Add(pointer, "must be at least %s", "0")
	case fit == tooLarge || value > int64(most):
		r.Faults.Add(pointer, "must be at most %s", strconv.FormatInt(int64(most), 10))
	default:
		*n = value
	}
	return v
}

// first is the first value of a text that is known to be the items of an array.
func first(raw []byte) jsontext.Value {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case (c == ']' || c == '}') && depth > 0:
			depth--
		case depth == 0 && (c == ',' || c == ']' || c == ' ' || c == '\n' || c == '\t' || c == '\r'):
			return raw[:i]
		}
	}
	return raw
}

// Matrix reads an array of so many rows at the most, each of as many whole numbers from 0 to most as
// there are rows.
func (r *Reader) Matrix(rows int, most int32) [][]int32 {
	all, width, faults := [][]int32{}, 0, len(r.Faults)
	n := r.Array(func(i int) {
		if i >= rows {
			r.Skip()
			return
		}
		row := r.Ints(width, most)
		if i == 0 {
			width = len(row)
		}
		if len(row) != width && len(r.Faults) == faults {
			r.Faults.Add(r.At(), "has %d numbers, and the first row %d", len(row), width)
		}
		all = append(all, row)
	})
	switch {
	case len(r.Faults) > faults || r.err != nil:
	case n > rows:
		r.Faults.Add(r.At(), "must hold at most %d", rows)
	case n == 0:
		r.Faults.Add(r.At(), "must hold at least %d", 1)
	case n != width:
		r.Faults.Add(r.At(), "has %d rows of %d numbers: it is not square", n, width)
	}
	return all
}
