package pg

import (
	"fmt"
	"strings"
)

// Where gathers the conditions of a plain query, and their arguments in the order of their $1-style places.
type Where struct {
	Conditions []string
	Args       []any
}

// And adds a condition; a ? in it stands for its argument.
func (w *Where) And(condition string, arg any) {
	w.Args = append(w.Args, arg)
	w.Conditions = append(w.Conditions, strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(w.Args))))
}

// String is all conditions at once; without any, every row fits.
func (w *Where) String() string {
	if len(w.Conditions) == 0 {
		return "TRUE"
	}
	return strings.Join(w.Conditions, " AND ")
}
