package inventory

import "callout/internal/words"

// check is a statement that finds what is wrong with the books, and how it is said.
type check struct {
	query string
	say   func(finding) words.Text
}

// placesSQL is where each unit is now.
const placesSQL = `SELECT DISTINCT ON (unit_id) unit_id, part_id, to_location FROM unit_moves ORDER BY unit_id, seq DESC`

var checks = []check{
	{`SELECT l.code AS location, p.number AS part, coalesce(f.n, 0)::int AS want, coalesce(b.quantity, 0) AS have
		FROM (SELECT location_id, part_id, sum(n) AS n FROM (
			SELECT to_location AS location_id, part_id, quantity AS n FROM movements
			UNION ALL SELECT from_location, part_id, -quantity FROM movements) m GROUP BY 1, 2) f
		FULL JOIN balances b USING (location_id, part_id)
		JOIN locations l ON l.id = location_id JOIN parts p ON p.id = part_id
		WHERE coalesce(f.n, 0) <> coalesce(b.quantity, 0) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s holds %d of part %s by the movements and %d by the balance", f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, sum(b.quantity)::int AS have FROM balances b JOIN parts p ON p.id = b.part_id
		GROUP BY 1 HAVING sum(b.quantity) <> 0 ORDER BY 1`, func(f finding) words.Text {
		return words.Say("part %s sums to %d over all locations, not to nought", f.Part, f.Have)
	}},
	{`SELECT l.code AS location, p.number AS part, coalesce(u.n, 0)::int AS want, coalesce(b.quantity, 0) AS have
		FROM (SELECT to_location AS location_id, part_id, count(*) AS n FROM (` + placesSQL + `) s GROUP BY 1, 2) u
		FULL JOIN (SELECT b.* FROM balances b JOIN parts p ON p.id = b.part_id WHERE p.serialized) b USING (location_id, part_id)
		JOIN locations l ON l.id = location_id JOIN parts p ON p.id = part_id
		WHERE NOT l.may_go_negative AND coalesce(u.n, 0) <> coalesce(b.quantity, 0) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s holds %d units of part %s by their paths and %d by the balance", f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, u.serial, s.seq AS have FROM (
			SELECT unit_id, part_id, seq, from_location, lag(seq, 1, 0) OVER w AS before, lag(to_location) OVER w AS place
			FROM unit_moves WINDOW w AS (PARTITION BY unit_id ORDER BY seq)) s
		JOIN units u ON u.id = s.unit_id JOIN parts p ON p.id = s.part_id JOIN locations l ON l.id = s.from_location
		WHERE s.seq <> s.before + 1 OR s.from_location <> s.place OR (s.place IS NULL AND NOT l.may_go_negative) ORDER BY 1, 2, 3`, func(f finding) words.Text {
		return words.Say("the path of unit %s of part %s is broken at step %d", f.Serial, f.Part, f.Have)
	}},
	{`SELECT m.id AS movement, p.number AS part, CASE WHEN p.serialized THEN m.quantity ELSE 0 END AS want, coalesce(s.n, 0)::int AS have
		FROM movements m JOIN parts p ON p.id = m.part_id
		LEFT JOIN (SELECT movement_id, count(*) AS n FROM unit_moves GROUP BY 1) s ON s.movement_id = m.id
		WHERE coalesce(s.n, 0) <> CASE WHEN p.serialized THEN m.quantity ELSE 0 END ORDER BY 1`, func(f finding) words.Text {
		return words.Say("movement %s of part %s should name %d units and names %d", f.Movement, f.Part, f.Want, f.Have)
	}},
	{`SELECT m.id AS movement FROM movements m JOIN movements o ON o.id = m.reverses_id
		WHERE (m.part_id, m.quantity, m.from_location, m.to_location, coalesce(m.value, 0)) <> (o.part_id, o.quantity, o.to_location, o.from_location, coalesce(o.value, 0))
		ORDER BY 1`, func(f finding) words.Text {
		return words.Say("movement %s does not mirror the one that it reverses", f.Movement)
	}},
	{`SELECT l.code AS location, p.number AS part, coalesce(r.n, 0)::int AS want, b.reserved AS have
		FROM balances b LEFT JOIN (SELECT location_id, part_id, sum(quantity) AS n FROM reservations GROUP BY 1, 2) r USING (location_id, part_id)
		JOIN locations l ON l.id = location_id JOIN parts p ON p.id = part_id WHERE coalesce(r.n, 0) <> b.reserved ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s has %d of part %s set aside for requests and %d by the balance", f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, v.pool AS location, coalesce(b.n, 0)::int AS want, v.quantity AS have
		FROM part_values v JOIN parts p ON p.id = v.part_id
		LEFT JOIN (SELECT b.part_id, l.pool, sum(b.quantity) AS n FROM balances b JOIN locations l ON l.id = b.location_id GROUP BY 1, 2) b
			ON b.part_id = v.part_id AND b.pool = v.pool
		WHERE coalesce(b.n, 0) <> v.quantity ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%d of part %s are in %s stock, and its value counts %d", f.Want, f.Part, words.Noun(f.Location), f.Have)
	}},
	{`SELECT p.number AS part, v.pool AS location, coalesce(f.n, 0)::text AS worth, v.value::text AS valued
		FROM part_values v JOIN parts p ON p.id = v.part_id
		LEFT JOIN (SELECT part_id, pool, sum(n::numeric) AS n FROM (
				SELECT m.part_id, l.pool, m.value + m.added AS n FROM movements m JOIN locations l ON l.id = m.to_location WHERE m.value IS NOT NULL
				UNION ALL SELECT m.part_id, l.pool, -m.value FROM movements m JOIN locations l ON l.id = m.from_location WHERE m.value IS NOT NULL) x
			GROUP BY 1, 2) f ON f.part_id = v.part_id AND f.pool = v.pool
		WHERE coalesce(f.n, 0) <> v.value ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("the %s stock of part %s is worth %s by the movements and %s by its value", words.Noun(f.Location), f.Part, f.Worth, f.Valued)
	}},
	{`SELECT s.name AS serial, l.code AS location, p.number AS part, sum(d.want)::int AS want, sum(d.have)::int AS have FROM (
			SELECT period_id, location_id, part_id, 0 AS want, quantity AS have FROM period_balances
			UNION ALL SELECT n.id, b.location_id, b.part_id, b.quantity, 0
				FROM period_balances b JOIN stock_periods s ON s.id = b.period_id JOIN stock_periods n ON n.starts_at = s.ends_at
			UNION ALL SELECT s.id, m.to_location, m.part_id, m.quantity, 0
				FROM stock_periods s JOIN movements m ON m.booked_at >= coalesce(s.starts_at, '-infinity') AND m.booked_at < s.ends_at
			UNION ALL SELECT s.id, m.from_location, m.part_id, -m.quantity, 0
				FROM stock_periods s JOIN movements m ON m.booked_at >= coalesce(s.starts_at, '-infinity') AND m.booked_at < s.ends_at) d
		JOIN stock_periods s ON s.id = d.period_id JOIN locations l ON l.id = d.location_id JOIN parts p ON p.id = d.part_id
		GROUP BY s.id, 1, 2, 3 HAVING sum(d.want) <> sum(d.have) ORDER BY s.ends_at, 2, 3`, func(f finding) words.Text {
		return words.Say("period %s: %s held %d of part %s at its end by the movements, and it was locked with %d", f.Serial, f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT name AS serial FROM stock_periods WHERE hash <> period_hash(id) ORDER BY ends_at`, func(f finding) words.Text {
		return words.Say("what period %s was locked with no longer hashes to what it did then", f.Serial)
	}},
	{`SELECT l.code AS location, p.number AS part, b.quantity AS have FROM balances b JOIN locations l ON l.id = b.location_id JOIN parts p ON p.id = b.part_id
		WHERE b.quantity < 0 AND NOT l.may_go_negative AND (p.serialized OR NOT l.van) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s holds %d of part %s, and owes nothing to anybody", f.Location, f.Have, f.Part)
	}},
	{`SELECT l.code AS location, p.number AS part, b.reserved AS want, b.quantity AS have FROM balances b JOIN locations l ON l.id = b.location_id JOIN parts p ON p.id = b.part_id
		WHERE b.reserved < 0 OR b.reserved > greatest(b.quantity, 0) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("%s has %d of part %s set aside and holds %d", f.Location, f.Want, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, u.serial, count(*)::int AS have FROM units u JOIN parts p ON p.id = u.part_id GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("serial %s of part %s is %d units", f.Serial, f.Part, f.Have)
	}},
	{`SELECT p.number AS part, u.serial, s.seq AS have FROM unit_moves s JOIN movements m ON m.id = s.movement_id JOIN units u ON u.id = s.unit_id JOIN parts p ON p.id = s.part_id
		WHERE (s.part_id, s.from_location, s.to_location) <> (m.part_id, m.from_location, m.to_location) OR u.part_id <> s.part_id ORDER BY 1, 2, 3`, func(f finding) words.Text {
		return words.Say("step %d of unit %s of part %s is none of its movement", f.Have, f.Serial, f.Part)
	}},
	{`SELECT o.id AS movement, count(*)::int AS have FROM movements m JOIN movements o ON o.id = m.reverses_id GROUP BY 1 HAVING count(*) > 1 ORDER BY 1`, func(f finding) words.Text {
		return words.Say("movement %s is reversed %d times", f.Movement, f.Have)
	}},
	{`SELECT p.number AS part, u.serial FROM units u JOIN parts p ON p.id = u.part_id
		WHERE NOT EXISTS (SELECT FROM unit_moves s WHERE s.unit_id = u.id) ORDER BY 1, 2`, func(f finding) words.Text {
		return words.Say("unit %s of part %s has never been anywhere", f.Serial, f.Part)
	}},
}
