package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"time"

	"callout/internal/who"

	"github.com/google/uuid"
)

// The files of a package.
const (
	recordFile    = "record.json"
	sealFile      = "seal.json"
	signatureFile = "signature.png"
	readmeFile    = "README.txt"
	photoFolder   = "photos/"
)

//go:embed readme.txt
var readme []byte

// fileName is the name of a photo's file in a package.
func (p PhotoTaken) fileName() string {
	return photoFolder + p.SHA256.String() + "." + extensions[p.MediaType]
}

// WritePackage writes a sealed sign-off as a zip that can be verified without us: record.json,
// seal.json, signature.png, photos/<sha256>.<ext> and a README. Open gives the bytes of a photo
// or of the signature by their hash. It fails where they are not what was sealed; what was
// written by then is no package. The same sign-off gives the same zip, byte for byte.
func WritePackage(w io.Writer, record []byte, seal Seal, open func(Hash) (io.ReadCloser, error)) error {
	r, ok := parseRecord(record)
	if !ok || Sum(record) != seal.Hash {
		return fmt.Errorf("evidence: sign-off %d of outlet %s is not what was sealed", seal.Sequence, seal.OutletID)
	}
	sealed, err := seal.JSON()
	if err != nil {
		return err
	}
	p := packer{zip.NewWriter(w), r.SealedAt, open}
	for _, f := range []struct {
		name string
		b    []byte
	}{{readmeFile, readme}, {recordFile, record}, {sealFile, sealed}} {
		if err := p.add(f.name, zip.Deflate, f.b); err != nil {
			return err
		}
	}
	if err := p.copy(signatureFile, r.Signature.PNGSHA256); err != nil {
		return err
	}
	packed := map[string]bool{}
	for _, photo := range r.Photos {
		name := photo.fileName()
		if packed[name] {
			continue
		}
		packed[name] = true
		if err := p.copy(name, photo.SHA256); err != nil {
			return err
		}
	}
	if err := p.zip.Close(); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}

type packer struct {
	zip  *zip.Writer
	at   time.Time
	open func(Hash) (io.ReadCloser, error)
}

func (p packer) create(name string, method uint16) (io.Writer, error) {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: p.at})
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return w, nil
}

func (p packer) add(name string, method uint16, b []byte) error {
	w, err := p.create(name, method)
	if err != nil {
		return err
	}
	if _, err = w.Write(b); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}

// copy adds a picture, which is compressed already, and holds it against its hash on the way.
func (p packer) copy(name string, want Hash) error {
	r, err := p.open(want)
	if err != nil {
		return fmt.Errorf("evidence: %s: %w", name, err)
	}
	defer r.Close()
	w, err := p.create(name, zip.Store)
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, sum), r); err != nil {
		return fmt.Errorf("evidence: %s: %w", name, err)
	}
	if Hash(sum.Sum(nil)) != want {
		return fmt.Errorf("evidence: the stored bytes of %s are not what was sealed", name)
	}
	return nil
}

// Package returns a sign-off as WritePackage writes it, and how many bytes it has; the caller
// closes it. It is written twice, first into nothing: a byte that is missing or changed is an
// error before the first byte goes out, and the size is known without keeping it anywhere.
func (l *Locker) Package(ctx context.Context, by who.Actor, id uuid.UUID) (s SignOff, zip io.ReadCloser, size int64, err error) {
	if s, err = l.FindSignOff(ctx, by, id); err != nil {
		return SignOff{}, nil, 0, err
	}
	png, err := findSignature(ctx, l.db, id)
	if err != nil {
		return SignOff{}, nil, 0, err
	}
	write := func(w io.Writer) error {
		return WritePackage(w, s.Record, s.Seal(), func(h Hash) (io.ReadCloser, error) {
			if h == Sum(png) {
				return io.NopCloser(bytes.NewReader(png)), nil
			}
			return l.open(ctx, h)
		})
	}
	var n counter
	if err := write(&n); err != nil {
		return SignOff{}, nil, 0, err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(write(w)) }()
	return s, r, int64(n), nil
}

// counter counts what is written to it.
type counter int64

func (n *counter) Write(b []byte) (int, error) {
	*n += counter(len(b))
	return len(b), nil
}
