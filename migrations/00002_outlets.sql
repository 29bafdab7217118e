-- +goose Up
CREATE TABLE outlets (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT one_outlet_per_code UNIQUE,
  name text NOT NULL,
  time_zone text NOT NULL,
  territory jsonb,                -- GeoJSON Polygon or MultiPolygon; null serves no area of its own
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'ended')),
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
