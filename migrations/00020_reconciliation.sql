-- +goose Up
-- What every place held when a period was locked, and what that was worth in minor units of the
-- part's currency by the moving average of that moment. The hash is over all of it.
ALTER TABLE stock_periods ADD hash bytea NOT NULL DEFAULT sha256('') CHECK (length(hash) = 32);
CREATE TABLE period_balances (
  period_id uuid NOT NULL REFERENCES stock_periods DEFERRABLE INITIALLY DEFERRED,  -- written after them, with their hash
  location_id uuid NOT NULL REFERENCES locations, part_id uuid NOT NULL REFERENCES parts,
  quantity int NOT NULL CHECK (quantity <> 0),
  value bigint,                            -- null: outside the house, or nobody ever said what it costs
  PRIMARY KEY (period_id, location_id, part_id));
SELECT append_only('period_balances');
-- +goose StatementBegin
-- period_hash is the SHA-256 of a period's balances: a line each, in the order of location and part.
CREATE FUNCTION period_hash(period uuid) RETURNS bytea LANGUAGE sql STABLE SET search_path = public AS $$
  SELECT sha256(convert_to(coalesce(string_agg(concat_ws(' ', location_id, part_id, quantity, coalesce(value::text, '-')), E'\n'
    ORDER BY location_id, part_id), ''), 'UTF8')) FROM period_balances WHERE period_id = period $$;
-- +goose StatementEnd

-- What came of holding yesterday's movements against the balances, once a day.
CREATE TABLE reconciliation_runs (
  id uuid PRIMARY KEY,
  day date NOT NULL CONSTRAINT one_run_per_day UNIQUE,
  ran_at timestamptz NOT NULL,
  places int NOT NULL, unsound int NOT NULL, variances int NOT NULL, shortages int NOT NULL,
  open_returns int NOT NULL, overdue_returns int NOT NULL);
SELECT append_only('reconciliation_runs');
