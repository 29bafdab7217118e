-- +goose Up
-- A window that is kept for a customer for some minutes, and the technician's time that it promises. A hold whose
-- time is over counts no more, from that moment on; ended_at is written for it when somebody comes by.
CREATE TABLE slot_holds (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  technician_id uuid NOT NULL REFERENCES technicians,
  outlet_id uuid NOT NULL REFERENCES outlets,  -- the technician's
  window_from timestamptz NOT NULL, window_to timestamptz NOT NULL CHECK (window_to > window_from),
  starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  during tstzrange GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text CHECK (end_reason IN ('lapsed', 'released', 'replaced', 'booked', 'overruled')),
  held_by uuid,                                -- the acting person
  created_at timestamptz NOT NULL CHECK (created_at < expires_at),
  CONSTRAINT work_begins_in_window CHECK (starts_at BETWEEN window_from AND window_to),
  CONSTRAINT ended_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CONSTRAINT never_promised_twice EXCLUDE USING gist (technician_id WITH =, during WITH &&) WHERE (ended_at IS NULL));
CREATE UNIQUE INDEX one_hold_per_job ON slot_holds (job_id) WHERE ended_at IS NULL;
CREATE INDEX slot_holds_of_job ON slot_holds (job_id, id);
CREATE INDEX slot_holds_by_expiry ON slot_holds (expires_at) WHERE ended_at IS NULL;
