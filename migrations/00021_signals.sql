-- +goose Up
-- What the books show that somebody ought to look at: found by a published rule, frozen as it was
-- found, judged by a person once. key is what the rule found it about; marks are the rows that it
-- rests on: what was judged is raised again by others alone.
CREATE TABLE signals (
  id uuid PRIMARY KEY,
  rule text NOT NULL CHECK (rule IN ('used_never_issued', 'old_serial_differs', 'returned_twice', 'self_dealing', 'used_without_need',
    'unusual_consumption', 'return_overdue', 'repeated_variance', 'shortage_unsettled', 'transit_stuck')),
  key text NOT NULL CHECK (key <> ''),
  marks uuid[] NOT NULL CHECK (cardinality(marks) > 0),
  severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
  outlet_id uuid REFERENCES outlets,
  technician_id uuid REFERENCES technicians, van_id uuid REFERENCES locations,
  part_id uuid REFERENCES parts, job_id uuid REFERENCES jobs,
  text jsonb NOT NULL,                    -- a sentence, to be said in either language
  evidence jsonb NOT NULL CHECK (jsonb_typeof(evidence) = 'array' AND jsonb_array_length(evidence) > 0),
  measured double precision NOT NULL, threshold double precision NOT NULL,
  policy_version int NOT NULL REFERENCES policies,
  earlier_id uuid CONSTRAINT one_recurrence UNIQUE REFERENCES signals,  -- of the same key, judged before
  found_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'raised' CHECK (status IN ('raised', 'dismissed', 'confirmed')),
  note text NOT NULL DEFAULT '',
  false_positive boolean,                 -- of a dismissed one: the rule was wrong
  decided_by uuid, decided_at timestamptz,
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  CONSTRAINT decided_is_known CHECK ((status = 'raised') = (decided_at IS NULL)),
  CONSTRAINT decision_has_note CHECK (status = 'raised' OR note ~ '\S'),
  CONSTRAINT dismissed_says_whether_false CHECK ((status = 'dismissed') = (false_positive IS NOT NULL)));
CREATE UNIQUE INDEX raised_once ON signals (rule, key) WHERE status = 'raised';
CREATE INDEX signals_of_key ON signals (rule, key, found_at);
CREATE INDEX signals_of_outlet ON signals (outlet_id, id);
CREATE INDEX signals_by_status ON signals (status, id);
CREATE INDEX signals_of_technician ON signals (technician_id, id) WHERE technician_id IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION keep_signal() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
DECLARE judgment text[] := ARRAY['status', 'note', 'false_positive', 'decided_by', 'decided_at', 'version', 'updated_at'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'raised' OR to_jsonb(NEW) - judgment <> to_jsonb(OLD) - judgment THEN
    RAISE EXCEPTION 'signals: what was found stays, and is judged once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON signals FOR EACH ROW EXECUTE FUNCTION keep_signal();

-- Up to when each rule has looked, and by which version of the policy.
CREATE TABLE signal_scans (
  rule text PRIMARY KEY,
  scanned_until timestamptz NOT NULL,
  policy_version int NOT NULL);

-- +goose StatementBegin
-- signal_thing is one piece of evidence; of is the job of a use.
CREATE FUNCTION signal_thing(kind text, id uuid, label text, at timestamptz, value numeric DEFAULT NULL, of uuid DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE AS $$ SELECT jsonb_build_object('kind', kind, 'id', id, 'label', label, 'at', at, 'value', value, 'of', of) $$;
-- +goose StatementEnd

-- What the rules look for since they looked last.
CREATE INDEX movements_to_look_at ON movements (moved_at) WHERE kind IN ('use', 'delivery');
CREATE INDEX movements_that_lack ON movements (moved_at) WHERE short > 0 OR kind = 'count';
CREATE INDEX part_uses_by_new_serial ON part_uses (part_id, new_serial) WHERE new_serial IS NOT NULL;
CREATE INDEX part_returns_there_already ON part_returns (received_at) WHERE discrepancy IN ('already_returned', 'in_stock');
CREATE INDEX jobs_by_finish ON jobs (finished_at) WHERE finished_at IS NOT NULL;
