package registry

import (
	"strings"
	"sync"
	"time"

	"callout/internal/fault"
)

var zones sync.Map

// Zone returns the IANA zone of a name. It returns Invalid where there is none; "" and "Local"
// are the machine's affair and no place's.
func Zone(name string) (*time.Location, error) {
	if z, known := zones.Load(name); known {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(name)
	if err != nil || name == "" || strings.EqualFold(name, "local") {
		return nil, fault.New(fault.Invalid, "%q is not a time zone of the IANA list", name)
	}
	zones.Store(name, z)
	return z, nil
}

// ZoneOf notes at pointer where name is no zone, and returns it.
func ZoneOf(f *fault.Faults, pointer, name string) string {
	if _, err := Zone(name); err != nil {
		f.Add(pointer, "%q is not a time zone of the IANA list", name)
	}
	return name
}
