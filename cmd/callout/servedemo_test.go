package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"callout/demo"
	"callout/internal/pg"
	"callout/internal/pgtest"
)

func TestServeDemo(t *testing.T) {
	t.Parallel()
	url, data := pgtest.URL(t), t.TempDir()
	jobs := make([]int, 2)
	var passwords [2]string
	for run := range 2 {
		p := start(t, url, data, "--demo")
		file := filepath.Join(data, "demo-logins.json")
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the logins can be read by others: %v, %v", info.Mode(), err)
		}
		var accounts []demo.Account
		if err := json.Unmarshal(b, &accounts); err != nil || len(accounts) != 8 {
			t.Fatalf("%d accounts, %v", len(accounts), err)
		}
		for _, a := range accounts {
			p.signIn(login{a.Login, a.Password})
		}
		passwords[run] = string(b)
		if jobs[run], err = pg.One[int](t.Context(), connect(t, url), `SELECT count(*) FROM jobs WHERE status = 'scheduled'`); err != nil {
			t.Fatal(err)
		}
		p.end()
	}
	if jobs[0] < 1450 || jobs[1] != jobs[0] || passwords[0] != passwords[1] {
		t.Errorf("%v jobs have a technician at the two starts; the logins stayed: %v", jobs, passwords[0] == passwords[1])
	}
}

func TestDemoStaysOutOfSomebodysOperation(t *testing.T) {
	t.Parallel()
	url, data := pgtest.URL(t), t.TempDir()
	db := connect(t, url)
	if _, err := pg.Exec(t.Context(), db, `INSERT INTO customers (id, name, created_at, updated_at) VALUES (gen_random_uuid(), 'Somebody', now(), now())`); err != nil {
		t.Fatal(err)
	}
	start(t, url, data, "--demo").end()
	if n, err := pg.One[int](t.Context(), db, `SELECT count(*) FROM jobs`); err != nil || n != 0 {
		t.Errorf("%d jobs, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(data, "demo-logins.json")); !os.IsNotExist(err) {
		t.Errorf("logins were made: %v", err)
	}
}
