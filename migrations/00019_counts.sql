-- +goose Up
CREATE SEQUENCE count_numbers;
CREATE TYPE uuid_range AS RANGE (subtype = uuid);

-- A count of what a place holds: of everything there (full) or of chosen parts (cycle).
CREATE TABLE counts (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_count_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('opened', 'counting', 'review', 'recount', 'approved', 'canceled')),
  scope text NOT NULL CHECK (scope IN ('full', 'cycle')),
  location_id uuid NOT NULL REFERENCES locations,
  outlet_id uuid REFERENCES outlets,        -- the location's
  round int NOT NULL DEFAULT 1 CHECK (round > 0),  -- one more each time that lines are counted again
  note text NOT NULL DEFAULT '',
  opened_by uuid, finished_by uuid, approved_by uuid,
  approved_at timestamptz,
  value bigint CHECK (value >= 0),          -- what was over and under, together, in minor units
  policy_version int REFERENCES policies,   -- that the approval was judged by
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  open boolean GENERATED ALWAYS AS (status NOT IN ('approved', 'canceled')) STORED,
  UNIQUE (id, open),
  CONSTRAINT approved_is_known CHECK ((status = 'approved') = (approved_at IS NOT NULL AND value IS NOT NULL AND policy_version IS NOT NULL)));
CREATE INDEX counts_of_outlet ON counts (outlet_id, id);
CREATE INDEX counts_of_location ON counts (location_id, id);

-- What a count covers: parts in places; without a part, every part that is there or turns up.
-- The same part in the same place is in one open count at the most.
CREATE TABLE count_scopes (
  count_id uuid NOT NULL, open boolean NOT NULL DEFAULT true,
  location_id uuid NOT NULL REFERENCES locations,
  part_id uuid REFERENCES parts,
  parts uuid_range GENERATED ALWAYS AS (CASE WHEN part_id IS NULL THEN uuid_range(NULL, NULL) ELSE uuid_range(part_id, part_id, '[]') END) STORED,
  FOREIGN KEY (count_id, open) REFERENCES counts (id, open) ON UPDATE CASCADE,
  UNIQUE NULLS NOT DISTINCT (count_id, location_id, part_id),
  CONSTRAINT counted_once_at_a_time EXCLUDE USING gist (location_id WITH =, parts WITH &&) WHERE (open));

-- What was counted of a part in a place, and what the books had there at that moment. Both are
-- null while the line waits to be counted again.
CREATE TABLE count_lines (
  count_id uuid NOT NULL REFERENCES counts,
  location_id uuid NOT NULL REFERENCES locations, part_id uuid NOT NULL REFERENCES parts,
  round int NOT NULL DEFAULT 1 CHECK (round > 0),
  counted int CHECK (counted >= 0),
  expected int,                             -- a van may owe parts without serials
  unit_cost numeric NOT NULL DEFAULT 0,     -- the average at that moment, in minor units
  counted_at timestamptz,
  disturbed boolean NOT NULL DEFAULT false, -- the books moved between two countings of the line
  assumed boolean NOT NULL DEFAULT false,   -- nobody counted it, somebody said that there was none
  reason text CHECK (reason IN ('miscounted', 'damaged', 'lost', 'found', 'wrong_bin', 'unrecorded_use', 'unrecorded_return', 'theft_suspected', 'other')),
  note text NOT NULL DEFAULT '',
  adjusted int, value bigint,               -- as approved
  PRIMARY KEY (count_id, location_id, part_id),
  CONSTRAINT counted_against_the_books CHECK ((counted IS NULL) = (expected IS NULL) AND (counted IS NULL) = (counted_at IS NULL)),
  CONSTRAINT other_reason_is_told CHECK (reason IS DISTINCT FROM 'other' OR note ~ '\S'));
CREATE INDEX count_lines_of_place ON count_lines (location_id, part_id);

-- The units of a line: those that the books had there, and those that were found.
CREATE TABLE count_serials (
  count_id uuid NOT NULL, location_id uuid NOT NULL, part_id uuid NOT NULL,
  serial text NOT NULL,
  expected boolean NOT NULL,                -- the books had it there when it was counted
  found_at timestamptz, found_by uuid,      -- null: not found so far
  scan text,                                -- as the scanner read it
  books_at uuid REFERENCES locations,       -- where the books had it when it was found; null: nowhere
  difference text CHECK (difference IN ('missing', 'misplaced', 'unknown')),  -- as approved
  PRIMARY KEY (count_id, location_id, part_id, serial),
  FOREIGN KEY (count_id, location_id, part_id) REFERENCES count_lines ON DELETE CASCADE);
CREATE UNIQUE INDEX found_in_one_place ON count_serials (count_id, part_id, serial) WHERE found_at IS NOT NULL;

-- Who counted what: every scan and every figure, also those that were counted again.
CREATE TABLE count_entries (
  id uuid PRIMARY KEY,
  count_id uuid NOT NULL, location_id uuid NOT NULL, part_id uuid NOT NULL,
  round int NOT NULL, anew boolean NOT NULL,
  quantity int NOT NULL CHECK (quantity >= 0),
  serials text[] NOT NULL, scans text[] NOT NULL,
  counted_by uuid, counted_at timestamptz NOT NULL,
  FOREIGN KEY (count_id, location_id, part_id) REFERENCES count_lines);
CREATE INDEX count_entries_of_line ON count_entries (count_id, location_id, part_id);
SELECT append_only('count_entries');

-- What happened before it was told: a phone was offline.
CREATE INDEX movements_told_late ON movements (part_id, moved_at) WHERE moved_at > occurred_at;
