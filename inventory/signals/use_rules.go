package signals

import (
	"callout/internal/policy"
	"callout/internal/words"
)

// A unit came by the way it should if its last entrance into the van, reversals apart, was out of a
// store of the house. Quantity parts have no path: what the van's books did not hold tells.
const neverIssuedSQL = `
WITH used AS (
  SELECT u.id, u.job_id, u.part_id, u.technician_id, coalesce(u.new_serial, '') AS serial, m.id AS movement_id, m.moved_at, m.from_location AS van_id,
    m.short, s.unit_id, s.seq
  FROM movements m JOIN part_uses u ON u.movement_id = m.id LEFT JOIN unit_moves s ON s.movement_id = m.id
  WHERE m.kind = 'use' AND m.moved_at > $1 AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)),
lacking AS (
  SELECT used.*, came.id AS came_id, came.moved_at AS came_at, CASE WHEN unit_id IS NULL THEN short ELSE 1 END AS pieces
  FROM used LEFT JOIN LATERAL (
    SELECT e.id, e.moved_at, e.kind, l.kind AS out_of
    FROM unit_moves i JOIN movements e ON e.id = i.movement_id JOIN locations l ON l.id = i.from_location
    WHERE i.unit_id = used.unit_id AND i.seq < used.seq AND i.to_location = used.van_id AND e.kind <> 'reverse'
    ORDER BY i.seq DESC LIMIT 1) came ON true
  WHERE CASE WHEN unit_id IS NULL THEN short > 0 ELSE NOT coalesce(
    came.kind IN ('issue', 'delivery', 'transfer') AND came.out_of IN ('warehouse', 'bin', 'outlet', 'van', 'transit'), false) END)
SELECT k.id::text AS key, ARRAY[k.movement_id] AS marks, v.outlet_id, coalesce(k.technician_id, t.id) AS technician_id, k.van_id, k.part_id, k.job_id,
  k.pieces AS measured, k.pieces, k.serial, p.number AS part, j.number AS job,
  jsonb_build_array(signal_thing('use', k.id, p.number, k.moved_at, k.pieces, k.job_id), signal_thing('movement', k.movement_id, p.number, k.moved_at),
    signal_thing('movement', k.came_id, p.number, k.came_at), signal_thing('unit', k.unit_id, k.serial, NULL), signal_thing('job', k.job_id, j.number, NULL),
    signal_thing('location', v.id, v.name, NULL)) AS things
FROM lacking k JOIN locations v ON v.id = k.van_id JOIN parts p ON p.id = k.part_id JOIN jobs j ON j.id = k.job_id
LEFT JOIN technicians t ON t.van_id = k.van_id
WHERE k.pieces >= $2`

var neverIssued = Rule{
	ID: RuleNeverIssued, Severity: SeverityHigh, Figure: policy.SignalNeverIssued,
	Title: words.Say("Used and never issued"),
	Text:  words.Say("A part was used that no issue and no transfer had brought into the van: a unit whose path into the van is another (a count found it, or nobody knows), or pieces that the van's books did not hold."),
	Wrong: words.Say("The delivery was not scanned, or the phone was offline and told of the receipt after the use: look whether one arrived since."),

	Unit: "piece", Measures: words.Say("pieces used and never issued"), query: neverIssuedSQL,
	args: func(f frame) []any { return []any{f.since, f.threshold} },
	say: func(n found, _ frame) words.Text {
		if n.Serial != "" {
			return words.Say("unit %s of part %s was used on job %s and had never been issued to the van", n.Serial, n.Part, n.Job)
		}
		return words.Say("%d pieces of part %s were used on job %s that had never been issued to the van", n.Pieces, n.Part, n.Job)
	},
}

// The record is what the asset's components said when the part was used. Without one, a unit that was
// last put in at another customer's tells.
const oldSerialSQL = `
WITH came_out AS (
  SELECT u.id, u.job_id, coalesce(u.old_part_id, u.part_id) AS part_id, u.technician_id, u.old_serial, coalesce(u.recorded_serial, '') AS recorded,
    coalesce(u.asset_id, j.asset_id) AS asset_id, j.site_id, j.number AS job, m.id AS movement_id, m.moved_at, m.from_location AS van_id
  FROM movements m JOIN part_uses u ON u.movement_id = m.id JOIN jobs j ON j.id = u.job_id
  WHERE m.kind = 'use' AND m.moved_at > $1 AND u.old_serial IS NOT NULL AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id))
SELECT o.id::text AS key, ARRAY[o.movement_id] AS marks, v.outlet_id, coalesce(o.technician_id, t.id) AS technician_id, o.van_id, o.part_id, o.job_id,
  o.old_serial AS serial, o.recorded AS other, p.number AS part, o.job, coalesce(w.number, '') AS number,
  jsonb_build_array(signal_thing('use', o.id, o.old_serial, o.moved_at, NULL, o.job_id), signal_thing('job', o.job_id, o.job, NULL),
    signal_thing('use', w.id, o.old_serial, w.moved_at, NULL, w.job_id), signal_thing('job', w.job_id, w.number, NULL),
    signal_thing('unit', n.id, n.serial, NULL), signal_thing('unit', h.id, h.serial, NULL)) AS things
FROM came_out o JOIN locations v ON v.id = o.van_id JOIN parts p ON p.id = o.part_id
LEFT JOIN technicians t ON t.van_id = o.van_id
LEFT JOIN units n ON n.part_id = o.part_id AND n.serial = o.old_serial
LEFT JOIN units h ON h.part_id = o.part_id AND h.serial = o.recorded
LEFT JOIN LATERAL (
  SELECT b.id, b.job_id, e.number, e.site_id, coalesce(b.asset_id, e.asset_id) AS asset_id, m.moved_at
  FROM part_uses b JOIN movements m ON m.id = b.movement_id JOIN jobs e ON e.id = b.job_id
  WHERE b.part_id = o.part_id AND b.new_serial = o.old_serial AND (m.moved_at, m.id) < (o.moved_at, o.movement_id) AND NOT EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)
  ORDER BY m.moved_at DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (SELECT last.* WHERE last.site_id <> o.site_id OR last.asset_id <> o.asset_id) w ON true
WHERE (o.recorded <> '' AND o.recorded <> o.old_serial) OR w.id IS NOT NULL`

var oldSerial = Rule{
	ID: RuleOldSerial, Severity: SeverityHigh, Figure: policy.SignalOldSerial,
	Title: words.Say("Old part is another than recorded"),
	Text:  words.Say("The old part's serial is not the one that the asset's record had of this part, by so many characters as the threshold says; or the books know the unit as put in at another customer's or into another asset."),
	Wrong: words.Say("The serial was typed and not scanned, the asset holds several of the part, or somebody else repaired it in between."),

	Unit: "character", Measures: words.Say("characters that differ"), query: oldSerialSQL,
	args: func(f frame) []any { return []any{f.since} },
	judge: func(n *found, f frame) bool {
		n.Measured = float64(distance(n.Serial, n.Other))
		return n.Number != "" || n.Measured >= f.threshold
	},
	say: func(n found, _ frame) words.Text {
		if n.Number != "" {
			return words.Say("old part %s with serial %s came out on job %s, and the books have it in what job %s repaired", n.Part, n.Serial, n.Job, n.Number)
		}
		return words.Say("old part %s came out on job %s with serial %s, and the record says %s", n.Part, n.Job, n.Serial, n.Other)
	},
}

// distance is how many characters of a have to be put in, taken out or changed to make it b
// (Levenshtein, 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
