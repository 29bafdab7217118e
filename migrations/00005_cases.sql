-- +goose Up
CREATE TABLE cases (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_case_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('received', 'classified', 'in_service', 'resolved', 'closed', 'reopened', 'canceled')),
  channel text NOT NULL, type text NOT NULL, severity text NOT NULL,
  priority text NOT NULL CHECK (priority IN ('P0', 'P1', 'P2')),
  customer_id uuid NOT NULL REFERENCES customers,
  site_id uuid NOT NULL REFERENCES sites,
  asset_id uuid REFERENCES assets,
  outlet_id uuid REFERENCES outlets,
  description text NOT NULL,
  received_at timestamptz NOT NULL,
  response_due_at timestamptz NOT NULL, completion_due_at timestamptz NOT NULL,
  responded_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
  policy_version int NOT NULL,
  reopened int NOT NULL DEFAULT 0, cancel_reason text,
  external_key text CONSTRAINT one_case_per_external_key UNIQUE,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX cases_of_outlet ON cases (outlet_id, id);
CREATE INDEX cases_of_customer ON cases (customer_id, id);
CREATE INDEX cases_by_status ON cases (status, id);
