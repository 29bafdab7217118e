package gs1_test

import (
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/words"
	"callout/inventory/gs1"
)

func TestScansAreRead(t *testing.T) {
	const gtin = "09506000134352"
	for name, c := range map[string]struct {
		raw  string
		want gs1.Code
	}{
		"GS1-128 with its sign":         {"]C10109506000134352" + "21SN-1", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Serial: "SN-1"}},
		"DataMatrix, lot and serial":    {"]d20109506000134352" + "10L7\x1d21SN-1", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Lot: "L7", Serial: "SN-1"}},
		"GS1 QR":                        {"]Q30109506000134352", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin}},
		"DataBar":                       {"]e00109506000134352", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin}},
		"serial before GTIN":            {"21SN-1\x1d0109506000134352", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Serial: "SN-1"}},
		"FNC1 in front and behind":      {"\x1d0109506000134352\x1d21SN-1\x1d\r\n", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Serial: "SN-1"}},
		"measures and dates between":    {"]C1" + "0109506000134352" + "3103001234" + "11260100" + "17300228" + "30" + "12\x1d" + "8200https://x.example/a", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Expires: "2030-02-28", Count: 12}},
		"day 00 is the month's last":    {"]C1" + "0109506000134352" + "17300200", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Expires: "2030-02-28"}},
		"a pallet stands for its goods": {"]C1" + "00106141412345678908" + "0209506000134352" + "3724", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Count: 24}},
		"internal use only":             {"]C1" + "91anything\x1d" + "21x", gs1.Code{Format: gs1.FormatGS1, Serial: "x"}},
		"case is kept":                  {"]C1" + "0109506000134352" + "21sn-A", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Serial: "sn-A"}},
		"no sign but a GTIN that fits":  {"0109506000134352" + "21SN-1", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Serial: "SN-1", Plain: "010950600013435221SN-1"}},
		"no sign and no GTIN":           {"0109506000134353" + "21SN-1", gs1.Code{Format: gs1.FormatPlain, Plain: "010950600013435321SN-1"}},
		"as printed":                    {"(01)09506000134352(10)A(99)B(21)SN(1)", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Lot: "A", Serial: "SN(1)"}},
		"as printed, other order":       {"(21)SN-1(17)300228(01)09506000134352", gs1.Code{Format: gs1.FormatGS1, GTIN: gtin, Serial: "SN-1", Expires: "2030-02-28"}},
		"Digital Link":                  {"https://id.gs1.org/01/09506000134352/10/L%2F7/21/SN-1?17=300228&linkType=all", gs1.Code{Format: gs1.FormatDigitalLink, GTIN: gtin, Lot: "L/7", Serial: "SN-1", Expires: "2030-02-28"}},
		"Digital Link, anybody's host":  {"HTTP://shop.example:8080/some/path/01/9506000134352/21/a%2Bb/?30=3#top", gs1.Code{Format: gs1.FormatDigitalLink, GTIN: gtin, Serial: "a+b", Count: 3}},
		"another address":               {"https://maker.example/model/7?sn=1", gs1.Code{Format: gs1.FormatPlain, Plain: "https://maker.example/model/7?sn=1"}},
		"our part":                      {"C:P:CB-2201", gs1.Code{Format: gs1.FormatLabel, Part: "CB-2201"}},
		"our location":                  {"]Q1C:L:WH-1.A", gs1.Code{Format: gs1.FormatLabel, Location: "WH-1.A"}},
		"our unit":                      {"]C0C:U:CB%3A1:SN%251", gs1.Code{Format: gs1.FormatLabel, Part: "CB:1", Serial: "SN%1"}},
		"EAN-13":                        {"9506000134352", gs1.Code{Format: gs1.FormatPlain, GTIN: gtin, Plain: "9506000134352"}},
		"UPC-A":                         {"036000291452", gs1.Code{Format: gs1.FormatPlain, GTIN: "00036000291452", Plain: "036000291452"}},
		"13 digits that do not fit":     {"9506000134353", gs1.Code{Format: gs1.FormatPlain, Plain: "9506000134353"}},
		"11 digits":                     {"03600029145", gs1.Code{Format: gs1.FormatPlain, Plain: "03600029145"}},
		"plain, trimmed":                {" SN 1001 \r\n", gs1.Code{Format: gs1.FormatPlain, Plain: "SN 1001"}},
		"plain Chinese":                 {"控制板-1", gs1.Code{Format: gs1.FormatPlain, Plain: "控制板-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := gs1.Parse(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("%q\n got %+v\nwant %+v", c.raw, got, c.want)
			}
		})
	}
}

func TestBrokenScansAreRefusedInBothLanguages(t *testing.T) {
	for name, raw := range map[string]string{
		"empty":                           " \r\n",
		"a sign alone":                    "]C1",
		"separators alone":                "\x1d \x1d",
		"too long":                        strings.Repeat("x", 513),
		"no text":                         "SN\xff",
		"control characters":              "SN\x00",
		"an escape among them":            "\x1b[2J",
		"wrong check digit":               "]C10109506000134353",
		"wrong check digit, printed":      "(01)09506000134353",
		"wrong check digit, link":         "https://id.gs1.org/01/09506000134353",
		"wrong check digit of a pallet":   "]C100106141412345678907",
		"GTIN too short":                  "]C1010950600013435",
		"letters in a GTIN":               "]C1010950600013435X",
		"unknown identifier":              "]C1" + "0409506000134352",
		"unknown identifier, printed":     "(05)1",
		"serial too long":                 "]C121" + strings.Repeat("x", 21),
		"serial empty":                    "]C10109506000134352" + "21",
		"serial of other characters":      "]C121SN#1",
		"13th month":                      "]C117301301",
		"30th of February":                "]C117300230",
		"serial twice, different":         "]C121A\x1d21B",
		"link with half an element":       "https://id.gs1.org/01/09506000134352/21",
		"link with an unknown identifier": "https://id.gs1.org/01/09506000134352/05/1",
		"link with a broken escape":       "https://id.gs1.org/01/09506000134352/21/%4",
		"link with a broken date":         "https://id.gs1.org/01/09506000134352?17=301301",
		"compressed link":                 "https://id.gs1.org/ARFKk4XB0CDKWcnpq",
		"label of nothing":                "C:P:",
		"label of a unit without serial":  "C:U:CB-2201",
		"label of a unit, empty serial":   "C:U:CB-2201:",
		"label of a part with two names":  "C:P:a:b",
		"label with a broken escape":      "C:L:%zz",
		"label with an escaped newline":   "C:L:%0A",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := gs1.Parse(raw)
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %+v, %v", raw, c, err)
			}
			if c != (gs1.Code{}) {
				t.Errorf("%q is refused and says %+v", raw, c)
			}
			detail := fault.From(err).Detail
			if detail.In(words.English) == detail.In(words.Chinese) || strings.Contains(detail.In(words.Chinese), "%!") {
				t.Errorf("no Chinese: %s", detail.In(words.Chinese))
			}
		})
	}
}

func TestEveryWrongDigitOfAGTINIsFound(t *testing.T) {
	for _, right := range []string{"96385074", "036000291452", "9506000134352", "19506000134359"} {
		if got, err := gs1.NormalizeGTIN(right); err != nil || len(got) != 14 || !strings.HasSuffix(got, right) {
			t.Errorf("%s: %s, %v", right, got, err)
		}
		for at := range right {
			for digit := '0'; digit <= '9'; digit++ {
				if wrong := right[:at] + string(digit) + right[at+1:]; wrong != right {
					if _, err := gs1.NormalizeGTIN(wrong); !fault.Is(err, fault.Invalid) {
						t.Errorf("%s passes for %s", wrong, right)
					}
				}
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := gs1.Parse("]C1010950600013435217300228" + "10L7\x1d21SN-1001"); err != nil {
			b.Fatal(err)
		}
	}
}
