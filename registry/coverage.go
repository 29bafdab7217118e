package registry

import "time"

// CoverageStatus is whether the warranty of an asset covers a fault today.
type CoverageStatus string

// The answers to whether an asset is covered; unknown where nobody knows when it was bought.
const (
	CoverageCovered CoverageStatus = "covered"
	CoverageExpired CoverageStatus = "expired"
	CoverageUnknown CoverageStatus = "unknown"
)

// Coverage is the warranty of an asset on a day.
type Coverage struct {
	Status CoverageStatus
	Until  *time.Time // the last day that is covered, midnight UTC; nil where it is unknown
}

// CoverageOn says whether a thing bought on a day with months of warranty is covered on another
// day. The day of purchase is not counted, and the warranty ends with the day of the same number
// in the last month, or with that month's last day where it has no such day (Civil Code of the
// PRC, articles 201 and 202): bought on 31 January with one month, the last day is 28 or 29
// February. No months are no warranty.
func CoverageOn(purchased *time.Time, months int, day time.Time) Coverage {
	if purchased == nil {
		return Coverage{Status: CoverageUnknown}
	}
	until := addMonths(*purchased, months)
	if months < 1 || dayOf(day).After(until) {
		return Coverage{CoverageExpired, &until}
	}
	return Coverage{CoverageCovered, &until}
}

// addMonths is the day of the same number so many months later, or that month's last.
func addMonths(day time.Time, months int) time.Time {
	y, m, d := day.Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(last.Year(), last.Month(), min(d, last.Day()), 0, 0, 0, 0, time.UTC)
}

// dayOf is the day that a moment is part of, where the moment is, as midnight UTC.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
