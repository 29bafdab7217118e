-- +goose Up
-- Where the chain of an outlet's sealed sign-offs ends now; locked while one is added.
CREATE TABLE seal_heads (chain uuid PRIMARY KEY, sequence bigint NOT NULL, hash bytea NOT NULL);

-- The chain has no gap, no fork and no second beginning, by constraints alone: each record but
-- the first names place and hash of the one before it.
CREATE TABLE sign_offs (
  id uuid PRIMARY KEY,
  job_id uuid NOT NULL CONSTRAINT one_sign_off_per_job UNIQUE REFERENCES jobs,
  outlet_id uuid REFERENCES outlets,   -- the job's
  chain uuid NOT NULL,                 -- the id of the outlet that did the work; zeros for none
  sequence bigint NOT NULL CHECK (sequence > 0),
  previous bytea NOT NULL CHECK (length(previous) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  key_id text NOT NULL, signature bytea NOT NULL,
  signer text NOT NULL, score int NOT NULL CHECK (score BETWEEN 1 AND 5),
  record bytea NOT NULL,               -- canonical JSON (RFC 8785)
  signature_png bytea NOT NULL,
  sealed_at timestamptz NOT NULL,
  before bigint GENERATED ALWAYS AS (CASE WHEN sequence > 1 THEN sequence - 1 END) STORED,
  CONSTRAINT one_seal_per_place UNIQUE (chain, sequence),
  UNIQUE (chain, sequence, hash),
  UNIQUE (id, job_id),
  CONSTRAINT first_follows_zeros CHECK ((sequence = 1) = (previous = decode(repeat('00', 32), 'hex'))),
  CONSTRAINT follows_the_one_before FOREIGN KEY (chain, before, previous) REFERENCES sign_offs (chain, sequence, hash));
CREATE INDEX sign_offs_of_outlet ON sign_offs (outlet_id, id);
SELECT append_only('sign_offs');

CREATE TABLE photos (
  id uuid PRIMARY KEY,                 -- may be the phone's, which names a photo before it is online
  job_id uuid NOT NULL REFERENCES jobs,
  kind text NOT NULL CHECK (kind IN ('before', 'after', 'part', 'nameplate', 'damage', 'signature_page', 'other')),
  status text NOT NULL CHECK (status IN ('announced', 'stored', 'linked')),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size bigint NOT NULL CHECK (size BETWEEN 1 AND 20971520),
  taken_at timestamptz NOT NULL, position point,   -- as the phone says
  media_type text, width int, height int,          -- as the bytes turned out
  camera_at timestamptz, camera_zoned boolean NOT NULL DEFAULT false, camera_position point,  -- as the picture itself says
  sign_off_id uuid,
  announced_by uuid NOT NULL, stored_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT stored_is_known CHECK ((status = 'announced') = (stored_at IS NULL)
    AND (stored_at IS NULL OR (media_type IS NOT NULL AND width > 0 AND height > 0))),
  CONSTRAINT linked_has_sign_off CHECK ((status = 'linked') = (sign_off_id IS NOT NULL)),
  CONSTRAINT linked_within_its_job FOREIGN KEY (sign_off_id, job_id) REFERENCES sign_offs (id, job_id));
CREATE INDEX photos_of_job ON photos (job_id, id);
CREATE INDEX photos_of_sign_off ON photos (sign_off_id) WHERE sign_off_id IS NOT NULL;
CREATE TRIGGER keep_linked BEFORE UPDATE OR DELETE ON photos FOR EACH ROW WHEN (OLD.status = 'linked') EXECUTE FUNCTION refuse_change();
