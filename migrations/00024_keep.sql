-- +goose Up
-- What the warehouse's books are explained by is never deleted: the application's role may change these
-- rows as their lives go on, and nothing more.
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'callout_app') THEN
    REVOKE DELETE, TRUNCATE ON parts, locations, part_requests, part_request_lines, part_request_overs, part_returns, part_return_shipments,
      suppliers, deliveries, delivery_lines, delivery_counts, transfers, transfer_lines, counts, count_lines, signals FROM callout_app;
  END IF;
END $$;
-- +goose StatementEnd
