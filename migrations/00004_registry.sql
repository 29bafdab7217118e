-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE customers (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  phone text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  email text,
  language text NOT NULL DEFAULT 'zh-CN' CHECK (language IN ('en', 'zh-CN')),
  value_class text NOT NULL DEFAULT 'standard' CHECK (value_class IN ('standard', 'important', 'key')),
  notes text NOT NULL DEFAULT '',
  outlet_id uuid REFERENCES outlets,  -- whose user recorded it; null: the central desk
  external_key text CONSTRAINT one_customer_per_external_key UNIQUE,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX customers_by_name ON customers USING gin (name gin_trgm_ops);
CREATE INDEX customers_by_phone ON customers (phone);
CREATE INDEX customers_by_digits ON customers USING gin (phone gin_trgm_ops);
CREATE INDEX customers_of_outlet ON customers (outlet_id, id);

CREATE TABLE sites (
  id uuid PRIMARY KEY,
  customer_id uuid NOT NULL REFERENCES customers,
  name text NOT NULL DEFAULT '',
  address text NOT NULL,
  location point NOT NULL,            -- WGS-84
  time_zone text NOT NULL,
  access_notes text NOT NULL DEFAULT '',
  outlet_id uuid REFERENCES outlets,  -- follows from the territory; null: no territory covers it
  by_hand boolean NOT NULL DEFAULT false,  -- a person named the outlet, for no territory covers the place
  external_key text CONSTRAINT one_site_per_external_key UNIQUE,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE INDEX sites_of_customer ON sites (customer_id, outlet_id);
CREATE INDEX sites_of_outlet ON sites (outlet_id, id);
CREATE INDEX sites_by_address ON sites USING gin (address gin_trgm_ops);
CREATE INDEX sites_by_name ON sites USING gin (name gin_trgm_ops);
CREATE INDEX sites_by_location ON sites USING gist (location);

CREATE TABLE products (
  id uuid PRIMARY KEY,
  code text NOT NULL CONSTRAINT one_product_per_code UNIQUE,
  name text NOT NULL, name_zh text NOT NULL DEFAULT '',
  category text NOT NULL DEFAULT '',
  warranty_months int NOT NULL CHECK (warranty_months BETWEEN 0 AND 600),
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);

CREATE TABLE assets (
  id uuid PRIMARY KEY,
  product_id uuid NOT NULL REFERENCES products,
  serial text NOT NULL,
  site_id uuid NOT NULL REFERENCES sites,
  purchased_on date, purchase_channel text NOT NULL DEFAULT '',
  warranty_months int CHECK (warranty_months BETWEEN 0 AND 600),  -- null: the product's
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  CONSTRAINT one_asset_per_serial UNIQUE (product_id, serial));
CREATE INDEX assets_of_site ON assets (site_id);
CREATE INDEX assets_by_serial ON assets USING gin (serial gin_trgm_ops);
