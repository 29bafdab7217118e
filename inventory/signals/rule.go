package signals

import (
	"slices"
	"time"

	"callout/internal/policy"
	"callout/internal/words"

	"github.com/google/uuid"
)

// RuleID names a rule.
type RuleID string

// The rules.
const (
	RuleNeverIssued   RuleID = "used_never_issued"
	RuleOldSerial     RuleID = "old_serial_differs"
	RuleReturnedTwice RuleID = "returned_twice"
	RuleSelfDealing   RuleID = "self_dealing"
	RuleWithoutNeed   RuleID = "used_without_need"
	RuleConsumption   RuleID = "unusual_consumption"
	RuleReturnOverdue RuleID = "return_overdue"
	RuleVariance      RuleID = "repeated_variance"
	RuleShortage      RuleID = "shortage_unsettled"
	RuleTransit       RuleID = "transit_stuck"
	RuleReappeared    RuleID = "reappeared"
	RuleKept          RuleID = "kept_unusually"
	RuleTakenBack     RuleID = "taken_back_late"
	RuleVendorSilent  RuleID = "vendor_silent"
	RulePlaceVariance RuleID = "place_variance"
	RuleLargeVariance RuleID = "large_variance"
	RuleWrittenOff    RuleID = "written_off"
	RuleWitnessPair   RuleID = "witness_pair"
	RuleKeptUnsealed  RuleID = "kept_unsealed"
	RuleBeyondNeed    RuleID = "used_beyond_need"
)

// Rule is a published rule: what it looks for, by which figure of the policy, and when it is wrong.
type Rule struct {
	ID       RuleID
	Severity Severity
	Title    words.Text
	Text     words.Text
	Wrong    words.Text  // when it raises a signal and nothing is wrong
	Formula  *words.Text // of a rule that computes a score
	Source   string      // where the formula comes from
	Figure   policy.Name // its threshold
	Others   []policy.Name

	Unit     string     // of what is measured; empty: a time, in the unit of the threshold, and measured in seconds
	Measures words.Text // what is held against the threshold
	query    string     // of found
	args     func(frame) []any
	say      func(found, frame) words.Text
	figures  func(found) []Evidence // besides what was measured and the threshold
	judge    func(*found, frame) bool
}

// Published is a rule with the values of its figures now.
type Published struct {
	Rule

	Threshold policy.Figure
	Values    map[policy.Name]policy.Figure // of the other figures
	Version   int                           // of the policy
}

// rules are all rules, the gravest first.
var rules = []Rule{neverIssued, oldSerial, returnedTwice, reappeared, unsealed, selfDealing, writtenOff, largeVariance, witnessPair, placeVariance, variance, takenBack, kept, withoutNeed, beyondNeed, consumption, shortage, transit, vendorSilent, overdue}

// frame is what a rule looks at: since when and how far back, and by which figures.
type frame struct {
	since     time.Time // what came before was looked at
	from      time.Time // how far back a rule counts
	now       time.Time
	figures   policy.Policy
	threshold float64
}

// before is the moment that lies the time of a figure before now.
func (f frame) before(n policy.Name) time.Time {
	return f.now.Add(-f.figures.Due(n, f.now).Sub(f.now))
}

// window is how far back a rule counts, in words.
func (f frame) window() words.Text { return lasting(f.now.Sub(f.from).Seconds()) }

// found is a row of a rule's query: something to raise a signal about.
type found struct {
	Key          string
	Marks        []uuid.UUID
	OutletID     *uuid.UUID
	TechnicianID *uuid.UUID
	VanID        *uuid.UUID
	PartID       *uuid.UUID
	JobID        *uuid.UUID
	Measured     float64
	Pieces       int
	Serial       string
	Other        string // the other serial
	Part         string // its number
	Job          string // its number
	Number       string // of the request or return
	Currency     string
	Norm, Spread float64
	Jobs, Peers  int
	Things       []thing
}

// isOff says whether the policy switches the rule off.
func (f frame) isOff(r Rule) bool {
	return f.figures.Document.Figures[r.Figure].Unit == policy.UnitPoints && f.threshold == 0
}

// published is a rule with the figures of p.
func (r Rule) published(p policy.Policy) Published {
	r.Unit = r.unit(p)
	all := Published{Rule: r, Threshold: p.Document.Figures[r.Figure], Values: map[policy.Name]policy.Figure{}, Version: p.Version}
	for _, n := range r.Others {
		all.Values[n] = p.Document.Figures[n]
	}
	return all
}

// RuleOf is the rule of a name that the table of signals knows.
func RuleOf(id RuleID) Rule {
	return rules[slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })]
}

// unit is the unit of what a rule measures and of its threshold.
func (r Rule) unit(p policy.Policy) string {
	if r.Unit == "" {
		return string(p.Document.Figures[r.Figure].Unit)
	}
	return r.Unit
}
