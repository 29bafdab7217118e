package workday

import (
	"math"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

// Forever is a time that never comes; -Forever one that always was.
const Forever = math.MaxInt64 / 4

// Window is a span of time, both ends included.
type Window struct{ From, To int64 }

// Visit is work at a place: one that is booked already, or one that is to be.
type Visit struct {
	ID       uuid.UUID
	Outlet   uuid.UUID // only this outlet's technicians are asked by Greedy
	At       orb.Point
	Windows  []Window // when work may begin, in any order; none means at any time
	Duration int64
	Needs    []Need
	Class    int   // 0 is the most urgent; Greedy serves a class before the next
	Weight   int64 // how much the visit counts among those of its class, up to a million; 0 counts as 1
	Due      int64 // when the work should have ended; 0 = no such time. Being late costs, but is allowed
	Fixed    bool  // the visit begins at Start and at no other time
	Start    int64 // the promised begin of a Fixed visit
}

// Need is a certificate that a visit asks for.
type Need struct {
	Skill string
	Level int // this level or a higher one
}

// Grant is a certificate that a technician holds.
type Grant struct {
	Skill    string
	Level    int
	From, To int64 // when it is valid; Forever where it does not end
}

// earliest is the first time from t on when work may begin, Forever where there is none.
func earliest(windows []Window, t int64) int64 {
	best := int64(Forever)
	for _, w := range windows {
		if s := max(t, w.From); s <= w.To && s < best {
			best = s
		}
	}
	return best
}

// latest is the last time up to t when work may begin, -Forever where there is none.
func latest(windows []Window, t int64) int64 {
	best := int64(-Forever)
	for _, w := range windows {
		if s := min(t, w.To); s >= w.From && s > best {
			best = s
		}
	}
	return best
}

// closing is the last time when work may begin.
func closing(windows []Window) int64 {
	last := int64(-Forever)
	for _, w := range windows {
		last = max(last, w.To)
	}
	return last
}

// appendWindows appends the windows in which the visit may begin.
func (v *Visit) appendWindows(to []Window) []Window {
	switch {
	case v.Fixed:
		return append(to, Window{v.Start, v.Start})
	case len(v.Windows) == 0:
		return append(to, Window{-Forever, Forever})
	}
	return append(to, v.Windows...)
}

// lateness is by how much work that ends at end misses the due time.
func (v *Visit) lateness(end int64) int64 {
	if v.Due == 0 {
		return 0
	}
	return max(0, end-v.Due)
}
