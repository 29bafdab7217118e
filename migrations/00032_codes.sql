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

-- What was taken back of a delivery, or sent back, is waited for again.
UPDATE deliveries d SET status = 'received' WHERE status = 'closed' AND reason IS NULL
  AND NOT EXISTS (SELECT FROM deliveries x WHERE x.rest_of_id = d.id AND x.status <> 'canceled')
  AND (EXISTS (SELECT FROM delivery_lines l WHERE l.delivery_id = d.id AND l.sent_back > 0 AND l.accepted + l.held - l.sent_back < l.quantity)
    OR EXISTS (SELECT FROM movements m JOIN movements r ON r.reverses_id = m.id WHERE m.reference_id = d.id AND m.kind = 'receive'));
CREATE INDEX delivery_lines_of_part ON delivery_lines (part_id, delivery_id);
CREATE INDEX transfer_lines_of_part ON transfer_lines (part_id, transfer_id);
