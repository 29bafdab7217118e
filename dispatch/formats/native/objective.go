package native

import (
	"strings"

	"callout/dispatch/solve"
)

// figures are the figures by their names, which are also their order.
var (
	figureOrder = []string{"missed", "unserved", "lateness", "cost", "imbalance", "dislike", "changed"}
	figureNames = strings.Join(figureOrder, ", ")
	figures     = func() map[string]solve.Figure {
		all := map[string]solve.Figure{}
		for i, name := range figureOrder {
			all[name] = solve.Figure(i)
		}
		return all
	}()
)

// presets are the objectives that have a name; each begins with what the most urgent classes miss.
var presets = map[string][]solve.Figure{
	"service":   {solve.Missed, solve.Unserved, solve.Lateness, solve.Cost, solve.Dislike},
	"sla":       {solve.Lateness, solve.Missed, solve.Unserved, solve.Cost, solve.Dislike},
	"cost":      {solve.Missed, solve.Unserved, solve.Cost, solve.Lateness, solve.Dislike},
	"stability": {solve.Missed, solve.Unserved, solve.Changed, solve.Lateness, solve.Cost},
	"fairness":  {solve.Missed, solve.Unserved, solve.Lateness, solve.Imbalance, solve.Cost},
}

const (
	presetNames   = "service, sla, cost, stability, fairness"
	defaultPreset = "service"
)

// preset is an objective by its name. Classes are strict: what is missed of one class counts
// before all that follow, for each class that there is; with sla, lateness comes between the
// first class and the others.
func preset(name string, jobs []solve.Job) solve.Objective {
	var there [solve.Classes]bool
	for i := range jobs {
		there[jobs[i].Class] = true
	}
	var o solve.Objective
	missed := func(from, to int) {
		for class := from; class < to; class++ {
			if there[class] {
				o = append(o, solve.Level{{Of: solve.Missed, Class: class, Price: 1}})
			}
		}
	}
	first := 0
	if name == "sla" {
		missed(0, 1)
		first = 1
	}
	for _, figure := range presets[name] {
		if figure == solve.Missed {
			missed(first, solve.Classes)
			continue
		}
		o = append(o, solve.Level{{Of: figure, Price: 1}})
	}
	return o
}
