package stream

import (
	"math"
	"strconv"
	"unicode/utf8"

	"callout/internal/words"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"
)

// Members says how each member of an object is read.
type Members map[string]func()

// Object reads an object. Members that are not known are refused, and required ones that are
// not there; each function must read exactly one value.
func (r *Reader) Object(members Members, required ...string) {
	if !r.enter('{') {
		return
	}
	for r.more('}') {
		name, err := r.d.ReadToken()
		if r.fail(err) {
			return
		}
		read, known := members[name.String()]
		if !known {
			r.Faults.Add(r.At(), "is not known here")
			r.Skip()
			continue
		}
		delete(members, name.String()) // what is left is not there
		read()
	}
	if !r.leave() {
		return
	}
	for _, name := range required {
		if members[name] != nil {
			r.Faults.Add(r.At()+"/"+name, "is required")
		}
	}
}

// Map reads an object whose names are data.
func (r *Reader) Map(member func(name string)) {
	if !r.enter('{') {
		return
	}
	for r.more('}') {
		name, err := r.d.ReadToken()
		if r.fail(err) {
			return
		}
		member(name.String())
	}
	r.leave()
}

// Array reads an array; item must read exactly one value. It returns how many there were, and
// -1 where the value is no array.
func (r *Reader) Array(item func(i int)) int {
	if !r.enter('[') {
		return -1
	}
	n := 0
	for r.more(']') {
		item(n)
		n++
	}
	r.leave()
	return n
}

func (r *Reader) enter(kind jsontext.Kind) bool {
	if !r.is(kinds[kind], kinds[kind]) {
		return false
	}
	_, err := r.d.ReadToken()
	return !r.fail(err)
}

func (r *Reader) leave() bool {
	if r.err != nil {
		return false
	}
	_, err := r.d.ReadToken()
	return !r.fail(err)
}

// is says whether the next value is of a type. Where it is not it passes over it, and says what is wanted.
func (r *Reader) is(kind, wanted string) bool {
	switch r.Kind() {
	case kind:
		return true
	case "":
		if r.err == nil {
			_, err := r.d.ReadToken()
			r.fail(err)
		}
		return false
	}
	if r.Skip(); r.err == nil {
		r.wrong(words.Noun(wanted))
	}
	return false
}

func (r *Reader) wrong(kind words.Noun) { r.Faults.Add(r.At(), "must be of type %s", kind) }

// Skip passes over a value.
func (r *Reader) Skip() {
	if r.err == nil {
		r.fail(r.d.SkipValue())
	}
}

// Text reads a string of at most so many characters.
func (r *Reader) Text(most int) string {
	if !r.is("string", "string") {
		return ""
	}
	t, err := r.d.ReadToken()
	if r.fail(err) {
		return ""
	}
	s := t.String()
	if utf8.RuneCountInString(s) > most {
		r.Faults.Add(r.At(), "must have at most %d characters", most)
		return ""
	}
	return s
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	if !r.is("boolean", "boolean") {
		return false
	}
	t, err := r.d.ReadToken()
	return !r.fail(err) && t.Bool()
}

// Float reads a number.
func (r *Reader) Float(least, most float64) float64 {
	if !r.is("number", "number") {
		return least
	}
	v, err := r.d.ReadValue()
	if r.fail(err) {
		return least
	}
	f, err := strconv.ParseFloat(string(v), 64)
	switch {
	case f < least:
		r.Faults.Add(r.At(), "must be at least %s", decimal(least))
	case err != nil || f > most:
		r.Faults.Add(r.At(), "must be at most %s", decimal(most))
	default:
		return f
	}
	return least
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// Int reads a whole number.
func (r *Reader) Int(least, most int64) int64 {
	if !r.is("number", "integer") {
		return least
	}
	v, err := r.d.ReadValue()
	if r.fail(err) {
		return least
	}
	n, fit := whole(v)
	switch {
	case fit == notWhole:
		r.wrong("integer")
	case fit == tooSmall || fit == fits && n < least:
		r.Faults.Add(r.At(), "must be at least %s", strconv.FormatInt(least, 10))
	case fit == tooLarge || n > most:
		r.Faults.Add(r.At(), "must be at most %s", strconv.FormatInt(most, 10))
	default:
		return n
	}
	return least
}

type fit int

const (
	fits fit = iota
	notWhole
	tooSmall
	tooLarge
)

// whole reads a JSON number that is a whole one, however it is written: 3, 3.0, 3e0.
func whole(v []byte) (int64, fit) {
	if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
		return n, fits
	}
	f, err := strconv.ParseFloat(string(v), 64)
	switch {
	case f >= 1<<63:
		return 0, tooLarge
	case f < -1<<63:
		return 0, tooSmall
	case err != nil || f != math.Trunc(f):
		return 0, notWhole
	}
	return int64(f), fits
}

// Point reads a longitude and a latitude; shape is how a fault shows the pair.
func (r *Reader) Point(shape string) orb.Point {
	var p orb.Point
	n := r.Array(func(i int) {
		switch i {
		case 0:
			p[0] = r.Float(-180, 180)
		case 1:
			p[1] = r.Float(-90, 90)
		default:
			r.Skip()
		}
	})
	if n >= 0 && n != 2 {
		r.Faults.Add(r.At(), "must be %s", shape)
	}
	return p
}
