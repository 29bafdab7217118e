package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// A job's sealed sign-off names the wish if it was sealed after the waiver; a later waiver may name a
// sign-off. A name drawn on a screen is no seal: whoever holds the phone can draw it. While the work goes
// on the customer may sign still.
const unsealedSQL = `
WITH waived AS (
  SELECT r.*, coalesce(r.waived_at, r.created_at) AS at, u.technician_id AS used_by, w.id AS stranger_id, w.name AS stranger
  FROM part_returns r LEFT JOIN part_uses u ON u.id = r.use_id LEFT JOIN technicians w ON w.user_id = r.waived_by AND w.id <> coalesce(u.technician_id, r.technician_id)
  WHERE r.waived_because = 'customer_keeps' AND coalesce(r.waived_at, r.created_at) > $1)
SELECT r.id::text AS key, ARRAY[r.id] AS marks, r.outlet_id, coalesce(r.stranger_id, r.technician_id) AS technician_id, r.part_id, r.job_id,
  r.quantity AS measured, r.quantity AS pieces, p.number AS part, r.number, coalesce(j.number, '') AS job, coalesce(r.stranger, '') AS other,
  jsonb_build_array(signal_thing('return', r.id, r.number, r.at, r.quantity), signal_thing('job', r.job_id, j.number, NULL),
    signal_thing('use', r.use_id, p.number, NULL, r.quantity, r.job_id), signal_thing('technician', t.id, t.name, NULL),
    signal_thing('technician', r.stranger_id, r.stranger, NULL), signal_thing('user', b.id, b.name, r.at)) AS things
FROM waived r JOIN parts p ON p.id = r.part_id LEFT JOIN jobs j ON j.id = r.job_id
LEFT JOIN technicians t ON t.id = coalesce(r.used_by, r.technician_id) LEFT JOIN users b ON b.id = r.waived_by
WHERE r.quantity >= $2 AND (r.stranger_id IS NOT NULL
  OR (r.sign_off_id IS NULL AND coalesce(j.status IN ('closed', 'canceled', 'incomplete'), true)
    AND NOT EXISTS (SELECT FROM sign_offs o WHERE o.job_id = r.job_id AND o.sealed_at >= r.at)))`

var unsealed = Rule{
	ID: RuleKeptUnsealed, Severity: SeverityHigh, Figure: policy.SignalKeptUnsealed, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("Kept by the customer without a seal"),
	Text:  words.Say("Within the window an old part of so many pieces as the threshold says was left with the customer, and no sealed sign-off says that he keeps it although the work is over; or a technician who did not exchange it said so."),
	Wrong: words.Say("The customer signed on the phone once the job was closed: look at the signature and ask him. Or a colleague stood in for the technician."),

	Unit: "piece", Measures: words.Say("pieces that are said to be kept"), query: unsealedSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold} },
	say: func(n found, _ frame) words.Text {
		if n.Other != "" {
			return words.Say("technician %s said that the customer keeps the old part %s of return %s, and somebody else had exchanged it", n.Other, n.Part, n.Number)
		}
		return words.Say("the old part %s of return %s is said to be kept by the customer, and no sealed sign-off of job %s says so", n.Part, n.Number, n.Job)
	},
}
