package workday

import (
	"cmp"
	"slices"
)

// allowed appends the windows in which the visit may begin so that its certificates are valid
// all through it; it gives none where the technician lacks one.
func (r *Route) allowed(windows []Window, v *Visit) []Window {
	windows = v.appendWindows(windows)
	for _, need := range v.Needs {
		if !r.holdsAllDay(need) {
			if windows = cut(windows, r.validity(need), v.Duration); len(windows) == 0 {
				return nil
			}
		}
	}
	return windows
}

// holdsAllDay is the usual case: one certificate that is valid for as long as there can be work.
func (r *Route) holdsAllDay(need Need) bool {
	for i := range r.day.Grants {
		g := &r.day.Grants[i]
		if g.Level >= need.Level && g.From <= r.duty.From && g.To >= r.duty.To && g.Skill == need.Skill {
			return true
		}
	}
	return false
}

// validity lists when the need is met, in order. Certificates that follow one another without
// a gap are as good as one.
func (r *Route) validity(need Need) []Window {
	var valid []Window
	for _, g := range r.day.Grants {
		if g.Skill == need.Skill && g.Level >= need.Level && g.From < g.To {
			valid = append(valid, Window{g.From, g.To})
		}
	}
	slices.SortFunc(valid, func(a, b Window) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	joined := valid[:0]
	for _, w := range valid {
		if last := len(joined) - 1; last >= 0 && w.From <= joined[last].To {
			joined[last].To = max(joined[last].To, w.To)
		} else {
			joined = append(joined, w)
		}
	}
	return joined
}

// cut keeps of the windows what lets work of a duration lie within one of the valid spans.
func cut(windows, valid []Window, duration int64) []Window {
	var kept []Window
	for _, w := range windows {
		for _, v := range valid {
			if c := (Window{max(w.From, v.From), min(w.To, v.To-duration)}); c.From <= c.To {
				kept = append(kept, c)
			}
		}
	}
	return kept
}

// highest is the highest level of a skill that the technician was ever granted, 0 without any.
func (d *Day) highest(skill string) int {
	level := 0
	for _, g := range d.Grants {
		if g.Skill == skill {
			level = max(level, g.Level)
		}
	}
	return level
}

// levelsOver sums by how much the certificates valid from start to end exceed the needs.
func (r *Route) levelsOver(v *Visit, start, end int64) int {
	over := 0
	for _, need := range v.Needs {
		level := need.Level
		for i := range r.day.Grants {
			g := &r.day.Grants[i]
			if g.Level > level && g.From <= start && g.To >= end && g.Skill == need.Skill {
				level = g.Level
			}
		}
		over += level - need.Level
	}
	return over
}
