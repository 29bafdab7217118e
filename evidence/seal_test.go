package evidence_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/keyring"
)

var update = flag.Bool("update", false, "write the golden files anew")

func id(n byte) uuid.UUID {
	return uuid.UUID{0x01, 0x90, 0xa0, 0xb0, 6: 0x70, 8: 0x80, 15: n}
}

func moment(text string) *time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return &t
}

// seed gives the tests one and the same key; kid is its name.
func seed(n byte) (kid string, key ed25519.PrivateKey, trusted keyring.Publics) {
	key = ed25519.NewKeyFromSeed(append(make([]byte, 31), n))
	public := key.Public().(ed25519.PublicKey)
	kid = keyring.KeyID(public)
	return kid, key, keyring.Publics{kid: public}
}

// pictures are the bytes behind the sample record, by their hash.
func pictures(t testing.TB) (photo, signature []byte) {
	t.Helper()
	for name, b := range map[string]*[]byte{"testdata/photo.jpg": &photo, "testdata/signature.png": &signature} {
		var err error
		if *b, err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return photo, signature
}

func sample(t testing.TB) evidence.Record {
	t.Helper()
	photo, signature := pictures(t)
	return evidence.Record{
		SignOffID: id(1), Sequence: 1, SealedAt: *moment("2026-11-22T18:31:02.123456789+08:00"), PolicyVersion: 3,
		Outlet:     evidence.Outlet{ID: id(2), Name: "Boyle Heights"},
		Case:       &evidence.CaseRef{ID: id(3), Number: "20261122001"},
		Job:        evidence.JobRef{ID: id(4), Number: "20261122001-1", Title: "Compressor hums <50 Hz>", Type: "repair"},
		Customer:   evidence.Customer{ID: id(5), Name: "王小明 & Söhne", Phone: "+8613800138000"},
		Site:       evidence.Site{ID: id(6), Address: "1 Main St\n\"rear\" \u2028€😀", Position: evidence.Position{Lng: -118.24, Lat: 34.054}, TimeZone: "America/Los_Angeles"},
		Asset:      &evidence.Asset{ID: id(7), Product: "AC-9000", Serial: "SN-0001"},
		Technician: evidence.Technician{ID: id(8), Name: "Ada"},
		Timeline:   evidence.Timeline{ArrivedAt: moment("2026-11-22T09:00:00Z"), StartedAt: moment("2026-11-22T09:05:00Z"), FinishedAt: moment("2026-11-22T10:20:00Z")},
		Parts: []evidence.PartUsed{
			{PartID: id(9), Number: "P-100", Name: "Compressor", Quantity: 1, NewSerial: "N-1", OldSerial: "O-1", OldPartWish: "return"},
		},
		WorkSummary: "Replaced the compressor.",
		Photos: []evidence.PhotoTaken{
			{ID: id(10), Kind: "new_part", SHA256: evidence.Sum(photo), Size: int64(len(photo)), MediaType: "image/jpeg", TakenAt: moment("2026-11-22T10:00:00Z"), Position: &evidence.Position{Lng: -118.24, Lat: 34.054}},
		},
		Signature: evidence.Signature{
			Signer: "王小明", Relation: "self", SignedAt: *moment("2026-11-22T10:30:00Z"),
			Strokes:   evidence.Strokes{{{X: 1, Y: 2.5, T: 0}, {X: 1e-7, Y: 30.000000000000004, T: 16}}, {{X: 40, Y: 8, T: 400}}},
			PNGSHA256: evidence.Sum(signature),
		},
		Score: 5, Answers: evidence.Answers{Solved: true, Satisfied: true},
	}
}

func seal(t testing.TB, r evidence.Record) ([]byte, evidence.Seal) {
	t.Helper()
	kid, key, _ := seed(1)
	record, s, err := evidence.SealRecord(r, kid, key)
	if err != nil {
		t.Fatal(err)
	}
	return record, s
}

func TestCanonicalBytesAreGolden(t *testing.T) {
	t.Parallel()
	record, s := seal(t, sample(t))
	sealed, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"testdata/record.json": record, "testdata/seal.json": sealed} {
		if *update {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s has changed: every seal ever made would break\n got %s\nwant %s", name, got, want)
		}
	}
}

// TestWhatIsSigned builds the signed bytes from the documentation alone.
func TestWhatIsSigned(t *testing.T) {
	t.Parallel()
	r := sample(t)
	r.Sequence, r.Previous = 0x0102030405, evidence.Sum([]byte("before"))
	record, s := seal(t, r)
	message := []byte("callout sign-off seal v1\x00")
	outlet, hash := r.Outlet.ID, evidence.Sum(record)
	message = append(message, outlet[:]...)
	message = append(message, 0, 0, 0, 1, 2, 3, 4, 5)
	message = append(message, r.Previous[:]...)
	message = append(message, hash[:]...)
	kid, _, trusted := seed(1)
	if len(message) != 113 || !ed25519.Verify(trusted[kid], message, s.Signature) {
		t.Errorf("the signature is not over the %d documented bytes", len(message))
	}
}

func TestSealRoundTrip(t *testing.T) {
	t.Parallel()
	record, s := seal(t, sample(t))
	_, _, trusted := seed(1)
	rep := evidence.VerifyRecord(record, s, trusted)
	if !rep.OK() {
		t.Fatalf("%+v", rep)
	}
	if r := rep.Record; r.Site.Address != sample(t).Site.Address || !r.SealedAt.Equal(*moment("2026-11-22T10:31:02.123456Z")) || r.SealedAt.Location() != time.UTC {
		t.Errorf("read back %+v", r)
	}
	sealed, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if again, ok := evidence.ParseSeal(sealed); !ok || !evidence.VerifyRecord(record, again, trusted).OK() {
		t.Error("the seal did not survive its JSON")
	}
	bare := sample(t)
	bare.Case, bare.Asset, bare.Parts, bare.Photos, bare.Timeline = nil, nil, nil, nil, evidence.Timeline{}
	record, s = seal(t, bare)
	if rep := evidence.VerifyRecord(record, s, trusted); !rep.OK() || !bytes.Contains(record, []byte(`"parts":[],`)) {
		t.Errorf("bare record: %+v", rep)
	}
}

func TestSealRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pointer string
		change        func(*evidence.Record)
	}{
		{"score 0", "/score", func(r *evidence.Record) { r.Score = 0 }},
		{"score 6", "/score", func(r *evidence.Record) { r.Score = 6 }},
		{"no number", "/sequence", func(r *evidence.Record) { r.Sequence = 0 }},
		{"number past what JSON can carry", "/sequence", func(r *evidence.Record) { r.Sequence = 1 << 53 }},
		{"first with one before", "/previous", func(r *evidence.Record) { r.Previous[0] = 1 }},
		{"second without one before", "/previous", func(r *evidence.Record) { r.Sequence = 2 }},
		{"no signer", "/signature/signer", func(r *evidence.Record) { r.Signature.Signer = "" }},
		{"blank signature", "/signature/strokes", func(r *evidence.Record) { r.Signature.Strokes = nil }},
		{"pen at no number", "/signature/strokes", func(r *evidence.Record) { r.Signature.Strokes[0][0].X = math.NaN() }},
		{"photo of no kind", "/photos", func(r *evidence.Record) { r.Photos[0].MediaType = "text/html" }},
		{"photo without bytes", "/photos", func(r *evidence.Record) { r.Photos[0].Size = 0 }},
		{"photo too large", "/photos", func(r *evidence.Record) { r.Photos[0].Size = evidence.MaxPhotoBytes + 1 }},
		{"too many photos", "/photos", func(r *evidence.Record) { r.Photos = make([]evidence.PhotoTaken, 201) }},
		{"too many parts", "/parts", func(r *evidence.Record) { r.Parts = make([]evidence.PartUsed, 501) }},
		{"site off the earth", "/site/position", func(r *evidence.Record) { r.Site.Position.Lat = 91 }},
		{"broken characters", "", func(r *evidence.Record) { r.WorkSummary = "half a character \xe4\xb8" }},
		{"figure past what JSON can carry", "", func(r *evidence.Record) { r.Parts[0].Quantity = 1<<53 + 1 }},
	}
	kid, key, _ := seed(1)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := sample(t)
			tt.change(&r)
			_, _, err := evidence.SealRecord(r, kid, key)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.pointer) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSealLeavesItsRecordAlone(t *testing.T) {
	t.Parallel()
	r, before := sample(t), sample(t)
	seal(t, r)
	a, errA := json.Marshal(r)
	b, errB := json.Marshal(before)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Error("sealing changed what it was given")
	}
}

func TestHashText(t *testing.T) {
	t.Parallel()
	h := evidence.Sum([]byte("x"))
	if again, err := evidence.ParseHash(h.String()); err != nil || again != h {
		t.Errorf("%v %v", again, err)
	}
	for _, text := range []string{"", "ab", strings.ToUpper(h.String()), h.String() + "00", strings.Repeat("zz", 32), " " + h.String()[1:]} {
		if _, err := evidence.ParseHash(text); err == nil {
			t.Errorf("%q is a hash", text)
		}
	}
}

func BenchmarkSealRecord(b *testing.B) {
	kid, key, _ := seed(1)
	r := sample(b)
	stroke := make(evidence.Stroke, 600)
	for i := range stroke {
		stroke[i] = evidence.Point{X: float64(i) / 3, Y: float64(i * i % 97), T: int64(i * 16)}
	}
	r.Signature.Strokes = append(r.Signature.Strokes, stroke)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := evidence.SealRecord(r, kid, key); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyRecord(b *testing.B) {
	_, _, trusted := seed(1)
	record, s := seal(b, sample(b))
	b.ReportAllocs()
	for b.Loop() {
		if !evidence.VerifyRecord(record, s, trusted).OK() {
			b.Fatal("not verified")
		}
	}
}
