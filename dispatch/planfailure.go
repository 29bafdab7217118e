package dispatch

import (
	"errors"
	"fmt"
	"slices"

	"callout/dispatch/solve"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/words"
)

// failure is why a plan has failed: as people are told, and the cause for who looks after the house.
type failure struct {
	told  words.Text
	cause string
}

// columns are both as the table keeps them; null where nothing has failed.
func (f *failure) columns() (told, cause any) {
	if f == nil {
		return nil, nil
	}
	return pg.JSON[words.Text]{V: f.told}, f.cause
}

// failureOf judges the error that a search ended in; nil where another attempt is worth it.
func failureOf(because error, attempt int) *failure {
	if broken, is := errors.AsType[*solve.BrokenError](because); is { // the next search would break in the same place
		return &failure{words.Say("the search broke, and would break again: a fault of the program"), fmt.Sprintf("the search broke: %v", broken.Cause)}
	}
	if e, is := errors.AsType[*fault.Error](because); is && (e.Code == fault.Invalid || e.Code == fault.NotFound) {
		return &failure{saidOf(e), because.Error()}
	}
	if attempt < mostAttempts {
		return nil
	}
	return &failure{words.Say("the search ended in an error %d times", attempt), because.Error()}
}

// saidOf is what a refusal says, with the first of its reasons.
func saidOf(e *fault.Error) words.Text {
	if len(e.Fields) == 0 {
		return lasting(e.Detail)
	}
	return words.Say("%s: %s", lasting(e.Detail), lasting(e.Fields[0].Detail))
}

// lasting is the sentence with its nouns as sentences: they are still translated once they were stored.
func lasting(t words.Text) words.Text {
	t.Args = slices.Clone(t.Args)
	for i, a := range t.Args {
		if noun, is := a.(words.Noun); is {
			t.Args[i] = words.Say(string(noun))
		}
	}
	return t
}

// lostFailure is that of a plan that has cost too many workers.
func lostFailure() *failure {
	told := words.Say("the search never ended: its process did, %d times", mostAttempts)
	return &failure{told, told.String()}
}
