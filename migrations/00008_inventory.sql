-- +goose Up
CREATE TABLE parts (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_part_per_number UNIQUE,
  name text NOT NULL, name_zh text NOT NULL DEFAULT '',
  unit text NOT NULL DEFAULT 'piece',
  serialized boolean NOT NULL, return_required boolean NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX parts_by_name ON parts USING gin ((number || ' ' || name || ' ' || name_zh) gin_trgm_ops);

-- Where parts can be. What lies outside the house, or where things end, may go negative: the
-- sum of a part over all locations is then always nought.
CREATE TABLE locations (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT one_location_per_code UNIQUE,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('supplier', 'warehouse', 'defective', 'quarantine', 'outlet', 'van', 'transit',
    'customer_site', 'vendor_repair', 'scrap', 'adjustment')),
  outlet_id uuid REFERENCES outlets,       -- null: everybody's
  warehouse_id uuid REFERENCES locations,  -- whose place for defective parts this is
  may_go_negative boolean NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT only_outside_is_negative CHECK (may_go_negative = (kind IN ('supplier', 'customer_site', 'scrap', 'adjustment'))),
  CONSTRAINT defective_has_warehouse CHECK ((kind = 'defective') = (warehouse_id IS NOT NULL)),
  UNIQUE (id, may_go_negative));
CREATE INDEX locations_of_outlet ON locations (outlet_id, id);
CREATE UNIQUE INDEX one_of_these_per_outlet ON locations (kind, outlet_id) NULLS NOT DISTINCT
  WHERE kind IN ('supplier', 'transit', 'customer_site', 'scrap', 'adjustment');
CREATE UNIQUE INDEX one_defective_per_warehouse ON locations (warehouse_id);
INSERT INTO locations (id, code, name, kind, may_go_negative, created_at, updated_at) VALUES
  ('01900000-0000-7000-8000-000000000001', '/supplier', 'supplier', 'supplier', true, now(), now()),
  ('01900000-0000-7000-8000-000000000002', '/transit', 'transit', 'transit', false, now(), now()),
  ('01900000-0000-7000-8000-000000000003', '/customer_site', 'customer site', 'customer_site', true, now(), now()),
  ('01900000-0000-7000-8000-000000000004', '/scrap', 'scrap', 'scrap', true, now(), now()),
  ('01900000-0000-7000-8000-000000000005', '/adjustment', 'adjustment', 'adjustment', true, now(), now());

ALTER TABLE technicians ADD CONSTRAINT van_is_location FOREIGN KEY (van_id) REFERENCES locations;
ALTER TABLE technicians ADD CONSTRAINT one_technician_per_van UNIQUE (van_id);

-- A movement takes from one location and gives to another; a correction is a reverse movement.
CREATE TABLE movements (
  id uuid PRIMARY KEY,
  part_id uuid NOT NULL REFERENCES parts,
  from_location uuid NOT NULL REFERENCES locations, to_location uuid NOT NULL REFERENCES locations,
  quantity int NOT NULL CHECK (quantity > 0),
  kind text NOT NULL CHECK (kind IN ('receive', 'transfer', 'issue', 'delivery', 'use', 'return', 'reverse')),
  job_id uuid REFERENCES jobs,
  reference_id uuid,          -- the part request or part return that it belongs to
  reverses_id uuid CONSTRAINT reversed_once UNIQUE REFERENCES movements,
  note text NOT NULL DEFAULT '',
  moved_by uuid, moved_at timestamptz NOT NULL,
  CONSTRAINT moves_somewhere CHECK (from_location <> to_location),
  CONSTRAINT reverse_names_what CHECK ((kind = 'reverse') = (reverses_id IS NOT NULL)),
  UNIQUE (id, part_id, from_location, to_location));
CREATE INDEX movements_of_part ON movements (part_id, id);
CREATE INDEX movements_from ON movements (from_location, id);
CREATE INDEX movements_to ON movements (to_location, id);
CREATE INDEX movements_of_job ON movements (job_id) WHERE job_id IS NOT NULL;
SELECT append_only('movements');

-- What is where: the fold of the movements, kept with each of them.
CREATE TABLE balances (
  location_id uuid, part_id uuid REFERENCES parts,
  quantity int NOT NULL, may_go_negative boolean NOT NULL,
  PRIMARY KEY (location_id, part_id),
  FOREIGN KEY (location_id, may_go_negative) REFERENCES locations (id, may_go_negative),
  CONSTRAINT never_negative CHECK (quantity >= 0 OR may_go_negative));
CREATE INDEX balances_of_part ON balances (part_id, location_id);

CREATE TABLE units (
  id uuid PRIMARY KEY,
  part_id uuid NOT NULL REFERENCES parts, serial text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT one_unit_per_serial UNIQUE (part_id, serial),
  UNIQUE (id, part_id));
CREATE INDEX units_by_serial ON units (serial);

-- The path of a unit: each step starts where the one before it ended, and is a step of a movement
-- of its part between the same places, by the foreign keys.
CREATE TABLE unit_moves (
  unit_id uuid NOT NULL, seq int NOT NULL CHECK (seq > 0),
  movement_id uuid NOT NULL, part_id uuid NOT NULL,
  from_location uuid NOT NULL, to_location uuid NOT NULL,
  prev_seq int GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
  PRIMARY KEY (unit_id, seq),
  UNIQUE (unit_id, seq, to_location),
  FOREIGN KEY (unit_id, part_id) REFERENCES units (id, part_id),
  CONSTRAINT moves_as_its_movement FOREIGN KEY (movement_id, part_id, from_location, to_location)
    REFERENCES movements (id, part_id, from_location, to_location),
  CONSTRAINT once_a_movement UNIQUE (movement_id, unit_id),
  CONSTRAINT starts_where_it_is FOREIGN KEY (unit_id, prev_seq, from_location) REFERENCES unit_moves (unit_id, seq, to_location));
CREATE INDEX unit_moves_to ON unit_moves (to_location, unit_id, seq);
SELECT append_only('unit_moves');

CREATE TABLE part_requests (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_part_request_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('requested', 'approved', 'rejected', 'issued', 'received', 'canceled')),
  job_id uuid REFERENCES jobs,
  technician_id uuid NOT NULL REFERENCES technicians,
  van_id uuid NOT NULL REFERENCES locations,
  warehouse_id uuid REFERENCES locations,  -- that issued it
  outlet_id uuid REFERENCES outlets,       -- the van's
  reason text NOT NULL DEFAULT '',
  requested_by uuid, approved_by uuid, issued_by uuid,
  rejected_reason text,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT rejected_has_reason CHECK ((status = 'rejected') = (rejected_reason IS NOT NULL)),
  CONSTRAINT issued_has_warehouse CHECK ((status IN ('issued', 'received')) = (warehouse_id IS NOT NULL)),
  CONSTRAINT never_ones_own CHECK (approved_by <> requested_by));
CREATE INDEX part_requests_of_outlet ON part_requests (outlet_id, id);
CREATE INDEX part_requests_of_technician ON part_requests (technician_id, id);
CREATE INDEX part_requests_of_job ON part_requests (job_id) WHERE job_id IS NOT NULL;
CREATE TABLE part_request_lines (
  request_id uuid NOT NULL REFERENCES part_requests, line int NOT NULL,
  part_id uuid NOT NULL REFERENCES parts, quantity int NOT NULL CHECK (quantity > 0),
  issued int NOT NULL DEFAULT 0 CHECK (issued BETWEEN 0 AND quantity),
  received int NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND issued),
  issued_serials text[] NOT NULL DEFAULT '{}', received_serials text[] NOT NULL DEFAULT '{}' CHECK (received_serials <@ issued_serials),
  PRIMARY KEY (request_id, line),
  CONSTRAINT one_line_per_part UNIQUE (request_id, part_id));

-- What was used on a job: the new part's serial and the old part's. A use stands unless its
-- movement was reversed.
CREATE TABLE part_uses (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  part_id uuid NOT NULL REFERENCES parts, quantity int NOT NULL CHECK (quantity > 0),
  new_serial text, old_serial text,
  old_part_wish text NOT NULL CHECK (old_part_wish IN ('return', 'customer_keeps', 'none')),
  movement_id uuid NOT NULL CONSTRAINT one_use_per_movement UNIQUE REFERENCES movements,
  used_by uuid, used_at timestamptz NOT NULL);
CREATE INDEX part_uses_of_job ON part_uses (job_id);
SELECT append_only('part_uses');

CREATE TABLE part_returns (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_part_return_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('expected', 'collected', 'waived', 'in_transit', 'received', 'matched', 'discrepant')),
  waived_because text CHECK (waived_because IN ('customer_keeps', 'use_reversed')),
  use_id uuid NOT NULL CONSTRAINT one_return_per_use UNIQUE REFERENCES part_uses,
  job_id uuid NOT NULL REFERENCES jobs,
  part_id uuid NOT NULL REFERENCES parts, quantity int NOT NULL CHECK (quantity > 0),
  technician_id uuid NOT NULL REFERENCES technicians,
  outlet_id uuid REFERENCES outlets,       -- the van's
  expected_serial text,
  received_part_id uuid REFERENCES parts, received_serial text, received_quantity int,
  discrepancy text CHECK (discrepancy IN ('other_part', 'other_serial', 'missing', 'damaged', 'already_returned', 'in_stock')),
  note text NOT NULL DEFAULT '',
  warehouse_id uuid REFERENCES locations,  -- that received it
  movement_id uuid REFERENCES movements,   -- null: nothing came, or the books could not take it
  received_by uuid, received_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT waived_has_reason CHECK ((status = 'waived') = (waived_because IS NOT NULL)),
  CONSTRAINT discrepant_has_kind CHECK ((status = 'discrepant') = (discrepancy IS NOT NULL)),
  CONSTRAINT received_is_known CHECK ((status IN ('received', 'matched', 'discrepant')) = (received_at IS NOT NULL)));
CREATE INDEX part_returns_of_outlet ON part_returns (outlet_id, id);
CREATE INDEX part_returns_of_technician ON part_returns (technician_id, id);
CREATE INDEX part_returns_of_job ON part_returns (job_id);
CREATE UNIQUE INDEX expected_once ON part_returns (part_id, expected_serial) WHERE status IN ('expected', 'collected', 'in_transit');
