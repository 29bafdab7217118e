package dispatch

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"callout/dispatch/workday"
	"callout/internal/geo"
	"callout/internal/policy"
	"callout/internal/words"

	"golang.org/x/text/currency"
)

// rules are the figures that a ranking reckons with.
type rules struct {
	version    int // of the policy
	travel     geo.Travel
	weights    workday.Weights
	missing    int64 // points per needed part that the van lacks
	continuity int64 // points for knowing the customer
	delay      int64 // points per hour that a customer without a window waits
}

func rulesOf(p policy.Policy, priority Priority) rules {
	return rules{
		version: p.Version,
		travel:  geo.Travel{Detour: p.Number(policy.TravelDetour), KmPerHour: p.Number(policy.TravelSpeed)},
		weights: workday.Weights{
			Travel: p.Points(policy.RankingTravel), Lateness: p.Points(policy.RankingLateness), Waiting: p.Points(policy.RankingWaiting),
			Level: p.Points(policy.RankingLevel), Load: p.Points(policy.RankingLoad), Cost: p.Points(policy.RankingCost),
		},
		missing:    p.Points(policy.RankingMissingPart),
		continuity: p.Points(policy.RankingContinuity),
		delay:      p.Points(policy.RankingDelay(string(priority))),
	}
}

// score is the sum of the points of an insertion's terms.
func (q *question) score(t *Technician, in workday.Insertion) int64 {
	score := q.rules.weights.Score(in) + q.missing(t)*q.rules.missing
	if q.visits[t.ID] > 0 {
		score -= q.rules.continuity
	}
	return score + q.late(in)*q.rules.delay/3600
}

// late is how long the customer waits, in seconds, where he named no window.
func (q *question) late(in workday.Insertion) int64 {
	if q.job.WindowFrom != nil {
		return 0
	}
	return max(0, in.Start-q.from.Unix())
}

// terms says what speaks for and against an insertion. What counts nothing is left out, but for the drive.
func (q *question) terms(t Technician, in workday.Insertion) []Term {
	terms := q.rules.terms(in, t.Currency)
	if missing := q.missing(&t); missing > 0 {
		terms = append(terms, Term{TermParts, missing, "piece", missing * q.rules.missing, q.missingText(&t)})
	} else if needed := q.job.pieces(); needed > 0 {
		terms = append(terms, Term{TermOnVan, needed, "piece", 0, words.Say("all needed parts are on the van")})
	}
	if n := int64(q.visits[t.ID]); n > 0 {
		terms = append(terms, Term{TermContinuity, n, "visit", -q.rules.continuity, words.Say("has worked for this customer %d times", n)})
	}
	if late := q.late(in); late > 0 {
		terms = append(terms, Term{TermDelay, late, "s", late * q.rules.delay / 3600, words.Say("the customer waits until %s", q.second(in.Start))})
	}
	return terms
}

// terms are those that the optimizer reckons with, as far as they count; the drive always.
func (r rules) terms(in workday.Insertion, code string) []Term {
	w := &r.weights
	terms := append(make([]Term, 0, 6),
		Term{TermTravel, in.Travel, "s", w.Travel * in.Travel, words.Say("%d minutes more on the road", minutes(in.Travel))},
		Term{TermDistance, in.Metres, "m", 0, words.Say("%.1f km more on the road", float64(in.Metres)/1000)})
	if v := in.Lateness; v != 0 {
		terms = append(terms, Term{TermLateness, v, "s", w.Lateness * v, words.Say("ends %d minutes after it is due", minutes(v))})
	}
	if v := in.Pushed; v != 0 {
		terms = append(terms, Term{TermPushed, v, "s", w.Lateness * v, words.Say("makes later jobs %d minutes later", minutes(v))})
	}
	if v := in.Waiting; v != 0 {
		terms = append(terms, Term{TermWaiting, v, "s", w.Waiting * v, words.Say("waits %d minutes before the work", minutes(v))})
	}
	if v := int64(in.LevelsOver); v != 0 {
		terms = append(terms, Term{TermLevel, v, "level", w.Level * v, words.Say("is certified %d levels above the need", in.LevelsOver)})
	}
	if v := in.Load; v != 0 {
		terms = append(terms, Term{TermLoad, v, "per_mille", w.Load * v, words.Say("%d %% of the shift is taken", v/10)})
	}
	if v := in.Cost; v != 0 {
		terms = append(terms, Term{TermCost, v, code, w.Cost * v, words.Say("costs %s %s", code, money(v, code))})
	}
	return terms
}

func minutes(seconds int64) int64 { return (seconds + 30) / 60 }

// money says an amount of minor units as people write it, without its currency.
func money(minor int64, code string) string {
	scale := 2
	if unit, err := currency.ParseISO(code); err == nil {
		scale, _ = currency.Standard.Rounding(unit)
	}
	return strconv.FormatFloat(float64(minor)/math.Pow10(scale), 'f', scale, 64)
}

// missing counts the needed parts that the technician's van does not hold.
func (q *question) missing(t *Technician) (pieces int64) {
	for _, p := range q.job.Parts {
		pieces += int64(q.lacks(t, p))
	}
	return pieces
}

// missingText says which of the needed parts, and how many of each, the technician's van does not hold.
func (q *question) missingText(t *Technician) words.Text {
	var which []string
	for _, p := range q.job.Parts {
		if n := q.lacks(t, p); n > 0 {
			which = append(which, fmt.Sprintf("%s × %d", q.names[p.PartID].Number, n))
		}
	}
	return words.Say("%s: %s", words.Say("%d of the needed parts are not on the van", q.missing(t)), strings.Join(which, ", "))
}

// lacks is how many of a needed part the technician's van does not hold.
func (q *question) lacks(t *Technician, p PartNeed) int {
	held := 0
	if t.VanID != nil {
		held = q.held[*t.VanID][p.PartID]
	}
	return max(0, p.Quantity-held)
}
