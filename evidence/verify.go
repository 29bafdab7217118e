package evidence

import "callout/internal/words"

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
