package native

import (
	"callout/dispatch/formats/stream"
	"callout/dispatch/solve"
)

func (r *reader) technician() technician {
	var t technician
	r.Object(stream.Members{
		"id":     func() { t.id = r.id() },
		"skills": func() { r.list(maxListed, func() { t.skills = append(t.skills, r.grant()) }) },
		"stock":  func() { t.stock = r.parts() },
		"shifts": func() { r.list(maxListed, func() { t.shifts = append(t.shifts, r.shift()) }) },
	}, "id", "shifts")
	return t
}

func (r *reader) grant() grant {
	g := grant{from: -solve.Forever, to: solve.Forever}
	r.Object(stream.Members{
		"skill": func() { g.skill = r.id() },
		"level": func() { g.level = int(r.Int(0, maxLevel)) },
		"from":  func() { g.from = r.moment() },
		"to":    func() { g.to = r.moment() },
	}, "skill")
	if g.from > g.to {
		r.Faults.Add(r.At()+"/to", "ends before it begins")
	}
	return g
}

func (r *reader) shift() shift {
	var s shift
	driving, metres := int64(0), int64(0)
	r.Object(stream.Members{
		"id":           func() { s.id = r.id() },
		"profile":      func() { s.profile = r.name() },
		"start":        func() { s.start = r.place() },
		"end":          func() { s.end = r.place() },
		"from":         func() { s.From = r.moment() },
		"to":           func() { s.To = r.moment() },
		"overtime":     func() { s.Overtime = r.Int(0, maxSpan) },
		"breaks":       func() { r.list(maxDimension, func() { s.Breaks = append(s.Breaks, r.pause()) }) },
		"capacity":     func() { s.Capacity = r.amounts() },
		"max_jobs":     func() { s.MaxJobs = int(r.Int(1, maxListed)) },
		"max_driving":  func() { driving = r.Int(1, maxSpan) },
		"max_distance": func() { metres = r.Int(1, maxAmount) },
		"rates":        func() { s.Rates = r.rates() },
		"pace":         func() { s.Pace = int(r.Int(1, maxPace)) },
	}, "id", "from", "to")
	s.MaxDriving, s.MaxMetres = driving, metres
	if s.From > s.To {
		r.Faults.Add(r.At()+"/to", "ends before it begins")
	}
	return s
}

func (r *reader) pause() solve.Break {
	var b solve.Break
	r.Object(stream.Members{
		"windows": func() {
			if b.Windows = r.windows(); len(b.Windows) == 0 {
				r.Faults.Add(r.At(), "must hold at least %d", 1)
			}
		},
		"duration": func() { b.Duration = r.Int(0, maxSpan) },
	}, "windows", "duration")
	return b
}

func (r *reader) rates() solve.Rates {
	var to solve.Rates
	r.Object(stream.Members{
		"fixed":    func() { to.Fixed = r.Int(0, maxRate) },
		"driving":  func() { to.Driving = r.Int(0, maxRate) },
		"work":     func() { to.Work = r.Int(0, maxRate) },
		"overtime": func() { to.Overtime = r.Int(0, maxRate) },
		"km":       func() { to.Km = r.Int(0, maxRate) },
	})
	return to
}

func (r *reader) windows() []solve.Window {
	var all []solve.Window
	r.list(maxListed, func() {
		var w solve.Window
		r.Object(stream.Members{"from": func() { w.From = r.moment() }, "to": func() { w.To = r.moment() }}, "from", "to")
		if w.From > w.To {
			r.Faults.Add(r.At()+"/to", "ends before it begins")
		}
		all = append(all, w)
	})
	return all
}
