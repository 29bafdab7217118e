-- +goose Up
-- What a part is known by on a scanner, what it costs the customer, how long it is covered once
-- it was put in, and what takes its place.
ALTER TABLE parts
  ADD gtin text CONSTRAINT one_part_per_gtin UNIQUE CHECK (gtin ~ '^[0-9]{14}$'),
  ADD list_price bigint CHECK (list_price >= 0),             -- minor units of currency; null: not priced yet
  ADD currency text NOT NULL DEFAULT 'CNY' CHECK (currency ~ '^[A-Z]{3}$'),
  ADD warranty_days int CHECK (warranty_days BETWEEN 0 AND 36500),  -- null: as the policy says
  ADD superseded_by uuid REFERENCES parts CONSTRAINT not_by_itself CHECK (superseded_by <> id),
  ADD UNIQUE (id, serialized);

-- A warehouse has bins, a place for defective parts and one for what is held back; a van has a
-- box for old parts; old parts on their way are in no van and in no warehouse.
ALTER TABLE locations
  DROP CONSTRAINT locations_kind_check, DROP CONSTRAINT only_outside_is_negative, DROP CONSTRAINT defective_has_warehouse;
ALTER TABLE locations
  ADD CONSTRAINT locations_kind_check CHECK (kind IN ('supplier', 'warehouse', 'bin', 'defective', 'quarantine', 'outlet', 'van', 'collected',
    'transit', 'returning', 'customer_site', 'customer_kept', 'vendor_repair', 'scrap', 'adjustment')),
  ADD CONSTRAINT only_outside_is_negative CHECK (may_go_negative = (kind IN ('supplier', 'customer_site', 'customer_kept', 'scrap', 'adjustment'))),
  ADD CONSTRAINT part_of_another CHECK (CASE WHEN kind IN ('bin', 'defective', 'collected') THEN warehouse_id IS NOT NULL
    WHEN kind = 'quarantine' THEN true ELSE warehouse_id IS NULL END),
  ADD van boolean GENERATED ALWAYS AS (kind = 'van') STORED,
  ADD pool text GENERATED ALWAYS AS (CASE WHEN kind IN ('warehouse', 'bin', 'outlet', 'van', 'transit') THEN 'good'
    WHEN kind IN ('defective', 'quarantine', 'vendor_repair', 'collected', 'returning') THEN 'held' END) STORED,
  ADD active boolean NOT NULL DEFAULT true;
ALTER TABLE locations ADD UNIQUE (id, may_go_negative, van);
DROP INDEX one_of_these_per_outlet;
CREATE UNIQUE INDEX one_of_these_per_outlet ON locations (kind, outlet_id) NULLS NOT DISTINCT
  WHERE kind IN ('supplier', 'transit', 'returning', 'customer_site', 'customer_kept', 'scrap', 'adjustment');
DROP INDEX one_defective_per_warehouse;
CREATE UNIQUE INDEX one_of_these_per_place ON locations (kind, warehouse_id) WHERE kind IN ('defective', 'quarantine', 'collected') AND warehouse_id IS NOT NULL;
CREATE INDEX locations_of_place ON locations (warehouse_id) WHERE warehouse_id IS NOT NULL;
INSERT INTO locations (id, code, name, kind, may_go_negative, created_at, updated_at) VALUES
  ('01900000-0000-7000-8000-000000000006', '/customer_kept', 'customer kept', 'customer_kept', true, now(), now()),
  ('01900000-0000-7000-8000-000000000007', '/returning', 'returning', 'returning', false, now(), now());

-- occurred_at is when it happened, as its doer says; booked_at when it counts in the books, which is
-- never within a locked period; value is what crossed between good stock, held stock and the
-- outside, in minor units of the part's currency, and added what work on held stock put on top before it
-- was good again; short is how many the books did not have.
ALTER TABLE movements
  ADD occurred_at timestamptz, ADD booked_at timestamptz, ADD value bigint,
  ADD added bigint NOT NULL DEFAULT 0 CHECK (added = 0 OR value IS NOT NULL),
  ADD short int NOT NULL DEFAULT 0 CHECK (short BETWEEN 0 AND quantity),
  ADD scans text[] NOT NULL DEFAULT '{}',
  DROP CONSTRAINT movements_kind_check;
ALTER TABLE movements ADD CONSTRAINT movements_kind_check CHECK (kind IN ('receive', 'transfer', 'issue', 'delivery', 'unused', 'use', 'keep',
  'collect', 'ship', 'return', 'dispose', 'count', 'reverse'));
ALTER TABLE movements DISABLE TRIGGER keep_rows;
UPDATE movements SET occurred_at = moved_at, booked_at = moved_at;
ALTER TABLE movements ENABLE TRIGGER keep_rows;
ALTER TABLE movements ALTER occurred_at SET NOT NULL, ALTER booked_at SET NOT NULL,
  ADD CONSTRAINT booked_not_before CHECK (booked_at >= occurred_at AND isfinite(occurred_at) AND isfinite(booked_at));
CREATE INDEX movements_by_booking ON movements (booked_at, id);
CREATE INDEX movements_of_reference ON movements (reference_id) WHERE reference_id IS NOT NULL;
ALTER TABLE unit_moves ADD scan text;                        -- as the scanner read it; null where nobody scanned
SELECT append_only('units');

-- A van alone may owe parts without serials: what was used while its phone was offline and the
-- books did not have.
ALTER TABLE balances
  ADD reserved int NOT NULL DEFAULT 0, ADD van boolean NOT NULL DEFAULT false, ADD serialized boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT never_negative;
UPDATE balances b SET van = l.van, serialized = p.serialized FROM locations l, parts p WHERE l.id = b.location_id AND p.id = b.part_id;
ALTER TABLE balances ALTER van DROP DEFAULT, ALTER serialized DROP DEFAULT,
  ADD FOREIGN KEY (location_id, may_go_negative, van) REFERENCES locations (id, may_go_negative, van),
  ADD FOREIGN KEY (part_id, serialized) REFERENCES parts (id, serialized),
  ADD CONSTRAINT never_negative CHECK (quantity >= 0 OR may_go_negative OR (van AND NOT serialized)),
  ADD CONSTRAINT reserved_is_there CHECK (reserved >= 0 AND (reserved = 0 OR reserved <= quantity));

-- What good stock and held stock (defective, quarantine, at a vendor's, old parts) of a part is
-- worth: the moving average. last_cost is per piece, for when there is none left to average.
CREATE TABLE part_values (
  part_id uuid REFERENCES parts, pool text CHECK (pool IN ('good', 'held')),
  quantity int NOT NULL, value bigint NOT NULL, last_cost numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (part_id, pool));
INSERT INTO part_values (part_id, pool, quantity, value)
SELECT b.part_id, l.pool, sum(b.quantity), 0 FROM balances b JOIN locations l ON l.id = b.location_id WHERE l.pool IS NOT NULL GROUP BY 1, 2;

-- What is set aside for a part request, until it is picked or runs out.
CREATE TABLE reservations (
  id uuid PRIMARY KEY,
  location_id uuid NOT NULL, part_id uuid NOT NULL,
  quantity int NOT NULL CHECK (quantity > 0),
  request_id uuid NOT NULL REFERENCES part_requests,
  expires_at timestamptz NOT NULL, created_at timestamptz NOT NULL,
  FOREIGN KEY (location_id, part_id) REFERENCES balances (location_id, part_id),
  CONSTRAINT one_reservation_per_place UNIQUE (request_id, location_id, part_id));
CREATE INDEX reservations_of_place ON reservations (location_id, part_id);
CREATE INDEX reservations_by_end ON reservations (expires_at);

-- A locked period of the books: from the end of the one before to ends_at. What happened in it
-- and is told later counts in the next.
CREATE TABLE stock_periods (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT one_period_per_name UNIQUE,
  starts_at timestamptz, ends_at timestamptz NOT NULL CONSTRAINT periods_end_once UNIQUE,
  note text NOT NULL DEFAULT '',
  locked_by uuid, locked_at timestamptz NOT NULL,
  CONSTRAINT period_has_length CHECK (starts_at < ends_at),
  CONSTRAINT follows_a_period UNIQUE NULLS NOT DISTINCT (starts_at),
  CONSTRAINT starts_where_one_ended FOREIGN KEY (starts_at) REFERENCES stock_periods (ends_at));
SELECT append_only('stock_periods');

-- +goose StatementBegin
-- books_open waits while a period is being locked, keeps the next from being locked until the
-- transaction ends, and says from when on movements count.
CREATE FUNCTION books_open() RETURNS timestamptz LANGUAGE plpgsql SET search_path = public AS $$
DECLARE since timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('stock_periods'));
  SELECT max(ends_at) INTO since FROM stock_periods;
  RETURN since;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
-- hold_balances begins the balances that are not there yet and holds all of them, in the order of
-- location and part: two commands never wait for each other.
CREATE FUNCTION hold_balances(places uuid[], parts uuid[]) RETURNS TABLE (location_id uuid, part_id uuid, quantity int, reserved int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO balances (location_id, part_id, quantity, may_go_negative, van, serialized)
  SELECT w.location_id, w.part_id, 0, l.may_go_negative, l.van, p.serialized
  FROM (SELECT DISTINCT * FROM unnest(places, parts) AS u (location_id, part_id)) w
  JOIN locations l ON l.id = w.location_id JOIN parts p ON p.id = w.part_id
  WHERE NOT EXISTS (SELECT FROM balances b WHERE b.location_id = w.location_id AND b.part_id = w.part_id)
  ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT b.location_id, b.part_id, b.quantity, b.reserved
  FROM balances b JOIN unnest(places, parts) AS w (location_id, part_id) USING (location_id, part_id)
  ORDER BY 1, 2 FOR UPDATE OF b;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
-- book_movements keeps the balances: they are the fold of the movements because nothing else
-- writes their quantities. A movement into a locked period, and a reversal of anything but what it names,
-- is refused whoever writes it.
CREATE FUNCTION book_movements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE places uuid[]; ofs uuid[]; changes int[];
BEGIN
  IF EXISTS (SELECT FROM fresh WHERE booked_at < (SELECT max(ends_at) FROM stock_periods)) THEN
    RAISE EXCEPTION 'a movement into a locked period' USING ERRCODE = 'check_violation', CONSTRAINT = 'period_is_locked';
  END IF;
  IF EXISTS (SELECT FROM fresh m JOIN movements o ON o.id = m.reverses_id
      WHERE (m.part_id, m.quantity, m.from_location, m.to_location) <> (o.part_id, o.quantity, o.to_location, o.from_location)) THEN
    RAISE EXCEPTION 'a reversal that does not mirror' USING ERRCODE = 'check_violation', CONSTRAINT = 'reversal_mirrors';
  END IF;
  SELECT array_agg(f.at ORDER BY f.at, f.part_id), array_agg(f.part_id ORDER BY f.at, f.part_id), array_agg(f.n ORDER BY f.at, f.part_id)
  INTO places, ofs, changes FROM (SELECT at, part_id, sum(n)::int AS n FROM (
      SELECT to_location AS at, part_id, quantity AS n FROM fresh UNION ALL SELECT from_location, part_id, -quantity FROM fresh) m
    GROUP BY 1, 2 HAVING sum(n) <> 0) f;
  PERFORM hold_balances(places, ofs);
  UPDATE balances b SET quantity = b.quantity + w.n FROM unnest(places, ofs, changes) AS w (at, part_id, n)
  WHERE b.location_id = w.at AND b.part_id = w.part_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER book AFTER INSERT ON movements REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION book_movements();
-- +goose StatementBegin
-- name_units demands, when the transaction ends, that a movement of a part with serials names as
-- many units as it moves, and one of another part none.
CREATE FUNCTION name_units() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN
  IF (SELECT count(*) FROM unit_moves WHERE movement_id = NEW.id) <>
      (CASE WHEN (SELECT serialized FROM parts WHERE id = NEW.part_id) THEN NEW.quantity ELSE 0 END) THEN
    RAISE EXCEPTION 'movement % does not name its units', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'names_its_units';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER names_its_units AFTER INSERT ON movements DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION name_units();
-- +goose StatementBegin
-- step_as_told refuses a step that is added to a movement after it was told, and a unit without any.
CREATE FUNCTION step_as_told() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN
  IF TG_TABLE_NAME = 'units' THEN
    IF NOT EXISTS (SELECT FROM unit_moves WHERE unit_id = NEW.id) THEN
      RAISE EXCEPTION 'unit % is nowhere', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'is_somewhere';
    END IF;
  ELSIF (SELECT count(*) FROM unit_moves WHERE movement_id = NEW.movement_id) > (SELECT quantity FROM movements WHERE id = NEW.movement_id) THEN
    RAISE EXCEPTION 'movement % names more units than it moves', NEW.movement_id USING ERRCODE = 'check_violation', CONSTRAINT = 'names_its_units';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER names_its_units AFTER INSERT ON unit_moves DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION step_as_told();
CREATE CONSTRAINT TRIGGER is_somewhere AFTER INSERT ON units DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION step_as_told();
-- +goose StatementBegin
-- book_reservation keeps what a balance says is reserved. Whoever changes quantities holds the balances before.
CREATE FUNCTION book_reservation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE balances SET reserved = reserved - OLD.quantity WHERE location_id = OLD.location_id AND part_id = OLD.part_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE balances SET reserved = reserved + NEW.quantity WHERE location_id = NEW.location_id AND part_id = NEW.part_id;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER book AFTER INSERT OR UPDATE OF location_id, part_id, quantity OR DELETE ON reservations FOR EACH ROW EXECUTE FUNCTION book_reservation();
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callout_app') THEN
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON balances FROM callout_app;
  END IF;
END $$;
-- +goose StatementEnd
