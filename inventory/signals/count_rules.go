package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
	"callout/inventory"
)

// What the books have outside the house is gone for good. What stands in adjustment is gone where a
// count wrote it off; a unit that no count ever missed was never known before.
const reappearedSQL = `
WITH came AS (
  SELECT s.unit_id, m.id, m.moved_at, m.reference_id, m.to_location, f.kind AS gone, w.id AS left_id, w.moved_at AS left_at, w.reference_id AS left_by
  FROM movements m JOIN locations f ON f.id = m.from_location JOIN locations o ON o.id = m.to_location
  JOIN unit_moves s ON s.movement_id = m.id
  JOIN unit_moves b ON b.unit_id = s.unit_id AND b.seq = s.seq - 1 JOIN movements w ON w.id = b.movement_id
  WHERE m.kind = 'count' AND m.moved_at > $1 AND o.pool IS NOT NULL
    AND (f.kind IN ('scrap', 'customer_site', 'customer_kept', 'supplier') OR (f.kind = 'adjustment' AND w.kind = 'count'))
    AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id))
SELECT c.id || ':' || c.unit_id AS key, ARRAY[c.id] AS marks, o.outlet_id, t.id AS technician_id, t.van_id, n.part_id, before.times AS measured,
  n.serial, c.gone AS other, p.number AS part, coalesce(k.number, '') AS number,
  jsonb_build_array(signal_thing('unit', n.id, n.serial, NULL), signal_thing('movement', c.id, p.number, c.moved_at), signal_thing('movement', c.left_id, p.number, c.left_at),
    signal_thing('count', k.id, k.number, k.approved_at), signal_thing('count', e.id, e.number, e.approved_at),
    signal_thing('location', o.id, o.name, NULL), signal_thing('technician', t.id, t.name, NULL),
    signal_thing('user', a.id, a.name, NULL), signal_thing('user', d.id, d.name, NULL)) AS things
FROM came c JOIN units n ON n.id = c.unit_id JOIN parts p ON p.id = n.part_id JOIN locations o ON o.id = c.to_location
LEFT JOIN technicians t ON t.van_id IN (o.id, o.warehouse_id)
LEFT JOIN counts k ON k.id = c.reference_id LEFT JOIN users a ON a.id = k.approved_by
LEFT JOIN counts e ON e.id = c.left_by LEFT JOIN users d ON d.id = e.approved_by
CROSS JOIN LATERAL (
  SELECT count(*) AS times FROM unit_moves s JOIN movements m ON m.id = s.movement_id JOIN locations f ON f.id = m.from_location
  WHERE s.unit_id = n.id AND s.seq > 1 AND m.kind = 'count' AND f.may_go_negative AND m.moved_at <= c.moved_at) before
WHERE before.times >= $2`

var reappeared = Rule{
	ID: RuleReappeared, Severity: SeverityHigh, Figure: policy.SignalReappeared,
	Title: words.Say("Gone and there again"),
	Text:  words.Say("A count took a unit into stock that the books had outside the house: scrapped, put in at a customer's, kept by him, sent back to the supplier, or written off by a count before."),
	Wrong: words.Say("The count before missed it, or it was scrapped or used under the wrong serial: look who approved both and where the unit was meanwhile."),

	Unit: "time", Measures: words.Say("times that a count found the unit again"), query: reappearedSQL,
	args: func(f frame) []any { return []any{f.since, f.threshold} },
	say: func(n found, _ frame) words.Text {
		gone := words.Text{Format: string(inventory.Kind(n.Other).Noun())}
		return words.Say("count %s found unit %s of part %s, and the books had it in %s", n.Number, n.Serial, n.Part, gone)
	},
}
