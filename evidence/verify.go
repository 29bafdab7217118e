package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"

	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// VerifyRecord checks a stored record against its seal: the bytes are in canonical form and say
// a record that agrees with itself, their hash is the seal's, the seal's place in the chain is
// the record's, and a trusted key signed it. It does not look at photos.
func VerifyRecord(record []byte, seal Seal, keys Keys) Report {
	rep := Report{Seal: seal}
	r, read := parseRecord(record)
	rep.check("record_form", read || isCanonical(record),
		words.Say("the record is in its one canonical form (RFC 8785)"),
		words.Say("members are out of order or twice, or something is written in another way"))
	rep.check("record_content", read && len(r.faults()) == 0,
		words.Say("the record is complete and agrees with itself"),
		whyUnsound(r, read))
	rep.check("record_hash", Sum(record) == seal.Hash,
		words.Say("the record's SHA-256 is the one that was sealed"),
		words.Say("the record was changed: its SHA-256 is %s", Sum(record)))
	if read {
		rep.Record = &r
		strokes, err := r.Signature.Strokes.Hash()
		rep.check("strokes", err == nil && strokes == r.Signature.StrokesSHA256,
			words.Say("the strokes of the signature have the SHA-256 that the record names"),
			words.Say("the strokes were changed"))
		rep.check("place", r.Outlet.ID == seal.OutletID && r.Sequence == seal.Sequence && r.Previous == seal.Previous,
			words.Say("record and seal name the same place in the outlet's chain"),
			words.Say("the seal belongs to another record"))
	}
	key, known := keys.Public(seal.KeyID)
	rep.check("key", known,
		words.Say("the key of the seal is trusted"),
		words.Say("key %q is not among the trusted keys", short(seal.KeyID)))
	rep.check("seal", known && seal.signed(key),
		words.Say("the seal's Ed25519 signature is right"),
		words.Say("the key did not sign this seal"))
	return rep
}

func whyUnsound(r Record, read bool) words.Text {
	if !read {
		return words.Say("it is not a sign-off record of version %d", RecordVersion)
	}
	if faults := r.faults(); len(faults) > 0 {
		return words.Say("%s %s", faults[0].Pointer, faults[0].Detail)
	}
	return words.Text{}
}

// short keeps a text from elsewhere to a length that can be shown.
func short(s string) string {
	const most = 80
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// Verify checks a stored sign-off as VerifyRecord does, and with it the picture of the
// signature, the photos' bytes in the bucket, the columns that were copied out of the record,
// and that the record before it in the chain is the one that it follows.
func (l *Locker) Verify(ctx context.Context, by who.Actor, id uuid.UUID) (Report, error) {
	s, err := l.FindSignOff(ctx, by, id)
	if err != nil {
		return Report{}, err
	}
	png, err := findSignature(ctx, l.db, id)
	if err != nil {
		return Report{}, err
	}
	before, err := recordAt(ctx, l.db, s.Chain, s.Sequence-1)
	if err != nil {
		return Report{}, err
	}
	rep := VerifyRecord(s.Record, s.Seal(), l.keys)
	rep.checkFollows(before)
	r := rep.Record
	if r == nil {
		return rep, nil
	}
	rep.check("row", r.SignOffID == s.ID && r.Job.ID == s.JobID && r.Signature.Signer == s.Signer && r.Score == s.Score && r.SealedAt.Equal(s.SealedAt),
		words.Say("lists and searches show what the record says"),
		words.Say("job, signer, score or time were changed beside the record"))
	rep.checkBytes("signature", r.Signature.PNGSHA256, words.Say("%s is the signature in the record", signatureFile), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(png))
		return err
	})
	for _, p := range r.Photos {
		rep.checkBytes("photo", p.SHA256, words.Say("photo %s is the one in the record", p.ID), func(w io.Writer) error {
			return l.copy(ctx, w, p.SHA256)
		})
	}
	// What broke off is not what was found.
	return rep, ctx.Err()
}

// checkFollows holds the seal against the record before it in the chain; nil where there is none.
func (rep *Report) checkFollows(before []byte) {
	s := rep.Seal
	if s.Sequence == 1 {
		rep.check("chain", s.Previous.IsZero() && before == nil,
			words.Say("it is the first record of the outlet's chain"),
			words.Say("it names another record as the one before"))
		return
	}
	rep.check("chain", before != nil && Sum(before) == s.Previous,
		words.Say("record %d follows record %d", s.Sequence, s.Sequence-1),
		words.Say("it names another record as the one before"))
}

// checkBytes holds what write writes against its hash.
func (rep *Report) checkBytes(name string, want Hash, what words.Text, write func(io.Writer) error) {
	sum := sha256.New()
	err := write(sum)
	why := whyNot(err)
	if err == nil {
		why = words.Say("the picture was changed: its SHA-256 is %s", Hash(sum.Sum(nil)))
	}
	rep.check(name, err == nil && Hash(sum.Sum(nil)) == want, what, why)
}

// copy writes the bytes of a hash to w.
func (l *Locker) copy(ctx context.Context, w io.Writer, h Hash) error {
	r, err := l.open(ctx, h)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}
