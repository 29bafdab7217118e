package gs1

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const hexadecimal = "0123456789ABCDEF"

// printable are the bytes that our labels say as they are: what Code 128 prints, but for the
// space, which scanners trim, and the two that have a meaning.
func printable(b byte) bool { return b > ' ' && b < 0x7f && b != '%' && b != ':' }

// unreserved are the bytes that an address says as they are (RFC 3986, 2.3).
func unreserved(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || strings.IndexByte("-._~", b) >= 0
}

// escape writes every byte that is not plain as % and two hexadecimal digits.
func escape(s string, plain func(byte) bool) string {
	var b strings.Builder
	for i := range len(s) {
		if plain(s[i]) {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexadecimal[s[i]>>4])
		b.WriteByte(hexadecimal[s[i]&0xf])
	}
	return b.String()
}

// unescape undoes escape. It is false where a % is not followed by two hexadecimal digits, and
// where no text comes out or one with control characters.
func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := strings.IndexByte(hexadecimal, upper(s[i+1])), strings.IndexByte(hexadecimal, upper(s[i+2]))
		if hi < 0 || lo < 0 {
			return "", false
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	text := b.String()
	return text, utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}
