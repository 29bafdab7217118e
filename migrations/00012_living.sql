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
