-- +goose Up
CREATE TABLE photos (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  outlet_id uuid REFERENCES outlets,
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('announced', 'stored', 'linked')),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size bigint NOT NULL CHECK (size BETWEEN 1 AND 20971520),
  media_type text,
  width int, height int,
  taken_at timestamptz NOT NULL, taken_at_point point,
  facts jsonb NOT NULL DEFAULT '{}',   -- what the picture itself says: EXIF time and place
  sign_off_id uuid,
  announced_by uuid NOT NULL, stored_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT stored_is_known CHECK ((status = 'announced') = (stored_at IS NULL)),
  CONSTRAINT linked_has_sign_off CHECK ((status = 'linked') = (sign_off_id IS NOT NULL)));
CREATE INDEX photos_of_job ON photos (job_id);

-- Where the chain of an outlet's sealed sign-offs ends now; one row per chain, locked while sealing.
CREATE TABLE seal_heads (chain uuid PRIMARY KEY, sequence bigint NOT NULL, hash bytea NOT NULL);

CREATE TABLE sign_offs (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  outlet_id uuid REFERENCES outlets,
  chain uuid NOT NULL, sequence bigint NOT NULL,
  signer text NOT NULL, score int NOT NULL CHECK (score BETWEEN 1 AND 5),
  record bytea NOT NULL,               -- canonical JSON (RFC 8785)
  hash bytea NOT NULL CHECK (length(hash) = 32),
  previous bytea, key_id text NOT NULL, signature bytea NOT NULL,
  signature_png bytea NOT NULL,
  sealed_at timestamptz NOT NULL,
  CONSTRAINT one_seal_per_place UNIQUE (chain, sequence),
  CONSTRAINT one_sign_off_per_job UNIQUE (job_id));
CREATE INDEX sign_offs_of_outlet ON sign_offs (outlet_id, id);
SELECT append_only('sign_offs');
