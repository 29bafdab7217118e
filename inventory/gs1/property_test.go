package gs1_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"callout/inventory/gs1"

	"pgregory.net/rapid"
)

var (
	names   = rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.S, unicode.Zs), 1, 40, 60)
	serials = rapid.StringMatching(`[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}`)
	digits  = rapid.StringMatching(`[0-9]{7}|[0-9]{11,13}`)
)

// gtin is a random GTIN: of all last digits, one fits.
func gtin(t *rapid.T) string {
	front := digits.Draw(t, "digits")
	for last := '0'; last <= '9'; last++ {
		if g, err := gs1.NormalizeGTIN(front + string(last)); err == nil {
			return g
		}
	}
	t.Fatalf("no digit fits %s", front)
	return ""
}

func says(t *rapid.T, raw string, want gs1.Code) {
	got, err := gs1.Parse(raw)
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	if got != want {
		t.Fatalf("%q\n got %+v\nwant %+v", raw, got, want)
	}
}

func TestWhatOurLabelsSayIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number, serial := names.Draw(t, "number"), names.Draw(t, "serial")
		says(t, gs1.PartLabel(number), gs1.Code{Format: gs1.FormatLabel, Part: number})
		says(t, gs1.LocationLabel(number), gs1.Code{Format: gs1.FormatLabel, Location: number})
		says(t, gs1.UnitLabel(number, serial), gs1.Code{Format: gs1.FormatLabel, Part: number, Serial: serial})
	})
}

func TestWhatGS1SaysIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, serial := gtin(t), serials.Draw(t, "serial")
		element, err := gs1.ElementString(key, serial)
		if err != nil {
			t.Fatal(err)
		}
		says(t, "]C1"+element, gs1.Code{Format: gs1.FormatGS1, GTIN: key, Serial: serial})
		says(t, "]C121"+serial+"\x1d01"+key, gs1.Code{Format: gs1.FormatGS1, GTIN: key, Serial: serial})
		link, err := gs1.DigitalLink(key, serial)
		if err != nil {
			t.Fatal(err)
		}
		says(t, link, gs1.Code{Format: gs1.FormatDigitalLink, GTIN: key, Serial: serial})
	})
}

func TestWhatGS1CannotSayIsRefused(t *testing.T) {
	for _, serial := range []string{"序列号", "SN 1", "SN#1", "123456789012345678901"} {
		if text, err := gs1.ElementString("9506000134352", serial); err == nil {
			t.Errorf("%q: %s", serial, text)
		}
		if text, err := gs1.DigitalLink("9506000134352", serial); err == nil {
			t.Errorf("%q: %s", serial, text)
		}
	}
	if text, err := gs1.DigitalLink("9506000134353", ""); err == nil {
		t.Error(text)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"]C10109506000134352" + "10L7\x1d21SN-1", "(01)09506000134352(21)SN(1)", "https://id.gs1.org/01/09506000134352/21/%41?17=300200",
		"C:U:CB-2201:SN%3A1", "9506000134352", "0109506000134352", "]d2", "(", "(01)", "C:U::", "https://", "%", "17300200", "]C139300", "\x1d",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := gs1.Parse(raw)
		if err != nil {
			return
		}
		if c.GTIN != "" {
			if again, err := gs1.NormalizeGTIN(c.GTIN); err != nil || again != c.GTIN {
				t.Errorf("%q: GTIN %q", raw, c.GTIN)
			}
		}
		for _, s := range []string{c.Serial, c.Lot, c.Expires, c.Part, c.Location, c.Plain} {
			if !utf8.ValidString(s) || len(s) > 512 {
				t.Errorf("%q: %q", raw, s)
			}
			for _, r := range s {
				if unicode.IsControl(r) {
					t.Errorf("%q: %q holds a control character", raw, s)
				}
			}
		}
		if c == (gs1.Code{Format: c.Format}) && c.Format != gs1.FormatGS1 {
			t.Errorf("%q says nothing", raw)
		}
		if again, err := gs1.Parse(" " + raw + "\r\n"); err != nil || again != c {
			t.Errorf("%q: %+v, and with white space around it %+v, %v", raw, c, again, err)
		}
	})
}
