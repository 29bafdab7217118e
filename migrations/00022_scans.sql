-- +goose Up
-- A scan names an old part by its serial alone and papers by the numbers that others gave them, and
-- asks which requests still wait for a part.
CREATE INDEX part_returns_by_serial ON part_returns (expected_serial) WHERE expected_serial IS NOT NULL;
CREATE INDEX part_returns_by_received_serial ON part_returns (received_serial) WHERE received_serial IS NOT NULL;
CREATE INDEX part_return_shipments_by_waybill ON part_return_shipments (waybill);
CREATE INDEX deliveries_by_note ON deliveries (lower(note_number));
CREATE INDEX part_request_lines_of_part ON part_request_lines (part_id, request_id);
