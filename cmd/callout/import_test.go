package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callout/internal/pgtest"
)

const officeMapping = `
source: office
time: {zone: Asia/Shanghai, layouts: ["2006-01-02 15:04"]}
fields:
  external_id: "{id}"
  customer: {external_id: "{who}", name: "{who}", phone: "{phone}"}
  site: {external_id: "{where}", address: "{where}", point: {lat: "31.2", lng: "121.4", system: wgs84}}
  case: {description: "{what}", received_at: "{when}"}
  job: {title: "{what}", duration: "60"}
defaults:
  case: {channel: hotline, type: fault, severity: general, priority: P2}
`

const officeRows = `id,who,phone,where,what,when
1,Wang Fang,,Nanjing Road 1,No light,2026-01-05 09:00
2,Li Qiang,12,Nanjing Road 2,No water,2026-01-05 09:10
3,Zhao Min,,Nanjing Road 3,No heat,tomorrow
`

func TestImportAtTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("DATABASE_URL", pgtest.URL(t))
	t.Setenv("DATA", dir)
	t.Setenv("LC_ALL", "C")
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mapping, rows := file("office.yaml", officeMapping), file("office.csv", officeRows)
	asCSV, asJSON := filepath.Join(dir, "refused.csv"), filepath.Join(dir, "refused.json")
	for _, c := range []struct{ name, more, want string }{
		{"dry run", "--dry-run", "office.csv: 3 rows read, 1 added, 0 already there, 2 refused"},
		{"first run", "--report=" + asCSV, "office.csv: 3 rows read, 1 added, 0 already there, 2 refused"},
		{"second run", "--report=" + asJSON, "office.csv: 3 rows read, 0 added, 1 already there, 2 refused"},
	} {
		out, err := said(t, "", "import", "--mapping", mapping, c.more, rows)
		if exit(err) != 1 || !strings.Contains(out, c.want) || !strings.Contains(out, "office.csv, line 3: customer.phone: is not a telephone number") {
			t.Errorf("%s: %v\n%s", c.name, err, out)
		}
	}
	if b, err := os.ReadFile(asCSV); err != nil || strings.Count(string(b), "\n") != 3 || !strings.Contains(string(b), "office.csv,4,3,") {
		t.Errorf("the report: %v\n%s", err, b)
	}
	var refused []refusedRow
	if b, err := os.ReadFile(asJSON); err != nil || json.Unmarshal(b, &refused) != nil || len(refused) != 2 || refused[1].Line != 4 || len(refused[1].Reasons) != 1 {
		t.Errorf("the report: %v\n%s", err, b)
	}
	good := file("good.csv", strings.Join(strings.Split(officeRows, "\n")[:2], "\n"))
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	out, err := said(t, "", "import", "--mapping", mapping, good)
	if exit(err) != 0 || !strings.Contains(out, "good.csv：读入 1 行，新增 0，已存在 1，拒绝 0") {
		t.Errorf("%v\n%s", err, out)
	}
	// A header that does not fit is found before anything is loaded.
	odd := file("odd.csv", "id,who\n7,Nobody\n")
	if out, err := said(t, "", "import", "--mapping", mapping, good, odd); err == nil || strings.Contains(out, "good.csv") {
		t.Errorf("%v\n%s", err, out)
	}
}
