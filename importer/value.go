package importer

import (
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"callout/internal/words"

	"github.com/paulmach/orb"
)

// The longest and shortest visit that a row can ask for.
const (
	shortest = time.Minute
	longest  = 24 * time.Hour
)

var (
	wholeForm   = regexp.MustCompile(`^[0-9]{1,9}$`)
	decimalForm = regexp.MustCompile(`^[+-]?[0-9]{1,3}(\.[0-9]{1,20})?$`)
	spanForm    = regexp.MustCompile(`^PT(?:([0-9]{1,4})H)?(?:([0-9]{1,6})M)?$`)
)

// builder makes a Record of texts and gathers what is wrong with them.
type builder struct {
	m       *Mapping
	reasons []words.Text
	unknown []string // the paths whose value hangs on what is wrong elsewhere
}

func (b *builder) bad(d field, format string, args ...any) {
	b.badAt(d.path, format, args...)
}

func (b *builder) badAt(path, format string, args ...any) {
	b.reasons = append(b.reasons, words.Say("%s: %s", path, words.Say(format, args...)))
}

// isBad says whether something is wrong with a path or what stands under it, or unknown.
func (b *builder) isBad(path string) bool {
	if slices.ContainsFunc(b.unknown, func(at string) bool { return strings.HasPrefix(at, path) }) {
		return true
	}
	return slices.ContainsFunc(b.reasons, func(t words.Text) bool {
		at, _ := t.Args[0].(string)
		return t.Format == "%s: %s" && strings.HasPrefix(at, path)
	})
}

// read checks the text of a field and gives its value: a string, time.Time, float64, int,
// time.Duration or []named; nil where it is empty or wrong.
func (b *builder) read(d field, text string) any {
	if text == "" {
		if d.required {
			b.bad(d, "is missing")
		}
		return nil
	}
	if d.shape != counted && utf8.RuneCountInString(text) > d.most {
		b.bad(d, "is longer than %d characters", d.most)
		return nil
	}
	if strings.ContainsFunc(text, unprintable) {
		b.bad(d, "holds a control character")
		return nil
	}
	switch d.shape {
	case moment, day:
		return b.moment(d, text)
	case degrees:
		return b.degrees(d, text)
	case months:
		if n, ok := whole(text); ok && n <= 600 {
			return n
		}
		b.bad(d, "%q is not a whole number from 0 to %d", text, 600)
		return nil
	case span:
		return b.span(d, text)
	case counted:
		return b.counted(d, text)
	default:
		return b.plain(d, text)
	}
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func whole(text string) (int, bool) {
	if !wholeForm.MatchString(text) {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

func (b *builder) plain(d field, text string) any {
	if allowed := b.m.vocabulary.words(d.path); len(allowed) > 0 && !slices.Contains(allowed, text) {
		if d.path == "site.point.system" {
			b.bad(d, "%q is not accepted yet: convert the points to wgs84 first", text)
		} else {
			b.bad(d, "%q is not one of %s", text, strings.Join(allowed, ", "))
		}
		return nil
	}
	if d.path == "customer.email" {
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
			b.bad(d, "%q is not an e-mail address", text)
			return nil
		}
	}
	return text
}

func (b *builder) moment(d field, text string) any {
	t, how := parseMoment(text, b.m.layouts, b.m.zone)
	if d.shape == day {
		// A day of purchase is a date of the calendar: no clock jumps over it.
		t, _, how = parseWall(text, b.m.layouts)
		t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch how {
	case unread:
		b.bad(d, "%q is not a time in a layout of the mapping", text)
	case skipped:
		b.bad(d, "%q never was: the clocks of %s jumped over it", text, b.m.zone.String())
	case distant:
		b.bad(d, "%q is not between 1950 and 2100", text)
	default:
		return t
	}
	return nil
}

func (b *builder) degrees(d field, text string) any {
	if !decimalForm.MatchString(text) {
		b.bad(d, "%q is not a number of degrees such as 31.2304", text)
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	most := 180.0
	if d.path == "site.point.lat" {
		most = 90
	}
	if err != nil || n < -most || n > most {
		b.bad(d, "%s is not between -%d and %d degrees", text, int(most), int(most))
		return nil
	}
	return n
}

// point joins what degrees read. Null Island is where a system writes a place that it lacks.
func (b *builder) point(lat, lng any) orb.Point {
	y, ok := lat.(float64)
	x, ok2 := lng.(float64)
	if ok && ok2 && x == 0 && y == 0 {
		b.badAt("site.point", "0, 0 is no place: it stands where the point is not known")
	}
	return orb.Point{x, y}
}

func (b *builder) span(d field, text string) any {
	var t time.Duration
	if minutes, ok := whole(text); ok {
		t = time.Duration(minutes) * time.Minute
	} else if p := spanForm.FindStringSubmatch(text); p != nil && text != "PT" {
		for i, unit := range []time.Duration{time.Hour, time.Minute} {
			n, _ := whole(p[i+1])
			t += time.Duration(n) * unit
		}
	} else {
		b.bad(d, "%q is neither a duration such as PT1H30M nor whole minutes", text)
		return nil
	}
	if t < shortest || t > longest {
		b.bad(d, "%q is not between a minute and 24 hours", text)
		return nil
	}
	return t
}

// counted reads "graffiti:2; lift" and takes a name without a number as 1.
func (b *builder) counted(d field, text string) any {
	var all []named
	for _, each := range strings.Split(text, ";") {
		name, number, given := strings.Cut(strings.TrimSpace(each), ":")
		name = strings.TrimSpace(name)
		if name == "" && !given {
			continue
		}
		n, ok := 1, true
		if given {
			n, ok = whole(strings.TrimSpace(number))
		}
		allowed := b.m.vocabulary.words(d.path)
		switch {
		case name == "" || utf8.RuneCountInString(name) > 60 || !ok || n < 1 || n > d.most:
			b.bad(d, "%q is not a name with a number from 1 to %d", strings.TrimSpace(each), d.most)
		case len(allowed) > 0 && !slices.Contains(allowed, name):
			b.bad(d, "%q is not one of %s", name, strings.Join(allowed, ", "))
		case slices.ContainsFunc(all, func(a named) bool { return a.name == name }):
			b.bad(d, "%q stands twice", name)
		default:
			all = append(all, named{name, n})
		}
	}
	return all
}
