-- +goose Up
-- A part that was left with the customer may be due again, and left once more: each waiver has its signature.
ALTER TABLE part_return_signatures DROP CONSTRAINT part_return_signatures_pkey, ADD PRIMARY KEY (return_id, signed_at);

-- What of a use's old parts did not come has a return of its own, of the same use.
ALTER TABLE part_returns DROP CONSTRAINT one_return_per_use,
  DROP CONSTRAINT part_returns_arrived_as_check, DROP CONSTRAINT part_returns_resolution_check,
  ADD CONSTRAINT part_returns_arrived_as_check CHECK (arrived_as IN ('expected', 'collected', 'in_transit', 'waived')),
  ADD CONSTRAINT part_returns_resolution_check CHECK (resolution IN ('accepted', 'charged', 'due_again'));
CREATE UNIQUE INDEX one_return_per_use ON part_returns (use_id) WHERE follows_id IS NULL;
CREATE INDEX part_returns_of_use ON part_returns (use_id);

-- A discrepancy of which nothing is here is over once somebody has decided about it.
UPDATE part_returns SET status = 'dispositioned' WHERE status = 'resolved' AND movement_id IS NULL;

-- What went into a parcel stays written down, wherever the old part turns out to be.
CREATE TABLE part_return_parcels (
  shipment_id uuid NOT NULL REFERENCES part_return_shipments, return_id uuid NOT NULL REFERENCES part_returns,
  PRIMARY KEY (shipment_id, return_id));
CREATE INDEX part_return_parcels_of_return ON part_return_parcels (return_id);
INSERT INTO part_return_parcels SELECT shipment_id, id FROM part_returns WHERE shipment_id IS NOT NULL;
SELECT append_only('part_return_parcels');

CREATE INDEX part_return_dispositions_of_witness ON part_return_dispositions (witness_id) WHERE witness_id IS NOT NULL;
CREATE INDEX part_return_photos_of_photo ON part_return_photos (photo_id);
