package registry

import (
	"errors"
	"strings"

	"callout/internal/fault"

	"github.com/nyaruka/phonenumbers"
)

// DefaultRegion is the region whose national numbers a search and an import understand where nobody names another.
const DefaultRegion = "CN"

// Phone returns a number in E.164 form, "" where it is none. A number without country code is one
// of the region (ISO 3166). It must have a length that its country knows, area code included;
// whether it is in use is not asked, for new ranges open faster than any table. An extension
// cannot be kept.
func Phone(number, region string) string {
	if region == "" {
		region = DefaultRegion
	}
	n, err := phonenumbers.Parse(number, region)
	if err != nil || n.GetExtension() != "" || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// PhoneOf is Phone for a member that may be absent; what is no number is noted at pointer, and so is
// a national number of no region: guessing one would store somebody else's number.
func PhoneOf(f *fault.Faults, pointer string, number *string, region string) *string {
	if number == nil || strings.TrimSpace(*number) == "" {
		return nil
	}
	if _, err := phonenumbers.Parse(*number, region); region == "" && errors.Is(err, phonenumbers.ErrInvalidCountryCode) {
		f.Add(pointer, "must begin with + and the country's code, or name its region")
		return nil
	}
	n := Phone(*number, region)
	if n == "" {
		f.Add(pointer, "is not a telephone number, or has an extension")
		return nil
	}
	return &n
}

// digits are the digits of a text, for finding a number by a part of it.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
