-- +goose Up
-- What road networks said of drives, by cells of 0.0001° (internal/travel). It is a memory that can be asked
-- for again, so it is not logged: after a crash it begins empty.
CREATE UNLOGGED TABLE drives (
  network text NOT NULL CHECK (network <> ''), -- its name and version
  from_cell bigint NOT NULL,
  to_cell bigint NOT NULL,
  seconds int CHECK (seconds >= 0), -- null where there is no road
  metres int NOT NULL CHECK (metres >= 0),
  told_at timestamptz NOT NULL,
  PRIMARY KEY (network, from_cell, to_cell)
);
CREATE INDEX drives_by_age ON drives (told_at);

-- Maps of China show points in other systems than WGS-84, which location is in: the system that the point was
-- given in.
ALTER TABLE sites ADD COLUMN coordinate_system text NOT NULL DEFAULT 'wgs84' CHECK (coordinate_system IN ('wgs84', 'gcj02', 'bd09'));
