package evidence

import "callout/internal/fault"

// How large the files of a package may be; MaxPhotoBytes and MaxSignatureBytes are the others.
const (
	maxRecord = 4 << 20
	maxSeal   = 4 << 10
	maxPhotos = 200
	maxParts  = 500
)

// parseRecord reads a record from canonical bytes, if they are one of a version that we know.
func parseRecord(b []byte) (r Record, ok bool) {
	ok = len(b) <= maxRecord && readCanonical(b, &r) && r.Version == RecordVersion
	return r, ok
}

// faults are all the ways in which no record can be.
func (r Record) faults() (f fault.Faults) {
	if r.Version != RecordVersion {
		f.Add("/version", "must be %d", RecordVersion)
	}
	if r.Sequence < 1 || r.Sequence >= 1<<53 {
		f.Add("/sequence", "must count from 1")
	}
	if (r.Sequence == 1) != r.Previous.IsZero() {
		f.Add("/previous", "must be zeros in the first record of an outlet, and in no other")
	}
	if r.Score < 1 || r.Score > 5 {
		f.Add("/score", "must be from 1 to 5")
	}
	if !r.Site.Position.valid() {
		f.Add("/site/position", "is not a place on earth")
	}
	if len(r.Parts) > maxParts {
		f.Add("/parts", "are more than %d", maxParts)
	}
	if len(r.Photos) > maxPhotos {
		f.Add("/photos", "are more than %d", maxPhotos)
	}
	for _, p := range r.Photos {
		if extensions[p.MediaType] == "" || p.Size < 1 || p.Size > MaxPhotoBytes || (p.Position != nil && !p.Position.valid()) {
			f.Add("/photos", "include %s, which is no photo of ours", p.ID)
		}
	}
	if r.Signature.Signer == "" {
		f.Add("/signature/signer", "is required")
	}
	r.Signature.Strokes.Check(&f, "/signature/strokes")
	return f
}
