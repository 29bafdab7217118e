package paper_test

import (
	"bytes"
	"testing"
	"time"

	"callout/internal/paper"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

func page(tb testing.TB, text string) []byte {
	tb.Helper()
	doc := paper.Open(100, 50, text, noon)
	doc.AddPage()
	doc.Text(5, 10, text)
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestADocumentSaysBothLanguagesAndIsSmall(t *testing.T) {
	one := page(t, "Control board 控制板")
	if !bytes.HasPrefix(one, []byte("%PDF-")) || len(one) > 100_000 {
		t.Errorf("%d bytes, %.8q", len(one), one)
	}
	if !bytes.Equal(one, page(t, "Control board 控制板")) {
		t.Error("the same document has other bytes the second time")
	}
}

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		page(b, "Control board 控制板")
	}
}

func TestWhatNoDocumentCanSayIsMarked(t *testing.T) {
	text := paper.Printable("𠮷野家\n😀\xff控制板")
	if text != "〓野家〓〓〓控制板" {
		t.Errorf("%q", text)
	}
	page(t, text)
}
