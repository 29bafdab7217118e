-- +goose Up
CREATE TABLE cases (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT one_case_per_number UNIQUE,
  status text NOT NULL CHECK (status IN ('received', 'classified', 'in_service', 'resolved', 'closed', 'reopened', 'canceled')),
  channel text NOT NULL CHECK (channel IN ('hotline', 'chat', 'email', 'web_form', 'app', 'official_account', 'social',
    'outlet', 'platform', 'crew', 'other')),
  type text NOT NULL CHECK (type IN ('fault', 'enquiry', 'complaint', 'suggestion', 'installation', 'maintenance', 'return')),
  severity text NOT NULL CHECK (severity IN ('general', 'complex', 'urgent')),
  priority text NOT NULL CHECK (priority IN ('P0', 'P1', 'P2')),
  priority_by_hand boolean NOT NULL DEFAULT false,  -- a person gave it; false: it follows from type and severity
  customer_id uuid NOT NULL REFERENCES customers,
  site_id uuid NOT NULL REFERENCES sites,
  asset_id uuid REFERENCES assets,
  outlet_id uuid REFERENCES outlets,  -- the site's when the case was opened
  description text NOT NULL,
  received_at timestamptz NOT NULL,
  response_due_at timestamptz NOT NULL, completion_due_at timestamptz NOT NULL,
  responded_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
  policy_version int NOT NULL,        -- in force when it was received; judges it for good
  resolution text NOT NULL DEFAULT '',  -- how it was solved without a visit
  reopened int NOT NULL DEFAULT 0, reopened_at timestamptz, reopen_reason text,
  cancel_reason text,
  external_key text CONSTRAINT one_case_per_external_key UNIQUE,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT resolved_has_moment CHECK ((status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)),
  CONSTRAINT closed_has_moment CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT reopened_has_reason CHECK ((reopened > 0) = (reopened_at IS NOT NULL AND reopen_reason IS NOT NULL)),
  CONSTRAINT canceled_has_reason CHECK ((status = 'canceled') = (cancel_reason IS NOT NULL)));
CREATE INDEX cases_of_outlet ON cases (outlet_id, id);
CREATE INDEX cases_of_customer ON cases (customer_id, id);
CREATE INDEX cases_by_status ON cases (status, id);
CREATE INDEX cases_running ON cases (id) WHERE status IN ('received', 'classified', 'in_service', 'reopened');
CREATE INDEX cases_by_number ON cases (number text_pattern_ops);
