// Package words says every sentence of the product in English and in Chinese.
//
// A sentence is written once, in English, where it is said; its Chinese stands in
// zh/*.yaml under the English text. A test fails on a sentence that has no Chinese.
package words

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
)

//go:embed zh/*.yaml
var files embed.FS

// Language is a language that the product speaks.
type Language string

// The languages of the product.
const (
	English Language = "en"
	Chinese Language = "zh-CN"
)

var matcher = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})

// Prefer picks the language for an Accept-Language header; English where it names none of ours.
func Prefer(acceptLanguage string) Language {
	if _, at := language.MatchStrings(matcher, acceptLanguage); at == 1 {
		return Chinese
	}
	return English
}

// Noun is a word of the trade in English ("job", "part request"), said in the listener's language.
type Noun string

// Text is a sentence that can be said in either language: an English format and what fills it.
type Text struct {
	Format string `json:"format"`
	Args   []any  `json:"args,omitempty"`
}

// Say returns the sentence of an English fmt format and its arguments. An argument of a named
// string type (a status, a role) is a word of the trade and is translated as well.
func Say(format string, args ...any) Text { return Text{Format: format, Args: args} }

// String is the sentence in English.
func (t Text) String() string { return t.In(English) }

// In says the sentence in a language.
func (t Text) In(l Language) string {
	if len(t.Args) == 0 {
		return Word(l, t.Format)
	}
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		args[i] = a
		switch v := a.(type) {
		case Text:
			args[i] = v.In(l)
		case json.Number:
			args[i] = number(v)
		case fmt.Stringer:
		default:
			if rv := reflect.ValueOf(a); rv.Kind() == reflect.String && rv.Type() != reflect.TypeFor[string]() {
				args[i] = Word(l, rv.String())
			}
		}
	}
	return fmt.Sprintf(Word(l, t.Format), args...)
}

// number is a stored argument, which takes the type that its verb wants.
type number json.Number

// Format writes the number as its verb says: 0 is as good a fraction as 0.5.
func (n number) Format(s fmt.State, verb rune) {
	f, _ := json.Number(n).Float64()
	if i, err := json.Number(n).Int64(); err == nil && !strings.ContainsRune("eEfFgG", verb) {
		_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), i)
		return
	}
	_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), f)
}

// UnmarshalJSON reads a stored sentence back, with the sentences and numbers in it.
func (t *Text) UnmarshalJSON(b []byte) error {
	var stored struct {
		Format string            `json:"format"`
		Args   []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(b, &stored); err != nil {
		return err
	}
	*t = Text{Format: stored.Format}
	for _, arg := range stored.Args {
		d := json.NewDecoder(bytes.NewReader(arg))
		d.UseNumber()
		var inner Text
		var plain any
		if arg[0] == '{' {
			if err := inner.UnmarshalJSON(arg); err != nil {
				return err
			}
			plain = inner
		} else if err := d.Decode(&plain); err != nil {
			return err
		}
		t.Args = append(t.Args, plain)
	}
	return nil
}

// Word is one word or format in a language; what the catalogue lacks stays English.
func Word(l Language, english string) string {
	if l != Chinese {
		return english
	}
	if zh, known := catalogue()[english]; known {
		return zh
	}
	return english
}

// Either is the name of something that has one in both languages; where it has no Chinese one, the English.
func Either(l Language, english, chinese string) string {
	if l == Chinese && chinese != "" {
		return chinese
	}
	return english
}

// Known says whether the catalogue has the Chinese of an English word or format.
func Known(english string) bool {
	_, known := catalogue()[english]
	return known
}

var catalogue = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	entries, err := files.ReadDir("zh")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		b, err := files.ReadFile("zh/" + e.Name())
		if err != nil {
			panic(err)
		}
		part := map[string]string{}
		if err := yaml.Unmarshal(b, &part); err != nil {
			panic(fmt.Sprintf("words: zh/%s: %v", e.Name(), err))
		}
		for k, v := range part {
			all[k] = v
		}
	}
	return all
})
