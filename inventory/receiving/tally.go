package receiving

import (
	"slices"

	"github.com/google/uuid"
)

// Reason is why a piece of a delivery is held back.
type Reason string

// The reasons. The first three are checks that found something.
const (
	ReasonModel        Reason = "model"         // it is another model than it should be
	ReasonMarking      Reason = "marking"       // its marking is missing, wrong or unreadable
	ReasonPackaging    Reason = "packaging"     // its packaging is damaged or open
	ReasonOver         Reason = "over"          // more came than was announced
	ReasonNotAnnounced Reason = "not_announced" // the delivery note does not name the part
	ReasonOtherSerial  Reason = "other_serial"  // the delivery note names other serials
)

// Checks are what somebody looked at besides the quantity (requirement 98).
type Checks struct {
	ModelOK     bool
	MarkingOK   bool
	PackagingOK bool
}

// failed lists the checks that found something.
func (c Checks) failed() (all []Reason) {
	for reason, ok := range map[Reason]bool{ReasonModel: c.ModelOK, ReasonMarking: c.MarkingOK, ReasonPackaging: c.PackagingOK} {
		if !ok {
			all = append(all, reason)
		}
	}
	return all
}

// Tally is what was counted of one part of a delivery.
type Tally struct {
	Good          int // whose checks found nothing
	Failed        int
	GoodSerials   []string // in the order in which they were counted
	FailedSerials []string
	FailedBecause []Reason
	Lots          []string
}

// Counted is how many came.
func (t Tally) Counted() int { return t.Good + t.Failed }

// tallies adds up the entries of a count by part, oldest first. A unit counts once however often it
// was scanned, and has failed its checks if it ever did.
func tallies(entries []Entry) map[uuid.UUID]*Tally {
	all := map[uuid.UUID]*Tally{}
	for _, e := range entries {
		if e.StruckAt != nil {
			continue
		}
		t := all[e.PartID]
		if t == nil {
			t = &Tally{}
			all[e.PartID] = t
		}
		t.add(e)
	}
	for _, t := range all {
		slices.Sort(t.FailedBecause)
		if len(t.GoodSerials)+len(t.FailedSerials) > 0 {
			t.Good, t.Failed = len(t.GoodSerials), len(t.FailedSerials)
		}
	}
	return all
}

func (t *Tally) add(e Entry) {
	bad := e.failed()
	for _, reason := range bad {
		t.FailedBecause = with(t.FailedBecause, reason)
	}
	for _, lot := range e.Lots {
		t.Lots = with(t.Lots, lot)
	}
	for _, s := range e.Serials {
		switch {
		case slices.Contains(t.FailedSerials, s):
		case len(bad) > 0:
			t.GoodSerials = slices.DeleteFunc(t.GoodSerials, func(g string) bool { return g == s })
			t.FailedSerials = append(t.FailedSerials, s)
		default:
			t.GoodSerials = with(t.GoodSerials, s)
		}
	}
	if len(bad) > 0 {
		t.Failed += e.Quantity
	} else {
		t.Good += e.Quantity
	}
}

func with[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// verdict is what is taken of a line and what is held back.
type verdict struct {
	accepted        int
	acceptedSerials []string
	held            int
	heldSerials     []string
	because         []Reason
}

// judge decides a line: whose checks found something, serials that the note does not name, and what
// is more than announced and over percent of it besides, is held back.
func judge(l Line, over int) verdict {
	v := verdict{held: l.Failed, heldSerials: slices.Clone(l.FailedSerials), because: slices.Clone(l.FailedBecause)}
	most := l.Quantity + l.Quantity*over/100
	good := slices.Clone(l.GoodSerials)
	if len(l.Serials) > 0 {
		others := slices.DeleteFunc(slices.Clone(good), func(s string) bool { return slices.Contains(l.Serials, s) })
		if len(others) > 0 {
			good = slices.DeleteFunc(good, func(s string) bool { return slices.Contains(others, s) })
			v.hold(len(others), others, ReasonOtherSerial)
		}
	}
	n := l.Good
	if l.Serialized {
		n = len(good)
	}
	v.accepted = min(n, most)
	tooMany := n - v.accepted
	if l.Serialized {
		v.acceptedSerials, good = good[:v.accepted], good[v.accepted:]
	}
	switch {
	case tooMany > 0 && l.Quantity == 0:
		v.hold(tooMany, good, ReasonNotAnnounced)
	case tooMany > 0:
		v.hold(tooMany, good, ReasonOver)
	}
	return v
}

// hold holds pieces back for a reason.
func (v *verdict) hold(n int, serials []string, why Reason) {
	v.held += n
	v.heldSerials = append(v.heldSerials, serials...)
	v.because = with(v.because, why)
}
