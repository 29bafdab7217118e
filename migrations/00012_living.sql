-- +goose Up
-- What was last said of a booking's delay: how the day goes, not what was promised.
CREATE TABLE delays (
  booking_id uuid PRIMARY KEY REFERENCES bookings,
  job_id uuid NOT NULL REFERENCES jobs,
  starts_at timestamptz,   -- work is not expected to begin before
  ends_at timestamptz,     -- begun work is expected to end
  minutes int NOT NULL CHECK (minutes BETWEEN 0 AND 1440),  -- as it was said
  reason text NOT NULL,
  said_at timestamptz NOT NULL,
  CONSTRAINT delay_is_of_one_moment CHECK ((starts_at IS NULL) <> (ends_at IS NULL)));

-- A repair is a plan that the living day asks for: proposed at once, and put away when the day asks for another.
ALTER TABLE plans
  ADD COLUMN kind text NOT NULL DEFAULT 'plan' CHECK (kind IN ('plan', 'repair')),
  ADD COLUMN causes jsonb NOT NULL DEFAULT '[]';   -- the events that it answers
CREATE UNIQUE INDEX one_open_repair ON plans (outlet_id, day) WHERE kind = 'repair' AND status = 'proposed';

-- How far a reader of the event log has read: everything of earlier transactions.
CREATE TABLE event_readers (name text PRIMARY KEY, xid xid8 NOT NULL);
