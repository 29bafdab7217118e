package native

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"callout/internal/fault"
)

// blame says the faults of the problem at the places of the document.
func (d *Document) blame(err error) error {
	e := *fault.From(err)
	e.Fields = slices.Clone(e.Fields)
	for i := range e.Fields {
		e.Fields[i].Pointer = d.locate(e.Fields[i].Pointer)
	}
	return &e
}

// locate turns a place in the problem into one in the document.
func (d *Document) locate(pointer string) string {
	steps := strings.Split(pointer, "/")
	if len(steps) < 3 {
		return pointer
	}
	n, _ := strconv.Atoi(steps[2])
	rest := strings.Join(append([]string{""}, steps[3:]...), "/")
	switch steps[1] {
	case "shifts":
		owner := d.problem.Shifts[n].Technician
		first := n
		for first > 0 && d.problem.Shifts[first-1].Technician == owner {
			first--
		}
		return fmt.Sprintf("/technicians/%d/shifts/%d%s", owner, n-first, rest)
	case "stock":
		return fmt.Sprintf("/technicians/%d/stock", n)
	case "travel":
		return fmt.Sprintf("/profiles/%d%s", n, rest)
	}
	return pointer
}
