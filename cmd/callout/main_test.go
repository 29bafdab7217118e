package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/alecthomas/kong"
)

func TestEveryFlagHasHelpAndAnEnvironmentVariable(t *testing.T) {
	t.Parallel()
	k, err := parser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok && f.Name != "help" && f.Name != "version" {
			if f.Help == "" || len(f.Envs) == 0 {
				t.Errorf("--%s has help %q and the variables %q", f.Name, f.Help, f.Envs)
			}
		}
		if c, ok := node.(*kong.Command); ok && c.Help == "" {
			t.Errorf("%s has no help", c.Name)
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestThrowawayPostgresEndsWithItsCommand(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	said := filepath.Join(t.TempDir(), "said")
	err := run(t.Context(), []string{"postgres", "--throwaway", "--", "sh", "-c", `echo "$TEST_DATABASE_URL" >` + said + `; exit 7`})
	if got := exit(err); got != 7 {
		t.Errorf("the exit code is %d, want the command's 7: %v", got, err)
	}
	if b, err := os.ReadFile(said); err != nil || len(b) < 20 {
		t.Errorf("the command saw %q as TEST_DATABASE_URL, %v", b, err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDataPostgresKeepsWhatItIsTold(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for range 2 {
		if err := run(t.Context(), []string{"postgres", "--data", data, "--", "sh", "-c", `test -n "$DATABASE_URL"`}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(data, "postgres", "cluster", "PG_VERSION")); err != nil {
		t.Error(err)
	}
}

func TestCommandKilledBySignalHasTheShellsCode(t *testing.T) {
	t.Parallel()
	if got := exit(run(t.Context(), []string{"postgres", "--throwaway", "--", "sh", "-c", `kill -TERM $$`})); got != 143 {
		t.Errorf("the exit code is %d, want 143", got)
	}
}
