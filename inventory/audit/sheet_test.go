package audit_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/audit"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

func contains(text, piece string) bool { return strings.Contains(text, piece) }

// drawnUp is a report of two rows, one of them unsound, with names that would rather be formulas.
func drawnUp() audit.Report {
	holder, cost := uuid.New(), int64(1250)
	at := time.Date(2030, 2, 1, 8, 0, 0, 0, time.UTC)
	return audit.Report{
		Query: audit.Query{By: audit.ByTechnician, From: at.AddDate(0, -1, 0), To: at}, At: at,
		Only: audit.Only{Outlet: "Pudong", Part: "CB-2201"},
		Rows: []audit.Row{
			{
				Figures: audit.Figures{Opening: 1, Closing: 2}, HolderID: &holder, HolderCode: "@SUM(A1)", HolderName: `=HYPERLINK("http://example.com")`,
				PartNumber: "-1+1", PartName: "+cmd", PartNameZh: "+命令", Unit: "piece", Currency: "CNY",
			},
			{
				Figures: audit.Figures{Opening: 6, Issued: 10, Used: 5, Returned: 4, Variance: 1, Closing: 6}, HolderID: &holder, HolderName: "张伟", HolderCode: "V-1",
				PartNumber: "CB-2201", PartName: "Control board (main)", PartNameZh: "控制板", Unit: "piece", Currency: "CNY", UnitCost: &cost, OpenReturns: 3,
			},
		},
		Totals: []audit.Totals{{
			Currency: "CNY", Values: audit.Figures{Closing: 7500}, Rows: 2, Unsound: 1,
			Units: []audit.UnitTotals{{Unit: "piece", Figures: audit.Figures{Opening: 7, Closing: 8}, Values: audit.Figures{Closing: 7500}}},
		}},
	}
}

func TestTheSpreadsheetReadsBack(t *testing.T) {
	t.Parallel()
	for l, heads := range map[words.Language][]string{words.English: {"Holder", "Opening", "Closing value"}, words.Chinese: {"持有人", "期初", "期末金额"}} {
		b, err := drawnUp().XLSX(l)
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		name := x.GetSheetName(0)
		rows, err := x.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 1 && r[1] == heads[0] })
		if at < 0 || len(rows) != at+4 {
			t.Fatalf("%s: %d rows, the head is %d: %q", l, len(rows), at, rows)
		}
		column := func(head string) int {
			i := slices.Index(rows[at], head)
			if i < 0 {
				t.Fatalf("%s: no column %s in %q", l, head, rows[at])
			}
			return i
		}
		if got := rows[at+2][column(heads[1])]; got != "6" {
			t.Errorf("%s: opening %q", l, got)
		}
		if got := rows[at+2][column(heads[2])]; got != "75.00" {
			t.Errorf("%s: closing value %q", l, got)
		}
		if got := rows[at+3][column(heads[2])]; got != "75.00" {
			t.Errorf("%s: total closing value %q", l, got)
		}
		for i, want := range []string{"@SUM(A1)", `=HYPERLINK("http://example.com")`, "-1+1"} {
			cell, err := excelize.CoordinatesToCellName(i+1, at+2)
			if err != nil {
				t.Fatal(err)
			}
			formula, _ := x.GetCellFormula(name, cell)
			kind, _ := x.GetCellType(name, cell)
			if text := rows[at+1][i]; text != want || formula != "" || (kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString) {
				t.Errorf("%s: %s is %q of type %d with the formula %q, want the text %q", l, cell, text, kind, formula, want)
			}
		}
	}
}

var streams = regexp.MustCompile(`/Length (\d+)>>\s*stream\r?\n`)

// said is the text of a PDF that internal/paper opened, whose strings are UTF-16.
func said(t *testing.T, pdf []byte) string {
	t.Helper()
	var all strings.Builder
	for _, m := range streams.FindAllSubmatchIndex(pdf, -1) {
		n, err := strconv.Atoi(string(pdf[m[2]:m[3]]))
		if err != nil {
			t.Fatal(err)
		}
		z, err := zlib.NewReader(bytes.NewReader(pdf[m[1] : m[1]+n]))
		if err != nil {
			continue
		}
		page, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range regexp.MustCompile(`(?s)\(((?:[^\\)]|\\.)*)\) Tj`).FindAllSubmatch(page, -1) {
			raw := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(text[1], func(b []byte) []byte {
				if b[1] == 'r' {
					return []byte{'\r'}
				}
				return b[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = binary.BigEndian.Uint16(raw[2*i:])
			}
			all.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	return all.String()
}

func TestThePaperSaysTheFigures(t *testing.T) {
	t.Parallel()
	for l, wants := range map[words.Language][]string{
		words.English: {"Stock reconciliation by technician", "DOES NOT HOLD in 1 of 2 rows", "张伟", "CB-2201", "Control board (main)", "NO", "75.00", "Page 1 of 1", "CNY", "piece", "Overdue", "Oldest", "Only the outlet Pudong", "Only the part CB-2201"},
		words.Chinese: {"库存对账", "张伟", "控制板", "期初", "第 1 页，共 1 页", "逾期旧件", "最久待返\n天数", "仅限网点 Pudong", "有 1 行不平衡（共 2 行）"},
	} {
		pdf, err := drawnUp().PDF(l)
		if err != nil {
			t.Fatal(err)
		}
		text := said(t, pdf)
		for _, want := range wants {
			if !contains(text, want) {
				t.Errorf("%s: no %q in %q", l, want, text)
			}
		}
		if again, err := drawnUp().PDF(l); err != nil || !bytes.Equal(pdf, again) {
			t.Errorf("%s: the same report has other bytes the second time: %v", l, err)
		}
	}
}

func TestPaperHasPagesAndAnEnd(t *testing.T) {
	t.Parallel()
	r := drawnUp()
	for len(r.Rows) < audit.MostOnPaper+5 {
		r.Rows = append(r.Rows, r.Rows[1])
	}
	pdf, err := r.PDF(words.English)
	if err != nil {
		t.Fatal(err)
	}
	text := said(t, pdf)
	pages := strings.Count(text, "Opening")
	if pages < 50 || !contains(text, "5 more rows stand in the spreadsheet.") {
		t.Errorf("%d heads, and the end is %q", pages, text[len(text)-200:])
	}
	for n := 1; n <= pages; n++ {
		if want := fmt.Sprintf("Page %d of %d\n", n, pages); strings.Count(text, want) != 1 {
			t.Errorf("%d times %q", strings.Count(text, want), want)
		}
	}
}

// What is longer than its column goes on in the next line, to the last letter and digit.
func TestNothingIsCutOffOnPaper(t *testing.T) {
	t.Parallel()
	r := drawnUp()
	r.Rows = r.Rows[:1]
	name, chinese := "Main control board assembly for the variable-frequency outdoor unit, second generation", strings.Repeat("变频空调室外机主控制板组件", 4)
	r.Rows[0].PartName, r.Rows[0].PartNameZh, r.Rows[0].PartNumber = name, chinese, strings.Repeat("Q", 60)
	r.Rows[0].Closing = 123_456_789_012
	for l, want := range map[words.Language]string{words.English: strings.ReplaceAll(name, " ", ""), words.Chinese: chinese} {
		pdf, err := r.PDF(l)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("\n", "", " ", "").Replace(said(t, pdf))
		for _, piece := range []string{want, r.Rows[0].PartNumber, "123456789012"} {
			if !contains(text, piece) {
				t.Errorf("%s: no %q in %q", l, piece, text)
			}
		}
	}
}

// mixed is a report by part whose parts have several units.
func mixed(t *testing.T) audit.Report {
	t.Helper()
	l := open(t)
	l.Exec(`UPDATE parts SET unit = 'metre' WHERE id = $1`, l.parts[1].ID)
	cost := int64(12345)
	for i, n := range []int{7, 500, 20} {
		_, err := l.Ledger.Receive(t.Context(), who.System, inventory.Receipt{LocationID: l.Warehouse.ID, Lines: []inventory.Line{{PartID: l.parts[i].ID, Quantity: n, UnitCost: &cost}}})
		l.Must(err)
	}
	return l.reconcile(who.System, audit.Query{By: audit.ByPart, From: day, To: time.Now().Add(time.Hour)})
}

func TestMetresAreNotAddedToPieces(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	if len(r.Totals) != 1 || len(r.Totals[0].Units) != 2 {
		t.Fatalf("totals %+v", r.Totals)
	}
	metres, pieces := r.Totals[0].Units[0], r.Totals[0].Units[1]
	if metres.Unit != "metre" || metres.Closing != 500 || metres.Values.Closing != 500*12345 || pieces.Closing != 27 || pieces.Values.Closing != 27*12345 || r.Totals[0].Values.Closing != 527*12345 {
		t.Errorf("totals %+v", r.Totals)
	}
	for l, want := range map[words.Language]struct{ total, all, metre, holder string }{
		words.English: {"Total", "Total, all units", "metre", "Holder"}, words.Chinese: {"合计", "合计（各单位）", "米", "持有人"},
	} {
		b, err := r.XLSX(l)
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := x.GetRows(x.GetSheetName(0))
		if err != nil {
			t.Fatal(err)
		}
		last := rows[len(rows)-3:] // by part: part, name, unit, the six figures
		if last[0][0] != want.total || last[0][2] != want.metre || last[0][8] != "500" || last[1][0] != want.total || last[1][8] != "27" {
			t.Errorf("%s: the totals are %q", l, last)
		}
		if last[2][0] != want.all || last[2][8] != "" || last[2][len(last[2])-1] != "65,058.15" {
			t.Errorf("%s: the total of all units is %q", l, last[2])
		}
		pdf, err := r.PDF(l)
		if err != nil {
			t.Fatal(err)
		}
		text := said(t, pdf)
		for _, piece := range []string{"\n" + want.total + "\n", "\n" + want.all + "\n", "\n500\n61725.00\n", "\n27\n3333.15\n", "65058.15"} {
			if !contains(text, piece) {
				t.Errorf("%s: no %q in %q", l, piece, text)
			}
		}
		if contains(text, "527") || contains(text, want.holder) || slices.ContainsFunc(rows, func(r []string) bool { return slices.Contains(r, want.holder) }) {
			t.Errorf("%s: metres and pieces are added, or nobody is a holder: %q", l, text)
		}
	}
}

// No name of a column is divided within a word, and each figure has its value below it.
func TestTheHeadReads(t *testing.T) {
	t.Parallel()
	pdf, err := drawnUp().PDF(words.English)
	if err != nil {
		t.Fatal(err)
	}
	text := said(t, pdf)
	for _, head := range []string{"Opening\nvalue", "Issued\nvalue", "Used\nvalue", "Returned\nvalue", "Variance\nvalue", "Closing\nvalue", "Adds\nup", "Open\nreturns", "Overdue\nreturns", "Unit\nCurrency", "6\n75.00", "10\n125.00", "5\n62.50", "4\n50.00", "1\n12.50"} {
		if !contains(text, "\n"+head+"\n") {
			t.Errorf("no %q in %q", head, text)
		}
	}
}
