package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// Jobs are of one kind of fault where their cases are of one type and their assets of one product;
// without an asset, where they need the same skills. A technician whom a signal was judged about is
// scored by his jobs since then, against the same norm.
const consumptionSQL = `
WITH judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'unusual_consumption' AND status <> 'raised' GROUP BY key),
visit AS MATERIALIZED (
  SELECT j.id AS job_id, j.number, b.technician_id, j.finished_at, coalesce(c.type, '-') || '/' || coalesce(a.product_id::text,
    (SELECT string_agg(n ->> 'code', '+' ORDER BY n ->> 'code') FROM jsonb_array_elements(j.needs) n), '-') AS fault
  FROM jobs j JOIN bookings b ON b.job_id = j.id AND b.active LEFT JOIN cases c ON c.id = j.case_id LEFT JOIN assets a ON a.id = j.asset_id
  WHERE j.finished_at > $1),
used AS MATERIALIZED (
  SELECT v.technician_id, v.fault, u.part_id, v.job_id, v.number, v.finished_at, sum(u.quantity) AS pieces
  FROM visit v JOIN part_uses u ON u.job_id = v.job_id JOIN movements m ON m.id = u.movement_id LEFT JOIN technicians t ON t.van_id = m.from_location
  WHERE coalesce(u.technician_id, t.id) = v.technician_id AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)
  GROUP BY 1, 2, 3, 4, 5, 6),
crew AS (SELECT technician_id, fault, count(*) AS jobs FROM visit GROUP BY 1, 2 HAVING count(*) >= $3),
taken AS (SELECT technician_id, fault, part_id, sum(pieces) AS pieces FROM used GROUP BY 1, 2, 3),
rate AS MATERIALIZED (
  SELECT w.technician_id, w.fault, q.part_id, w.jobs, coalesce(k.pieces, 0) AS pieces, coalesce(k.pieces, 0)::float8 / w.jobs AS x
  FROM crew w JOIN (SELECT DISTINCT fault, part_id FROM taken) q USING (fault) LEFT JOIN taken k USING (technician_id, fault, part_id)),
middle AS (SELECT fault, part_id, count(*) AS peers, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median FROM rate GROUP BY 1, 2 HAVING count(*) >= $4),
deviation AS (
  SELECT fault, part_id, m.median, m.peers, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(r.x - m.median)) AS mad, avg(abs(r.x - m.median)) AS mean
  FROM rate r JOIN middle m USING (fault, part_id) GROUP BY 1, 2, 3, 4),
norm AS MATERIALIZED (SELECT fault, part_id, median, peers, CASE WHEN mad > 0 THEN mad / 0.6745 ELSE 1.253314 * mean END AS spread FROM deviation WHERE mean > 0),
far AS MATERIALIZED (
  SELECT r.technician_id, r.fault, r.part_id, n.median, n.peers, n.spread, g.until, own.jobs, own.pieces
  FROM rate r JOIN norm n USING (fault, part_id) LEFT JOIN judged g ON g.key = r.technician_id || ':' || r.part_id || ':' || r.fault
  CROSS JOIN LATERAL (
    SELECT r.jobs, r.pieces WHERE g.until IS NULL
    UNION ALL SELECT (SELECT count(*) FROM visit v WHERE v.technician_id = r.technician_id AND v.fault = r.fault AND v.finished_at > g.until),
      (SELECT coalesce(sum(u.pieces), 0) FROM used u WHERE u.technician_id = r.technician_id AND u.fault = r.fault AND u.part_id = r.part_id AND u.finished_at > g.until)
    WHERE g.until IS NOT NULL) own
  WHERE own.jobs >= $3 AND (own.pieces / own.jobs - n.median) / n.spread >= $2 AND own.pieces - n.median * own.jobs >= $5)
SELECT f.technician_id || ':' || f.part_id || ':' || f.fault AS key, array_agg(u.job_id) AS marks, t.outlet_id, f.technician_id, t.van_id, f.part_id,
  (f.pieces / f.jobs - f.median) / f.spread AS measured, f.pieces, f.jobs, f.peers, f.median AS norm, f.spread, p.number AS part,
  jsonb_build_array(signal_thing('technician', t.id, t.name, NULL), signal_thing('part', p.id, p.number, NULL, f.pieces))
    || jsonb_agg(signal_thing('job', u.job_id, u.number, u.finished_at, u.pieces) ORDER BY u.pieces DESC, u.finished_at DESC) AS things
FROM far f JOIN used u ON u.technician_id = f.technician_id AND u.fault = f.fault AND u.part_id = f.part_id AND (f.until IS NULL OR u.finished_at > f.until)
JOIN technicians t ON t.id = f.technician_id JOIN parts p ON p.id = f.part_id
GROUP BY f.technician_id, f.fault, f.part_id, f.median, f.peers, f.spread, f.jobs, f.pieces, t.id, p.id`

// outliers is where the score comes from.
const outliers = "Iglewicz, B. and Hoaglin, D. C.: How to Detect and Handle Outliers, ASQC Quality Press, 1993"

// amongPeers are the arguments of a rule that holds a technician against the norm of his peers.
func amongPeers(f frame) []any {
	return []any{f.from, f.threshold, f.figures.Number(policy.SignalPeerJobs), f.figures.Number(policy.SignalPeers), f.figures.Number(policy.SignalExcess)}
}

var formula = words.Say("x is the technician's pieces per job of the kind, m the median of x over the technicians with enough jobs, MAD the median of |x − m|: score = 0.6745 · (x − m) / MAD; where MAD is 0, score = (x − m) / (1.253314 · mean of |x − m|)")

var consumption = Rule{
	ID: RuleConsumption, Severity: SeverityMedium, Figure: policy.SignalConsumption,
	Others:  []policy.Name{policy.SignalWindow, policy.SignalPeers, policy.SignalPeerJobs, policy.SignalExcess},
	Title:   words.Say("Consumption far from the peers' norm"),
	Text:    words.Say("On the jobs of one kind of fault that he finished within the window, a technician used far more of a part than his peers on theirs. Jobs are of one kind where their requests are of one type and their assets of one product; without an asset, where they need the same skills."),
	Wrong:   words.Say("He is sent to the hard cases, or repairs old devices: compare the jobs."),
	Formula: &formula,
	Source:  outliers,

	Unit: "score", Measures: words.Say("modified z-score"), query: consumptionSQL,
	args: amongPeers,
	say: func(n found, _ frame) words.Text {
		return words.Say("%d pieces of part %s on %d jobs of one kind, %.2f a job: the norm of %d technicians is %.2f", n.Pieces, n.Part, n.Jobs, float64(n.Pieces)/float64(n.Jobs), n.Peers, n.Norm)
	},
	figures: func(n found) []Evidence {
		return []Evidence{
			figure(words.Say("pieces per job"), float64(n.Pieces)/float64(n.Jobs), "piece_per_job", rulesHref),
			figure(words.Say("median of the technicians"), n.Norm, "piece_per_job", rulesHref),
			figure(words.Say("usual deviation"), n.Spread, "piece_per_job", rulesHref),
			figure(words.Say("jobs of this kind"), float64(n.Jobs), "job", rulesHref),
			figure(words.Say("technicians compared"), float64(n.Peers), "technician", rulesHref),
		}
	},
}
