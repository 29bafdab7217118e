package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

const selfDealingSQL = `
WITH received AS (SELECT DISTINCT reference_id AS id FROM movements WHERE kind = 'delivery' AND moved_at > $1 AND reference_id IS NOT NULL),
step AS (
  SELECT r.id, 'request' AS step, r.requested_by AS person, NULL::uuid AS movement_id, r.created_at AS at FROM part_requests r JOIN received USING (id)
  UNION ALL SELECT r.id, 'approval', r.approved_by, NULL, NULL FROM part_requests r JOIN received USING (id)
  UNION ALL SELECT m.reference_id, m.kind, m.moved_by, m.id, m.moved_at FROM movements m JOIN received ON received.id = m.reference_id
  WHERE m.kind IN ('issue', 'delivery') AND NOT EXISTS (SELECT FROM movements b WHERE b.reverses_id = m.id)),
busy AS (
  SELECT id, person, count(DISTINCT step) AS steps, jsonb_agg(signal_thing('movement', movement_id, step, at) ORDER BY at) AS things
  FROM step WHERE person IS NOT NULL GROUP BY id, person HAVING count(DISTINCT step) >= $2)
SELECT b.id || ':' || b.person AS key, ARRAY[r.id] AS marks, r.outlet_id, r.technician_id, r.van_id, r.job_id, b.steps AS measured, r.number,
  jsonb_build_array(signal_thing('request', r.id, r.number, r.created_at), signal_thing('user', u.id, u.name, NULL), signal_thing('technician', t.id, t.name, NULL)) || b.things AS things
FROM busy b JOIN part_requests r ON r.id = b.id JOIN technicians t ON t.id = r.technician_id LEFT JOIN users u ON u.id = b.person`

var selfDealing = Rule{
	ID: RuleSelfDealing, Severity: SeverityHigh, Figure: policy.SignalSelfDealing,
	Title: words.Say("One person did it all"),
	Text:  words.Say("One person took as many of the four steps of a part request as the threshold says: asked for the parts, approved them, issued them, received them."),
	Wrong: words.Say("The shop is small and one person minds the counter and drives the van: have somebody else approve or issue."),

	Unit: "step", Measures: words.Say("steps by one person"), query: selfDealingSQL,
	args: func(f frame) []any { return []any{f.since, f.threshold} },
	say: func(n found, _ frame) words.Text {
		return words.Say("one person took %d of the 4 steps of part request %s", int(n.Measured), n.Number)
	},
}

// What came out of transit settles what went in first: what is missing is of the last that went in.
const transitSQL = `
WITH flow AS (
  SELECT m.reference_id, m.part_id, l.id AS transit_id, l.outlet_id, m.id, m.moved_at, m.quantity AS n
  FROM movements m JOIN locations l ON l.kind = 'transit' AND l.id = m.to_location
  WHERE m.reference_id IS NOT NULL AND m.booked_at > $1 AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)
  UNION ALL SELECT m.reference_id, m.part_id, l.id, l.outlet_id, m.id, m.moved_at, -m.quantity
  FROM movements m JOIN locations l ON l.kind = 'transit' AND l.id = m.from_location
  WHERE m.reference_id IS NOT NULL AND m.booked_at > $1 AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)),
open AS (SELECT reference_id, part_id, transit_id, outlet_id, sum(n) AS pieces FROM flow GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0),
sent AS (
  SELECT o.*, f.id, f.moved_at, f.n, sum(f.n) OVER (PARTITION BY o.reference_id, o.part_id, o.transit_id ORDER BY f.moved_at DESC, f.id DESC) - f.n AS newer
  FROM open o JOIN flow f USING (reference_id, part_id, transit_id) WHERE f.n > 0),
stuck AS (
  SELECT reference_id, part_id, transit_id, outlet_id, pieces, min(moved_at) AS since, array_agg(id) AS marks,
    jsonb_agg(signal_thing('movement', id, NULL, moved_at, n) ORDER BY moved_at) AS things
  FROM sent WHERE newer < pieces GROUP BY 1, 2, 3, 4, 5 HAVING min(moved_at) < $2)
SELECT s.reference_id || ':' || s.part_id AS key, s.marks, coalesce(r.outlet_id, s.outlet_id) AS outlet_id, t.id AS technician_id, coalesce(r.van_id, v.id) AS van_id, s.part_id, r.job_id,
  extract(epoch FROM $3::timestamptz - s.since)::float8 AS measured, s.pieces, p.number AS part, coalesce(r.number, '') AS number, coalesce(x.number, '') AS other,
  jsonb_build_array(signal_thing('request', r.id, r.number, r.created_at), signal_thing('transfer', x.id, x.number, x.created_at),
    signal_thing('part', p.id, p.number, NULL, s.pieces), signal_thing('technician', t.id, t.name, NULL), signal_thing('location', v.id, v.name, NULL)) || s.things AS things
FROM stuck s JOIN parts p ON p.id = s.part_id LEFT JOIN part_requests r ON r.id = s.reference_id LEFT JOIN transfers x ON x.id = s.reference_id
LEFT JOIN locations v ON v.kind = 'van' AND v.id IN (r.van_id, x.from_location, x.to_location)
LEFT JOIN technicians t ON t.id = r.technician_id OR (r.id IS NULL AND t.van_id = v.id)`

var transit = Rule{
	ID: RuleTransit, Severity: SeverityMedium, Figure: policy.SignalTransit, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("On their way and never received"),
	Text:  words.Say("Parts were issued or sent within the window, and for longer than the threshold nobody has received them, brought them back or accounted for them."),
	Wrong: words.Say("The parts arrived and nobody scanned them, or they go a long way."),

	Measures: words.Say("time on their way"), query: transitSQL,
	args: func(f frame) []any { return []any{f.from, f.before(policy.SignalTransit), f.now} },
	say: func(n found, _ frame) words.Text {
		switch {
		case n.Number != "":
			return words.Say("%d pieces of part %s of request %s have been on their way for %s", n.Pieces, n.Part, n.Number, lasting(n.Measured))
		case n.Other != "":
			return words.Say("%d pieces of part %s of transfer %s have been on their way for %s", n.Pieces, n.Part, n.Other, lasting(n.Measured))
		}
		return words.Say("%d pieces of part %s have been on their way for %s", n.Pieces, n.Part, lasting(n.Measured))
	},
}
