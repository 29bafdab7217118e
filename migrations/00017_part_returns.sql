-- +goose Up
-- A parcel of old parts on its way to a warehouse.
CREATE TABLE part_return_shipments (
  id uuid PRIMARY KEY,
  carrier text NOT NULL, waybill text NOT NULL,
  outlet_id uuid REFERENCES outlets,
  note text NOT NULL DEFAULT '',
  shipped_by uuid, shipped_at timestamptz NOT NULL, created_at timestamptz NOT NULL,
  CONSTRAINT one_shipment_per_waybill UNIQUE NULLS NOT DISTINCT (carrier, waybill, outlet_id));
CREATE INDEX part_return_shipments_of_outlet ON part_return_shipments (outlet_id, id);
SELECT append_only('part_return_shipments');

-- What nobody expected has no use, and perhaps neither job nor technician.
ALTER TABLE part_returns
  ALTER use_id DROP NOT NULL, ALTER job_id DROP NOT NULL, ALTER technician_id DROP NOT NULL,
  ADD due_at timestamptz, ADD policy_version int,            -- that due_at is judged by
  ADD overdue_told_at timestamptz,
  ADD held_at uuid REFERENCES locations,                     -- where the old part waits; null: at the customer's
  ADD collected_by uuid, ADD collected_at timestamptz,
  ADD shipment_id uuid REFERENCES part_return_shipments,
  ADD arrived_as text CHECK (arrived_as IN ('expected', 'collected', 'in_transit')),  -- how it stood when it came
  ADD received_scan text,                                    -- as the scanner read it
  ADD placed_at uuid REFERENCES locations,                   -- where what came is now
  ADD waived_by uuid, ADD waived_at timestamptz,
  ADD sign_off_id uuid REFERENCES sign_offs,                 -- that names the customer's wish
  ADD resolution text CHECK (resolution IN ('accepted', 'charged')),
  ADD follows_id uuid REFERENCES part_returns,               -- that waits on, where this came in its place
  ADD resolution_note text NOT NULL DEFAULT '', ADD resolved_by uuid, ADD resolved_at timestamptz,
  DROP CONSTRAINT part_returns_status_check, DROP CONSTRAINT part_returns_discrepancy_check,
  DROP CONSTRAINT discrepant_has_kind, DROP CONSTRAINT received_is_known;
UPDATE part_returns SET due_at = created_at + interval '7 days';
UPDATE part_returns SET arrived_as = 'expected', placed_at = m.to_location FROM movements m WHERE m.id = part_returns.movement_id;
UPDATE part_returns SET arrived_as = 'expected' WHERE received_at IS NOT NULL;
ALTER TABLE part_returns
  ADD CONSTRAINT part_returns_status_check CHECK (status IN ('expected', 'collected', 'in_transit', 'waived', 'matched', 'discrepant',
    'resolved', 'at_vendor', 'dispositioned')),
  ADD CONSTRAINT part_returns_discrepancy_check CHECK (discrepancy IN ('missing', 'other_part', 'in_stock', 'already_returned',
    'never_issued', 'other_serial', 'not_expected', 'damaged')),
  ADD CONSTRAINT discrepant_has_kind CHECK (CASE WHEN status IN ('discrepant', 'resolved') THEN discrepancy IS NOT NULL
    WHEN status IN ('at_vendor', 'dispositioned') THEN true ELSE discrepancy IS NULL END),
  ADD CONSTRAINT received_is_known CHECK ((status IN ('matched', 'discrepant', 'resolved', 'at_vendor', 'dispositioned')) = (received_at IS NOT NULL)),
  ADD CONSTRAINT expected_by_a_use CHECK (use_id IS NULL OR (job_id IS NOT NULL AND technician_id IS NOT NULL AND due_at IS NOT NULL)),
  ADD CONSTRAINT unexpected_is_here CHECK (use_id IS NOT NULL OR received_at IS NOT NULL),
  ADD CONSTRAINT resolved_is_whole CHECK ((resolution IS NULL) = (resolved_at IS NULL) AND (status <> 'resolved' OR resolution IS NOT NULL)),
  ADD CONSTRAINT discrepancies_are_resolved CHECK (status NOT IN ('at_vendor', 'dispositioned') OR discrepancy IS NULL OR resolution IS NOT NULL),
  ADD CONSTRAINT never_the_receiver CHECK (resolved_by <> received_by);
CREATE INDEX part_returns_by_due ON part_returns (due_at) WHERE status IN ('expected', 'collected', 'in_transit') AND overdue_told_at IS NULL;
CREATE INDEX part_returns_followers ON part_returns (follows_id) WHERE follows_id IS NOT NULL;
CREATE INDEX part_returns_of_shipment ON part_returns (shipment_id) WHERE shipment_id IS NOT NULL;

-- The customer's name under a waiver that the job's sign-off does not hold.
CREATE TABLE part_return_signatures (
  return_id uuid PRIMARY KEY REFERENCES part_returns,
  signer text NOT NULL, png bytea NOT NULL, sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  taken_by uuid, signed_at timestamptz NOT NULL);
SELECT append_only('part_return_signatures');

-- What was decided about an old part that came back, step by step.
CREATE TABLE part_return_dispositions (
  id uuid PRIMARY KEY,
  return_id uuid NOT NULL REFERENCES part_returns, step int NOT NULL CHECK (step > 0),
  kind text NOT NULL CHECK (kind IN ('appraisal', 'refurbish', 'scrap', 'vendor', 'vendor_repaired', 'vendor_replaced', 'vendor_refused', 'written_off')),
  verdict text CHECK (verdict IN ('product_fault', 'wear', 'misuse', 'no_fault_found', 'counterfeit')),
  location_id uuid REFERENCES locations,   -- where it went
  witness_id uuid REFERENCES users,
  rma text,                                -- the vendor's number
  unit_cost bigint CHECK (unit_cost >= 0), -- of the work, in minor units of the part's currency
  new_serial text,                         -- of what the vendor sent instead
  scan text,                               -- as the scanner read it
  movement_ids uuid[] NOT NULL DEFAULT '{}',
  note text NOT NULL DEFAULT '',
  decided_by uuid, decided_at timestamptz NOT NULL,
  CONSTRAINT one_step_at_a_time UNIQUE (return_id, step),
  CONSTRAINT appraisal_has_verdict CHECK ((kind = 'appraisal') = (verdict IS NOT NULL)),
  CONSTRAINT scrap_has_witness CHECK ((kind IN ('scrap', 'vendor_refused')) = (witness_id IS NOT NULL)),
  CONSTRAINT witness_is_another CHECK (witness_id <> decided_by),
  CONSTRAINT vendor_has_number CHECK (kind <> 'vendor' OR rma IS NOT NULL));
SELECT append_only('part_return_dispositions');

-- The photos that show an old part when it was collected, or when something was decided about it.
CREATE TABLE part_return_photos (
  return_id uuid NOT NULL REFERENCES part_returns, photo_id uuid NOT NULL REFERENCES photos,
  disposition_id uuid REFERENCES part_return_dispositions,  -- null: collected
  CONSTRAINT each_photo_once UNIQUE NULLS NOT DISTINCT (return_id, disposition_id, photo_id));
SELECT append_only('part_return_photos');
