-- +goose Up
-- A plan is a search for better days, and the changes to the board that it proposes.
CREATE TABLE plans (
  id uuid PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'proposed', 'applied', 'discarded', 'failed')),
  outlets uuid[] NOT NULL,            -- whose days are planned
  outlet_id uuid REFERENCES outlets,  -- whose people see it; null: the central desk alone
  day date NOT NULL, days int NOT NULL CHECK (days BETWEEN 1 AND 31),
  options jsonb NOT NULL,
  what_if jsonb,                      -- what it takes to be otherwise than it is; such a plan is never applied
  nightly_on date,                    -- the date in whose night it was made by itself
  stop boolean NOT NULL DEFAULT false,  -- somebody wants no more search
  attempt int NOT NULL DEFAULT 0,     -- how often the search has begun
  beat_at timestamptz,                -- when its worker was last known to live
  policy int NOT NULL DEFAULT 0,      -- the version that it was reckoned with
  result jsonb, routes jsonb,         -- who does what and when, all of it
  inputs bytea, solution bytea, hash bytea,  -- the problem and how it was searched, the plan of the optimizer, and what that hashes to
  failure text,
  requested_by jsonb NOT NULL,        -- the acting person, for the worker
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT failed_has_reason CHECK ((status = 'failed') = (failure IS NOT NULL)),
  CONSTRAINT proposed_is_whole CHECK (status NOT IN ('proposed', 'applied')
    OR result IS NOT NULL AND inputs IS NOT NULL AND solution IS NOT NULL AND hash IS NOT NULL),
  CONSTRAINT what_if_is_never_applied CHECK (what_if IS NULL OR status <> 'applied'));
CREATE INDEX plans_of_outlet ON plans (outlet_id, id);
CREATE INDEX plans_under_way ON plans (beat_at) WHERE status = 'running';
CREATE UNIQUE INDEX one_plan_a_night ON plans (outlet_id, nightly_on) WHERE nightly_on IS NOT NULL;

CREATE TABLE plan_changes (
  plan_id uuid NOT NULL REFERENCES plans,
  job_id uuid NOT NULL,               -- no reference: a question of what if asks for jobs that are not there
  number text NOT NULL,
  job_version int NOT NULL,           -- as it was planned
  kind text NOT NULL CHECK (kind IN ('added', 'moved', 'dropped')),
  technician_id uuid, technician text NOT NULL,
  starts_at timestamptz, ends_at timestamptz CHECK (ends_at > starts_at),
  driving int NOT NULL, metres int NOT NULL, lateness int NOT NULL,
  was_technician_id uuid, was_technician text NOT NULL,
  was_starts_at timestamptz, was_ends_at timestamptz,
  applied_at timestamptz,
  PRIMARY KEY (plan_id, job_id),
  CONSTRAINT dropped_has_nobody CHECK ((kind = 'dropped') = (technician_id IS NULL) AND (kind = 'dropped') = (starts_at IS NULL)),
  CONSTRAINT added_had_nobody CHECK ((kind = 'added') = (was_technician_id IS NULL)));

-- What is told of a search while it goes on, for those who follow it.
CREATE TABLE plan_events (
  plan_id uuid NOT NULL REFERENCES plans,
  seq int NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  data jsonb NOT NULL,
  PRIMARY KEY (plan_id, seq));
