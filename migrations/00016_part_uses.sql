-- +goose Up
-- occurred_at is when the part went in, as the technician says; new_scan and old_scan are what the
-- scanner read; old_part_id is the part that came out where it is another (a superseded one); short
-- is how many the books did not have; recorded_serial is what the asset's record had of the part
-- where another came out; old_serial_unreadable where nobody could read what came out; unit_price is the list price of one at the time, in minor units.
ALTER TABLE part_uses
  ADD technician_id uuid REFERENCES technicians, ADD asset_id uuid REFERENCES assets, ADD old_part_id uuid REFERENCES parts,
  ADD new_scan text, ADD old_scan text, ADD occurred_at timestamptz,
  ADD short int NOT NULL DEFAULT 0 CHECK (short BETWEEN 0 AND quantity),
  ADD recorded_serial text,
  ADD old_serial_unreadable bool NOT NULL DEFAULT false,
  ADD unit_price bigint CHECK (unit_price >= 0), ADD currency text NOT NULL DEFAULT 'CNY' CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE part_uses DISABLE TRIGGER keep_rows;
UPDATE part_uses SET occurred_at = used_at;
ALTER TABLE part_uses ENABLE TRIGGER keep_rows;
ALTER TABLE part_uses ALTER occurred_at SET NOT NULL;
CREATE INDEX part_uses_of_asset ON part_uses (asset_id) WHERE asset_id IS NOT NULL;
CREATE INDEX part_uses_of_technician ON part_uses (technician_id, occurred_at);

-- Who pays for a use, decision after decision: the last one counts. price is what the customer
-- pays, in minor units of the use's currency; null where the part has no price yet.
CREATE TABLE part_use_decisions (
  use_id uuid REFERENCES part_uses, seq int CHECK (seq > 0),
  warranty text NOT NULL CHECK (warranty IN ('covered', 'not_covered', 'goodwill')),
  reason jsonb NOT NULL,          -- a sentence, to be said in either language
  price bigint CHECK (price >= 0),
  decided_by uuid, decided_at timestamptz NOT NULL,
  CONSTRAINT one_decision_after_another PRIMARY KEY (use_id, seq),
  CONSTRAINT covered_is_free CHECK (warranty = 'not_covered' OR price = 0));
SELECT append_only('part_use_decisions');

-- The coverage of a repaired part (requirement 108). That of a use that was taken back counts no more.
CREATE TABLE part_coverages (
  use_id uuid PRIMARY KEY REFERENCES part_uses,
  job_id uuid NOT NULL REFERENCES jobs, site_id uuid NOT NULL REFERENCES sites, asset_id uuid REFERENCES assets,
  part_id uuid NOT NULL REFERENCES parts, serial text,
  starts_on date NOT NULL, ends_on date NOT NULL,  -- the last day that is covered, at the site
  policy_version int NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT coverage_has_length CHECK (starts_on < ends_on));
CREATE INDEX part_coverages_of_asset ON part_coverages (asset_id, part_id) WHERE asset_id IS NOT NULL;
CREATE INDEX part_coverages_of_site ON part_coverages (site_id, part_id) WHERE asset_id IS NULL;
SELECT append_only('part_coverages');

-- Which parts with serials sit in a customer's asset. A row is closed, never deleted: ended_by is
-- the use that took the part out, or that was itself taken back.
CREATE TABLE asset_components (
  id uuid PRIMARY KEY,
  asset_id uuid NOT NULL REFERENCES assets,
  part_id uuid NOT NULL REFERENCES parts, serial text NOT NULL CHECK (serial <> ''),
  source text NOT NULL CHECK (source IN ('use', 'record', 'found', 'restored')),
  fitted_by uuid REFERENCES part_uses, fitted_at timestamptz,       -- null: not known
  ended_by uuid REFERENCES part_uses, ended_at timestamptz,
  ended_because text CHECK (ended_because IN ('exchanged', 'asset_exchanged', 'moved', 'taken_back')),
  created_at timestamptz NOT NULL,
  CONSTRAINT fitted_by_a_use CHECK (source <> 'use' OR fitted_by IS NOT NULL),
  CONSTRAINT ended_has_reason CHECK ((ended_at IS NULL) = (ended_because IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)));
CREATE INDEX components_of_asset ON asset_components (asset_id, id);
CREATE INDEX components_fitted_by ON asset_components (fitted_by) WHERE fitted_by IS NOT NULL;
CREATE INDEX components_ended_by ON asset_components (ended_by) WHERE ended_by IS NOT NULL;
CREATE UNIQUE INDEX one_asset_per_component ON asset_components (part_id, serial) WHERE ended_at IS NULL;
-- +goose StatementBegin
CREATE FUNCTION keep_component() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
    OR (NEW.id, NEW.asset_id, NEW.part_id, NEW.serial, NEW.source, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.asset_id, OLD.part_id, OLD.serial, OLD.source, OLD.created_at)
    OR (NEW.fitted_by, NEW.fitted_at) IS DISTINCT FROM (OLD.fitted_by, OLD.fitted_at) THEN
    RAISE EXCEPTION 'asset_components: rows are closed, never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON asset_components FOR EACH ROW EXECUTE FUNCTION keep_component();

-- The serials that an asset had: exchanged whole by a use, put back when that was taken back, or corrected by hand.
CREATE TABLE asset_serials (
  asset_id uuid REFERENCES assets, seq int CHECK (seq > 0),
  old_serial text NOT NULL, new_serial text NOT NULL,
  because text NOT NULL CHECK (because IN ('exchanged', 'taken_back', 'corrected')),
  use_id uuid REFERENCES part_uses,
  changed_by uuid, changed_at timestamptz NOT NULL,
  PRIMARY KEY (asset_id, seq),
  CONSTRAINT corrected_by_hand CHECK ((because = 'corrected') = (use_id IS NULL)));
CREATE INDEX asset_serials_of_use ON asset_serials (use_id) WHERE use_id IS NOT NULL;
SELECT append_only('asset_serials');

-- Where a store stands, for who looks for the nearest one.
ALTER TABLE locations ADD position point;                 -- WGS-84; null: not known
