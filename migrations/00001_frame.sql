-- +goose Up
-- +goose StatementBegin
DO $$ BEGIN
  -- The role that the product works under. Where we may not make roles, an operator makes it, or it works as the owner.
  CREATE ROLE callout_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callout_app') THEN
    GRANT USAGE ON SCHEMA public TO callout_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO callout_app;
    GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO callout_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO callout_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO callout_app;
  END IF;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
-- append_only keeps the rows of a table for ever as they were written.
CREATE FUNCTION append_only(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
  EXECUTE format('CREATE TRIGGER keep_table BEFORE TRUNCATE ON %s EXECUTE FUNCTION refuse_change()', t);
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callout_app') THEN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM callout_app', t);
  END IF;
END $$;
-- +goose StatementEnd

CREATE TABLE events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
  subject_id uuid NOT NULL,
  outlet_id uuid,
  actor_id uuid,
  data jsonb NOT NULL);
CREATE INDEX events_in_commit_order ON events (xid, seq);
CREATE INDEX events_of_subject ON events (subject_id, seq);
SELECT append_only('events');

-- A seal covers the events from after the previous seal to (xid, seq); hash = SHA-256(previous hash, those events).
CREATE TABLE event_seals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL, seq bigint NOT NULL REFERENCES events,
  count int NOT NULL CHECK (count > 0),
  previous bytea, hash bytea NOT NULL, sealed_at timestamptz NOT NULL,
  CONSTRAINT one_successor UNIQUE NULLS NOT DISTINCT (previous));
SELECT append_only('event_seals');

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL, key text NOT NULL,
  fingerprint bytea NOT NULL,
  status int NOT NULL, headers jsonb NOT NULL, body bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key));
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE policies (
  version int PRIMARY KEY CHECK (version > 0),
  effective_from timestamptz NOT NULL,
  document jsonb NOT NULL,
  published_by uuid, published_at timestamptz NOT NULL,
  note text NOT NULL DEFAULT '');
CREATE INDEX policies_by_effect ON policies (effective_from DESC, version DESC);
SELECT append_only('policies');

-- People see numbers: a letter, the date, and a sequence that starts anew each day.
CREATE TABLE number_days (kind text, day date, base bigint NOT NULL, PRIMARY KEY (kind, day));
-- +goose StatementBegin
-- next_number takes no lock that lasts: a refused command leaves a gap, never a queue.
CREATE FUNCTION next_number(k text, d date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE b bigint; n bigint; s regclass := k || '_numbers';
BEGIN
  SELECT base INTO b FROM number_days WHERE kind = k AND day = d;
  IF NOT FOUND THEN
    INSERT INTO number_days VALUES (k, d, nextval(s) - 1) ON CONFLICT DO NOTHING RETURNING base INTO b;
    IF FOUND THEN
      RETURN to_char(d, 'YYYYMMDD') || '001';
    END IF;
    SELECT base INTO b FROM number_days WHERE kind = k AND day = d;
  END IF;
  n := nextval(s) - b;
  RETURN to_char(d, 'YYYYMMDD') || CASE WHEN n < 1000 THEN to_char(n, 'FM000') ELSE n::text END;
END $$;
-- +goose StatementEnd
CREATE SEQUENCE case_numbers;
CREATE SEQUENCE job_numbers;
CREATE SEQUENCE part_request_numbers;
CREATE SEQUENCE part_return_numbers;
