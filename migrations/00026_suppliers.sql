-- +goose Up
-- A request belongs to the outlet of its van, and is seen as well by every other outlet whose warehouse
-- hands some of it out or did so.
ALTER TABLE part_requests ADD suppliers uuid[] NOT NULL DEFAULT '{}';
UPDATE part_requests r SET suppliers = s.outlets FROM (
  SELECT q.id, array_agg(DISTINCT l.outlet_id) AS outlets
  FROM part_requests q JOIN locations l ON l.id = q.warehouse_id OR l.id IN (SELECT m.from_location FROM movements m WHERE m.reference_id = q.id AND m.kind = 'issue')
  WHERE l.outlet_id IS NOT NULL AND l.outlet_id IS DISTINCT FROM q.outlet_id GROUP BY q.id) s
WHERE s.id = r.id;
CREATE INDEX part_requests_of_suppliers ON part_requests USING gin (suppliers) WHERE suppliers <> '{}';
CREATE INDEX part_requests_in_vans ON part_requests (van_id) WHERE job_id IS NOT NULL AND status IN ('picking', 'issued', 'backordered', 'received');

-- What came too much is handed back, kept in the van, or was no more than a wrong scan.
ALTER TABLE part_request_overs
  ADD kept int NOT NULL DEFAULT 0 CHECK (kept >= 0),
  ADD mistaken int NOT NULL DEFAULT 0 CHECK (mistaken >= 0),
  ADD CONSTRAINT settles_what_came CHECK (settled + kept + mistaken <= quantity),
  DROP CONSTRAINT one_over_per_serial;
CREATE UNIQUE INDEX one_over_per_serial ON part_request_overs (request_id, part_id, serial) WHERE settled + kept + mistaken < quantity;
