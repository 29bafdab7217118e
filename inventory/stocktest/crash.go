package stocktest

import (
	"context"
	"fmt"
	"maps"

	"callout/internal/pg"
)

const crashSQL = `
CREATE SEQUENCE IF NOT EXISTS crash_statements;
CREATE OR REPLACE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  IF nextval('crash_statements') = (SELECT at FROM crash_at) THEN RAISE EXCEPTION 'crash' USING ERRCODE = 'XX000'; END IF;
  RETURN NULL;
END $$;
CREATE TABLE IF NOT EXISTS crash_at (at bigint NOT NULL);
GRANT SELECT ON crash_at TO callout_app;
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT format('%I', relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname NOT LIKE 'river%' AND relname NOT IN ('crash_at', 'goose_db_version') LOOP
    EXECUTE 'CREATE OR REPLACE TRIGGER zz_crash AFTER INSERT OR UPDATE OR DELETE ON ' || t || ' FOR EACH STATEMENT EXECUTE FUNCTION crash()';
  END LOOP;
END $$`

// Crashing does a command again and again, and lets the database fail after its first write, after its second,
// and so on, until it goes through. Each time that it failed, not one row may be other than before. It
// returns how many writes the command has.
func (h *House) Crashing(name string, do func() error) (writes int) {
	h.Helper()
	h.Owner(crashSQL)
	for at := 1; ; at++ {
		h.Owner(`DELETE FROM crash_at`, fmt.Sprintf(`INSERT INTO crash_at VALUES (%d)`, at), `ALTER SEQUENCE crash_statements RESTART`)
		before := h.rows()
		err := do()
		if err == nil {
			h.Owner(`DELETE FROM crash_at`)
			return at - 1
		}
		if at > 500 {
			h.Fatalf("%s: never goes through: %v", name, err)
		}
		if after := h.rows(); !maps.Equal(before, after) {
			for table, n := range after {
				if before[table] != n {
					h.Errorf("%s failed after write %d (%v) and left a trace in %s", name, at, err, table)
				}
			}
			return at
		}
	}
}

// Owner runs statements as the owner of the tables, past the application's role.
func (h *House) Owner(statements ...string) {
	h.Helper()
	h.Must(h.DB.InTx(h.Context(), func(ctx context.Context) error {
		for _, q := range append([]string{`RESET ROLE`}, append(statements, `SET ROLE `+pg.AppRole)...) {
			if _, err := pg.Exec(ctx, h.DB, q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	}))
}

const tablesSQL = `
SELECT string_agg(format('SELECT %L AS name, count(*) || '':'' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS sum FROM %I t', relname, relname), ' UNION ALL ')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN ('crash_at', 'number_days') AND relname NOT LIKE 'river%'`

// rows is a fingerprint of every table. The numbers that people see may have gaps.
func (h *House) rows() map[string]string {
	h.Helper()
	q, err := pg.One[string](h.Context(), h.DB, tablesSQL)
	h.Must(err)
	type table struct{ Name, Sum string }
	all, err := pg.Query[table](h.Context(), h.DB, q)
	h.Must(err)
	sums := map[string]string{}
	for _, t := range all {
		sums[t.Name] = t.Sum
	}
	return sums
}
