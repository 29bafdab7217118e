package evidence

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"

	"callout/internal/words"
)

// Verify checks a package, zip or folder, offline: the record and its seal as VerifyRecord does,
// the signature's picture and each photo against their hashes in the record, and that no file
// is missing, there twice or besides. README.txt is not sealed and may be missing, but if it is there it
// must say what we wrote. An error means that the package could not be opened at all.
func Verify(path string, keys Keys) (Report, error) {
	f, err := openFiles(path)
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		var rep Report
		rep.check("package", false, words.Say("the package can be opened"), words.Say("the file is not a zip file or is damaged"))
		return rep, nil
	}
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = f.close() }()

	var record, sealed bytes.Buffer
	recordErr := f.copy(&record, recordFile, maxRecord)
	sealErr := f.copy(&sealed, sealFile, maxSeal)
	seal, sealOK := ParseSeal(sealed.Bytes())

	rep := VerifyRecord(record.Bytes(), seal, keys)
	first := Report{}
	first.check("record_file", recordErr == nil, words.Say("%s is there", recordFile), whyNot(recordErr))
	first.check("seal_file", sealErr == nil && sealOK, words.Say("%s is there and is a seal in canonical form", sealFile), whyNot(sealErr))
	rep.Checks = append(first.Checks, rep.Checks...)

	known := map[string]bool{recordFile: true, sealFile: true, readmeFile: true, signatureFile: true}
	if r := rep.Record; r != nil {
		rep.checkFile(f, "signature", signatureFile, MaxSignatureBytes, r.Signature.PNGSHA256,
			words.Say("%s is the signature in the record", signatureFile))
		for _, p := range r.Photos {
			if extensions[p.MediaType] == "" || known[p.fileName()] {
				continue // a photo of no kind of ours is a fault of the record
			}
			known[p.fileName()] = true
			rep.checkFile(f, "photo", p.fileName(), min(p.Size, MaxPhotoBytes), p.SHA256,
				words.Say("photo %s is the one in the record", p.ID))
		}
	}
	var text bytes.Buffer
	if err := f.copy(&text, readmeFile, int64(len(readme))); !errors.Is(err, fs.ErrNotExist) {
		rep.check("readme", err == nil && bytes.Equal(text.Bytes(), readme),
			words.Say("%s is the one that Callout writes", readmeFile), words.Say("its text was changed"))
	}
	rep.checkNames(f.names, known)
	return rep, nil
}

// checkFile holds a file against its size and hash.
func (rep *Report) checkFile(f *files, name, file string, most int64, want Hash, what words.Text) {
	rep.checkBytes(name, want, what, func(w io.Writer) error { return f.copy(w, file, most) })
}

// checkNames looks for files that do not belong to the package, or are there twice.
func (rep *Report) checkNames(names []string, known map[string]bool) {
	seen := map[string]bool{}
	for _, name := range names {
		if !known[name] || seen[name] {
			rep.check("files", false,
				words.Say("there is no file besides"),
				words.Say("%q does not belong here", short(name)))
			return
		}
		seen[name] = true
	}
	rep.check("files", true, words.Say("there is no file besides"), words.Text{})
}

func whyNot(err error) words.Text {
	switch {
	case err == nil:
		return words.Say("it is written in another way than a seal is")
	case errors.Is(err, fs.ErrNotExist):
		return words.Say("the file is missing")
	case errors.Is(err, errTooLarge):
		return words.Say("the file is larger than the record says or than is allowed")
	case errors.Is(err, errTooMany):
		return words.Say("the file is there twice")
	case errors.Is(err, errNotFile):
		return words.Say("it is not an ordinary file")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return words.Say("the file is cut off")
	}
	return words.Say("the file cannot be read: %q", short(err.Error()))
}
