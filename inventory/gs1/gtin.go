package gs1

import (
	"strings"

	"callout/internal/fault"
)

// NormalizeGTIN makes 14 digits of a GTIN-8, -12, -13 or -14 by zeros in front, and fails with
// fault.Invalid where the length or the check digit is wrong.
func NormalizeGTIN(digits string) (string, error) {
	switch len(digits) {
	case 8, 12, 13, 14:
	default:
		return "", fault.New(fault.Invalid, "a GTIN has 8, 12, 13 or 14 digits, and %q has not", digits)
	}
	if !isDigits(digits) {
		return "", fault.New(fault.Invalid, "a GTIN has 8, 12, 13 or 14 digits, and %q has not", digits)
	}
	if want := checkDigit(digits[:len(digits)-1]); digits[len(digits)-1] != want {
		return "", fault.New(fault.Invalid, "the check digit of %q is wrong: it would be %c", digits, want)
	}
	return strings.Repeat("0", 14-len(digits)) + digits, nil
}

// checkDigit is the last digit of a GS1 key by its others: weights 3 and 1 from the right, up to
// the next ten (GS1 General Specifications, 7.9.1).
func checkDigit(digits string) byte {
	sum, weight := 0, 3
	for i := len(digits) - 1; i >= 0; i-- {
		sum += int(digits[i]-'0') * weight
		weight = 4 - weight
	}
	return byte('0' + (10-sum%10)%10)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
