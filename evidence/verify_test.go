package evidence_test

import (
	"strings"
	"testing"

	"callout/evidence"
	"callout/internal/words"
)

// failed names the checks that failed.
func failed(rep evidence.Report) string {
	var names []string
	for _, c := range rep.Checks {
		if !c.OK {
			names = append(names, c.Name)
			if c.Why.Format == "" {
				names = append(names, "(without a reason)")
			}
		}
		if !words.Known(c.What.Format) || !c.OK && !words.Known(c.Why.Format) {
			names = append(names, "(without Chinese)")
		}
	}
	return strings.Join(names, " ")
}

func TestVerifyRecordFinds(t *testing.T) {
	t.Parallel()
	record, s := seal(t, sample(t))
	_, otherKey, _ := seed(2)
	kid, _, trusted := seed(1)
	text := string(record)
	swap := func(old, with string) []byte {
		if !strings.Contains(text, old) {
			t.Fatalf("the record has no %s", old)
		}
		return []byte(strings.Replace(text, old, with, 1))
	}
	resealed := func(change func(*evidence.Seal)) evidence.Seal {
		other := s
		change(&other)
		return other
	}
	second := sample(t)
	second.Sequence, second.Previous = 2, s.Hash
	_, secondSeal := seal(t, second)
	forged := sample(t)
	forged.Score = 1
	forgedRecord, forgedSeal, err := evidence.SealRecord(forged, kid, otherKey)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		record []byte
		seal   evidence.Seal
		keys   evidence.Keys
		want   string
	}{
		{"nothing", record, s, trusted, ""},
		{"nobody trusted", record, s, evidence.Keys(mapOf(2)), "key seal"},
		{"signed by another key under the name of a trusted one", forgedRecord, forgedSeal, trusted, "seal"},
		{"another score", swap(`"score":5`, `"score":4`), s, trusted, "record_hash"},
		{"members in another order", swap(`{"answers":{"satisfied":true,"solved":true},`, `{"answers":{"solved":true,"satisfied":true},`), s, trusted, "record_form record_content record_hash"},
		{"a member twice", swap(`"score":5`, `"score":5,"score":5`), s, trusted, "record_form record_content record_hash"},
		{"a member twice, not alike", swap(`"score":5`, `"score":1,"score":5`), s, trusted, "record_form record_content record_hash"},
		{"a member more", swap(`"score":5`, `"scorf":5,"score":5`), s, trusted, "record_form record_content record_hash"},
		{"a member more, in order", swap(`"sealed_at"`, `"sealed":1,"sealed_at"`), s, trusted, "record_content record_hash"},
		{"a member in other letters", swap(`{"answers"`, `{"Score":1,"answers"`), s, trusted, "record_content record_hash"},
		{"a member less", swap(`"policy_version":3,`, ``), s, trusted, "record_content record_hash"},
		{"a space", swap(`"score":5`, `"score": 5`), s, trusted, "record_form record_content record_hash"},
		{"a line's end", append([]byte(text), '\n'), s, trusted, "record_form record_content record_hash"},
		{"a byte order mark", []byte("\ufeff" + text), s, trusted, "record_form record_content record_hash"},
		{"5.0", swap(`"score":5`, `"score":5.0`), s, trusted, "record_form record_content record_hash"},
		{"5e0", swap(`"score":5`, `"score":5e0`), s, trusted, "record_form record_content record_hash"},
		{"+5", swap(`"score":5`, `"score":+5`), s, trusted, "record_form record_content record_hash"},
		{"05", swap(`"score":5`, `"score":05`), s, trusted, "record_form record_content record_hash"},
		{"0x5", swap(`"score":5`, `"score":0x5`), s, trusted, "record_form record_content record_hash"},
		{"-0", swap(`"t":0`, `"t":-0`), s, trusted, "record_form record_content record_hash"},
		{"NaN", swap(`"score":5`, `"score":NaN`), s, trusted, "record_form record_content record_hash"},
		{"Infinity", swap(`"score":5`, `"score":Infinity`), s, trusted, "record_form record_content record_hash"},
		{"1e400", swap(`"score":5`, `"score":1e400`), s, trusted, "record_form record_content record_hash"},
		{"a fraction where none can be", swap(`"score":5`, `"score":4.5`), s, trusted, "record_content record_hash"},
		{"text where a figure was", swap(`"score":5`, `"score":"5"`), s, trusted, "record_content record_hash"},
		{"an escaped letter", swap(`Replaced`, `\u0052eplaced`), s, trusted, "record_form record_content record_hash"},
		{"half a surrogate", swap(`Replaced`, `\ud83d`), s, trusted, "record_form record_content record_hash"},
		{"a broken character", swap(`Replaced`, "\xff"), s, trusted, "record_form record_content record_hash"},
		{"a hash in capitals", swap(s.Previous.String()[:60], strings.Repeat("A", 60)), s, trusted, "record_content record_hash"},
		{"a time in another zone", swap(`10:30:00Z`, `10:30:00+00:00`), s, trusted, "record_content record_hash"},
		{"another version", swap(`"version":1`, `"version":2`), s, trusted, "record_content record_hash"},
		{"a point of the signature", swap(`"y":2.5`, `"y":3.5`), s, trusted, "record_hash strokes"},
		{"a score that nobody can give", swap(`"score":5`, `"score":9`), s, trusted, "record_content record_hash"},
		{"no JSON", []byte("hello"), s, trusted, "record_form record_content record_hash"},
		{"no bytes", nil, s, trusted, "record_form record_content record_hash"},
		{"null", []byte("null"), s, trusted, "record_content record_hash"},
		{"brackets without end", []byte(strings.Repeat("[", 1<<20)), s, trusted, "record_form record_content record_hash"},
		{"too long a record", []byte(`"` + strings.Repeat("a", 5<<20) + `"`), s, trusted, "record_content record_hash"},
		{"the seal of the next record", record, secondSeal, trusted, "record_hash place"},
		{"a seal with another number", record, resealed(func(s *evidence.Seal) { s.Sequence = 2 }), trusted, "place seal"},
		{"a seal with another one before", record, resealed(func(s *evidence.Seal) { s.Previous[0] = 1 }), trusted, "place seal"},
		{"a seal of another outlet", record, resealed(func(s *evidence.Seal) { s.OutletID[0] = 9 }), trusted, "place seal"},
		{"a seal of another version", record, resealed(func(s *evidence.Seal) { s.Version = 2 }), trusted, "seal"},
		{"a seal by another algorithm", record, resealed(func(s *evidence.Seal) { s.Algorithm = "none" }), trusted, "seal"},
		{"a seal without signature", record, resealed(func(s *evidence.Seal) { s.Signature = nil }), trusted, "seal"},
		{"no seal", record, evidence.Seal{}, trusted, "record_hash place key seal"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rep := evidence.VerifyRecord(tt.record, tt.seal, tt.keys)
			if got := failed(rep); got != tt.want || rep.OK() != (tt.want == "") {
				t.Errorf("failed %q, want %q", got, tt.want)
			}
		})
	}
}

func mapOf(n byte) evidence.Keys {
	_, _, keys := seed(n)
	return keys
}

func TestParseSealIsStrict(t *testing.T) {
	t.Parallel()
	_, s := seal(t, sample(t))
	b, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, other := range []string{
		"", "{}", "null", text + " ", strings.Replace(text, `"version":1`, `"version":1,"x":1`, 1),
		strings.Replace(text, `"algorithm"`, `"Algorithm"`, 1), strings.Replace(text, `=="`, `"`, 1),
		strings.ToUpper(text), `{"version":1}`, text + strings.Repeat(" ", 5000),
	} {
		if _, ok := evidence.ParseSeal([]byte(other)); ok {
			t.Errorf("taken for a seal: %s", other)
		}
	}
}

func TestCheckChain(t *testing.T) {
	t.Parallel()
	_, _, trusted := seed(1)
	verified := func(change func(*evidence.Record)) evidence.Report {
		r := sample(t)
		change(&r)
		record, s := seal(t, r)
		rep := evidence.VerifyRecord(record, s, trusted)
		if !rep.OK() {
			t.Fatalf("%+v", rep)
		}
		return rep
	}
	first := verified(func(*evidence.Record) {})
	next := func(n int64, before evidence.Report, summary string) evidence.Report {
		return verified(func(r *evidence.Record) {
			r.Sequence, r.Previous, r.WorkSummary = n, before.Seal.Hash, summary
		})
	}
	second := next(2, first, "second")
	third := next(3, second, "third")
	tests := []struct {
		name    string
		reports []evidence.Report
		want    string // of each check, in order
	}{
		{"one alone", []evidence.Report{second}, ""},
		{"three, in any order", []evidence.Report{third, first, second}, "++"},
		{"the same one twice", []evidence.Report{first, first, second}, "+"},
		{"a gap", []evidence.Report{first, third}, ""},
		{"one that was put in place of the second", []evidence.Report{first, next(2, third, "other"), third}, "--"},
		{"two in one place", []evidence.Report{second, next(2, first, "other")}, "-"},
		{"another outlet's", []evidence.Report{first, verified(func(r *evidence.Record) {
			r.Outlet.ID, r.Sequence, r.Previous = id(99), 2, third.Seal.Hash
		})}, ""},
		{"one that could not be read", []evidence.Report{{}, first}, ""},
	}
	for _, tt := range tests {
		got := ""
		for _, c := range evidence.CheckChain(tt.reports) {
			got += map[bool]string{true: "+", false: "-"}[c.OK]
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
