package roads

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/osm"
)

// kinds are the ways that a van drives on, and how fast in km/h (OSRM, profiles/car.lua).
var kinds = map[string]float64{
	"motorway": 90, "motorway_link": 45, "trunk": 85, "trunk_link": 40, "primary": 65, "primary_link": 30,
	"secondary": 55, "secondary_link": 25, "tertiary": 40, "tertiary_link": 20,
	"unclassified": 25, "residential": 25, "living_street": 10, "service": 15,
}

const (
	reached     = .8 // of a posted limit (car.lua: speed_reduction)
	milesPerKm  = 1.609344
	walkingPace = 7 // km/h, where the limit is "walk"
	slowest     = 5 // km/h
	fastest     = 120
)

// speeds are km/h along a way and against it; 0 where one may not drive.
func speeds(tags osm.Tags) (along, against float64) {
	speed, drivable := kinds[tags.Find("highway")]
	if !drivable || !open(tags) || tags.Find("area") == "yes" {
		return 0, 0
	}
	along, against = speed, speed
	if v, ok := limit(tags.Find("maxspeed")); ok {
		along, against = v, v
	}
	if v, ok := limit(tags.Find("maxspeed:forward")); ok {
		along = v
	}
	if v, ok := limit(tags.Find("maxspeed:backward")); ok {
		against = v
	}
	switch direction(tags) {
	case 1:
		against = 0
	case -1:
		along = 0
	}
	return along, against
}

// closed are the values by which a way is not for a van on its way to a customer.
var closed = []string{"no", "private", "agricultural", "forestry", "emergency", "psv", "bus", "military"}

// open says whether a van may drive on a way, or through a barrier that has tags: the most special
// tag decides.
func open(tags osm.Tags) bool {
	for _, key := range []string{"motorcar", "motor_vehicle", "vehicle", "access"} {
		if v := tags.Find(key); v != "" {
			return !slices.Contains(closed, v)
		}
	}
	return true
}

// barriers are what no van passes unless its tags say otherwise.
var barriers = []string{"bollard", "block", "jersey_barrier", "log", "chain", "cycle_barrier", "debris", "fence", "wall", "planter"}

// blocked says whether a node keeps vans from passing.
func blocked(tags osm.Tags) bool {
	if len(tags) == 0 {
		return false
	}
	barrier := tags.Find("barrier")
	if barrier == "" {
		return false
	}
	if slices.Contains(barriers, barrier) {
		return tags.Find("motor_vehicle") != "yes" && tags.Find("access") != "yes"
	}
	return !open(tags)
}

// direction is 1 where one may drive along a way only, -1 against it only, 0 both ways.
func direction(tags osm.Tags) int {
	switch tags.Find("oneway") {
	case "yes", "true", "1":
		return 1
	case "-1", "reverse":
		return -1
	case "no", "false", "0":
		return 0
	}
	switch {
	case tags.Find("junction") == "roundabout", tags.Find("junction") == "circular", tags.Find("highway") == "motorway":
		return 1
	}
	return 0
}

// limit is how fast traffic goes under a posted limit, where it is one that we can read: "50",
// "50 km/h", "30 mph", "walk".
func limit(posted string) (kmh float64, ok bool) {
	if posted == "walk" {
		return walkingPace, true
	}
	number, unit := strings.TrimSpace(posted), 1.0
	if n, mph := strings.CutSuffix(number, "mph"); mph {
		number, unit = n, milesPerKm
	} else if n, kmh := strings.CutSuffix(number, "km/h"); kmh {
		number = n
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || math.IsNaN(v) || v <= 0 {
		return 0, false
	}
	return max(slowest, min(fastest, v*unit*reached)), true
}
