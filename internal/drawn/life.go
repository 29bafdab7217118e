// Package drawn reads the lives that READMEs draw, so that tests can hold them against the code.
package drawn

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Life is the life of a thing as a state diagram draws it.
type Life struct {
	First, Last []string                       // the statuses that it begins and ends with
	Ways        map[string]map[string][]string // by status and verb, the statuses that may follow
}

var arrow = regexp.MustCompile(`(?m)^ +(\[\*\]|[a-z_]+) --> (\[\*\]|[a-z_]+)(?:: (.+))?$`)

// Read reads the first diagram under a heading of a Markdown file. One that cannot be read fails the test.
func Read(t testing.TB, file, heading string) Life {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, under, _ := strings.Cut(string(text), "# "+heading+"\n")
	_, diagram, _ := strings.Cut(under, "```mermaid\n")
	diagram, _, closed := strings.Cut(diagram, "```")
	arrows := arrow.FindAllStringSubmatch(diagram, -1)
	if !closed || len(arrows) == 0 || strings.Count(diagram, "-->") != len(arrows) {
		t.Fatalf("the diagram under %q cannot be read", heading)
	}
	life := Life{Ways: map[string]map[string][]string{}}
	for _, m := range arrows {
		from, to := m[1], m[2]
		switch {
		case from == "[*]":
			life.First = append(life.First, to)
			continue
		case to == "[*]":
			life.Last = append(life.Last, from)
			continue
		}
		if life.Ways[from] == nil {
			life.Ways[from] = map[string][]string{}
		}
		for verb := range strings.SplitSeq(m[3], ", ") {
			life.Ways[from][verb] = append(life.Ways[from][verb], to)
		}
	}
	return life
}

// Words are the statuses and the verbs that are drawn, each once and sorted.
func (l Life) Words() (statuses, verbs []string) {
	statuses = append(slices.Clone(l.First), l.Last...)
	for from, ways := range l.Ways {
		statuses = append(statuses, from)
		for verb, to := range ways {
			statuses, verbs = append(statuses, to...), append(verbs, verb)
		}
	}
	slices.Sort(statuses)
	slices.Sort(verbs)
	return slices.Compact(statuses), slices.Compact(verbs)
}

// Leads says whether a verb of one status leads to another.
func (l Life) Leads(from, to string) bool {
	for _, all := range l.Ways[from] {
		if slices.Contains(all, to) {
			return true
		}
	}
	return false
}

// To is the status that a verb leads to, empty where the verb is not drawn.
func (l Life) To(from, verb string) string { return strings.Join(l.Ways[from][verb], " or ") }

// Same fails the test where a table of the statuses that may follow each other differs from what is drawn.
func Same[S ~string](t testing.TB, life Life, next map[S][]S) {
	t.Helper()
	statuses, _ := life.Words()
	for _, from := range statuses {
		for _, to := range statuses {
			if table, drawn := slices.Contains(next[S(from)], S(to)), life.Leads(from, to); table != drawn {
				t.Errorf("%s → %s: the table says %v, the diagram %v", from, to, table, drawn)
			}
		}
		if ends := len(next[S(from)]) == 0; ends != slices.Contains(life.Last, from) {
			t.Errorf("what is %s stays so in the table: %v; as drawn: %v", from, ends, !ends)
		}
	}
	for from, all := range next {
		for _, s := range append(slices.Clone(all), from) {
			if !slices.Contains(statuses, string(s)) {
				t.Errorf("%s is not drawn", s)
			}
		}
	}
}
