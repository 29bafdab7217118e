package gs1

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"callout/internal/fault"
)

// Format is the grammar that a scan follows.
type Format string

// The formats.
const (
	FormatGS1         Format = "gs1"          // an element string of application identifiers
	FormatDigitalLink Format = "digital_link" // a GS1 Digital Link URI
	FormatLabel       Format = "label"        // a label that the house printed
	FormatPlain       Format = "plain"        // a text that stands for itself: a serial, a number, a code
)

// Code is what a scan says.
type Code struct {
	Format   Format
	GTIN     string // 14 digits, checked; "" where the scan names none
	Serial   string // AI 21, or the serial on a label of ours
	Lot      string // AI 10
	Expires  string // AI 17, as YYYY-MM-DD of this century; "" where the scan names none
	Count    int    // AI 30, or else AI 37; 0 where the scan names none
	Part     string // on our label: the part's number
	Location string // on our label: the location's code
	Plain    string // the text as it stands, where it may be meant so: Format plain, or digits that carry no sign of GS1
}

// longest is how many bytes a scan has at the most: more is no scan of a label.
const longest = 512

// separator is FNC1 as scanners send it: ASCII 29, the end of an element of variable length.
const separator = '\x1d'

// symbology is the prefix by which a scanner says what kind of symbol it saw (ISO/IEC 15424).
var symbology = regexp.MustCompile(`^\][A-Za-z][0-9A-Za-z]`)

// Parse reads a scan. It fails with fault.Invalid where the scan is empty, longer than 512 bytes or
// no text, and where it has the signs of a GS1 code or of our label and is a broken one.
func Parse(raw string) (Code, error) {
	if len(raw) > longest {
		return Code{}, fault.New(fault.Invalid, "a scan has at most %d bytes", longest)
	}
	if !utf8.ValidString(raw) {
		return Code{}, fault.New(fault.Invalid, "this scan is no text")
	}
	text := strings.TrimSpace(raw)
	sign := symbology.FindString(text)
	text = strings.TrimSpace(text[len(sign):])
	if strings.Trim(text, string(separator)+" ") == "" {
		return Code{}, fault.New(fault.Invalid, "this scan is empty")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != separator }) {
		return Code{}, fault.New(fault.Invalid, "this scan holds control characters")
	}
	switch {
	case sign == "]C1" || sign == "]d2" || sign == "]Q3" || sign == "]e0" || strings.ContainsRune(text, separator):
		return parseElements(text)
	case bracketed.MatchString(text):
		return parseBracketed(text)
	case strings.HasPrefix(text, labelPart), strings.HasPrefix(text, labelLocation), strings.HasPrefix(text, labelUnit):
		return parseLabel(text)
	case isLink(text):
		return parseLink(text)
	}
	return parsePlain(text), nil
}

// parsePlain takes a text for itself. Digits that fit a GTIN, or an element string that begins
// with one, may be that as well: nothing but the check digit tells.
func parsePlain(text string) Code {
	if strings.HasPrefix(text, "01") && len(text) >= 16 {
		if c, err := parseElements(text); err == nil {
			c.Plain = text
			return c
		}
	}
	c := Code{Format: FormatPlain, Plain: text}
	if gtin, err := NormalizeGTIN(text); err == nil {
		c.GTIN = gtin
	}
	return c
}
