package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// What a job needs of a part is what it and the visit before it list of it and of what it supersedes, or
// what somebody else approved for it, whichever is more; and one where nobody says how many.
const beyondNeedSQL = `
WITH RECURSIVE heir AS (
  SELECT id AS part_id, id AS heir_id FROM parts
  UNION SELECT h.part_id, p.superseded_by FROM heir h JOIN parts p ON p.id = h.heir_id WHERE p.superseded_by IS NOT NULL),
used AS (
  SELECT u.job_id, u.part_id, sum(u.quantity) AS pieces, max(m.moved_at) AS at, array_agg(m.id) AS marks,
    (array_agg(coalesce(u.technician_id, t.id) ORDER BY m.moved_at DESC))[1] AS technician_id,
    jsonb_path_query_array(jsonb_agg(signal_thing('use', u.id, p.number, m.moved_at, u.quantity, u.job_id) ORDER BY u.quantity DESC), '$[0 to 29]') AS things
  FROM movements m JOIN part_uses u ON u.movement_id = m.id JOIN parts p ON p.id = u.part_id LEFT JOIN technicians t ON t.van_id = m.from_location
  WHERE m.kind = 'use' AND m.job_id IN (SELECT job_id FROM movements WHERE kind = 'use' AND moved_at > $1) AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)
  GROUP BY u.job_id, u.part_id),
held AS (
  SELECT x.*, greatest(1, listed.n, asked.n)::bigint AS need, j.number AS job
  FROM used x JOIN jobs j ON j.id = x.job_id LEFT JOIN jobs before ON before.id = j.follows_id
  CROSS JOIN LATERAL (SELECT coalesce(sum((n ->> 'quantity')::bigint), 0) AS n FROM jsonb_array_elements(j.parts || coalesce(before.parts, '[]')) n
    WHERE (n ->> 'part_id')::uuid IN (SELECT part_id FROM heir WHERE heir_id = x.part_id)) listed
  CROSS JOIN LATERAL (SELECT coalesce(sum(coalesce(l.approved, l.quantity)), 0) AS n FROM part_requests r JOIN part_request_lines l ON l.request_id = r.id
    WHERE r.job_id = x.job_id AND l.part_id = x.part_id AND r.approved_by IS NOT NULL) asked)
SELECT h.job_id || ':' || h.part_id AS key, h.marks, t.outlet_id, h.technician_id, t.van_id, h.part_id, h.job_id,
  h.pieces::float8 / h.need AS measured, h.pieces, h.need AS norm, p.number AS part, h.job,
  jsonb_build_array(signal_thing('job', h.job_id, h.job, NULL), signal_thing('part', p.id, p.number, NULL, h.pieces), signal_thing('technician', t.id, t.name, NULL)) || h.things AS things
FROM held h JOIN parts p ON p.id = h.part_id LEFT JOIN technicians t ON t.id = h.technician_id
WHERE h.pieces >= h.need * $2::float8 AND h.pieces - h.need >= $3`

var beyondNeed = Rule{
	ID: RuleBeyondNeed, Severity: SeverityMedium, Figure: policy.SignalBeyondNeed, Others: []policy.Name{policy.SignalExcess},
	Title: words.Say("More used than the job needs"),
	Text:  words.Say("On a job so many times as many pieces of a part were used as it needs, as the threshold says, and so many more as the excess says. It needs what it and the visit before it list of the part and of those that it supersedes, or what somebody else approved for it, whichever is more; and one where nobody says how many."),
	Wrong: words.Say("The fault was larger than it was told, or the part is sold by the piece and used by the dozen: look whether jobs of this kind should list more."),

	Unit: "share", Measures: words.Say("pieces used for each that is needed"), query: beyondNeedSQL,
	args: func(f frame) []any { return []any{f.since, f.threshold, f.figures.Number(policy.SignalExcess)} },
	say: func(n found, _ frame) words.Text {
		return words.Say("%d pieces of part %s were used on job %s, which needs %d", n.Pieces, n.Part, n.Job, int(n.Norm))
	},
	figures: func(n found) []Evidence {
		return []Evidence{figure(words.Say("pieces that the job needs"), n.Norm, "piece", rulesHref)}
	},
}
