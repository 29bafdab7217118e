-- +goose Up
-- A scan names an old part by its serial alone, and asks which requests still wait for a part.
CREATE INDEX part_returns_by_serial ON part_returns (expected_serial) WHERE expected_serial IS NOT NULL;
CREATE INDEX part_request_lines_of_part ON part_request_lines (part_id, request_id) WHERE issued < quantity OR received < issued;
