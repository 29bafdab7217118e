// Package fault is the product's one vocabulary of failure.
package fault

import (
	"errors"

	"callout/internal/words"
)

// Code classifies a failure by what the caller can do about it.
type Code string

// The codes, and what each asks of the caller.
const (
	Invalid         Code = "invalid"         // mend the input
	NotFound        Code = "not-found"       // it is not there, or not yours to see
	Conflict        Code = "conflict"        // the state of things forbids it: look again
	Stale           Code = "stale"           // somebody changed it meanwhile: read it again
	Unauthenticated Code = "unauthenticated" // sign in
	Forbidden       Code = "forbidden"       // ask somebody who may
	Busy            Code = "busy"            // try later
	Internal        Code = "internal"        // our fault
)

// Field names one wrong input by its JSON Pointer and says why.
type Field struct {
	Pointer string
	Detail  words.Text
}

// Error is a failure that a client may read.
type Error struct {
	Code   Code
	Detail words.Text
	Fields []Field
}

func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Detail.String()
	for _, f := range e.Fields {
		s += "; " + f.Pointer + " " + f.Detail.String()
	}
	return s
}

// New returns an Error with a formatted detail, which the words catalogue can translate.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: words.Say(format, args...)}
}

// Faults gathers everything that is wrong with an input, so that a caller hears of it all together.
type Faults []Field

// Add notes that the member at pointer is wrong.
func (f *Faults) Add(pointer, format string, args ...any) {
	*f = append(*f, Field{pointer, words.Say(format, args...)})
}

// Err is nil where nothing is wrong, otherwise an Error of the code that names each fault.
func (f Faults) Err(code Code, format string, args ...any) error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: code, Detail: words.Say(format, args...), Fields: f}
}

// From finds the Error in err's chain. Anything else is Internal and tells nothing.
func From(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return New(Internal, "internal error")
}

// Is says whether err is an Error of the code.
func Is(err error, code Code) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}
