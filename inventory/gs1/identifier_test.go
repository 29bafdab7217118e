package gs1

import (
	"strings"
	"testing"
)

func TestNoIdentifierBeginsAnother(t *testing.T) {
	for one := range identifiers {
		for other := range identifiers {
			if one != other && strings.HasPrefix(other, one) {
				t.Errorf("%s begins %s", one, other)
			}
		}
	}
}

// The lengths, identifier and data together, by the first two digits (GS1 General Specifications, figure 7.8.5-2).
func TestPredefinedLengthsAreThoseOfGS1(t *testing.T) {
	predefined := map[string]int{
		"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8, "17": 8, "18": 8, "19": 8,
		"20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
	}
	for digits, id := range identifiers {
		if length, is := predefined[digits[:2]]; is != id.fixed || is && (len(digits)+id.max != length || id.min != id.max) {
			t.Errorf("%s: %+v", digits, id)
		}
	}
}
