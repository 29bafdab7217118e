package gs1

import "strings"

// identifier is what the GS1 General Specifications (3.2) say of an application identifier: how
// long its data is, and of what.
type identifier struct {
	digits   string // the identifier itself
	min, max int    // characters of its data
	head     int    // how many of them, at the front, are digits
	fixed    bool   // no separator is needed behind it (7.8.5, predefined length)
	checked  bool   // the last digit is a check digit
	date     bool   // YYMMDD
}

// identifiers is the table by identifier. Ranges like 3100…3169 are rows each.
var identifiers = table()

func table() map[string]identifier {
	all := map[string]identifier{}
	add := func(i identifier, names ...string) {
		for _, name := range names {
			i.digits = name
			all[name] = i
		}
	}
	number := func(length int) identifier { return identifier{min: length, max: length, head: length} }
	numbers := func(lo, hi int) identifier { return identifier{min: lo, max: hi, head: hi} }
	text := func(hi int) identifier { return identifier{min: 1, max: hi} }
	mixed := func(head, lo, hi int) identifier { return identifier{min: lo, max: hi, head: head} }
	fixed := func(length int, checked bool) identifier {
		return identifier{min: length, max: length, head: length, fixed: true, checked: checked}
	}

	add(fixed(18, true), "00")
	add(fixed(14, true), "01", "02", "03")
	add(identifier{min: 6, max: 6, head: 6, fixed: true, date: true}, "11", "12", "13", "15", "16", "17")
	add(fixed(2, false), "20")
	add(fixed(13, true), span("41", 7)...)
	for _, measure := range []string{"31", "32", "33", "34", "35", "36"} {
		add(fixed(6, false), span(measure, 99)...)
	}

	add(text(20), "10", "21", "22", "243", "254", "420", "4318", "7020", "7021", "7022", "7240", "8002", "8012")
	add(text(30), "240", "241", "250", "251", "400", "401", "403", "4308", "4319", "7002", "7023", "8004", "8010", "90")
	add(text(28), "235")
	add(numbers(1, 6), "242")
	add(mixed(13, 13, 30), "253")
	add(mixed(13, 13, 25), "255")
	add(numbers(1, 8), "30", "37")
	add(numbers(1, 15), append(span("390", 9), span("392", 9)...)...)
	add(numbers(4, 18), append(span("391", 9), span("393", 9)...)...)
	add(number(4), span("394", 9)...)
	add(number(6), span("395", 9)...)
	add(number(17), "402")
	add(mixed(3, 4, 12), "421")
	add(number(3), "422", "424", "426")
	add(numbers(3, 15), "423", "425")
	add(text(3), "427", "7008")
	add(text(35), "4300", "4301", "4310", "4311", "4320")
	add(text(70), "4302", "4303", "4304", "4305", "4306", "4312", "4313", "4314", "4315", "4316", "7257", "8110", "8112", "8200")
	add(mixed(0, 2, 2), "4307", "4317")
	add(number(20), "4309")
	add(number(1), "4321", "4322", "4323", "7252")
	add(number(10), "4324", "4325", "7003")
	add(number(6), "4326", "7006", "8005")
	add(mixed(6, 6, 7), "4330", "4331", "4332", "4333")
	add(number(13), "7001")
	add(numbers(1, 4), "7004")
	add(text(12), "7005")
	add(numbers(6, 12), "7007")
	add(text(10), "7009", "7255")
	add(text(2), "7010")
	add(numbers(6, 10), "7011")
	add(mixed(3, 4, 30), span("703", 9)...)
	add(mixed(1, 4, 4), "7040")
	add(text(4), "7041")
	add(text(20), span("71", 7)...)
	add(mixed(0, 3, 30), span("723", 9)...)
	add(number(2), "7241")
	add(text(25), "7242", "8013", "8014", "8020")
	add(number(8), "7250")
	add(number(12), "7251")
	add(text(40), "7253", "7254")
	add(text(90), "7256", "8030", "91", "92", "93", "94", "95", "96", "97", "98", "99")
	add(mixed(1, 3, 3), "7258")
	add(number(14), "8001")
	add(mixed(14, 14, 30), "8003")
	add(number(18), "8006", "8017", "8018", "8026")
	add(text(34), "8007")
	add(numbers(8, 12), "8008")
	add(text(50), "8009")
	add(numbers(1, 12), "8011")
	add(numbers(1, 10), "8019")
	add(number(4), "8111")
	return all
}

// span is the prefix with each of the numbers up to hi behind it, as many digits as hi has.
func span(prefix string, hi int) []string {
	var all []string
	for n := range hi + 1 {
		if hi > 9 {
			all = append(all, prefix+string(rune('0'+n/10))+string(rune('0'+n%10)))
		} else {
			all = append(all, prefix+string(rune('0'+n)))
		}
	}
	return all
}

// identifierAt finds the identifier that text begins with: no identifier begins another.
func identifierAt(text string) (identifier, bool) {
	for length := 2; length <= 4 && length <= len(text); length++ {
		if i, known := identifiers[text[:length]]; known {
			return i, true
		}
	}
	return identifier{}, false
}

// charset82 is the set of characters in texts of element strings (GS1 General Specifications, 7.11).
func charset82(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			continue
		}
		if strings.IndexByte(`!"%&'()*+,-./:;<=>?_`, c) < 0 {
			return false
		}
	}
	return true
}
