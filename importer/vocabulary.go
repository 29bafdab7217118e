package importer

import (
	"callout/cases"
	"callout/dispatch"
	"callout/evidence"
)

// Words is the vocabulary of the product itself, by which a mapping for Load is read.
func Words() Vocabulary {
	return Vocabulary{
		Channels: plainly(cases.Channels), Types: plainly(cases.Types), Severities: plainly(cases.Severities),
		Priorities: plainly([]dispatch.Priority{dispatch.PriorityP0, dispatch.PriorityP1, dispatch.PriorityP2}),
		PhotoKinds: plainly(evidence.Kinds),
	}
}

func plainly[T ~string](words []T) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return all
}
