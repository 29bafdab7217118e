package requests

import (
	"math"
	"strconv"

	"callout/internal/words"

	"golang.org/x/text/currency"
)

// unpassed is why the policy did not approve a request by itself.
type unpassed struct {
	Limit  int64 `json:"limit"`  // up to so much passes within a day, in minor units
	Passed int64 `json:"passed"` // of the day, before this request
}

// why says what a person has to decide for, where the request was judged so; without a currency nobody could
// say what it is worth.
func (u unpassed) why(value *int64, code string) words.Text {
	switch {
	case value == nil:
		return words.Say("a person decides: nobody can say what it is worth")
	case *value > u.Limit:
		return words.Say("a person decides: it is worth %s %s, and up to %s passes without one", amount(*value, code), code, amount(u.Limit, code))
	}
	return words.Say("a person decides: it is worth %s %s, %s passed within a day before it, and up to %s passes without one",
		amount(*value, code), code, amount(u.Passed, code), amount(u.Limit, code))
}

// amount says minor units of a currency in the currency itself.
func amount(minor int64, code string) string {
	digits := 2
	if unit, err := currency.ParseISO(code); err == nil {
		digits, _ = currency.Standard.Rounding(unit)
	}
	return strconv.FormatFloat(float64(minor)/math.Pow10(digits), 'f', digits, 64)
}
