package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// How often a unit came back is how often its path says so, and once more where the books could not
// take it in.
const returnedTwiceSQL = `
SELECT r.id::text AS key, ARRAY[r.id] AS marks, r.outlet_id, r.technician_id, r.received_part_id AS part_id, r.job_id,
  before.times + 1 AS measured, r.received_serial AS serial, p.number AS part, r.number,
  jsonb_build_array(signal_thing('return', r.id, r.number, r.received_at), signal_thing('unit', n.id, n.serial, NULL), signal_thing('job', r.job_id, j.number, NULL),
    signal_thing('movement', r.movement_id, p.number, r.received_at)) || before.things AS things
FROM part_returns r JOIN parts p ON p.id = r.received_part_id JOIN units n ON n.part_id = r.received_part_id AND n.serial = r.received_serial
LEFT JOIN jobs j ON j.id = r.job_id
CROSS JOIN LATERAL (
  SELECT count(*) AS times, coalesce(jsonb_agg(signal_thing('return', e.id, e.number, e.received_at)) FILTER (WHERE e.id IS NOT NULL), '[]')
    || coalesce(jsonb_agg(signal_thing('movement', m.id, p.number, m.moved_at)), '[]') AS things
  FROM unit_moves s JOIN movements m ON m.id = s.movement_id LEFT JOIN part_returns e ON e.id = m.reference_id
  WHERE s.unit_id = n.id AND m.kind = 'return' AND m.id IS DISTINCT FROM r.movement_id AND m.moved_at <= r.received_at) before
WHERE r.discrepancy IN ('already_returned', 'in_stock') AND r.received_at > $1 AND before.times > 0 AND before.times + 1 >= $2`

var returnedTwice = Rule{
	ID: RuleReturnedTwice, Severity: SeverityHigh, Figure: policy.SignalReturnedTwice,
	Title: words.Say("Old part returned twice"),
	Text:  words.Say("An old part was received at a warehouse while the books had the same unit back already: one old part stands for several that were exchanged."),
	Wrong: words.Say("The first return was received under the wrong serial, or the unit left the warehouse without a movement."),

	Unit: "time", Measures: words.Say("returns of the same unit"), query: returnedTwiceSQL,
	args: func(f frame) []any { return []any{f.since, f.threshold} },
	say: func(n found, _ frame) words.Text {
		return words.Say("unit %s of part %s was returned %d times: return %s is the last", n.Serial, n.Part, int(n.Measured), n.Number)
	},
}

const overdueSQL = `
SELECT r.id::text AS key, ARRAY[r.id] AS marks, r.outlet_id, r.technician_id, r.part_id, r.job_id,
  extract(epoch FROM $1::timestamptz - r.due_at)::float8 AS measured, p.number AS part, r.number, coalesce(r.expected_serial, '') AS serial,
  jsonb_build_array(signal_thing('return', r.id, r.number, r.due_at), signal_thing('job', r.job_id, j.number, NULL),
    signal_thing('use', r.use_id, p.number, NULL, r.quantity, r.job_id)) AS things
FROM part_returns r JOIN parts p ON p.id = r.part_id LEFT JOIN jobs j ON j.id = r.job_id
WHERE r.received_at IS NULL AND r.status <> 'waived' AND r.due_at < $2`

var overdue = Rule{
	ID: RuleReturnOverdue, Severity: SeverityMedium, Figure: policy.SignalReturnOverdue, Others: []policy.Name{policy.PartReturnDue},
	Title: words.Say("Old part overdue"),
	Text:  words.Say("An old part that has to come back is overdue by more than the threshold, and no warehouse has received it."),
	Wrong: words.Say("The parcel is on its way, or the warehouse is behind with its receipts."),

	Measures: words.Say("time overdue"), query: overdueSQL,
	args: func(f frame) []any { return []any{f.now, f.before(policy.SignalReturnOverdue)} },
	say: func(n found, _ frame) words.Text {
		return words.Say("return %s of part %s is overdue by %s", n.Number, n.Part, lasting(n.Measured))
	},
}

// Who sent it is among the evidence: he does not judge that it is on its way still.
const vendorSilentSQL = `
SELECT r.id::text AS key, ARRAY[d.id] AS marks, r.outlet_id, r.received_part_id AS part_id, r.job_id,
  extract(epoch FROM $1::timestamptz - d.decided_at)::float8 AS measured, p.number AS part, r.number, coalesce(d.rma, '') AS other,
  jsonb_build_array(signal_thing('return', r.id, r.number, d.decided_at), signal_thing('location', l.id, l.name, NULL),
    signal_thing('unit', n.id, n.serial, NULL), signal_thing('movement', d.movement_ids[1], p.number, d.decided_at, r.received_quantity),
    signal_thing('job', j.id, j.number, NULL), signal_thing('user', u.id, u.name, NULL)) AS things
FROM part_returns r JOIN parts p ON p.id = r.received_part_id
CROSS JOIN LATERAL (SELECT * FROM part_return_dispositions d WHERE d.return_id = r.id AND d.kind = 'vendor' ORDER BY d.step DESC LIMIT 1) d
JOIN locations l ON l.id = d.location_id LEFT JOIN units n ON n.part_id = r.received_part_id AND n.serial = r.received_serial
LEFT JOIN jobs j ON j.id = r.job_id LEFT JOIN users u ON u.id = d.decided_by
WHERE r.status = 'at_vendor' AND d.decided_at < $2`

var vendorSilent = Rule{
	ID: RuleVendorSilent, Severity: SeverityMedium, Figure: policy.SignalVendorSilent,
	Title: words.Say("Vendor does not answer"),
	Text:  words.Say("An old part was sent to a vendor, and for longer than the threshold nobody has recorded his answer: the house has no more of it than the word of whoever sent it."),
	Wrong: words.Say("The vendor is slow, or his answer was not recorded: ask him by his number."),

	Measures: words.Say("time at the vendor"), query: vendorSilentSQL,
	args: func(f frame) []any { return []any{f.now, f.before(policy.SignalVendorSilent)} },
	say: func(n found, _ frame) words.Text {
		return words.Say("the old part %s of return %s has been at the vendor for %s, as number %s", n.Part, n.Number, lasting(n.Measured), n.Other)
	},
}
