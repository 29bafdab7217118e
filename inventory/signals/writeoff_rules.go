package signals

import (
	"math"
	"strconv"

	"callout/internal/policy"
	"callout/internal/words"

	"golang.org/x/text/currency"
)

// What was written off is what a person let go of: on its way, out of what was held back or came back, and what a
// supplier announced and nobody waits for. An old part is worth what the books say, for its list price is a new one's.
const writtenOffSQL = `
WITH judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'written_off' AND status <> 'raised' GROUP BY key),
gone AS (
  SELECT m.moved_by AS person, m.id AS mark, m.moved_at AS at, p.currency, m.quantity AS pieces,
    CASE WHEN m.kind = 'count' OR h.id IS NOT NULL THEN greatest(m.value, p.list_price * m.quantity, v.last_cost * m.quantity) ELSE m.value END AS worth,
    signal_thing('movement', m.id, p.number, m.moved_at, m.quantity) AS thing, coalesce(h.witness_id, d.witness_id) AS witness
  FROM movements m JOIN parts p ON p.id = m.part_id JOIN locations f ON f.id = m.from_location JOIN locations t ON t.id = m.to_location
  LEFT JOIN part_values v ON v.part_id = p.id AND v.pool = 'good' LEFT JOIN held_releases h ON h.id = m.reference_id
  LEFT JOIN part_return_dispositions d ON d.return_id = m.reference_id AND m.id = ANY(d.movement_ids)
  WHERE m.moved_at > $1 AND m.moved_by IS NOT NULL AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)
    AND (m.kind = 'count' AND f.kind IN ('transit', 'returning') AND t.kind = 'adjustment' OR m.kind = 'dispose' AND f.kind <> 'vendor_repair' AND t.kind IN ('scrap', 'supplier', 'adjustment'))
  UNION ALL
  SELECT e.actor_id, d.id, e.at, p.currency, s.pieces, s.pieces * coalesce(l.unit_cost, v.last_cost, p.list_price, 0), signal_thing('delivery', d.id, d.number, e.at, s.pieces), NULL
  FROM deliveries d JOIN LATERAL (SELECT actor_id, at FROM events WHERE subject_id = d.id AND kind = 'delivery.closed' ORDER BY seq DESC LIMIT 1) e ON e.actor_id IS NOT NULL
  JOIN delivery_lines l ON l.delivery_id = d.id JOIN parts p ON p.id = l.part_id LEFT JOIN part_values v ON v.part_id = p.id AND v.pool = 'good'
  CROSS JOIN LATERAL (SELECT l.quantity - l.accepted - l.held - coalesce((SELECT sum(q.quantity) FROM deliveries b JOIN delivery_lines q ON q.delivery_id = b.id
    WHERE b.rest_of_id = d.id AND b.status <> 'canceled' AND q.part_id = l.part_id), 0) AS pieces) s
  WHERE d.status = 'closed' AND d.updated_at > $1 AND s.pieces > 0)
SELECT g.person || ':' || g.currency AS key, array_agg(g.mark) AS marks, u.outlet_id, sum(g.worth)::float8 AS measured, sum(g.pieces)::bigint AS pieces, g.currency, coalesce(u.name, '') AS other,
  jsonb_build_array(signal_thing('user', g.person, coalesce(u.name, ''), NULL)) || jsonb_agg(g.thing ORDER BY g.worth DESC, g.at DESC)
    || coalesce(jsonb_agg(DISTINCT signal_thing('user', w.id, w.name, NULL)) FILTER (WHERE w.id IS NOT NULL), '[]') AS things
FROM gone g LEFT JOIN users u ON u.id = g.person LEFT JOIN users w ON w.id = g.witness LEFT JOIN judged j ON j.key = g.person || ':' || g.currency
WHERE j.until IS NULL OR g.at > j.until
GROUP BY g.person, g.currency, u.id HAVING sum(g.worth) >= $2`

var writtenOff = Rule{
	ID: RuleWrittenOff, Severity: SeverityHigh, Figure: policy.SignalWrittenOff, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("One person writes much off"),
	Text:  words.Say("Within the window one person wrote off parts worth as much as the threshold says, each currency by itself: scrapped them, released held stock to scrap or to the supplier, closed transfers and part requests short, or closed deliveries of which not all had come. New parts count by their cost or list price, whichever is more, old parts by what the books say they are worth."),
	Wrong: words.Say("He is the one whose work it is, or a batch was bad: look at the photos and ask the witnesses."),

	Unit: "minor_unit", Measures: words.Say("worth of what was written off"), query: writtenOffSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold} },
	say: func(n found, f frame) words.Text {
		return words.Say("%s wrote off %d pieces worth %s %s within %s", n.Other, n.Pieces, amount(int64(n.Measured), n.Currency), n.Currency, f.window())
	},
}

// Each is the other's witness, and for both it is the one witness too often.
const witnessSQL = `
WITH judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'witness_pair' AND status <> 'raised' GROUP BY key),
deed AS (
  SELECT h.id, h.released_by AS doer, h.witness_id AS witness, h.released_at AS at, h.outlet_id,
    (SELECT coalesce(jsonb_agg(signal_thing('movement', m.id, '', m.moved_at, m.quantity)), '[]') FROM movements m WHERE m.reference_id = h.id) AS things
  FROM held_releases h WHERE h.witness_id IS NOT NULL AND h.released_by IS NOT NULL AND h.released_at > $1
  UNION ALL SELECT d.id, d.decided_by, d.witness_id, d.decided_at, r.outlet_id, jsonb_build_array(signal_thing('return', r.id, r.number, d.decided_at, r.quantity))
  FROM part_return_dispositions d JOIN part_returns r ON r.id = d.return_id WHERE d.witness_id IS NOT NULL AND d.decided_by IS NOT NULL AND d.decided_at > $1),
fresh AS (
  SELECT d.*, least(doer, witness) AS a, greatest(doer, witness) AS b FROM deed d
  LEFT JOIN judged g ON g.key = least(doer, witness) || ':' || greatest(doer, witness) WHERE g.until IS NULL OR d.at > g.until),
person AS (SELECT id AS person, count(*) AS deeds FROM (SELECT doer AS id FROM fresh UNION ALL SELECT witness FROM fresh) x GROUP BY 1),
pair AS (
  SELECT a, b, count(*) AS times, array_agg(id) AS marks, (array_agg(outlet_id ORDER BY at DESC))[1] AS outlet_id, jsonb_agg(things ORDER BY at DESC) AS things
  FROM fresh GROUP BY a, b HAVING count(*) >= $2 AND count(*) FILTER (WHERE doer = a) BETWEEN 1 AND count(*) - 1)
SELECT p.a || ':' || p.b AS key, p.marks, p.outlet_id, p.times AS measured, greatest(x.deeds, y.deeds) AS jobs, coalesce(u.name, '') AS serial, coalesce(w.name, '') AS other,
  jsonb_build_array(signal_thing('user', p.a, coalesce(u.name, ''), NULL), signal_thing('user', p.b, coalesce(w.name, ''), NULL)) || jsonb_path_query_array(p.things, '$[*][*]') AS things
FROM pair p JOIN person x ON x.person = p.a JOIN person y ON y.person = p.b LEFT JOIN users u ON u.id = p.a LEFT JOIN users w ON w.id = p.b
WHERE p.times * 100 >= $3 * greatest(x.deeds, y.deeds)`

var witnessPair = Rule{
	ID: RuleWitnessPair, Severity: SeverityMedium, Figure: policy.SignalWitnessPair, Others: []policy.Name{policy.SignalWindow, policy.SignalWitnessShare},
	Title: words.Say("Two who are each other's witness"),
	Text:  words.Say("Within the window two persons scrapped parts as often as the threshold says with the other as the witness, each at least once, and that is so great a share, in percent, of all that either of them scrapped or witnessed."),
	Wrong: words.Say("The shop is small and nobody else is there: have a third person be the witness now and then."),

	Unit: "time", Measures: words.Say("times that one was the other's witness"), query: witnessSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold, f.figures.Number(policy.SignalWitnessShare)} },
	say: func(n found, f frame) words.Text {
		return words.Say("%s and %s were each other's witness %d times within %s: neither scrapped or witnessed more than %d times in all",
			n.Serial, n.Other, int(n.Measured), f.window(), n.Jobs)
	},
}

// amount says minor units of a currency in the currency itself.
func amount(minor int64, code string) string {
	digits := 2
	if unit, err := currency.ParseISO(code); err == nil {
		digits, _ = currency.Standard.Rounding(unit)
	}
	return strconv.FormatFloat(float64(minor)/math.Pow10(digits), 'f', digits, 64)
}
