package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// What was judged counts no more: the window begins anew with the signal that was.
const takenBackSQL = `
WITH judged AS (SELECT key, max(found_at) AS until FROM signals WHERE rule = 'taken_back_late' AND status <> 'raised' GROUP BY key),
back AS (
  SELECT b.id, b.moved_at, b.moved_by, u.id AS use_id, u.job_id, u.quantity, j.number AS job, p.number AS part, v.id AS van_id, v.outlet_id,
    coalesce(u.technician_id, t.id) AS technician_id, coalesce(u.technician_id, t.id, v.id)::text AS key
  FROM movements b JOIN movements m ON m.id = b.reverses_id AND m.kind = 'use' JOIN part_uses u ON u.movement_id = m.id
  JOIN jobs j ON j.id = u.job_id JOIN parts p ON p.id = u.part_id JOIN locations v ON v.id = m.from_location LEFT JOIN technicians t ON t.van_id = v.id
  WHERE b.kind = 'reverse' AND b.moved_at > $1 AND b.moved_at > coalesce(j.finished_at, j.closed_at))
SELECT b.key, array_agg(b.id) AS marks, b.outlet_id, b.technician_id, b.van_id, count(*) AS measured, sum(b.quantity) AS pieces,
  (array_agg(b.job ORDER BY b.moved_at DESC))[1] AS job, (array_agg(b.job_id ORDER BY b.moved_at DESC))[1] AS job_id,
  jsonb_build_array(signal_thing('technician', t.id, t.name, NULL))
    || jsonb_agg(signal_thing('movement', b.id, b.part, b.moved_at, b.quantity) ORDER BY b.moved_at DESC)
    || jsonb_agg(signal_thing('use', b.use_id, b.part, NULL, NULL, b.job_id) ORDER BY b.moved_at DESC)
    || jsonb_agg(signal_thing('job', b.job_id, b.job, NULL) ORDER BY b.moved_at DESC)
    || jsonb_agg(signal_thing('user', w.id, w.name, NULL) ORDER BY b.moved_at DESC) AS things
FROM back b LEFT JOIN judged g USING (key) LEFT JOIN technicians t ON t.id = b.technician_id LEFT JOIN users w ON w.id = b.moved_by
WHERE g.until IS NULL OR b.moved_at > g.until
GROUP BY b.key, b.outlet_id, b.technician_id, b.van_id, t.id HAVING count(*) >= $2`

var takenBack = Rule{
	ID: RuleTakenBack, Severity: SeverityMedium, Figure: policy.SignalTakenBack, Others: []policy.Name{policy.SignalWindow},
	Title: words.Say("Taken back when the work was over"),
	Text:  words.Say("Within the window as many uses out of a van as the threshold says were taken back after their jobs were finished or closed: the customer has the part, and the books have it in the van once more."),
	Wrong: words.Say("The wrong part was scanned and somebody noticed before the signature: look whether another was booked in its place."),

	Unit: "time", Measures: words.Say("uses taken back when the work was over"), query: takenBackSQL,
	args: func(f frame) []any { return []any{f.from, f.threshold} },
	say: func(n found, f frame) words.Text {
		return words.Say("%d uses were taken back within %s when the work was over, the last on job %s", int(n.Measured), f.window(), n.Job)
	},
}
