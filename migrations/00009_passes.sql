-- +goose Up
-- Every process remembers for a moment who stands behind a session. Whatever changes that is told to all
-- of them by the database itself, when it is committed, whoever did it.
-- +goose StatementBegin
CREATE FUNCTION tell_pass() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_row text := TG_ARGV[0];
  before text := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ->> of_row END;
  after text := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ->> of_row END;
BEGIN
  IF before IS NOT NULL THEN
    PERFORM pg_notify('pass', before);
  END IF;
  IF after IS NOT NULL AND after IS DISTINCT FROM before THEN
    PERFORM pg_notify('pass', after);
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tell_pass AFTER UPDATE OF name, roles, outlet_id, disabled_at OR DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION tell_pass('id');
CREATE TRIGGER tell_pass AFTER UPDATE OF revoked_at OR DELETE ON sessions
  FOR EACH ROW EXECUTE FUNCTION tell_pass('user_id');
CREATE TRIGGER tell_pass AFTER INSERT OR UPDATE OF user_id, status OR DELETE ON technicians
  FOR EACH ROW EXECUTE FUNCTION tell_pass('user_id');
