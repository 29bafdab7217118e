package pgown

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"callout/internal/fault"
)

// patience is how long a new Callout waits for the Postgres of a dead one to finish its shutdown.
const patience = 30 * time.Second

// claim locks the folder for this process and its Postgres. The open folder that it returns is
// the lock: Postgres and its backends inherit it, so it is free only when the last of them is
// gone, however they went. No process number can lie about that.
func claim(ctx context.Context, home *os.Root) (*os.File, error) {
	lock, err := home.Open(".")
	if err != nil {
		return nil, err
	}
	if err := wait(ctx, home, lock); err != nil {
		_ = lock.Close()
		return nil, err
	}
	if err := home.WriteFile("owner", []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return lock, nil
}

func wait(ctx context.Context, home *os.Root, lock *os.File) error {
	for deadline := time.Now().Add(patience); ; {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return &os.PathError{Op: "flock", Path: home.Name(), Err: err}
		}
		if pid := number(home, "owner"); alive(pid) {
			return fault.New(fault.Conflict, "another Callout (process %d) works on %s: stop it first, give this one a folder of its own (DATA=…), or a DATABASE_URL", pid, home.Name())
		}
		if time.Now().After(deadline) {
			return fault.New(fault.Conflict, "the Postgres of an earlier Callout still works on %s: stop it first", home.Name())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// sweep removes what a crashed Postgres left behind. Its process number may be somebody else's
// by now, and Postgres would then refuse to start; we hold the lock and know better. Only a
// server that was started by hand on the cluster holds no lock of ours: that one works in it.
func sweep(home *os.Root) error {
	if pid := number(home, "cluster/postmaster.pid"); pid > 0 {
		its, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
		ours, here := home.Stat("cluster")
		if err == nil && here == nil && os.SameFile(its, ours) {
			return fault.New(fault.Conflict, "a Postgres that Callout did not start (process %d) works on %s: stop it first", pid, home.Name())
		}
	}
	if err := home.Remove("cluster/postmaster.pid"); err != nil && !os.IsNotExist(err) {
		return err
	}
	return home.RemoveAll("socket")
}

// number reads the process number in the first line of a file, 0 where there is none.
func number(home *os.Root, name string) int {
	b, err := home.ReadFile(name)
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	n, _ := strconv.Atoi(strings.TrimSpace(line))
	return n
}

func alive(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
