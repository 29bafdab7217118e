package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// An exchange is a use whose old part has to come back: each has its part return, kept by the customer or
// not. A technician whom a signal was judged about is scored by his exchanges since then, against the same norm.
const keptSQL = `
WITH judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'kept_unusually' AND status <> 'raised' GROUP BY key),
exchange AS MATERIALIZED (
  SELECT r.id, r.number, r.technician_id, r.waived_because IS NOT NULL AS kept, coalesce(r.waived_at, r.created_at) AS at
  FROM part_returns r
  WHERE r.use_id IS NOT NULL AND r.technician_id IS NOT NULL AND r.created_at > $1 AND r.waived_because IS DISTINCT FROM 'use_reversed'),
crew AS MATERIALIZED (
  SELECT technician_id, count(*) AS jobs, count(*) FILTER (WHERE kept) AS pieces, avg(kept::int)::float8 AS x
  FROM exchange GROUP BY 1 HAVING count(*) >= $3),
middle AS (SELECT count(*) AS peers, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median FROM crew HAVING count(*) >= $4),
deviation AS (
  SELECT m.median, m.peers, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(c.x - m.median)) AS mad, avg(abs(c.x - m.median)) AS mean
  FROM crew c CROSS JOIN middle m GROUP BY 1, 2),
norm AS (SELECT median, peers, CASE WHEN mad > 0 THEN mad / 0.6745 ELSE 1.253314 * mean END AS spread FROM deviation WHERE mean > 0),
own AS (
  SELECT c.technician_id, g.until, count(*) AS jobs, count(*) FILTER (WHERE e.kept) AS pieces
  FROM crew c JOIN exchange e USING (technician_id) LEFT JOIN judged g ON g.key = c.technician_id::text
  WHERE g.until IS NULL OR e.at > g.until GROUP BY 1, 2 HAVING count(*) >= $3)
SELECT o.technician_id::text AS key, array_agg(e.id) AS marks, t.outlet_id, o.technician_id, t.van_id,
  (o.pieces::float8 / o.jobs - n.median) / n.spread AS measured, o.pieces, o.jobs, n.peers, n.median AS norm, n.spread,
  jsonb_build_array(signal_thing('technician', t.id, t.name, NULL)) || jsonb_agg(signal_thing('return', e.id, e.number, e.at) ORDER BY e.at DESC) AS things
FROM own o CROSS JOIN norm n JOIN technicians t ON t.id = o.technician_id
JOIN exchange e ON e.technician_id = o.technician_id AND e.kept AND (o.until IS NULL OR e.at > o.until)
WHERE (o.pieces::float8 / o.jobs - n.median) / n.spread >= $2 AND o.pieces - n.median * o.jobs >= $5
GROUP BY o.technician_id, o.pieces, o.jobs, n.median, n.spread, n.peers, t.id`

var keptFormula = words.Say("x is the share of the technician's exchanges whose old part the customer kept, m the median of x over the technicians with enough exchanges, MAD the median of |x − m|: score = 0.6745 · (x − m) / MAD; where MAD is 0, score = (x − m) / (1.253314 · mean of |x − m|)")

var kept = Rule{
	ID: RuleKept, Severity: SeverityMedium, Figure: policy.SignalKept,
	Others:  []policy.Name{policy.SignalWindow, policy.SignalPeers, policy.SignalPeerJobs, policy.SignalExcess},
	Title:   words.Say("Customers keep unusually many old parts"),
	Text:    words.Say("Of the old parts that a technician exchanged within the window, customers kept far more than of his peers': what a customer keeps never comes back, and nobody looks at it."),
	Wrong:   words.Say("His customers keep their old parts by contract, or pay for the new ones themselves: look at the signatures, and ask one of them."),
	Formula: &keptFormula,
	Source:  outliers,

	Unit: "score", Measures: words.Say("modified z-score"), query: keptSQL,
	args: amongPeers,
	say: func(n found, _ frame) words.Text {
		return words.Say("customers kept %d of the %d old parts that he exchanged, a share of %.2f: the norm of %d technicians is %.2f",
			n.Pieces, n.Jobs, n.share(), n.Peers, n.Norm)
	},
	figures: func(n found) []Evidence {
		return []Evidence{
			figure(words.Say("share that customers kept"), n.share(), "share", rulesHref),
			figure(words.Say("median of the technicians"), n.Norm, "share", rulesHref),
			figure(words.Say("usual deviation"), n.Spread, "share", rulesHref),
			figure(words.Say("old parts exchanged"), float64(n.Jobs), "piece", rulesHref),
			figure(words.Say("technicians compared"), float64(n.Peers), "technician", rulesHref),
		}
	},
}

// share is how many of the pieces there could have been there are.
func (n found) share() float64 { return float64(n.Pieces) / float64(n.Jobs) }
