package dispatch

import (
	"math"
	"strconv"

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

// terms says what speaks for and against an insertion, and its score: the sum of the points.
// What counts nothing is left out, but for the drive.
func (q *question) terms(t Technician, in workday.Insertion) (terms []Term, score int64) {
	add := func(code TermCode, value int64, unit string, points int64, text words.Text) {
		if value != 0 || code == TermTravel || code == TermDistance {
			terms = append(terms, Term{code, value, unit, points, text})
			score += points
		}
	}
	for _, term := range q.rules.terms(in, t.Currency) {
		add(term.Code, term.Value, term.Unit, term.Points, term.Text)
	}
	if missing := q.missing(t); missing > 0 {
		add(TermParts, missing, "piece", missing*q.rules.missing, words.Say("%d of the needed parts are not on the van", missing))
	}
	if n := int64(q.visits[t.ID]); n > 0 {
		add(TermContinuity, n, "visit", -q.rules.continuity, words.Say("has worked for this customer %d times", n))
	}
	if q.job.WindowFrom == nil {
		late := max(0, in.Start-q.from.Unix())
		add(TermDelay, late, "s", late*q.rules.delay/3600, words.Say("the customer waits until %s", q.second(in.Start)))
	}
	return terms, score
}

// terms are those that the optimizer reckons with.
func (r rules) terms(in workday.Insertion, code string) []Term {
	w := r.weights
	return []Term{
		{TermTravel, in.Travel, "s", w.Travel * in.Travel, words.Say("%d minutes more on the road", minutes(in.Travel))},
		{TermDistance, in.Metres, "m", 0, words.Say("%.1f km more on the road", float64(in.Metres)/1000)},
		{TermLateness, in.Lateness, "s", w.Lateness * in.Lateness, words.Say("ends %d minutes after it is due", minutes(in.Lateness))},
		{TermPushed, in.Pushed, "s", w.Lateness * in.Pushed, words.Say("makes later jobs %d minutes later", minutes(in.Pushed))},
		{TermWaiting, in.Waiting, "s", w.Waiting * in.Waiting, words.Say("waits %d minutes before the work", minutes(in.Waiting))},
		{TermLevel, int64(in.LevelsOver), "level", w.Level * int64(in.LevelsOver), words.Say("is certified %d levels above the need", in.LevelsOver)},
		{TermLoad, in.Load, "per_mille", w.Load * in.Load, words.Say("%d %% of the shift is taken", in.Load/10)},
		{TermCost, in.Cost, code, w.Cost * in.Cost, words.Say("costs %s %s", code, money(in.Cost, code))},
	}
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
func (q *question) missing(t Technician) (pieces int64) {
	for _, p := range q.job.Parts {
		held := 0
		if t.VanID != nil {
			held = q.held[*t.VanID][p.PartID]
		}
		pieces += int64(max(0, p.Quantity-held))
	}
	return pieces
}
