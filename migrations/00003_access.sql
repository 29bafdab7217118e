-- +goose Up
CREATE TABLE users (
  id uuid PRIMARY KEY,
  login text NOT NULL CONSTRAINT one_user_per_login UNIQUE CHECK (login = lower(login)),
  name text NOT NULL,
  language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'zh-CN')),
  password_hash text NOT NULL,
  roles text[] NOT NULL CHECK (cardinality(roles) > 0
    AND roles <@ ARRAY['admin', 'supervisor', 'dispatcher', 'agent', 'technician', 'warehouse', 'inspector']),
  outlet_id uuid REFERENCES outlets,
  disabled_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users,
  device text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  reason text CHECK (reason IN ('signed_out', 'reused', 'password_changed', 'disabled')),
  CONSTRAINT revoked_has_reason CHECK ((revoked_at IS NULL) = (reason IS NULL)));
CREATE INDEX sessions_of_user ON sessions (user_id) WHERE revoked_at IS NULL;

CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions,
  issued_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  used_at timestamptz);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Failures are counted by login, also for logins that nobody has: a lock must not tell which are real.
CREATE TABLE sign_in_failures (
  login text PRIMARY KEY,
  count int NOT NULL CHECK (count > 0),
  last_at timestamptz NOT NULL,
  locked_until timestamptz);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (last_at);
