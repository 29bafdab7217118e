package evidence

import "callout/internal/words"

// Coverages says, a sentence for each, until when the repaired parts of the record are covered
// (requirement 108).
func (r Record) Coverages() (lines []words.Text) {
	for _, p := range r.Parts {
		switch {
		case p.CoveredUntil == "":
		case p.NewSerial != "":
			lines = append(lines, words.Say("part %s × %d, serial %s: covered until %s", p.Number, p.Quantity, p.NewSerial, p.CoveredUntil))
		default:
			lines = append(lines, words.Say("part %s × %d: covered until %s", p.Number, p.Quantity, p.CoveredUntil))
		}
	}
	return lines
}

// Coverages says what the sealed record says of them; nothing where it was not read.
func (s SignOff) Coverages() []words.Text {
	r, ok := parseRecord(s.Record)
	if !ok {
		return nil
	}
	return r.Coverages()
}
