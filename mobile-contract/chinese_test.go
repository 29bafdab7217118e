package contract

import (
	"encoding/json"
	"testing"
)

func TestEveryDescriptionIsInBothLanguages(t *testing.T) {
	doc, err := Bundle()
	if err != nil {
		t.Fatal(err)
	}
	zh, err := chinese()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	eachText(doc, func(_ map[string]any, text string) {
		if said[text] = true; zh[text] == "" {
			t.Errorf("has no Chinese: %s", text)
			zh[text] = "?"
		}
	})
	for text := range zh {
		if !said[text] {
			t.Errorf("is said nowhere: %s", text)
		}
	}
	english, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	translated, err := inChinese(english)
	if err != nil {
		t.Fatal(err)
	}
	var page any
	if err := json.Unmarshal(translated, &page); err != nil {
		t.Fatal(err)
	}
	eachText(page, func(_ map[string]any, text string) {
		if said[text] && zh[text] != text {
			t.Errorf("is English on the Chinese page: %s", text)
		}
	})
}
