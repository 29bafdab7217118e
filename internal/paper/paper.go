// Package paper opens PDF documents that can say what the product says: English and Chinese.
//
// It owns the typeface (Noto Sans SC, under the SIL Open Font License in OFL.txt) and nothing of
// what stands on a page. A document takes from the typeface only the characters that it uses.
package paper

import (
	_ "embed" // the typeface
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed NotoSansSC-Regular.ttf
var typeface []byte

// Face is the name of the typeface in every document of Open, in the regular style alone.
const Face = "Noto Sans SC"

// Open returns an empty document in millimetres on pages of the size, without margins or automatic
// page breaks, that says it was made at the moment.
func Open(width, height float64, title string, at time.Time) *fpdf.Fpdf {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})
	doc.AddUTF8FontFromBytes(Face, "", typeface)
	doc.SetFont(Face, "", 9)
	doc.SetMargins(0, 0, 0)
	doc.SetCellMargin(0)
	doc.SetAutoPageBreak(false, 0)
	doc.SetTitle(title, true)
	doc.SetCreator("Callout", false)
	doc.SetCreationDate(at)
	doc.SetModificationDate(at)
	doc.SetCatalogSort(true)
	return doc
}

// Printable is the text with a geta mark for each character that no document can say: those beyond
// the basic plane, which the PDF library does not know, and control characters. Texts of people go through it.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff || r == utf8.RuneError || unicode.IsControl(r) {
			return '〓'
		}
		return r
	}, text)
}
