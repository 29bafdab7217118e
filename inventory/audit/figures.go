package audit

// baseSQL is the last locked end that is not after a moment.
const baseSQL = `SELECT id, ends_at, locked_at FROM stock_periods WHERE ends_at <= $1 ORDER BY ends_at DESC LIMIT 1`

// keptSQL is the locked period that a moment is the end of, or lies in.
const keptSQL = `SELECT id, ends_at, locked_at FROM stock_periods WHERE ends_at >= $1 ORDER BY ends_at LIMIT 1`

// elbowRoomSQL lets the statements after it fold a million movements in memory, spares them the quarter
// of a second that compiling takes, and has each planned for what it asks: a plan for anything would read
// every movement for one row.
const elbowRoomSQL = `
SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)`

// figuresSQL adds the figures up in one statement, those of good and of held stock apart: of all
// rows, or of some alone, whose places are $15, holders $16 and parts $17. The opening goes forward
// from what a locked period left, or from nothing; the closing goes back from the balances of now.
// They meet only where every movement between is in a figure and in a balance.
var figuresSQL = placesSQL + `, legs AS (` + legsSQL + `
), ` + costsSQL + `, parts_of AS (
  SELECT p.holder, m.part_id, p.pool,
    coalesce(sum(m.n) FILTER (WHERE m.booked_at < $8), 0) AS opening,
    coalesce(sum(m.n) FILTER (WHERE m.booked_at >= $8 AND m.booked_at < $9 AND m.figure = 'issued'), 0) AS issued,
    -coalesce(sum(m.n) FILTER (WHERE m.booked_at >= $8 AND m.booked_at < $9 AND m.figure = 'used'), 0) AS used,
    -coalesce(sum(m.n) FILTER (WHERE m.booked_at >= $8 AND m.booked_at < $9 AND m.figure = 'returned'), 0) AS returned,
    -coalesce(sum(m.n) FILTER (WHERE m.booked_at >= $8 AND m.booked_at < $9 AND m.figure = 'variance'), 0) AS variance,
    -coalesce(sum(m.n) FILTER (WHERE m.booked_at >= $9), 0) AS closing,
    coalesce(sum(m.short) FILTER (WHERE m.booked_at >= $8 AND m.booked_at < $9), 0) AS short,
    0 AS returns, 0 AS overdue, NULL::timestamptz AS oldest
  FROM legs m ` + bordersSQL + `
  WHERE m.booked_at >= $12 AND ($7::uuid IS NULL OR m.part_id = $7) AND q.id IS NULL
    AND ($15::uuid[] IS NULL OR m.place = ANY ($15)) AND ($17::uuid[] IS NULL OR m.part_id = ANY ($17)) AND ` + wantedSQL("p.holder", "m.part_id") + `
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT p.holder, s.part_id, p.pool, sum(s.quantity), 0, 0, 0, 0, 0, 0, 0, 0, NULL
  FROM period_balances s JOIN places p ON p.id = s.location_id
  WHERE s.period_id = $11 AND ($7::uuid IS NULL OR s.part_id = $7) AND ` + wantedSQL("p.holder", "s.part_id") + ` GROUP BY 1, 2, 3
  UNION ALL
  SELECT p.holder, b.part_id, p.pool, 0, 0, 0, 0, 0, sum(b.quantity), 0, 0, 0, NULL
  FROM balances b JOIN places p ON p.id = b.location_id
  WHERE b.quantity <> 0 AND ($7::uuid IS NULL OR b.part_id = $7) AND ` + wantedSQL("p.holder", "b.part_id") + ` GROUP BY 1, 2, 3
  UNION ALL
  SELECT r.holder, r.part_id, 'good', 0, 0, 0, 0, 0, 0, 0, r.returns, r.overdue, r.oldest
  FROM (` + returnsSQL + `) r WHERE ` + wantedSQL("r.holder", "r.part_id") + `
), summed AS (
  SELECT holder, part_id, pool, sum(opening)::bigint AS opening, sum(issued)::bigint AS issued, sum(used)::bigint AS used,
    sum(returned)::bigint AS returned, sum(variance)::bigint AS variance, sum(closing)::bigint AS closing, sum(short)::bigint AS short,
    sum(returns)::bigint AS open_returns, sum(overdue)::bigint AS overdue_returns, min(oldest) AS oldest_return_at
  FROM parts_of GROUP BY 1, 2, 3
)
SELECT s.opening, s.issued, s.used, s.returned, s.variance, s.closing, s.short, s.open_returns, s.overdue_returns, s.oldest_return_at,
  coalesce(extract(day FROM $10::timestamptz - s.oldest_return_at), 0)::int AS oldest_return_age,
  s.holder AS holder_id, coalesce(l.code, o.code, v.code, '') AS holder_code, ` + holderNameSQL + ` AS holder_name,
  coalesce(l.kind, '') AS holder_kind, s.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, p.unit, p.currency,
  s.pool, c.cost AS unit_cost, k.cost AS opening_cost
FROM summed s JOIN parts p ON p.id = s.part_id
` + holdersSQL + `
LEFT JOIN locations v ON v.id = t.van_id
LEFT JOIN costs c ON c.part_id = s.part_id AND c.pool = s.pool
LEFT JOIN kept k ON k.period_id = $11 AND $8 = $12 AND k.part_id = s.part_id AND k.pool = s.pool
WHERE (s.opening, s.issued, s.used, s.returned, s.variance, s.closing, s.short, s.open_returns) <> (0, 0, 0, 0, 0, 0, 0, 0)
ORDER BY s.holder, s.part_id, s.pool`

// wantedSQL says whether a holder's part is among those wanted.
func wantedSQL(holder, part string) string {
	return `($16::uuid[] IS NULL OR (coalesce(` + holder + `, '00000000-0000-0000-0000-000000000000'), ` + part + `) IN (SELECT * FROM unnest($16::uuid[], $17::uuid[])))`
}

// returnsSQL are the old parts that were expected at a moment ($10), overdue ones among them, and since when.
const returnsSQL = `
  SELECT CASE $1::text WHEN 'technician' THEN r.technician_id WHEN 'outlet' THEN coalesce(r.outlet_id, p.id) WHEN 'part' THEN NULL ELSE p.id END AS holder,
    r.part_id, count(*) AS returns, count(*) FILTER (WHERE r.due_at < $10) AS overdue, min(r.created_at) AS oldest
  FROM part_returns r LEFT JOIN places p ON p.technician_id = r.technician_id
  WHERE r.created_at <= $10 AND (r.status IN ('expected', 'collected', 'in_transit') OR coalesce(r.received_at, r.waived_at) > $10)
    AND ($1 IN ('technician', 'outlet', 'part') OR p.id IS NOT NULL)
    AND ($2::uuid IS NULL OR r.outlet_id = $2) AND ($3::uuid IS NULL OR r.technician_id = $3) AND ($4::uuid IS NULL OR r.outlet_id = $4)
    AND ($5::uuid IS NULL OR r.technician_id = $5) AND ($6::uuid IS NULL OR p.id = $6) AND ($7::uuid IS NULL OR r.part_id = $7)
  GROUP BY 1, 2`

// holdersSQL join what the holders of s are called.
const (
	holdersSQL = `LEFT JOIN locations l ON l.id = s.holder
LEFT JOIN technicians t ON t.id = s.holder AND $1 = 'technician'
LEFT JOIN outlets o ON o.id = s.holder AND $1 = 'outlet'`
	holderNameSQL = `coalesce(t.name, l.name, o.name, '')`
)

// costsSQL is what one of a part costs in each pool. Where the end lies in a locked period ($13,
// which ends at $14) that is what its lock kept, and of what was all gone by then the average of
// what left: no later receipt changes it. Otherwise it is the moving average of now.
const costsSQL = `kept AS MATERIALIZED (
  SELECT b.period_id, b.part_id, l.pool, max(round(b.value::numeric / b.quantity))::bigint AS cost
  FROM period_balances b JOIN locations l ON l.id = b.location_id
  WHERE b.period_id IN ($11, $13) AND b.value IS NOT NULL AND l.pool IS NOT NULL GROUP BY 1, 2, 3
), costs AS MATERIALIZED (
  SELECT v.part_id, v.pool, ` + averageSQL + ` AS cost FROM part_values v
  WHERE $13 = '00000000-0000-0000-0000-000000000000' AND (v.value <> 0 OR v.last_cost <> 0)
  UNION ALL SELECT part_id, pool, cost FROM kept WHERE period_id = $13
  UNION ALL
  SELECT m.part_id, l.pool, nullif(round(sum(m.value) / sum(m.quantity)), 0)::bigint
  FROM movements m JOIN locations l ON l.id = m.from_location
  WHERE m.booked_at >= $8 AND m.booked_at < $14 AND m.value IS NOT NULL AND l.pool IS NOT NULL AND ($17::uuid[] IS NULL OR m.part_id = ANY ($17))
    AND NOT EXISTS (SELECT FROM kept k WHERE k.period_id = $13 AND k.part_id = m.part_id AND k.pool = l.pool)
  GROUP BY 1, 2
)`

// averageSQL is the moving average of part_values v.
const averageSQL = `round(CASE WHEN v.quantity > 0 AND v.value >= 0 THEN v.value::numeric / v.quantity ELSE v.last_cost END)::bigint`

// costSQL is what one of part p costs now in a place of l's kind, by the moving average of the pool
// that it is valued with. A part that nobody ever said a cost of has none.
const costSQL = `
  SELECT ` + averageSQL + ` AS unit_cost
  FROM part_values v WHERE v.part_id = p.id AND (v.value <> 0 OR v.last_cost <> 0)
    AND v.pool = coalesce(l.pool, 'good')`
