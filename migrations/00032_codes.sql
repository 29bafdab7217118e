-- +goose Up
-- Codes of suppliers and names of periods are typed by hand: ACME and acme are one. Those that were two before stay as
-- they are, each as a twin of the first, and no new one is added to them.
ALTER TABLE suppliers ADD twin int NOT NULL DEFAULT 0;
UPDATE suppliers s SET twin = n.n FROM (SELECT id, row_number() OVER (PARTITION BY lower(code) ORDER BY created_at, id) - 1 AS n FROM suppliers) n WHERE n.id = s.id AND n.n > 0;
CREATE UNIQUE INDEX one_supplier_per_code_in_capitals_or_not ON suppliers (lower(code), twin);
ALTER TABLE stock_periods ADD twin int NOT NULL DEFAULT 0;
ALTER TABLE stock_periods DISABLE TRIGGER USER;
UPDATE stock_periods p SET twin = n.n FROM (SELECT id, row_number() OVER (PARTITION BY lower(name) ORDER BY ends_at) - 1 AS n FROM stock_periods) n WHERE n.id = p.id AND n.n > 0;
ALTER TABLE stock_periods ENABLE TRIGGER USER;
CREATE UNIQUE INDEX one_period_per_name_in_capitals_or_not ON stock_periods (lower(name), twin);

-- What the levels of a van say is read before it is changed.
ALTER TABLE locations ADD levels_version int NOT NULL DEFAULT 1;

CREATE INDEX delivery_lines_of_part ON delivery_lines (part_id, delivery_id);
CREATE INDEX transfer_lines_of_part ON transfer_lines (part_id, transfer_id);

-- +goose StatementBegin
-- delivery_waits says whether something of a booked delivery is to come that is not announced as its rest: what has not come,
-- and what came and left again.
CREATE FUNCTION delivery_waits(delivery uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public AS $$
  SELECT EXISTS (SELECT FROM delivery_lines l
    CROSS JOIN LATERAL (SELECT coalesce(sum(m.quantity), 0) AS n FROM movements m
      WHERE m.reference_id = l.delivery_id AND m.part_id = l.part_id AND m.kind = 'receive' AND EXISTS (SELECT FROM movements r WHERE r.reverses_id = m.id)) back
    CROSS JOIN LATERAL (SELECT coalesce(sum(n.quantity), 0) AS n FROM deliveries x JOIN delivery_lines n ON n.delivery_id = x.id
      WHERE x.rest_of_id = l.delivery_id AND x.status <> 'canceled' AND n.part_id = l.part_id) rest
    WHERE l.delivery_id = delivery AND rest.n < CASE WHEN l.serials = '{}'
      THEN greatest(l.quantity - (l.accepted + l.held - l.sent_back - back.n), back.n)
      ELSE back.n + (SELECT count(*) FROM unnest(l.serials) AS s (n) WHERE s.n = ANY (l.sent_back_serials) OR s.n <> ALL (l.accepted_serials || l.held_serials)) END) $$;
-- +goose StatementEnd

-- What was taken back of a delivery, or sent back, is waited for again.
UPDATE deliveries SET status = 'received' WHERE status = 'closed' AND reason IS NULL AND delivery_waits(id);
