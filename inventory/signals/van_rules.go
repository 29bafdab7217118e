package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// What was judged counts no more: the window begins anew with the signal that was. What was written off
// on its way to a van, or from it, is a loss of that van's as well.
const varianceSQL = `
WITH judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'repeated_variance' AND status <> 'raised' GROUP BY key),
loss AS (
  SELECT m.id, v.id AS van_id, m.part_id, m.kind, m.job_id, m.moved_at, CASE WHEN m.kind = 'count' THEN m.quantity ELSE m.short END AS pieces,
    coalesce(m.reference_id, m.job_id, m.id) AS occasion
  FROM movements m JOIN locations f ON f.id = m.from_location JOIN locations o ON o.id = m.to_location
  LEFT JOIN part_requests q ON f.kind = 'transit' AND q.id = m.reference_id LEFT JOIN transfers x ON f.kind = 'transit' AND x.id = m.reference_id
  JOIN locations v ON v.kind = 'van' AND v.id IN (f.id, q.van_id, x.from_location, x.to_location)
  LEFT JOIN judged g ON g.key = v.id::text
  WHERE (m.short > 0 OR m.kind = 'count') AND (m.short > 0 OR o.kind = 'adjustment')
    AND m.moved_at > greatest($1, g.until) AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id))
SELECT l.van_id::text AS key, array_agg(l.id) AS marks, v.outlet_id, t.id AS technician_id, l.van_id,
  count(DISTINCT l.occasion) AS measured, sum(l.pieces) AS pieces,
  jsonb_build_array(signal_thing('location', v.id, v.name, NULL), signal_thing('technician', t.id, t.name, NULL))
    || jsonb_agg(signal_thing('movement', l.id, p.number, l.moved_at, l.pieces) ORDER BY l.moved_at DESC) AS things
FROM loss l JOIN locations v ON v.id = l.van_id JOIN parts p ON p.id = l.part_id LEFT JOIN technicians t ON t.van_id = l.van_id
GROUP BY l.van_id, v.id, t.id HAVING count(DISTINCT l.occasion) >= $2`

var variance = Rule{
	ID: RuleVariance, Severity: SeverityMedium, Figure: policy.SignalVariance, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("Losses on one van, again and again"),
	Text:  words.Say("Within the window a van lost parts as often as the threshold says: a count found fewer than the books, more were used than the books held, or what was on its way to it or from it was written off. A count, a job or a delivery is one occasion, however many parts it is about."),
	Wrong: words.Say("Deliveries to this van are not scanned, or small parts are used without being told."),

	Unit: "time", Measures: words.Say("occasions of loss"), query: varianceSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold} },
	say: func(n found, f frame) words.Text {
		return words.Say("the van lost %d pieces on %d occasions within %s", n.Pieces, int(n.Measured), f.window())
	},
}

// It owes since the movement after the last at which it owed nothing.
const shortageSQL = `
SELECT v.id || ':' || b.part_id AS key, ARRAY[began.id] AS marks, v.outlet_id, t.id AS technician_id, v.id AS van_id, b.part_id,
  extract(epoch FROM $1::timestamptz - began.moved_at)::float8 AS measured, -b.quantity AS pieces, p.number AS part,
  jsonb_build_array(signal_thing('location', v.id, v.name, NULL), signal_thing('technician', t.id, t.name, NULL), signal_thing('part', p.id, p.number, NULL, -b.quantity),
    signal_thing('movement', began.id, p.number, began.moved_at, began.n)) AS things
FROM locations v JOIN balances b ON b.location_id = v.id AND b.quantity < 0 JOIN parts p ON p.id = b.part_id
LEFT JOIN technicians t ON t.van_id = v.id
CROSS JOIN LATERAL (
  SELECT h.id, h.moved_at, h.n FROM (
    SELECT d.*, max(d.pos) FILTER (WHERE d.holds >= 0) OVER () AS fine FROM (
      SELECT m.id, m.moved_at, m.quantity AS n, row_number() OVER o AS pos,
        sum(CASE WHEN m.to_location = v.id THEN m.quantity ELSE -m.quantity END) OVER o AS holds
      FROM movements m WHERE m.part_id = b.part_id AND v.id IN (m.from_location, m.to_location)
      WINDOW o AS (ORDER BY m.moved_at, m.id)) d) h
  WHERE h.pos > coalesce(h.fine, 0) ORDER BY h.pos LIMIT 1) began
WHERE v.kind = 'van' AND began.moved_at < $2`

var shortage = Rule{
	ID: RuleShortage, Severity: SeverityMedium, Figure: policy.SignalShortage,
	Title: words.Say("Van owes parts"),
	Text:  words.Say("More of a part was used out of a van than its books held, and for longer than the threshold no receipt and no count has settled it."),
	Wrong: words.Say("The receipt is not scanned yet, or the part was used under another number."),

	Measures: words.Say("time that the van owes"), query: shortageSQL,
	args: func(f frame) []any { return []any{f.now, f.before(policy.SignalShortage)} },
	say: func(n found, _ frame) words.Text {
		return words.Say("the van has owed %d pieces of part %s for %s", n.Pieces, n.Part, lasting(n.Measured))
	},
}
