package main

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

func TestTheGeneratorMakesThePublishedDay(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../dispatch/formats/testdata/fs50a.vroom.json")
	if err != nil {
		t.Fatal(err)
	}
	var made bytes.Buffer
	if err := field(cities["berlin"], 50, 8, 101).write(&made); err != nil {
		t.Fatal(err)
	}
	var want, got map[string]any
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(made.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"vehicles", "jobs", "matrices"} {
		if !reflect.DeepEqual(want[part], got[part]) {
			t.Errorf("the %s differ:\n%v\n%v", part, want[part], got[part])
		}
	}
}
