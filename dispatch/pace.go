package dispatch

import (
	"time"

	"callout/internal/geo"
	"callout/internal/policy"
	"callout/internal/travel"
)

// paceOf is how fast a policy says that traffic is, hour by hour.
func paceOf(p policy.Policy) (pace geo.Pace) {
	copy(pace.Weekday[:], p.Document.TravelPace.Weekday)
	copy(pace.Weekend[:], p.Document.TravelPace.Weekend)
	return pace
}

// drivingOf is what a policy says of driving, by the clock of a place.
func drivingOf(p policy.Policy, zone *time.Location) travel.Figures {
	return travel.Figures{
		Travel: geo.Travel{Detour: p.Number(policy.TravelDetour), KmPerHour: p.Number(policy.TravelSpeed)}, Pace: paceOf(p), Zone: zone,
	}
}
