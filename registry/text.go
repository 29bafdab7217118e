package registry

import (
	"strings"
	"unicode"

	"callout/internal/fault"

	"golang.org/x/text/unicode/norm"
)

// Line returns a text as it is kept: trimmed, in Unicode normal form C. A blank text and control
// characters are noted as faults at pointer.
func Line(f *fault.Faults, pointer, s string) string {
	s = plain(f, pointer, s, unicode.IsControl)
	if s == "" {
		f.Add(pointer, "must not be blank")
	}
	return s
}

// Note returns a text of several lines as it is kept; it may be empty.
func Note(f *fault.Faults, pointer, s string) string {
	return plain(f, pointer, s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' })
}

func plain(f *fault.Faults, pointer, s string, forbidden func(rune) bool) string {
	s = strings.TrimSpace(norm.NFC.String(s))
	if strings.ContainsFunc(s, forbidden) {
		f.Add(pointer, "must not hold control characters")
	}
	return s
}

// optional is Note for a text that may be absent: a blank one is absent.
func optional(f *fault.Faults, pointer string, s *string) *string {
	if s == nil {
		return nil
	}
	text := plain(f, pointer, *s, unicode.IsControl)
	if text == "" {
		return nil
	}
	return &text
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Fragment is the ILIKE pattern of everything that holds s. A fragment of three characters or
// more is found through a trigram index; a shorter one by reading on.
func Fragment(s string) string { return "%" + exactly(s) + "%" }

// exactly is the ILIKE pattern of s itself, in whatever case.
func exactly(s string) string { return likeEscape.Replace(Asked(s)) }

// Asked is a text that somebody looks for, in the form in which texts are kept. What no text of
// the database holds, NUL and broken UTF-8, is left out.
func Asked(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	return strings.TrimSpace(norm.NFC.String(s))
}
