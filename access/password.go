package access

import (
	"slices"
	"strings"
	"unicode/utf8"

	"callout/internal/fault"

	"golang.org/x/text/unicode/norm"
)

// The length of a password, in characters, and how much of one must be more than the user's own name.
const (
	passwordLeast = 12
	passwordMost  = 200
	passwordOwn   = 8
)

// worst are the passwords of twelve characters and more that are guessed first.
var worst = []string{
	"123456789012", "1234567890123", "12345678901234", "123456789abc", "abcdefghijkl", "abcdefghijklm", "1q2w3e4r5t6y",
	"1qaz2wsx3edc", "q1w2e3r4t5y6", "qwertyuiop12", "qwertyuiop123", "qwertyuiop[]", "qwerty123456", "qwerty1234567",
	"asdfghjkl123", "password1234", "password12345", "password123456", "passwordpassword", "passw0rd1234", "iloveyou1234",
	"administrator", "admin1234567", "administrator1", "welcome12345", "letmein12345", "changeme1234", "changemenow1",
	"woaini1314520", "woaini5201314", "a123456789012", "abc123456789", "abcd12345678", "qazwsxedcrfv", "0123456789ab",
	"correct horse battery", "correcthorsebatterystaple",
}

// checkPassword names what is wrong with a new password of a user, at its place in the request.
func checkPassword(bad *fault.Faults, at, password, login, name string) {
	plain := strings.ToLower(norm.NFKC.String(password))
	n := utf8.RuneCountInString(plain)
	switch {
	case n < passwordLeast:
		bad.Add(at, "must have at least %d characters", passwordLeast)
	case n > passwordMost:
		bad.Add(at, "must have at most %d characters", passwordMost)
	case slices.Contains(worst, plain), different(plain) < 5:
		bad.Add(at, "is one of the first that anybody would guess")
	case utf8.RuneCountInString(without(plain, login, name)) < passwordOwn:
		bad.Add(at, "is little more than the login or the name")
	}
}

// without is a password less the names of its user.
func without(password, login, name string) string {
	login, name = strings.ToLower(login), strings.ToLower(name)
	local, _, _ := strings.Cut(login, "@")
	for _, known := range []string{login, name, strings.ReplaceAll(name, " ", ""), local} {
		if known != "" {
			password = strings.ReplaceAll(password, known, "")
		}
	}
	return password
}

// different counts the different characters of a text.
func different(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
