package formats

import (
	"bufio"
	"bytes"
	"io"

	"callout/dispatch/formats/budget"
	"callout/dispatch/formats/chart"
	"callout/dispatch/formats/native"
	"callout/dispatch/formats/solomon"
	"callout/dispatch/formats/vroom"
	"callout/dispatch/solve"
)

// Format is a form in which problems are written.
type Format string

// The formats.
const (
	Vroom   Format = "vroom"
	Solomon Format = "solomon"
	Callout Format = "callout"
)

// Document is a problem as a file tells it.
type Document interface {
	// Problem is what there is to be solved.
	Problem() *solve.Problem
	// Write writes a plan of the problem in the form of the file.
	Write(io.Writer, *solve.Plan, budget.Effort) error
	// Names says how a drawing calls shifts, jobs and times.
	Names() chart.Names
}

// Read reads a problem. Where no format is named it is guessed. All that is wrong with the
// problem comes together, as fault.Invalid, by JSON Pointer or by line and column.
func Read(in io.Reader, format Format) (Document, error) {
	if format == "" {
		in, format = guess(in)
	}
	switch format {
	case Vroom:
		return vroom.Read(in)
	case Solomon:
		return solomon.Read(in)
	case Callout:
	}
	return native.Read(in)
}

// guessing is how much of a file is looked at.
const guessing = 64 << 10

// guess tells the format by how a file begins: JSON begins with a brace; only VROOM's has
// vehicles or matrices, only ours technicians.
func guess(in io.Reader) (io.Reader, Format) {
	b := bufio.NewReaderSize(in, guessing)
	head, _ := b.Peek(guessing) // what is wrong with the file shows where it is read
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n")
	switch {
	case len(trimmed) > 0 && trimmed[0] != '{' && trimmed[0] != '[':
		return b, Solomon
	case bytes.Contains(head, []byte(`"technicians"`)) || !bytes.Contains(head, []byte(`"vehicles"`)) && !bytes.Contains(head, []byte(`"matrices"`)) && !bytes.Contains(head, []byte(`"time_windows"`)):
		return b, Callout
	}
	return b, Vroom
}
