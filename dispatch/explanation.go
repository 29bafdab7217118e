package dispatch

import (
	"database/sql/driver"

	"callout/internal/pg"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Explanation says why a booking was made as it was.
type Explanation struct {
	Source    Source
	Policy    int        // the version of the policy that was reckoned with
	Score     int64      // sum of the terms' points, fewer are better; 0 where nothing was ranked
	Terms     []Term     // of the score
	Overruled []Refusal  // what spoke against it, where a person decided otherwise
	Reason    string     // that person's reason
	PlanID    *uuid.UUID // the plan that it was booked by
}

// Source is how a booking came about.
type Source string

// The sources of bookings.
const (
	SourceHand Source = "hand" // a dispatcher named the technician
	SourceAuto Source = "auto" // the top candidate
	SourceMass Source = "mass" // a mass assignment
	SourcePlan Source = "plan" // a plan that somebody applied
	SourceSlot Source = "slot" // a window that the customer chose
)

// Term is one part of a score.
type Term struct {
	Code   TermCode
	Value  int64      // in the unit
	Unit   string     // s, m, level, piece, per_mille, visit, or a currency of which Value counts minor units
	Points int64      // what it adds to the score; below 0 where it speaks for the technician
	Text   words.Text // the sentence that people read
}

// TermCode names a part of a score.
type TermCode string

// The parts of a score.
const (
	TermTravel     TermCode = "travel"        // driving that the visit adds to the day
	TermDistance   TermCode = "distance"      // the same in metres, which count nothing
	TermLateness   TermCode = "lateness"      // how much the work ends after it is due
	TermPushed     TermCode = "pushed"        // lateness that it brings on later visits
	TermWaiting    TermCode = "waiting"       // idle before the work begins
	TermLevel      TermCode = "level"         // levels of certificates beyond those needed
	TermParts      TermCode = "parts"         // needed parts that the van does not hold
	TermLoad       TermCode = "load"          // of the day, before it
	TermCost       TermCode = "cost"          // the technician's time
	TermContinuity TermCode = "continuity"    // has worked for this customer before
	TermDelay      TermCode = "delay"         // how long the customer waits, where he named no window
	TermOnVan      TermCode = "parts_on_van"  // the van holds all needed parts, which counts nothing
	TermNearest    TermCode = "nearest_stock" // the way around by a store that holds a missing part, which counts nothing
)

// Refusal is a rule that a technician fails for a job.
type Refusal struct {
	Code RefusalCode
	Hard bool // nobody may overrule it
	Text words.Text
}

// RefusalCode names a rule.
type RefusalCode string

// The rules, the hard ones first; NoShift and those after it a dispatcher may overrule.
const (
	RefusalSuspended       RefusalCode = "suspended"
	RefusalAbsent          RefusalCode = "absent"
	RefusalNoCertificate   RefusalCode = "no_certificate"
	RefusalLevelTooLow     RefusalCode = "level_too_low"
	RefusalCertificateEnds RefusalCode = "certificate_lapses"
	RefusalDoubleBooked    RefusalCode = "double_booked"
	RefusalNoShift         RefusalCode = "no_shift"
	RefusalOutsideShift    RefusalCode = "outside_shift"
	RefusalOutsideWindow   RefusalCode = "outside_window"
	RefusalPast            RefusalCode = "in_the_past"
	RefusalArrivesLate     RefusalCode = "arrives_late"
	RefusalHomeLate        RefusalCode = "home_late"
	RefusalNoRoom          RefusalCode = "no_room"
	RefusalBreak           RefusalCode = "break_impossible"
	RefusalDayBroken       RefusalCode = "day_broken"
)

// hard are the rules that nobody may overrule.
var hard = map[RefusalCode]bool{
	RefusalSuspended: true, RefusalAbsent: true, RefusalNoCertificate: true, RefusalLevelTooLow: true,
	RefusalCertificateEnds: true, RefusalDoubleBooked: true,
}

func refuse(code RefusalCode, text words.Text) Refusal {
	return Refusal{code, hard[code], text}
}

type explanationColumn struct {
	Source    Source          `json:"source"`
	Policy    int             `json:"policy_version"`
	Score     int64           `json:"score"`
	Terms     []termColumn    `json:"terms"`
	Overruled []refusalColumn `json:"overruled,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	PlanID    *uuid.UUID      `json:"plan_id,omitempty"`
}

type termColumn struct {
	Code   TermCode   `json:"code"`
	Value  int64      `json:"value"`
	Unit   string     `json:"unit"`
	Points int64      `json:"points"`
	Text   words.Text `json:"text"`
}

type refusalColumn struct {
	Code RefusalCode `json:"code"`
	Hard bool        `json:"hard"`
	Text words.Text  `json:"text"`
}

// Value is the explanation as the column keeps it.
func (e Explanation) Value() (driver.Value, error) {
	return pg.JSON[explanationColumn]{V: explanationColumn{
		e.Source, e.Policy, e.Score, list(e.Terms, func(t Term) termColumn { return termColumn(t) }).V,
		list(e.Overruled, func(r Refusal) refusalColumn { return refusalColumn(r) }).V, e.Reason, e.PlanID,
	}}.Value()
}

// Scan reads the column.
func (e *Explanation) Scan(src any) error {
	var c pg.JSON[explanationColumn]
	err := c.Scan(src)
	*e = Explanation{
		c.V.Source, c.V.Policy, c.V.Score, list(c.V.Terms, func(t termColumn) Term { return Term(t) }).V,
		list(c.V.Overruled, func(r refusalColumn) Refusal { return Refusal(r) }).V, c.V.Reason, c.V.PlanID,
	}
	return err
}
