-- +goose Up
-- The whole life of a part request. Every figure of a line but quantity counts what became of it.
ALTER TABLE part_requests
  DROP CONSTRAINT part_requests_status_check, DROP CONSTRAINT issued_has_warehouse;
ALTER TABLE part_requests
  ADD CONSTRAINT part_requests_status_check CHECK (status IN ('requested', 'approved', 'rejected', 'picking', 'issued', 'backordered',
    'received', 'consumed', 'returned_unused', 'closed', 'canceled')),
  ADD origin text NOT NULL DEFAULT 'person' CHECK (origin IN ('person', 'job', 'replenishment')),
  ADD value bigint CHECK (value >= 0), ADD currency text,        -- minor units, as it was judged; null: nobody can say
  ADD policy_version int,                                        -- that it was judged by
  ADD automatic boolean NOT NULL DEFAULT false,                  -- the policy approved it, not a person
  ADD decided_at timestamptz,
  ADD lapsed_at timestamptz,                                     -- its reservations ran out, and nobody asked for new ones yet
  ADD canceled_at timestamptz, ADD canceled_reason text,
  ADD kept boolean NOT NULL DEFAULT false,                       -- somebody said that what is left stays in the van as its stock
  ADD picked_by uuid, ADD accounted_at timestamptz, ADD ended_at timestamptz,
  ADD CONSTRAINT issued_has_warehouse CHECK (status NOT IN ('picking', 'issued', 'backordered', 'received') OR warehouse_id IS NOT NULL),
  ADD CONSTRAINT automatic_has_no_approver CHECK (NOT automatic OR approved_by IS NULL),
  ADD CONSTRAINT canceled_has_moment CHECK (status <> 'canceled' OR canceled_at IS NOT NULL) NOT VALID;
UPDATE part_requests SET canceled_at = updated_at WHERE status = 'canceled';
ALTER TABLE part_requests VALIDATE CONSTRAINT canceled_has_moment;
CREATE INDEX part_requests_to_issue ON part_requests (warehouse_id, id) WHERE status IN ('approved', 'picking', 'issued', 'backordered');
CREATE INDEX part_requests_to_account ON part_requests (id) WHERE status = 'received';


-- approved splits into what was issued, canceled, replaced by another part, and what is still to be
-- issued; issued into what is in transit, received, withdrawn into the warehouse again, and lost; of
-- received, some was used on the job, returned, or is on its way back (handed_in).
ALTER TABLE part_request_lines DROP CONSTRAINT part_request_lines_check, DROP CONSTRAINT part_request_lines_check1;
ALTER TABLE part_request_lines
  ADD approved int CHECK (approved BETWEEN 0 AND quantity),      -- null: not decided yet
  ADD canceled int NOT NULL DEFAULT 0 CHECK (canceled >= 0),
  ADD replaced int NOT NULL DEFAULT 0 CHECK (replaced >= 0),
  ADD withdrawn int NOT NULL DEFAULT 0 CHECK (withdrawn >= 0),
  ADD lost int NOT NULL DEFAULT 0 CHECK (lost >= 0),
  ADD missing int NOT NULL DEFAULT 0 CHECK (missing >= 0),       -- of what is in transit, what did not come when the rest did
  ADD used int NOT NULL DEFAULT 0 CHECK (used >= 0),
  ADD handed_in int NOT NULL DEFAULT 0 CHECK (handed_in >= 0),
  ADD returned int NOT NULL DEFAULT 0 CHECK (returned >= 0),
  ADD withdrawn_serials text[] NOT NULL DEFAULT '{}', ADD lost_serials text[] NOT NULL DEFAULT '{}',
  ADD handed_in_serials text[] NOT NULL DEFAULT '{}', ADD returned_serials text[] NOT NULL DEFAULT '{}',
  ADD instead_of uuid REFERENCES parts,                          -- the part that was asked for
  ADD substitute_reason text;
UPDATE part_request_lines l SET approved = l.quantity, canceled = CASE WHEN r.status = 'approved' THEN 0 ELSE l.quantity - l.issued END
FROM part_requests r WHERE r.id = l.request_id AND r.status IN ('approved', 'issued', 'received');
UPDATE part_request_lines l SET missing = l.issued - l.received FROM part_requests r WHERE r.id = l.request_id AND r.status = 'received';
ALTER TABLE part_request_lines
  ADD CONSTRAINT issues_what_is_approved CHECK (issued >= 0 AND issued + canceled + replaced <= coalesce(approved, 0)),
  ADD CONSTRAINT receives_what_is_issued CHECK (received >= 0 AND received + withdrawn + lost + missing <= issued),
  ADD CONSTRAINT returns_what_is_received CHECK (used + handed_in + returned <= received),
  ADD CONSTRAINT substitute_has_reason CHECK ((instead_of IS NULL) = (substitute_reason IS NULL) AND instead_of <> part_id);

-- What a technician found in his delivery and nobody had issued: the books leave it where they have it.
CREATE TABLE part_request_overs (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES part_requests,
  part_id uuid NOT NULL REFERENCES parts,
  quantity int NOT NULL CHECK (quantity > 0), settled int NOT NULL DEFAULT 0 CHECK (settled BETWEEN 0 AND quantity),
  serial text, scans text[] NOT NULL DEFAULT '{}',
  noted_by uuid, noted_at timestamptz NOT NULL,
  CONSTRAINT one_over_per_serial UNIQUE (request_id, part_id, serial));
