-- +goose Up
CREATE SEQUENCE delivery_numbers;
CREATE SEQUENCE transfer_numbers;

CREATE TABLE suppliers (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT one_supplier_per_code UNIQUE,
  name text NOT NULL, name_zh text NOT NULL DEFAULT '',
  active boolean NOT NULL DEFAULT true,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);

-- What a supplier's delivery note announces, until it is counted, booked and closed.
CREATE TABLE deliveries (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_delivery_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('announced', 'counting', 'received', 'closed', 'canceled')),
  supplier_id uuid NOT NULL REFERENCES suppliers,
  note_number text NOT NULL,
  warehouse_id uuid NOT NULL REFERENCES locations,
  outlet_id uuid REFERENCES outlets,            -- the warehouse's
  rest_of_id uuid REFERENCES deliveries,        -- the delivery whose rest this is
  same_note boolean NOT NULL DEFAULT false,     -- by the delivery note of that delivery
  expected_at timestamptz,
  note text NOT NULL DEFAULT '',
  reason text,                                  -- why it was canceled, or closed without its rest
  announced_by uuid, received_by uuid, received_at timestamptz,
  policy_version int,                           -- that said how much more than announced was taken
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT received_is_known CHECK ((status IN ('received', 'closed')) = (received_at IS NOT NULL AND policy_version IS NOT NULL)),
  CONSTRAINT canceled_has_reason CHECK (status <> 'canceled' OR reason IS NOT NULL),
  CONSTRAINT not_its_own_rest CHECK (rest_of_id <> id),
  CONSTRAINT a_rest_has_its_note CHECK (NOT same_note OR rest_of_id IS NOT NULL),
  CONSTRAINT note_number_is_trimmed CHECK (note_number = btrim(note_number)));
-- Note numbers are typed by hand: DN-7 and dn-7 are one.
CREATE UNIQUE INDEX one_delivery_per_note ON deliveries (supplier_id, lower(note_number)) WHERE status <> 'canceled' AND NOT same_note;
CREATE INDEX rests_of_delivery ON deliveries (rest_of_id) WHERE rest_of_id IS NOT NULL;
CREATE INDEX deliveries_of_outlet ON deliveries (outlet_id, id);
CREATE INDEX deliveries_by_status ON deliveries (status, id);

-- A line is a part: what was announced of it (0: it came unannounced), and what became of it.
CREATE TABLE delivery_lines (
  delivery_id uuid NOT NULL REFERENCES deliveries, line int NOT NULL,
  part_id uuid NOT NULL REFERENCES parts,
  quantity int NOT NULL CHECK (quantity >= 0),
  unit_cost bigint CHECK (unit_cost >= 0),      -- minor units of the part's currency; null: the books' average
  serials text[] NOT NULL DEFAULT '{}', lot text,
  accepted int NOT NULL DEFAULT 0 CHECK (accepted >= 0), accepted_serials text[] NOT NULL DEFAULT '{}',
  held int NOT NULL DEFAULT 0 CHECK (held >= 0), held_serials text[] NOT NULL DEFAULT '{}',
  held_because text[] NOT NULL DEFAULT '{}'
    CHECK (held_because <@ ARRAY['model', 'marking', 'packaging', 'over', 'not_announced', 'other_serial']),
  put_away_id uuid REFERENCES locations,        -- where the good ones went
  sent_back int NOT NULL DEFAULT 0 CHECK (sent_back BETWEEN 0 AND held), sent_back_serials text[] NOT NULL DEFAULT '{}', -- to the supplier
  PRIMARY KEY (delivery_id, line),
  CONSTRAINT one_delivery_line_per_part UNIQUE (delivery_id, part_id),
  CONSTRAINT held_has_reason CHECK ((held > 0) = (held_because <> '{}')),
  CONSTRAINT put_away_is_known CHECK ((accepted > 0) = (put_away_id IS NOT NULL)));

-- What was counted of a delivery, entry by entry, with what the checks found. Counting a part
-- anew strikes its entries out; none is ever lost.
CREATE TABLE delivery_counts (
  id uuid PRIMARY KEY,
  delivery_id uuid NOT NULL, part_id uuid NOT NULL,
  quantity int NOT NULL CHECK (quantity > 0),
  serials text[] NOT NULL DEFAULT '{}', scans text[] NOT NULL DEFAULT '{}',
  raw jsonb NOT NULL DEFAULT '{}',              -- by serial, the scan that it was read from
  lots text[] NOT NULL DEFAULT '{}',
  model_ok boolean NOT NULL, marking_ok boolean NOT NULL, packaging_ok boolean NOT NULL,
  note text NOT NULL DEFAULT '', photos uuid[] NOT NULL DEFAULT '{}',
  counted_by uuid, counted_at timestamptz NOT NULL,
  struck_by uuid, struck_at timestamptz,
  FOREIGN KEY (delivery_id, part_id) REFERENCES delivery_lines (delivery_id, part_id));
CREATE INDEX delivery_counts_of_line ON delivery_counts (delivery_id, part_id, id);

CREATE TABLE delivery_photos (
  id uuid PRIMARY KEY,                          -- the client's name for it
  delivery_id uuid NOT NULL REFERENCES deliveries,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size bigint NOT NULL CHECK (size > 0), media_type text NOT NULL,
  taken_by uuid, created_at timestamptz NOT NULL);
CREATE INDEX delivery_photos_of_delivery ON delivery_photos (delivery_id, id);
SELECT append_only('delivery_photos');

-- What became of stock that was held back.
CREATE TABLE held_releases (
  id uuid PRIMARY KEY,
  location_id uuid NOT NULL REFERENCES locations,
  outlet_id uuid REFERENCES outlets,
  outcome text NOT NULL CHECK (outcome IN ('good', 'supplier', 'scrap')),
  to_location uuid NOT NULL REFERENCES locations,
  witness_id uuid REFERENCES users, rma text,
  note text NOT NULL DEFAULT '',
  released_by uuid, released_at timestamptz NOT NULL,
  CONSTRAINT scrap_has_witness CHECK ((outcome = 'scrap') = (witness_id IS NOT NULL)),
  CONSTRAINT witness_is_another CHECK (witness_id <> released_by),
  CONSTRAINT supplier_has_rma CHECK ((outcome = 'supplier') = (rma IS NOT NULL)));
CREATE INDEX held_releases_of_outlet ON held_releases (outlet_id, id);
SELECT append_only('held_releases');

-- A transfer in two steps: sent, and received by scan at the other end.
CREATE TABLE transfers (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_transfer_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('sent', 'short', 'received', 'settled')),
  from_location uuid NOT NULL REFERENCES locations, to_location uuid NOT NULL REFERENCES locations,
  transit_id uuid NOT NULL REFERENCES locations,
  from_outlet uuid REFERENCES outlets, to_outlet uuid REFERENCES outlets,
  note text NOT NULL DEFAULT '', reason text,   -- why it was settled
  sent_by uuid, received_by uuid, received_at timestamptz, settled_by uuid,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT leads_elsewhere CHECK (from_location <> to_location),
  CONSTRAINT settled_has_reason CHECK ((status = 'settled') = (reason IS NOT NULL)),
  CONSTRAINT never_ones_own CHECK (received_by <> sent_by));
CREATE INDEX transfers_from ON transfers (from_outlet, id);
CREATE INDEX transfers_to ON transfers (to_outlet, id);
CREATE INDEX transfers_under_way ON transfers (to_location) WHERE status IN ('sent', 'short');
CREATE TABLE transfer_lines (
  transfer_id uuid NOT NULL REFERENCES transfers, line int NOT NULL,
  part_id uuid NOT NULL REFERENCES parts,
  quantity int NOT NULL CHECK (quantity > 0), serials text[] NOT NULL DEFAULT '{}',
  received int NOT NULL DEFAULT 0 CHECK (received >= 0), received_serials text[] NOT NULL DEFAULT '{}',
  returned int NOT NULL DEFAULT 0 CHECK (returned >= 0),
  lost int NOT NULL DEFAULT 0 CHECK (lost >= 0),
  PRIMARY KEY (transfer_id, line),
  CONSTRAINT one_transfer_line_per_part UNIQUE (transfer_id, part_id),
  CONSTRAINT no_more_than_sent CHECK (received + returned + lost <= quantity));

-- How many of a part a van should carry: below min it is filled up to max.
CREATE TABLE van_levels (
  location_id uuid NOT NULL REFERENCES locations, part_id uuid NOT NULL REFERENCES parts,
  min int NOT NULL CHECK (min >= 0), max int NOT NULL CHECK (max > 0),
  set_by uuid, set_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, part_id),
  CONSTRAINT min_below_max CHECK (min <= max));

-- Nothing is brought to a place that is closed: who closes it has made sure that it is empty, and a
-- movement that was on its way meanwhile sees here that it came too late.
-- +goose StatementBegin
CREATE FUNCTION keep_closed_empty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
  IF EXISTS (SELECT FROM fresh f JOIN locations l ON l.id = f.to_location WHERE NOT l.active) THEN
    RAISE EXCEPTION 'a movement to a closed place' USING ERRCODE = 'check_violation', CONSTRAINT = 'location_is_closed';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER keep_closed_empty AFTER INSERT ON movements REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION keep_closed_empty();
