package dispatch

import (
	"time"

	"callout/internal/policy"

	"github.com/google/uuid"
)

// Slot is a window that can be offered to a customer: somebody can really come, with what is booked and what is held
// for others as it is now.
type Slot struct {
	From, To    time.Time // the work begins within
	Technicians int       // how many could come, each by himself
	Best        Technician
	Travel      int64 // seconds of driving that it adds to the best one's day
	Metres      int64
	Cost        int64 // minor units of the best one's currency: his rate for the added drive and the work
	Lateness    int64 // seconds by which the work would end after it is due
	Score       int64 // the points that a ranking gives the best one for this window; fewer are better
	Cheap       bool  // no more points above the fewest of all than the policy's slot_cheap
}

// SlotHold keeps a window for a customer, and the time of a technician in it, until it expires.
type SlotHold struct {
	ID           uuid.UUID
	JobID        uuid.UUID
	TechnicianID uuid.UUID
	Technician   string    // his name
	OutletID     uuid.UUID // the technician's
	WindowFrom   time.Time
	WindowTo     time.Time
	StartsAt     time.Time // of the work, as it fits now
	EndsAt       time.Time
	ExpiresAt    time.Time
	EndedAt      *time.Time
	EndReason    *HoldEnd
	HeldBy       *uuid.UUID // the acting person
	CreatedAt    time.Time
}

// HoldEnd is why a hold is none any more.
type HoldEnd string

// The ends of holds.
const (
	HoldLapsed    HoldEnd = "lapsed"    // its minutes were over
	HoldReleased  HoldEnd = "released"  // somebody gave it back
	HoldReplaced  HoldEnd = "replaced"  // the job holds another window
	HoldBooked    HoldEnd = "booked"    // the job is booked
	HoldOverruled HoldEnd = "overruled" // a dispatcher booked the technician's time for another job
)

// slotRules are the figures by which windows are cut and offered.
type slotRules struct {
	opens, closes, length time.Duration // from midnight, by the clock at the site
	lead, held            time.Duration
	horizon               time.Duration
	cheap                 int64
}

func slotRulesOf(p policy.Policy) slotRules {
	start := time.Unix(0, 0).UTC()
	length := func(n policy.Name) time.Duration { return p.Due(n, start).Sub(start) }
	return slotRules{
		length(policy.SlotOpens), length(policy.SlotCloses), length(policy.SlotLength), length(policy.SlotLead), length(policy.SlotHold),
		length(policy.SlotHorizon), p.Points(policy.SlotCheap),
	}
}

// windows are those of a date at a site that may be promised at a moment, in order.
func (r slotRules) windows(day time.Time, zone *time.Location, now time.Time) (all []Window) {
	y, m, d := day.Date()
	at := func(t time.Duration) time.Time { return time.Date(y, m, d, 0, 0, int(t/time.Second), 0, zone) }
	for t := r.opens; r.length > 0 && t+r.length <= r.closes; t += r.length {
		from, to := at(t), at(t+r.length)
		if !from.Before(now.Add(r.lead)) && !to.After(now.Add(r.horizon)) && from.Before(to) {
			all = append(all, Window{&from, &to})
		}
	}
	return all
}

// offers says whether a window is one that may be promised at a moment.
func (r slotRules) offers(w Window, zone *time.Location, now time.Time) bool {
	for _, o := range r.windows(w.From.In(zone), zone, now) {
		if o.From.Equal(*w.From) && o.To.Equal(*w.To) {
			return true
		}
	}
	return false
}
