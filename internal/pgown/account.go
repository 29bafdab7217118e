package pgown

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"callout/internal/fault"
)

// account is the user that Postgres runs as; a nil credential means our own.
type account struct {
	credential *syscall.Credential
}

// unprivileged picks the user that Postgres runs as. It refuses to run as root, so root takes
// the owner of the cluster, else the system's postgres user, else nobody: whoever is first to
// be in passwd, because Postgres looks its own user up there.
func unprivileged(home *os.Root) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	var candidates []*user.User
	if info, err := home.Stat("cluster"); err == nil && owner(info) != 0 {
		if u, err := user.LookupId(strconv.FormatUint(uint64(owner(info)), 10)); err == nil {
			candidates = append(candidates, u)
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			candidates = append(candidates, u)
		}
	}
	for _, u := range candidates {
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil || uid == 0 {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return account{}, fault.New(fault.NotFound, "Postgres does not run as root, and this system has neither a user postgres nor a user nobody")
}

// command prepares a program of Postgres to run as the account: in a session of its own, so that
// ^C reaches Callout alone, and without our environment, whose PG… variables are not meant for it.
func (a account) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential, Setsid: true}
	return cmd
}

// enters says whether the account may enter a folder: every folder above must let it pass.
func (a account) enters(ctx context.Context, bin, dir string) bool {
	probe := a.command(ctx, filepath.Join(bin, "postgres"), "--version")
	probe.Dir = dir
	return probe.Run() == nil
}

// own makes the account the owner of everything in the folder where it is not already.
func (a account) own(home *os.Root) error {
	if a.credential == nil {
		return nil
	}
	return fs.WalkDir(home.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if owner(info) == a.credential.Uid {
			if path == "cluster" {
				return fs.SkipDir
			}
			return nil
		}
		return a.give(home, path)
	})
}

// give makes the account the owner of one file or folder.
func (a account) give(home *os.Root, path string) error {
	if a.credential == nil {
		return nil
	}
	return home.Lchown(path, int(a.credential.Uid), int(a.credential.Gid))
}

func owner(info fs.FileInfo) uint32 { return info.Sys().(*syscall.Stat_t).Uid }
