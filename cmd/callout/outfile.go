package main

import (
	"errors"
	"io"
	"os"

	"callout/internal/fault"
)

// outfile is a file that will be written when the work is done; what it held stays until then.
type outfile struct {
	file  *os.File
	ours  bool // it was not there before
	whole bool // it was written
}

// openOut opens a file before the work begins, so that nobody works for a file that cannot be written.
// No name is standard output.
func openOut(name string) (*outfile, error) {
	if name == "" {
		return &outfile{file: os.Stdout}, nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // as any other file: the umask decides
	if err == nil {
		return &outfile{file: f, ours: true}, nil
	}
	if errors.Is(err, os.ErrExist) {
		f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666) //nolint:gosec // as above
	}
	if errors.Is(err, os.ErrPermission) {
		return nil, fault.New(fault.Forbidden, "this user may not write %s", name)
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	return &outfile{file: f}, nil
}

// write writes all of the file.
func (o *outfile) write(content func(io.Writer) error) error {
	if info, err := o.file.Stat(); err == nil && info.Mode().IsRegular() && o.file != os.Stdout {
		if err := o.file.Truncate(0); err != nil {
			return err
		}
	}
	if err := content(o.file); err != nil {
		return err
	}
	o.whole = true
	return nil
}

// close ends the writing; a file that was made for nothing is taken away.
func (o *outfile) close() error {
	if o.file == os.Stdout {
		return nil
	}
	err := o.file.Close()
	if o.ours && !o.whole {
		err = errors.Join(err, os.Remove(o.file.Name()))
	}
	return err
}
