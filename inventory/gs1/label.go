package gs1

import (
	"strings"

	"callout/internal/fault"
)

// What our labels begin with: a part, a location, a unit.
const (
	labelPart     = "C:P:"
	labelLocation = "C:L:"
	labelUnit     = "C:U:"
)

// PartLabel is what our label of a part says.
func PartLabel(number string) string { return labelPart + escape(number, printable) }

// LocationLabel is what our label of a location says.
func LocationLabel(code string) string { return labelLocation + escape(code, printable) }

// UnitLabel is what our label of a unit says.
func UnitLabel(number, serial string) string {
	return labelUnit + escape(number, printable) + ":" + escape(serial, printable)
}

// parseLabel reads a label of ours.
func parseLabel(text string) (Code, error) {
	c := Code{Format: FormatLabel}
	kind, rest := text[:len(labelPart)], text[len(labelPart):]
	names, whole := []string{}, true
	for name := range strings.SplitSeq(rest, ":") {
		name, ok := unescape(name)
		names, whole = append(names, name), whole && ok && name != ""
	}
	if !whole || (kind == labelUnit) != (len(names) == 2) || len(names) > 2 {
		return Code{}, fault.New(fault.Invalid, "%q begins as a label of ours and does not go on as one", text)
	}
	switch kind {
	case labelPart:
		c.Part = names[0]
	case labelLocation:
		c.Location = names[0]
	default:
		c.Part, c.Serial = names[0], names[1]
	}
	return c, nil
}
