package labels_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
	"callout/inventory/gs1"
	"callout/inventory/labels"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

const gtin = "09506000134352"

// area is a label on its page, in millimetres from the top left.
type area struct{ x, y, width, height float64 }

// first is where the first label of a sheet lies, and pages how high its page is.
var (
	first = map[labels.Sheet]area{
		labels.SheetA4x24: {0, 0.5, 70, 37}, labels.SheetA4x14: {4.65, 15.15, 99.1, 38.1},
		labels.SheetRoll100x50: {0, 0, 100, 50}, labels.SheetRoll60x40: {0, 0, 60, 40},
	}
	pages = map[labels.Sheet]float64{labels.SheetA4x24: 297, labels.SheetA4x14: 297, labels.SheetRoll100x50: 50, labels.SheetRoll60x40: 40}
)

func printed(t *testing.T, o labels.Order) []byte {
	t.Helper()
	o.Start, o.At = max(o.Start, 1), noon
	pdf, err := labels.Print(o)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

var (
	streams   = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	rectangle = regexp.MustCompile(`(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re`)
)

// sheets are the contents of the pages of a PDF.
func sheets(t *testing.T, pdf []byte) (all []string) {
	t.Helper()
	for _, m := range streams.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		if content, err := io.ReadAll(z); err == nil && bytes.Contains(content, []byte(" Tf")) {
			all = append(all, string(content))
		}
	}
	if len(all) == 0 {
		t.Fatal("no page was found")
	}
	return all
}

// scanned paints what a page has in an area, 20 dots a millimetre.
func scanned(t *testing.T, page string, high float64, a area) image.Image {
	t.Helper()
	const dots, point = 20, 25.4 / 72
	img := image.NewGray(image.Rect(0, 0, int(a.width*dots), int(a.height*dots)))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, m := range rectangle.FindAllStringSubmatch(page, -1) {
		var v [4]float64
		for i := range v {
			f, err := strconv.ParseFloat(m[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			v[i] = f * point
		}
		x, y := v[0]-a.x, high-v[1]-v[3]-a.y
		px := func(mm float64) int { return int(mm*dots + 0.5) }
		draw.Draw(img, image.Rect(px(x), px(y), px(x+v[2]), px(y+v[3])), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return img
}

// read decodes one code of an image.
func read(t *testing.T, img image.Image, reader gozxing.Reader) (string, error) {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := reader.Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true, gozxing.DecodeHintType_ASSUME_GS1: true})
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

func TestWhatIsPrintedScansAsWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		label labels.Label
		want  gs1.Code
	}{
		"a part":              {labels.OfPart("CB-2201", "Control board", "控制板"), gs1.Code{Format: gs1.FormatLabel, Part: "CB-2201"}},
		"a location":          {labels.OfLocation("WH1-A.07", "Shelf 7", ""), gs1.Code{Format: gs1.FormatLabel, Location: "WH1-A.07"}},
		"a unit":              {labels.OfUnit("CB-2201", "Control board", "控制板", "", "SN-1001"), gs1.Code{Format: gs1.FormatLabel, Part: "CB-2201", Serial: "SN-1001"}},
		"a unit with signs":   {labels.OfUnit("C:1%", "Pipe", "管", "", "a b"), gs1.Code{Format: gs1.FormatLabel, Part: "C:1%", Serial: "a b"}},
		"a unit of GS1":       {labels.OfUnit("CB-2201", "Control board", "控制板", gtin, "SN/1001"), gs1.Code{GTIN: gtin, Serial: "SN/1001"}},
		"a serial beyond GS1": {labels.OfUnit("CB-2201", "Board", "", gtin, "a#b"), gs1.Code{Format: gs1.FormatLabel, Part: "CB-2201", Serial: "a#b"}},
	} {
		for sheet, a := range first {
			for symbology, readers := range map[labels.Symbology]map[gs1.Format]gozxing.Reader{
				labels.SymbologyQR:      {gs1.FormatDigitalLink: qrcode.NewQRCodeReader()},
				labels.SymbologyCode128: {gs1.FormatGS1: oned.NewCode128Reader()},
				labels.SymbologyBoth:    {gs1.FormatDigitalLink: qrcode.NewQRCodeReader(), gs1.FormatGS1: oned.NewCode128Reader()},
			} {
				t.Run(fmt.Sprintf("%s on %s as %s", name, sheet, symbology), func(t *testing.T) {
					page := sheets(t, printed(t, labels.Order{Sheet: sheet, Symbology: symbology, Labels: []labels.Label{c.label}}))[0]
					img := scanned(t, page, pages[sheet], a)
					for format, reader := range readers {
						want := c.want
						if want.Format == "" {
							want.Format = format
						}
						text, err := read(t, img, reader)
						if err != nil {
							t.Fatalf("%s: %v", format, err)
						}
						got, err := gs1.Parse(text)
						if err != nil {
							t.Fatal(err)
						}
						if got != want {
							t.Errorf("%q\n got %+v\nwant %+v", text, got, want)
						}
					}
				})
			}
		}
	}
}

func TestWhatPeopleReadUnderTheBarsScansTheSame(t *testing.T) {
	for _, l := range []labels.Label{
		labels.OfPart("CB-2201", "", ""), labels.OfLocation("W1", "", ""),
		labels.OfUnit("CB-2201", "", "", gtin, "SN(1)"), labels.OfUnit("CB-2201", "", "", "", "SN:1"),
	} {
		typed, err := gs1.Parse(l.Read)
		if err != nil {
			t.Fatal(err)
		}
		scan, err := gs1.Parse(l.Link)
		if err != nil {
			t.Fatal(err)
		}
		typed.Format, scan.Format = "", ""
		if typed != scan {
			t.Errorf("typed %+v, scanned %+v", typed, scan)
		}
	}
}

func TestCopiesFillSheetsFromTheStart(t *testing.T) {
	l := labels.OfLocation("W1", "Shelf", "")
	l.Copies = 30
	all := sheets(t, printed(t, labels.Order{Sheet: labels.SheetA4x24, Start: 24, Symbology: labels.SymbologyQR, Labels: []labels.Label{l}}))
	var count []int
	for _, page := range all {
		count = append(count, strings.Count(page, " re f"))
	}
	if fmt.Sprint(count) != "[1 24 5]" {
		t.Errorf("labels a page: %v", count)
	}
	last := area{140, 0.5 + 7*37, 70, 37}
	if text, err := read(t, scanned(t, all[0], 297, last), qrcode.NewQRCodeReader()); err != nil || text != "C:L:W1" {
		t.Errorf("the last position of the first sheet: %q, %v", text, err)
	}
}

func TestOrdersThatCannotBePrinted(t *testing.T) {
	long := labels.OfUnit(strings.Repeat("N", 60), "", "", "", strings.Repeat("S", 64))
	many := labels.OfPart("P", "", "")
	many.Copies = labels.Most + 1
	for name, c := range map[string]struct {
		order labels.Order
		at    string
	}{
		"position 0":         {labels.Order{Sheet: labels.SheetA4x24, Start: 0, Symbology: labels.SymbologyQR}, "/start"},
		"position 25 of 24":  {labels.Order{Sheet: labels.SheetA4x24, Start: 25, Symbology: labels.SymbologyQR}, "/start"},
		"the second of one":  {labels.Order{Sheet: labels.SheetRoll60x40, Start: 2, Symbology: labels.SymbologyQR}, "/start"},
		"1,001 labels":       {labels.Order{Sheet: labels.SheetA4x24, Start: 1, Symbology: labels.SymbologyQR, Labels: []labels.Label{many}}, "/items"},
		"bars with no space": {labels.Order{Sheet: labels.SheetA4x24, Start: 1, Symbology: labels.SymbologyCode128, Labels: []labels.Label{many, long}}, "/items/1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := labels.Print(c.order)
			if e := fault.From(err); !fault.Is(err, fault.Invalid) || e.Fields[0].Pointer != c.at {
				t.Errorf("%v", err)
			}
		})
	}
	page := sheets(t, printed(t, labels.Order{Sheet: labels.SheetA4x24, Symbology: labels.SymbologyBoth, Labels: []labels.Label{long}}))[0]
	if text, err := read(t, scanned(t, page, 297, first[labels.SheetA4x24]), qrcode.NewQRCodeReader()); err != nil || text != long.Link {
		t.Errorf("a label too long for bars beside its QR code: %q, %v", text, err)
	}
}

func TestNamesOfEverySortArePrinted(t *testing.T) {
	for _, name := range []string{"", " ", "控制板" + strings.Repeat("长", 200), strings.Repeat("W", 200), "𠮷野家 😀", "e\u0301 \u200b\u202e", "(a) \\ )("} {
		for sheet := range first {
			printed(t, labels.Order{Sheet: sheet, Symbology: labels.SymbologyBoth, Labels: []labels.Label{labels.OfUnit("P", name, name, "", "1")}})
		}
	}
}

func BenchmarkPrint(b *testing.B) {
	o := labels.Order{Sheet: labels.SheetA4x24, Start: 1, Symbology: labels.SymbologyBoth, At: noon}
	for i := range labels.Most {
		o.Labels = append(o.Labels, labels.OfUnit("CB-2201", "Control board", "控制板", gtin, fmt.Sprintf("SN-%04d", i)))
	}
	b.ReportAllocs()
	for b.Loop() {
		pdf, err := labels.Print(o)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(pdf)), "pdf-B")
	}
}
