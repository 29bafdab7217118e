-- +goose Up
-- Why a plan has failed, as people are told; what failed stays in the column beside it, for who looks after the house.
ALTER TABLE plans ADD COLUMN failed_because jsonb;
UPDATE plans SET failed_because = jsonb_build_object('format', 'the search ended in an error %d times', 'args', jsonb_build_array(greatest(1, attempt)))
WHERE status = 'failed';
ALTER TABLE plans ADD CONSTRAINT failed_is_explained CHECK ((status = 'failed') = (failed_because IS NOT NULL));
CREATE INDEX plans_waiting ON plans (updated_at) WHERE status = 'queued';
