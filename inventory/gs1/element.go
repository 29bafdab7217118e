package gs1

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/words"
)

// bracketed is an element string as it is printed for people, with its identifiers in brackets.
var bracketed = regexp.MustCompile(`^\(\d{2,4}\)`)

var inBrackets = regexp.MustCompile(`\(\d{2,4}\)`)

// parseElements reads an element string as scanners send it.
func parseElements(text string) (Code, error) {
	c := elements{Code: Code{Format: FormatGS1}}
	for {
		text = strings.TrimLeft(text, string(separator))
		if text == "" {
			return c.code()
		}
		id, known := identifierAt(text)
		if !known {
			return Code{}, fault.New(fault.Invalid, "%q begins with no application identifier", text)
		}
		data, rest := text[len(id.digits):], ""
		if id.fixed {
			data, rest = data[:min(id.max, len(data))], data[min(id.max, len(data)):]
		} else if end := strings.IndexByte(data, separator); end >= 0 {
			data, rest = data[:end], data[end+1:]
		}
		if err := c.take(id, data); err != nil {
			return Code{}, err
		}
		text = rest
	}
}

// parseBracketed reads an element string as it is printed. What looks like an identifier and is
// none may be part of a serial.
func parseBracketed(text string) (Code, error) {
	c := elements{Code: Code{Format: FormatGS1}}
	var id identifier
	start := -1
	for _, at := range inBrackets.FindAllStringIndex(text, -1) {
		next, known := identifiers[text[at[0]+1:at[1]-1]]
		if !known && start < 0 {
			return Code{}, fault.New(fault.Invalid, "%q begins with no application identifier", text)
		}
		if !known {
			continue
		}
		if start >= 0 {
			if err := c.take(id, text[start:at[0]]); err != nil {
				return Code{}, err
			}
		}
		id, start = next, at[1]
	}
	if err := c.take(id, text[start:]); err != nil {
		return Code{}, err
	}
	return c.code()
}

// elements gathers a Code from its elements, in whatever order they come.
type elements struct {
	Code
	seen      map[string]string
	contained string // AI 02: what a logistic unit holds
	pieces    int    // AI 37
}

// take reads one element.
func (c *elements) take(id identifier, data string) error {
	if err := id.check(data); err != nil {
		return err
	}
	if before, twice := c.seen[id.digits]; twice && before != data {
		return fault.New(fault.Invalid, "application identifier %s stands twice, with different data", id.digits)
	}
	if c.seen == nil {
		c.seen = map[string]string{}
	}
	c.seen[id.digits] = data
	switch id.digits {
	case "01":
		c.GTIN = data
	case "02":
		c.contained = data
	case "10":
		c.Lot = data
	case "17":
		c.Expires, _ = date(data)
	case "21":
		c.Serial = data
	case "30":
		c.Count, _ = strconv.Atoi(data)
	case "37":
		c.pieces, _ = strconv.Atoi(data)
	}
	return nil
}

// code is what the elements say together. A logistic unit stands for what it holds.
func (c *elements) code() (Code, error) {
	if c.GTIN == "" {
		c.GTIN = c.contained
	}
	if c.Count == 0 {
		c.Count = c.pieces
	}
	return c.Code, nil
}

// check says what is wrong with the data of an element.
func (i identifier) check(data string) error {
	var wrong words.Text
	switch head := min(i.head, len(data)); {
	case len(data) < i.min:
		wrong = words.Say("has at least %d characters", i.min)
	case len(data) > i.max:
		wrong = words.Say("has at most %d characters", i.max)
	case head > 0 && !isDigits(data[:head]):
		wrong = words.Say("begins with %d digits", head)
	case !charset82(data):
		wrong = words.Say("holds a character that GS1 does not know")
	case i.checked && data[len(data)-1] != checkDigit(data[:len(data)-1]):
		wrong = words.Say("has the wrong check digit: it would be %c", checkDigit(data[:len(data)-1]))
	case i.date:
		if _, ok := date(data); ok {
			return nil
		}
		wrong = words.Say("is no date")
	default:
		return nil
	}
	return fault.New(fault.Invalid, "application identifier %s: %q %s", i.digits, data, wrong)
}

// date reads YYMMDD as a day of this century. Day 00 is the last of the month.
func date(data string) (string, bool) {
	end := strings.HasSuffix(data, "00")
	if end {
		data = data[:4] + "01"
	}
	d, err := time.Parse("20060102", "20"+data)
	if err != nil {
		return "", false
	}
	if end {
		d = d.AddDate(0, 1, -1)
	}
	return d.Format(time.DateOnly), true
}
