package stream

import (
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"callout/internal/fault"
)

// maxFaults is how many faults are told of one document.
const maxFaults = 1000

var errMany = errors.New("too many faults")

// Reader walks through one document. A value that does not fit is noted and passed over; after
// a fault of the text itself every method returns nothing at once, and End tells.
type Reader struct {
	Faults fault.Faults // what does not fit, so far

	d   *jsontext.Decoder
	in  *lines
	err error // why there is no reading on
}

// Read begins to read a document.
func Read(in io.Reader) *Reader {
	l := &lines{in: in}
	d := jsontext.NewDecoder(l)
	l.consumed = d.InputOffset
	return &Reader{d: d, in: l}
}

// At is the JSON Pointer of the value that was read last.
func (r *Reader) At() string { return readable(r.d.StackPointer()) }

// maxPointer keeps the place of a fault readable: a text may be nested as deeply as it is long.
const maxPointer = 1000

func readable(at jsontext.Pointer) string {
	if len(at) > maxPointer {
		return ""
	}
	return string(at)
}

// End says that the document should be over. It returns all the faults together, as
// fault.Invalid; or what kept the text from being read.
func (r *Reader) End() error {
	if r.err == nil {
		if _, err := r.d.ReadToken(); err == nil {
			line, column := r.in.place(r.d.InputOffset() - 1)
			r.Faults.Add("", "line %d, column %d: is followed by something more than one JSON value", line, column)
		} else if !errors.Is(err, io.EOF) {
			r.err = err
		}
	}
	if r.err != nil {
		if err := r.broken(); err != nil {
			return err
		}
	}
	return r.Faults.Err(fault.Invalid, "the document cannot be understood")
}

// broken notes why the text could not be read to its end, or returns the error of the file.
func (r *Reader) broken() error {
	syntax, ok := errors.AsType[*jsontext.SyntacticError](r.err)
	switch {
	case errors.Is(r.err, errMany):
		r.Faults.Add("", "more than %d faults: the rest is not told", maxFaults)
	case errors.Is(r.err, errLong):
		line, column := r.in.place(r.d.InputOffset())
		r.Faults.Add(r.At(), "line %d, column %d: a value is longer than %d bytes", line, column, maxValue)
	case ok:
		r.syntax(syntax)
	case errors.Is(r.err, io.ErrUnexpectedEOF), errors.Is(r.err, io.EOF):
		r.Faults.Add("", "ends before it is whole")
	default:
		return r.err
	}
	return nil
}

func (r *Reader) syntax(e *jsontext.SyntacticError) {
	at := readable(e.JSONPointer)
	line, column := r.in.place(e.ByteOffset)
	switch {
	case errors.Is(e, jsontext.ErrDuplicateName):
		r.Faults.Add(at, "line %d, column %d: stands twice in its object", line, column)
	case errors.Is(e, io.ErrUnexpectedEOF):
		r.Faults.Add(at, "line %d, column %d: ends before it is whole", line, column)
	case strings.Contains(e.Err.Error(), "UTF-8"):
		r.Faults.Add(at, "line %d, column %d: is not valid UTF-8", line, column)
	default:
		r.Faults.Add(at, "line %d, column %d: is not valid JSON", line, column)
	}
}

func (r *Reader) fail(err error) bool {
	if err != nil && r.err == nil {
		r.err = err
	}
	return err != nil
}

// more says whether the object or array that ends with end goes on.
func (r *Reader) more(end jsontext.Kind) bool {
	if r.err != nil {
		return false
	}
	if len(r.Faults) >= maxFaults {
		return !r.fail(errMany)
	}
	next := r.d.PeekKind()
	if next == end {
		return false
	}
	if next == 0 || next == '}' || next == ']' {
		_, err := r.d.ReadToken() // says what is wrong
		return !r.fail(err)
	}
	return true
}

// Kind is the JSON type of the value that comes next, and empty where none does.
func (r *Reader) Kind() string {
	if r.err != nil {
		return ""
	}
	return kinds[r.d.PeekKind()]
}

var kinds = map[jsontext.Kind]string{
	'{': "object", '[': "array", '"': "string", '0': "number", 't': "boolean", 'f': "boolean", 'n': "null",
}
