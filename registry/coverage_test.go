package registry_test

import (
	"testing"
	"time"

	"callout/registry"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestCoverageOn(t *testing.T) {
	tests := []struct {
		name, bought string
		months       int
		on           string
		want         registry.CoverageStatus
		until        string
	}{
		{"the day of purchase", "2024-01-15", 12, "2024-01-15", registry.CoverageCovered, "2025-01-15"},
		{"the last day", "2024-01-15", 12, "2025-01-15", registry.CoverageCovered, "2025-01-15"},
		{"the day after the last", "2024-01-15", 12, "2025-01-16", registry.CoverageExpired, "2025-01-15"},
		{"a month without such a day ends with its last", "2024-01-31", 1, "2024-02-29", registry.CoverageCovered, "2024-02-29"},
		{"and not a day later", "2024-01-31", 1, "2024-03-01", registry.CoverageExpired, "2024-02-29"},
		{"a common year's February", "2023-01-31", 1, "2023-02-28", registry.CoverageCovered, "2023-02-28"},
		{"a leap day, a year later", "2024-02-29", 12, "2025-02-28", registry.CoverageCovered, "2025-02-28"},
		{"a leap day, four years later", "2024-02-29", 48, "2028-02-29", registry.CoverageCovered, "2028-02-29"},
		{"a short month before a long one", "2024-02-29", 1, "2024-03-29", registry.CoverageCovered, "2024-03-29"},
		{"over the end of a year", "2023-11-30", 3, "2024-02-29", registry.CoverageCovered, "2024-02-29"},
		{"no months are no warranty", "2024-01-15", 0, "2024-01-15", registry.CoverageExpired, "2024-01-15"},
		{"fifty years", "2024-01-15", 600, "2074-01-15", registry.CoverageCovered, "2074-01-15"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bought := day(tt.bought)
			got := registry.CoverageOn(&bought, tt.months, day(tt.on).Add(13*time.Hour))
			if got.Status != tt.want || got.Until.Format(time.DateOnly) != tt.until {
				t.Errorf("%s until %s, want %s until %s", got.Status, got.Until.Format(time.DateOnly), tt.want, tt.until)
			}
		})
	}
	if got := registry.CoverageOn(nil, 12, day("2024-01-15")); got.Status != registry.CoverageUnknown || got.Until != nil {
		t.Errorf("without a day of purchase: %+v", got)
	}
}

func TestPhone(t *testing.T) {
	tests := []struct{ name, number, region, want string }{
		{"a mobile as people write it", "138 0013 8000", "", "+8613800138000"},
		{"a landline with its area", "021-5555 1234", "", "+862155551234"},
		{"with the country's code", "+86 (21) 5555-1234", "US", "+862155551234"},
		{"with the way abroad", "0086 138 0013 8000", "CN", "+8613800138000"},
		{"another region", "(213) 473-3231", "US", "+12134733231"},
		{"full-width digits", "１３８００１３８０００", "CN", "+8613800138000"},
		{"without its area", "473-3231", "US", ""},
		{"too short", "8000", "CN", ""},
		{"too long", "138001380001380013800", "CN", ""},
		{"an extension", "021-5555 1234 ext. 12", "CN", ""},
		{"words", "call me", "CN", ""},
		{"nothing", "", "CN", ""},
		{"a region that is none", "138 0013 8000", "XX", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := registry.Phone(tt.number, tt.region); got != tt.want {
				t.Errorf("%q is %q, want %q", tt.number, got, tt.want)
			}
		})
	}
}

func TestZone(t *testing.T) {
	for _, name := range []string{"Asia/Shanghai", "America/Los_Angeles", "UTC"} {
		if z, err := registry.Zone(name); err != nil || z.String() != name {
			t.Errorf("%s: %v, %v", name, z, err)
		}
	}
	for _, name := range []string{"", "Local", "local", "Asia/Shangri-La", "../etc/passwd", "+08:00"} {
		if _, err := registry.Zone(name); err == nil {
			t.Errorf("%q is taken for a zone", name)
		}
	}
}
