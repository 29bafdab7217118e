package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// A place is a warehouse or a shelf with its bins, and what it holds back: whoever takes something out of several bins
// takes it out of one place. What was judged counts no more. Whoever approved is among the evidence: he does not judge it.
const placeLossSQL = `
judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = $3 AND status <> 'raised' GROUP BY key),
loss AS (
  SELECT m.id, w.id AS place_id, p.number AS part, p.currency, m.moved_at, m.quantity AS pieces, m.reference_id AS count_id, coalesce(m.reference_id, m.id) AS occasion,
    greatest(m.value, p.list_price * m.quantity) AS worth
  FROM movements m JOIN locations f ON f.id = m.from_location JOIN locations o ON o.id = m.to_location AND o.kind = 'adjustment'
  JOIN locations w ON w.id = coalesce(f.warehouse_id, f.id) AND w.kind IN ('warehouse', 'bin', 'outlet', 'defective', 'quarantine')
  JOIN parts p ON p.id = m.part_id LEFT JOIN judged g ON g.key IN (w.id::text, w.id || ':' || p.currency)
  WHERE m.kind = 'count' AND m.moved_at > greatest($1, g.until) AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id))`

const placeThingsSQL = `
  jsonb_build_array(signal_thing('location', w.id, w.name, NULL))
    || coalesce(jsonb_agg(DISTINCT signal_thing('count', k.id, k.number, k.approved_at)) FILTER (WHERE k.id IS NOT NULL), '[]')
    || coalesce(jsonb_agg(DISTINCT signal_thing('user', u.id, u.name, NULL)) FILTER (WHERE u.id IS NOT NULL), '[]')
    || jsonb_agg(signal_thing('movement', l.id, l.part, l.moved_at, l.pieces) ORDER BY l.moved_at DESC) AS things
FROM loss l JOIN locations w ON w.id = l.place_id LEFT JOIN counts k ON k.id = l.count_id LEFT JOIN users u ON u.id = k.approved_by`

const placeVarianceSQL = "WITH" + placeLossSQL + `
SELECT l.place_id::text AS key, array_agg(l.id) AS marks, w.outlet_id, count(DISTINCT l.occasion) AS measured, sum(l.pieces) AS pieces, w.name AS other,` + placeThingsSQL + `
GROUP BY l.place_id, w.id HAVING count(DISTINCT l.occasion) >= $2`

var placeVariance = Rule{
	ID: RulePlaceVariance, Severity: SeverityMedium, Figure: policy.SignalPlaceVariance, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("Losses in one warehouse, again and again"),
	Text:  words.Say("Within the window as many counts of one warehouse or shelf, with its bins and what it holds back, as the threshold says found fewer than the books. A count is one occasion, however many parts it is about."),
	Wrong: words.Say("Parts are put into another place without a scan, or small parts are handed out uncounted: look whether other counts found them."),

	Unit: "time", Measures: words.Say("occasions of loss"), query: placeVarianceSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold, string(RulePlaceVariance)} },
	say: func(n found, f frame) words.Text {
		return words.Say("%s lost %d pieces in %d counts within %s", n.Other, n.Pieces, int(n.Measured), f.window())
	},
}

const largeVarianceSQL = "WITH" + placeLossSQL + `
SELECT l.place_id || ':' || l.currency AS key, array_agg(l.id) AS marks, w.outlet_id, sum(l.worth)::float8 AS measured, sum(l.pieces) AS pieces, w.name AS other, l.currency,` + placeThingsSQL + `
GROUP BY l.place_id, l.currency, w.id HAVING sum(l.worth) >= $2`

var largeVariance = Rule{
	ID: RuleLargeVariance, Severity: SeverityHigh, Figure: policy.SignalLargeVariance, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("Large losses in one warehouse"),
	Text:  words.Say("Within the window counts of one warehouse or shelf, with its bins and what it holds back, found fewer than the books, and what is missing is worth as much as the threshold says: by its average cost or its list price, whichever is more, each currency by itself. What other counts found too much is not set against it."),
	Wrong: words.Say("A dear part lies in another place, or was counted in another unit: look whether a count elsewhere found it."),

	Unit: "minor_unit", Measures: words.Say("worth of what is missing"), query: largeVarianceSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold, string(RuleLargeVariance)} },
	say: func(n found, f frame) words.Text {
		return words.Say("%s lost %d pieces worth %s %s within %s", n.Other, n.Pieces, amount(int64(n.Measured), n.Currency), n.Currency, f.window())
	},
}
