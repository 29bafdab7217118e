package gs1

import (
	"regexp"
	"strings"

	"callout/internal/fault"
)

// resolver is where a Digital Link of ours leads whoever follows it: GS1's own.
const resolver = "https://id.gs1.org"

// compressed is how the only segment of a compressed link begins that names a GTIN: 01 in the
// first byte of its base64 (GS1 Digital Link Standard: Compression).
var compressed = regexp.MustCompile(`^A[Q-Za-f][A-Za-z0-9_-]{9,}$`)

func isLink(text string) bool {
	scheme, _, found := strings.Cut(text, "://")
	return found && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http"))
}

// parseLink reads a GS1 Digital Link. Any other address stands for itself.
func parseLink(text string) (Code, error) {
	_, rest, _ := strings.Cut(text, "://")
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	segments := strings.Split(strings.TrimSuffix(rest, "/"), "/")[1:]
	key := keyAt(segments)
	if key < 0 {
		if len(segments) > 0 && compressed.MatchString(segments[len(segments)-1]) {
			return Code{}, fault.New(fault.Invalid, "this Digital Link is compressed: scan it with its elements in the open")
		}
		return Code{Format: FormatPlain, Plain: text}, nil
	}
	c := elements{Code: Code{Format: FormatDigitalLink}}
	for pairs := segments[key:]; len(pairs) > 0; pairs = pairs[2:] {
		id, known := identifiers[pairs[0]]
		if !known || len(pairs) == 1 {
			return Code{}, fault.New(fault.Invalid, "%q begins with no application identifier", strings.Join(pairs, "/"))
		}
		if err := c.takeEscaped(id, pairs[1]); err != nil {
			return Code{}, err
		}
	}
	for _, pair := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		if id, known := identifiers[name]; known {
			if err := c.takeEscaped(id, value); err != nil {
				return Code{}, err
			}
		}
	}
	return c.code()
}

// keyAt finds where the primary key of a link stands: the last 01 that a GTIN's worth of digits
// follows, because the path in front of it is anybody's; -1 where there is none.
func keyAt(segments []string) int {
	for i := len(segments) - 2; i >= 0; i-- {
		if segments[i] == "01" && len(segments[i+1]) >= 8 && isDigits(segments[i+1]) {
			return i
		}
	}
	return -1
}

// takeEscaped reads one element of a link. A GTIN may stand there without its zeros in front.
func (c *elements) takeEscaped(id identifier, escaped string) error {
	data, ok := unescape(escaped)
	if !ok {
		return fault.New(fault.Invalid, "%q is not escaped as it should be", escaped)
	}
	if id.digits == "01" {
		gtin, err := NormalizeGTIN(data)
		if err != nil {
			return err
		}
		data = gtin
	}
	return c.take(id, data)
}

// DigitalLink is the GS1 Digital Link of a part, or of one unit where serial is not empty. It
// fails as ElementString does.
func DigitalLink(gtin, serial string) (string, error) {
	gtin, err := keyed(gtin, serial)
	if err != nil || serial == "" {
		return resolver + "/01/" + gtin, err
	}
	return resolver + "/01/" + gtin + "/21/" + escape(serial, unreserved), nil
}

// ElementString is what a GS1 symbol says of a part, or of one unit where serial is not empty,
// without FNC1 in front. It fails with fault.Invalid where the GTIN is none, or where GS1 cannot
// say the serial: longer than 20 characters, or of others than its own 82.
func ElementString(gtin, serial string) (string, error) {
	gtin, err := keyed(gtin, serial)
	if err != nil || serial == "" {
		return "01" + gtin, err
	}
	return "01" + gtin + "21" + serial, nil
}

func keyed(gtin, serial string) (string, error) {
	gtin, err := NormalizeGTIN(gtin)
	if err == nil && serial != "" {
		err = identifiers["21"].check(serial)
	}
	return gtin, err
}
