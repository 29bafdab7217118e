package pgown

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"callout/internal/fault"
)

// inherited is the folder as Postgres sees it where a folder above is closed to it (a clone in
// root's home): it gets the folder itself as an open descriptor, and walks no path to it.
const inherited = "/proc/self/fd/3"

// reach is the longest path that a Unix socket can have.
const reach = 107

// cluster is a prepared folder: who runs it, with which binaries, by which paths.
type cluster struct {
	home *os.Root
	lock *os.File
	as   account
	bin  string
	seen string // the folder, as Postgres sees it
}

// prepare brings the claimed folder to where a server can start in it.
func prepare(ctx context.Context, home *os.Root, lock *os.File, throwaway bool) (*cluster, error) {
	as, err := unprivileged(home)
	if err != nil {
		return nil, err
	}
	wrote, err := writtenBy(home)
	if err != nil {
		return nil, err
	}
	bin, err := binaries(ctx, as, wrote)
	if err != nil {
		return nil, err
	}
	c := &cluster{home, lock, as, bin, home.Name()}
	if err := sweep(home); err != nil {
		return nil, err
	}
	if err := as.own(home); err != nil {
		return nil, err
	}
	if !as.enters(ctx, bin, home.Name()) {
		c.seen = inherited
	}
	if wrote == 0 {
		return c, c.initialize(ctx, throwaway)
	}
	return c, nil
}

// initialize makes a new cluster beside its place and moves it there when it is whole, so that
// an interrupted start leaves nothing that looks like a cluster.
func (c *cluster) initialize(ctx context.Context, throwaway bool) error {
	if err := c.home.RemoveAll("cluster.new"); err != nil {
		return err
	}
	if err := c.folder("cluster.new"); err != nil {
		return err
	}
	args := []string{
		"--pgdata=" + filepath.Join(c.seen, "cluster.new"), "--username=callout", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions",
	}
	if throwaway {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := c.as.command(ctx, filepath.Join(c.bin, "initdb"), args...)
	cmd.ExtraFiles = []*os.File{c.lock}
	if out, err := cmd.CombinedOutput(); ctx.Err() != nil {
		return ctx.Err()
	} else if err != nil {
		return fault.New(fault.Internal, "Postgres could not make its files in %s: %s", c.home.Name(), string(bytes.TrimSpace(out)))
	}
	return c.home.Rename("cluster.new", "cluster")
}

// socket makes the folder of the socket, inside ours unless that path is too long for a socket:
// it returns the folder as Postgres sees it and as clients do, and whether it is a temporary one.
func (c *cluster) socket() (server, client string, temporary bool, err error) {
	client = filepath.Join(c.home.Name(), "socket")
	if len(client)+len("/.s.PGSQL.5432") <= reach {
		return filepath.Join(c.seen, "socket"), client, false, c.folder("socket")
	}
	// Not os.TempDir: TMPDIR may be long, or closed to the account.
	client, err = os.MkdirTemp("/tmp", "callout-")
	if err == nil && c.as.credential != nil {
		err = os.Lchown(client, int(c.as.credential.Uid), int(c.as.credential.Gid))
	}
	return client, client, true, err
}

// folder makes a folder that only the account may enter.
func (c *cluster) folder(name string) error {
	if err := c.home.Mkdir(name, 0o700); err != nil {
		return err
	}
	return c.as.give(c.home, name)
}

// open makes the folder where it is missing. What is above it stays open to others, as far as it
// is ours to make; the folder itself is private.
func open(dir string) (*os.Root, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil { //nolint:gosec // Postgres, another user, must get through
		return nil, err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	home, err := os.OpenRoot(dir)
	if errors.Is(err, os.ErrPermission) {
		return nil, fault.New(fault.Forbidden, "%s belongs to another user: start Callout as that user or as root, or give it a folder of its own", dir)
	}
	return home, err
}

// settings are the server's, for every start: on the command line they hold whatever its
// postgresql.conf says, which stays the operator's to tune.
func settings(socket string, throwaway bool) []string {
	set := map[string]string{
		"listen_addresses":        "",
		"unix_socket_directories": socket,
		"unix_socket_permissions": "0700",
		"port":                    strconv.Itoa(port),
		"max_connections":         "400",
		"timezone":                "UTC",
		"logging_collector":       "off",
		"log_destination":         "stderr",
		"log_line_prefix":         "",
	}
	if throwaway {
		set["fsync"], set["synchronous_commit"], set["full_page_writes"] = "off", "off", "off"
	}
	var args []string
	for name, value := range set {
		args = append(args, "-c", fmt.Sprintf("%s=%s", name, value))
	}
	return args
}
