-- +goose Up
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE skills (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT one_skill_per_code UNIQUE,
  name text NOT NULL, name_zh text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);

CREATE TABLE technicians (
  id uuid PRIMARY KEY,
  user_id uuid CONSTRAINT one_technician_per_user UNIQUE REFERENCES users,
  outlet_id uuid NOT NULL REFERENCES outlets,
  name text NOT NULL,
  phone text,
  home point NOT NULL,
  cost_per_hour bigint NOT NULL CHECK (cost_per_hour >= 0), currency char(3) NOT NULL,
  van_id uuid,                 -- the stock location that is this technician's van
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'left')),
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX technicians_of_outlet ON technicians (outlet_id, id);

CREATE TABLE certifications (
  id uuid PRIMARY KEY,
  technician_id uuid NOT NULL REFERENCES technicians,
  skill_id uuid NOT NULL REFERENCES skills,
  level int NOT NULL CHECK (level BETWEEN 1 AND 5),
  valid_from timestamptz NOT NULL, valid_to timestamptz NOT NULL CHECK (valid_to > valid_from),
  revoked_at timestamptz, revoke_reason text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX certifications_of_technician ON certifications (technician_id);

CREATE TABLE shifts (
  id uuid PRIMARY KEY,
  technician_id uuid NOT NULL REFERENCES technicians,
  starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  breaks jsonb NOT NULL DEFAULT '[]',  -- [{earliest, latest, minutes}]: begins between the two instants
  status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'on_duty', 'off_duty', 'absent', 'canceled')),
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT shifts_apart EXCLUDE USING gist (technician_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (status <> 'canceled'));
CREATE INDEX shifts_by_start ON shifts (starts_at, id);

CREATE TABLE absences (
  id uuid PRIMARY KEY,
  technician_id uuid NOT NULL REFERENCES technicians,
  starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  reason text NOT NULL, canceled_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX absences_of_technician ON absences (technician_id, starts_at);

CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_job_per_number UNIQUE,
  title text NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'scheduled', 'dispatched', 'accepted', 'traveling', 'on_site',
    'working', 'on_hold', 'finished', 'closed', 'canceled', 'incomplete')),
  hold_reason text CHECK (hold_reason IN ('parts', 'customer', 'safety')),
  priority text NOT NULL CHECK (priority IN ('P0', 'P1', 'P2')),
  case_id uuid REFERENCES cases,
  follows_id uuid REFERENCES jobs,     -- the incomplete job that this one carries on
  customer_id uuid NOT NULL REFERENCES customers,
  site_id uuid NOT NULL REFERENCES sites,
  asset_id uuid REFERENCES assets,
  outlet_id uuid REFERENCES outlets,
  location point NOT NULL, time_zone text NOT NULL,  -- the site's, kept with the job
  description text NOT NULL DEFAULT '',
  minutes int NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
  window_from timestamptz, window_to timestamptz, due_at timestamptz,
  needs jsonb NOT NULL DEFAULT '[]',   -- [{skill_id, code, level}]
  parts jsonb NOT NULL DEFAULT '[]',   -- [{part_id, quantity}]
  photos jsonb NOT NULL DEFAULT '[]',  -- [{kind, count}]
  outcome text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  traveling_at timestamptz, arrived_at timestamptz, started_at timestamptz, finished_at timestamptz, closed_at timestamptz,
  arrival_at_point point, arrival_accuracy int, arrival_metres int,
  arrival_flags text[] NOT NULL DEFAULT '{}',  -- late, out_of_range, imprecise, no_position: recorded, not refused
  external_key text CONSTRAINT one_job_per_external_key UNIQUE,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT window_has_both_ends CHECK ((window_from IS NULL) = (window_to IS NULL) AND window_to > window_from),
  CONSTRAINT hold_has_reason CHECK ((status = 'on_hold') = (hold_reason IS NOT NULL)),
  CONSTRAINT closed_has_moment CHECK ((status = 'closed') = (closed_at IS NOT NULL)));
CREATE INDEX jobs_of_outlet ON jobs (outlet_id, id);
CREATE INDEX jobs_by_status ON jobs (status, id);
CREATE INDEX jobs_of_case ON jobs (case_id);
CREATE INDEX jobs_of_site ON jobs (site_id);
CREATE INDEX jobs_of_customer ON jobs (customer_id);
CREATE INDEX jobs_that_follow ON jobs (follows_id) WHERE follows_id IS NOT NULL;

CREATE TABLE board_runs (   -- mass assignments
  id uuid PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
  day date NOT NULL,
  dry_run boolean NOT NULL,
  outlets uuid[] NOT NULL,       -- whose jobs are assigned
  outlet_id uuid REFERENCES outlets,  -- whose user asked; null: the central desk
  total int NOT NULL DEFAULT 0, done int NOT NULL DEFAULT 0, assigned int NOT NULL DEFAULT 0,
  results jsonb NOT NULL DEFAULT '{}',  -- by outlet, from its end on
  failure text,
  requested_by jsonb NOT NULL,   -- the acting person, for the worker
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT failed_has_reason CHECK ((status = 'failed') = (failure IS NOT NULL)));

CREATE TABLE bookings (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  technician_id uuid NOT NULL REFERENCES technicians,
  outlet_id uuid NOT NULL REFERENCES outlets,  -- the technician's
  starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  during tstzrange GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
  active boolean NOT NULL DEFAULT true,
  pinned boolean NOT NULL DEFAULT false,
  explanation jsonb NOT NULL,          -- the ranking that it was made with
  run_id uuid REFERENCES board_runs,   -- the mass assignment that made it
  released_at timestamptz, release_reason text,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT never_double_booked EXCLUDE USING gist (outlet_id WITH =, technician_id WITH =, during WITH &&)
    WHERE (active) DEFERRABLE INITIALLY IMMEDIATE,
  CONSTRAINT released_has_moment CHECK (active = (released_at IS NULL)));
CREATE UNIQUE INDEX one_booking_per_job ON bookings (job_id, technician_id) WHERE active;
CREATE INDEX bookings_of_technician ON bookings (technician_id, starts_at) WHERE active;
CREATE INDEX bookings_of_job ON bookings (job_id);
CREATE INDEX bookings_by_time ON bookings (starts_at) WHERE active;
CREATE INDEX bookings_of_run ON bookings (run_id) WHERE run_id IS NOT NULL;
