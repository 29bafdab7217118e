package solve

import "callout/internal/fault"

// Check returns all that is wrong with the problem, each by its pointer; nil where nothing is.
func (p *Problem) Check() error {
	var f fault.Faults
	return f.Err(fault.Invalid, "the problem cannot be planned")
}
