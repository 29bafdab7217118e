package pgown

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"callout/internal/fault"
)

// oldest is the first Postgres release that has all that the migrations use.
const oldest = 15

var release = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// binaries finds the folder of initdb and postgres: the newest release that will do, or exactly
// the release that wrote the cluster (0 where there is none yet). $PG_BIN overrules the search.
func binaries(ctx context.Context, as account, wrote int) (string, error) {
	best, at := 0, ""
	for _, dir := range places() {
		v := version(ctx, as, dir)
		if v >= oldest && v > best && (wrote == 0 || v == wrote) {
			best, at = v, dir
		}
	}
	switch {
	case best > 0:
		return at, nil
	case wrote > 0:
		return "", fault.New(fault.NotFound, "the data was written by Postgres %d, whose server binaries are not installed: apt-get install postgresql-%d, or set PG_BIN", wrote, wrote)
	default:
		return "", fault.New(fault.NotFound, "no Postgres server binaries of release %d or newer: apt-get install postgresql-%d, or set PG_BIN or DATABASE_URL", oldest, oldest)
	}
}

// places lists the folders where a system keeps the server's binaries.
func places() []string {
	if dir := os.Getenv("PG_BIN"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	if at, err := exec.LookPath("postgres"); err == nil {
		if at, err = filepath.EvalSymlinks(at); err == nil {
			dirs = append(dirs, filepath.Dir(at))
		}
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"} {
		found, _ := filepath.Glob(pattern)
		dirs = append(dirs, found...)
	}
	return slices.Compact(dirs)
}

// version is the major release of the binaries in a folder, 0 where they cannot be run.
func version(ctx context.Context, as account, dir string) int {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	out, err := as.command(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	if m := release.FindSubmatch(out); m != nil {
		v, _ := strconv.Atoi(string(m[1]))
		return v
	}
	return 0
}

// writtenBy reads which major release wrote the cluster, 0 where there is no cluster.
func writtenBy(home *os.Root) (int, error) {
	b, err := home.ReadFile("cluster/PG_VERSION")
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}
