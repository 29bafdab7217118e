package native

import (
	"callout/dispatch/formats/stream"
	"callout/dispatch/solve"
)

func (r *reader) job() job {
	j := job{Job: solve.Job{Weight: 1}}
	r.Object(stream.Members{
		"id":          func() { j.id = r.id() },
		"place":       func() { j.place = r.place() },
		"windows":     func() { j.Windows = r.windows() },
		"release":     func() { j.Release = r.moment() },
		"due":         func() { j.Due = r.moment() },
		"late_weight": func() { j.LateWeight = r.Int(1, maxWeight) },
		"setup":       func() { j.Setup = r.Int(0, maxSpan) },
		"work":        func() { j.Work = r.Int(0, maxSpan) },
		"skills":      func() { r.list(maxListed, func() { j.needs = append(j.needs, r.need()) }) },
		"parts":       func() { j.parts = r.parts() },
		"deliver":     func() { j.Deliver = r.amounts() },
		"pickup":      func() { j.Pickup = r.amounts() },
		"class":       func() { j.Class = int(r.Int(0, solve.Classes-1)) },
		"weight":      func() { j.Weight = r.Int(0, maxWeight) },
		"allowed":     func() { j.allowed, j.restricted = r.names(), true },
		"forbidden":   func() { j.forbidden = r.names() },
		"preferences": func() { r.list(maxListed, func() { j.preferences = append(j.preferences, r.preference()) }) },
		"group":       func() { j.group = r.id() },
		"chain":       func() { j.chain = r.id() },
		"after":       func() { j.after = r.names() },
		"pin":         func() { j.pin = r.pin() },
		"published":   func() { j.published = r.pin() },
	}, "id", "place")
	return j
}

func (r *reader) need() need {
	var n need
	r.Object(stream.Members{
		"skill": func() { n.skill = r.id() },
		"level": func() { n.level = int(r.Int(0, maxLevel)) },
	}, "skill")
	return n
}

func (r *reader) preference() preference {
	var p preference
	r.Object(stream.Members{
		"technician": func() { p.technician = r.name() },
		"points":     func() { p.points = r.Int(-maxWeight, maxWeight) },
	}, "technician", "points")
	return p
}

func (r *reader) pin() *pin {
	var p pin
	r.Object(stream.Members{
		"shift": func() { p.shift = r.name() },
		"start": func() { p.Timed, p.Start = true, r.moment() },
	}, "shift")
	return &p
}

func (r *reader) parts() []amount {
	var all []amount
	r.Map(func(part string) { all = append(all, amount{part, r.Int(0, maxAmount)}) })
	return all
}
