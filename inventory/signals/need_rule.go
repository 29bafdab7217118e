package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// A need is what the job, or the visit before it, says: its parts, a part that takes the place of one
// of them, a request that somebody else approved, or a text that names the part. What the technician
// writes when he closes the job is no need.
const withoutNeedSQL = `
WITH RECURSIVE heir AS (
  SELECT id AS part_id, superseded_by AS heir_id FROM parts WHERE superseded_by IS NOT NULL
  UNION SELECT h.part_id, p.superseded_by FROM heir h JOIN parts p ON p.id = h.heir_id WHERE p.superseded_by IS NOT NULL),
judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'used_without_need' AND status <> 'raised' GROUP BY key),
used AS (
  SELECT u.id, u.job_id, u.part_id, u.quantity, m.id AS movement_id, m.moved_at, coalesce(u.technician_id, t.id) AS technician_id
  FROM movements m JOIN part_uses u ON u.movement_id = m.id LEFT JOIN technicians t ON t.van_id = m.from_location
  LEFT JOIN judged g ON g.key = coalesce(u.technician_id, t.id) || ':' || u.part_id
  WHERE m.kind = 'use' AND m.moved_at > greatest($1, g.until) AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)),
needless AS (
  SELECT used.*, j.number AS job FROM used JOIN jobs j ON j.id = used.job_id JOIN parts p ON p.id = used.part_id
  LEFT JOIN jobs before ON before.id = j.follows_id LEFT JOIN cases c ON c.id = j.case_id
  CROSS JOIN LATERAL (SELECT lower(concat_ws(' ', j.title, j.description, c.description, before.description, before.outcome, before.reason)) AS told) d
  WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(j.parts || coalesce(before.parts, '[]')) n
      WHERE n ->> 'part_id' = used.part_id::text
        OR EXISTS (SELECT FROM heir h WHERE h.heir_id = used.part_id AND h.part_id::text = n ->> 'part_id'))
    AND strpos(d.told, lower(p.number)) = 0 AND strpos(d.told, lower(p.name)) = 0 AND (p.name_zh = '' OR strpos(d.told, lower(p.name_zh)) = 0)
    AND NOT EXISTS (SELECT FROM part_requests r JOIN part_request_lines l ON l.request_id = r.id
      WHERE r.job_id = j.id AND l.part_id = used.part_id AND r.approved_by IS NOT NULL)),
often AS (SELECT n.*, count(*) OVER (PARTITION BY technician_id, part_id) AS times FROM needless n WHERE technician_id IS NOT NULL)
SELECT n.technician_id || ':' || n.part_id AS key, array_agg(n.movement_id) AS marks, t.outlet_id, n.technician_id, t.van_id, n.part_id,
  n.times AS measured, sum(n.quantity) AS pieces, p.number AS part,
  jsonb_build_array(signal_thing('technician', t.id, t.name, NULL), signal_thing('part', p.id, p.number, NULL, sum(n.quantity)))
    || jsonb_path_query_array(jsonb_agg(signal_thing('use', n.id, n.job, n.moved_at, n.quantity, n.job_id) ORDER BY n.moved_at DESC), '$[0 to 29]')
    || jsonb_path_query_array(jsonb_agg(signal_thing('job', n.job_id, n.job, NULL) ORDER BY n.moved_at DESC), '$[0 to 29]') AS things
FROM often n JOIN technicians t ON t.id = n.technician_id JOIN parts p ON p.id = n.part_id
WHERE n.times >= $2
GROUP BY n.technician_id, n.part_id, n.times, t.id, p.id`

var withoutNeed = Rule{
	ID: RuleWithoutNeed, Severity: SeverityMedium, Figure: policy.SignalWithoutNeed, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("Used without need"),
	Text:  words.Say("Within the window a technician used a part as often as the threshold says on jobs that do not need it: neither the job nor the visit before it lists the part or one that it supersedes, no text of the request or the diagnosis names it, and nobody else approved a request of it for the job."),
	Wrong: words.Say("The fault showed itself only on site: look whether jobs of this kind should list the part."),

	Unit: "time", Measures: words.Say("uses without need"), query: withoutNeedSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold} },
	say: func(n found, f frame) words.Text {
		return words.Say("part %s was used %d times within %s on jobs that do not need it", n.Part, int(n.Measured), f.window())
	},
}
