package main

import (
	"errors"
	"os"
	"syscall"

	"callout/internal/fault"
)

// unreadable says in a sentence why a file that somebody named cannot be read.
func unreadable(name string, err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fault.New(fault.NotFound, "there is no file or folder %s", name)
	case errors.Is(err, os.ErrPermission):
		return fault.New(fault.Forbidden, "this user may not read %s", name)
	case errors.Is(err, syscall.EISDIR):
		return fault.New(fault.Invalid, "%s is a folder, not a file", name)
	}
	return err
}
