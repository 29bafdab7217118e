package evidence

import "callout/internal/words"

// Check is one thing that was checked, and how it came out.
type Check struct {
	Name string     // for programs: record_form, signature, photo …
	What words.Text // what must hold
	OK   bool
	Why  words.Text // what is wrong, where it does not hold
}

// Report is what a verification found.
type Report struct {
	Checks []Check
	Seal   Seal    // as far as it could be read
	Record *Record // nil where it could not be read; believe it only if OK
}

// OK says whether every check came out well, and there was one.
func (r Report) OK() bool {
	for _, c := range r.Checks {
		if !c.OK {
			return false
		}
	}
	return len(r.Checks) > 0
}

// check notes a check; why is what is wrong if it is not ok.
func (r *Report) check(name string, ok bool, what, why words.Text) {
	c := Check{Name: name, What: what, OK: ok}
	if !ok {
		c.Why = why
	}
	r.Checks = append(r.Checks, c)
}
