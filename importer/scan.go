package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"callout/internal/words"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Bounds of one row, so that a broken file cannot make the importer hold it whole.
const (
	mostLines = 100
	mostBytes = 1 << 20
)

// scanner splits a file into rows and goes on after a broken one: encoding/csv alone would
// take a quote that is never closed for one field that lasts to the end of the file.
type scanner struct {
	in        *bufio.Reader
	gb18030   bool
	delimiter rune
	next      int    // number of the next line of in
	ahead     []line // read already, but not part of a row yet
	blank     int
}

// line is one line of the file as text, or why it is none.
type line struct {
	number int
	text   string
	bad    *words.Text
}

// raw is a row before it means anything.
type raw struct {
	line, lines int
	cells       []string
	bad         *words.Text
}

func newScanner(r io.Reader, encoding string, delimiter rune) *scanner {
	return &scanner{in: bufio.NewReaderSize(r, 64<<10), gb18030: encoding == "gb18030", delimiter: delimiter, next: 1}
}

// row is the next row that is not blank; io.EOF after the last.
func (s *scanner) row() (raw, error) {
	first, err := s.line()
	for err == nil && first.bad == nil && strings.TrimSpace(first.text) == "" {
		s.blank++
		first, err = s.line()
	}
	if err != nil {
		return raw{}, err
	}
	if first.bad != nil {
		return raw{line: first.number, lines: 1, bad: first.bad}, nil
	}
	r := raw{line: first.number, lines: 1}
	if _, err := s.split(first.text); errors.Is(err, csv.ErrBareQuote) {
		r.bad = say("a quote stands inside a field that does not begin with one")
		return r, nil
	}
	all, closed, err := s.complete(first)
	if err != nil {
		return raw{}, err
	}
	if closed {
		texts := make([]string, len(all))
		for i, l := range all {
			texts[i] = l.text
		}
		r.cells, err = s.split(strings.Join(texts, "\n"))
		if err == nil {
			r.lines = len(all)
			return r, nil
		}
	}
	// Only the line that opens the quote is refused; those after it may be rows of their own.
	s.ahead = append(all[1:], s.ahead...)
	r.bad = say("text follows a closing quote, or a quote inside quotes is not doubled")
	if !closed {
		r.bad = say("a quote is opened and never closed")
	}
	return r, nil
}

// complete adds lines to first until no quote is open, and says whether that came about.
func (s *scanner) complete(first line) ([]line, bool, error) {
	all, size := []line{first}, len(first.text)
	for open := odd(first.text); open; {
		if len(all) == mostLines || size > mostBytes {
			return all, false, nil
		}
		l, err := s.line()
		if errors.Is(err, io.EOF) {
			return all, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		all, size = append(all, l), size+len(l.text)
		if l.bad != nil {
			return all, false, nil
		}
		open = open != odd(l.text)
	}
	return all, true, nil
}

func odd(text string) bool { return strings.Count(text, `"`)%2 == 1 }

func (s *scanner) split(text string) ([]string, error) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = s.delimiter
	in.FieldsPerRecord = -1
	return in.Read()
}

// line is the next line without its end.
func (s *scanner) line() (line, error) {
	if len(s.ahead) > 0 {
		l := s.ahead[0]
		s.ahead = s.ahead[1:]
		return l, nil
	}
	b, long, err := s.bytes()
	if err != nil {
		return line{}, err
	}
	l := line{number: s.next}
	s.next++
	b = bytes.TrimSuffix(b, []byte("\r"))
	switch {
	case long:
		l.bad = say("the line is longer than %d bytes", mostBytes)
	case s.gb18030:
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		// The decoder writes U+FFFD for what it cannot read.
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			l.bad = say("the line is not GB18030 text")
		}
		l.text = string(text)
	case !utf8.Valid(b):
		l.bad = say("byte %d of the line is not UTF-8 text", invalidAt(b)+1)
	default:
		l.text = string(b)
	}
	if l.number == 1 {
		l.text = strings.TrimPrefix(l.text, "\uFEFF")
	}
	return l, nil
}

// bytes reads to the end of a line and drops what is over the bound.
func (s *scanner) bytes() (b []byte, long bool, err error) {
	for {
		piece, err := s.in.ReadSlice('\n')
		if len(b)+len(piece) > mostBytes {
			long = true
		} else {
			b = append(b, piece...)
		}
		switch {
		case err == nil:
			return bytes.TrimSuffix(b, []byte("\n")), long, nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (long || len(b) > 0):
			return b, long, nil
		default:
			return nil, false, err
		}
	}
}

func invalidAt(b []byte) int {
	at := 0
	for at < len(b) {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		at += n
	}
	return at
}

func say(format string, args ...any) *words.Text {
	t := words.Say(format, args...)
	return &t
}
