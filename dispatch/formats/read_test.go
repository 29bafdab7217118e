package formats_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"callout/dispatch/formats"
	"callout/dispatch/formats/native"
	"callout/dispatch/formats/solomon"
	"callout/dispatch/formats/vroom"
)

func TestTheFormatIsTold(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		"testdata/R109.txt": "*solomon.Document", "testdata/fs50a.vroom.json": "*vroom.Document", "testdata/day.json": "*native.Document",
	} {
		f, err := os.Open(document)
		if err != nil {
			t.Fatal(err)
		}
		d, err := formats.Read(f, "")
		_ = f.Close()
		if got := fmt.Sprintf("%T", d); err != nil || got != want {
			t.Errorf("%s is read as a %s, %v", document, got, err)
		}
	}
}

// large is a problem of VROOM with a matrix of so many rows that comes as it is read.
func large(rows int) io.Reader {
	parts := []io.Reader{strings.NewReader(`{"vehicles":[{"id":1,"start_index":0}],"jobs":[{"id":1,"location_index":1}],"matrices":{"car":{"durations":[`)}
	row := "[" + strings.Repeat("123456, ", rows-1) + "1]"
	for i := range rows {
		parts = append(parts, strings.NewReader(row))
		if i < rows-1 {
			parts = append(parts, strings.NewReader(",\n"))
		}
	}
	return io.MultiReader(append(parts, strings.NewReader(`]}}}`))...)
}

// The text of 4,000 rows is 128 MB, its numbers 64 MB. What is allocated, kept or not, must be the
// numbers and little more.
func TestALargeMatrixIsReadInItsOwnSize(t *testing.T) {
	const rows = 4000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := formats.Read(large(rows), "")
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got, most := (after.TotalAlloc-before.TotalAlloc)>>20, uint64(rows*rows*4*5/4)>>20; got > most {
		t.Errorf("reading took %d MB, more than %d", got, most)
	}
	if leg := d.Problem().Travel[0].Leg(rows-1, rows-2); leg.Seconds != 123456 {
		t.Errorf("the last row has %d", leg.Seconds)
	}
}

func BenchmarkMatrix(b *testing.B) {
	b.SetBytes(1000 * 8 * 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := formats.Read(large(1000), formats.Vroom); err != nil {
			b.Fatal(err)
		}
	}
}

// seeds are what the fuzzing begins with.
func seeds(f *testing.F, files ...string) {
	f.Helper()
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

func FuzzVroom(f *testing.F) {
	seeds(f, "testdata/small.vroom.json", "testdata/small.coordinates.json")
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := vroom.Read(bytes.NewReader(b)); err == nil && d.Problem().Check() != nil {
			t.Error("was read, and cannot be planned")
		}
	})
}

func FuzzNative(f *testing.F) {
	seeds(f, "testdata/day.json")
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := native.Read(bytes.NewReader(b)); err == nil && d.Problem().Check() != nil {
			t.Error("was read, and cannot be planned")
		}
	})
}

func FuzzSolomon(f *testing.F) {
	seeds(f, "testdata/small.txt")
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := solomon.Read(bytes.NewReader(b)); err == nil && d.Problem().Check() != nil {
			t.Error("was read, and cannot be planned")
		}
	})
}
