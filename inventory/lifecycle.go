package inventory

import (
	"callout/internal/fault"
	"callout/internal/words"
)

// CannotBecome is the refusal of a step that a lifecycle does not know.
func CannotBecome[S ~string](what words.Noun, from, to S) error {
	return fault.New(fault.Conflict, "a %s that is %s cannot become %s", what, from, to)
}
