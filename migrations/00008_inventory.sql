-- +goose Up
CREATE TABLE parts (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_part_per_number UNIQUE,
  name text NOT NULL, name_zh text NOT NULL DEFAULT '',
  unit text NOT NULL DEFAULT 'piece',
  serialized boolean NOT NULL, return_required boolean NOT NULL,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);

CREATE TABLE locations (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT one_location_per_code UNIQUE,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('supplier', 'warehouse', 'defective', 'quarantine', 'outlet', 'van', 'transit', 'customer_site',
    'customer_kept', 'vendor_repair', 'scrap', 'adjustment')),
  outlet_id uuid REFERENCES outlets,
  may_go_negative boolean NOT NULL DEFAULT false,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX locations_of_outlet ON locations (outlet_id, id);
ALTER TABLE technicians ADD CONSTRAINT van_is_location FOREIGN KEY (van_id) REFERENCES locations;

-- A movement takes from one location and gives to another; a correction is a reverse movement.
CREATE TABLE movements (
  id uuid PRIMARY KEY,
  part_id uuid NOT NULL REFERENCES parts,
  from_location uuid NOT NULL REFERENCES locations, to_location uuid NOT NULL REFERENCES locations,
  quantity int NOT NULL CHECK (quantity > 0),
  kind text NOT NULL CHECK (kind IN ('receive', 'transfer', 'issue', 'delivery', 'use', 'removal', 'return', 'reverse')),
  job_id uuid REFERENCES jobs, reference_id uuid, reverses_id uuid CONSTRAINT reversed_once UNIQUE REFERENCES movements,
  note text NOT NULL DEFAULT '',
  moved_by uuid, moved_at timestamptz NOT NULL,
  CONSTRAINT moves_somewhere CHECK (from_location <> to_location));
CREATE INDEX movements_of_part ON movements (part_id, moved_at);
CREATE INDEX movements_of_job ON movements (job_id) WHERE job_id IS NOT NULL;
SELECT append_only('movements');

CREATE TABLE balances (
  location_id uuid REFERENCES locations, part_id uuid REFERENCES parts,
  quantity int NOT NULL, may_go_negative boolean NOT NULL,
  PRIMARY KEY (location_id, part_id),
  CONSTRAINT never_negative CHECK (quantity >= 0 OR may_go_negative));

CREATE TABLE units (
  id uuid PRIMARY KEY,
  part_id uuid NOT NULL REFERENCES parts, serial text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT one_unit_per_serial UNIQUE (part_id, serial));

-- The path of a unit: each step starts where the one before it ended, by the foreign key.
CREATE TABLE unit_moves (
  unit_id uuid NOT NULL REFERENCES units, seq int NOT NULL CHECK (seq > 0),
  movement_id uuid NOT NULL REFERENCES movements,
  from_location uuid NOT NULL, to_location uuid NOT NULL,
  prev_seq int GENERATED ALWAYS AS (CASE WHEN seq > 1 THEN seq - 1 END) STORED,
  PRIMARY KEY (unit_id, seq),
  UNIQUE (unit_id, seq, to_location),
  CONSTRAINT starts_where_it_is FOREIGN KEY (unit_id, prev_seq, from_location) REFERENCES unit_moves (unit_id, seq, to_location));
SELECT append_only('unit_moves');

CREATE TABLE part_requests (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_part_request_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('requested', 'approved', 'rejected', 'issued', 'received', 'canceled')),
  job_id uuid REFERENCES jobs,
  technician_id uuid NOT NULL REFERENCES technicians,
  van_id uuid NOT NULL REFERENCES locations,
  warehouse_id uuid REFERENCES locations,
  outlet_id uuid REFERENCES outlets,
  reason text NOT NULL DEFAULT '',
  requested_by uuid, approved_by uuid, rejected_reason text,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX part_requests_of_outlet ON part_requests (outlet_id, id);
CREATE TABLE part_request_lines (
  request_id uuid NOT NULL REFERENCES part_requests, line int NOT NULL,
  part_id uuid NOT NULL REFERENCES parts, quantity int NOT NULL CHECK (quantity > 0),
  issued int NOT NULL DEFAULT 0, received int NOT NULL DEFAULT 0,
  issued_serials text[] NOT NULL DEFAULT '{}', received_serials text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (request_id, line));

-- What was used on a job: the new part's serial and the old part's.
CREATE TABLE part_uses (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  part_id uuid NOT NULL REFERENCES parts, quantity int NOT NULL CHECK (quantity > 0),
  new_serial text, old_serial text,
  old_part_wish text NOT NULL CHECK (old_part_wish IN ('return', 'customer_keeps', 'none')),
  movement_id uuid NOT NULL REFERENCES movements,
  used_by uuid, used_at timestamptz NOT NULL);
CREATE INDEX part_uses_of_job ON part_uses (job_id);
SELECT append_only('part_uses');

CREATE TABLE part_returns (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_part_return_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('expected', 'collected', 'waived', 'in_transit', 'received', 'matched', 'discrepant')),
  use_id uuid NOT NULL CONSTRAINT one_return_per_use UNIQUE REFERENCES part_uses,
  job_id uuid NOT NULL REFERENCES jobs,
  part_id uuid NOT NULL REFERENCES parts, quantity int NOT NULL CHECK (quantity > 0),
  technician_id uuid NOT NULL REFERENCES technicians,
  outlet_id uuid REFERENCES outlets,
  expected_serial text, received_serial text,
  discrepancy text, location_id uuid REFERENCES locations,
  received_by uuid, received_at timestamptz, due_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX part_returns_of_outlet ON part_returns (outlet_id, id);
CREATE INDEX part_returns_of_job ON part_returns (job_id);
