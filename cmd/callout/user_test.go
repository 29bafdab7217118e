package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"callout/internal/keyring"
	"callout/internal/pgtest"
)

// said runs the binary's main with a line on standard input and returns what it printed.
func said(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = feed.WriteString(input)
	_ = feed.Close()
	stdin, stdout := os.Stdin, os.Stdout
	os.Stdin, os.Stdout = in, out
	err = run(t.Context(), args)
	os.Stdin, os.Stdout = stdin, stdout
	if _, seek := out.Seek(0, io.SeekStart); seek != nil {
		t.Fatal(seek)
	}
	b, errRead := io.ReadAll(out)
	if errRead != nil {
		t.Fatal(errRead)
	}
	return string(b), err
}

func TestUsersAtTheCommandLine(t *testing.T) {
	t.Setenv("DATABASE_URL", pgtest.URL(t))
	t.Setenv("DATA", t.TempDir())
	const password = "nine green bottles on a wall\n"
	if _, err := said(t, password, "user", "open", "Root", "--name", "The Admin", "--role", "admin,supervisor"); err != nil {
		t.Fatal(err)
	}
	made, err := said(t, "", "user", "open", "li.wei", "--name", "Li Wei", "--role", "technician", "--language", "zh-CN", "--generate")
	if err != nil || len(strings.TrimSpace(made)) < 20 {
		t.Errorf("made the password %q, %v", made, err)
	}
	if _, err := said(t, password, "user", "password", "li.wei"); err != nil {
		t.Error(err)
	}
	for _, verb := range []string{"disable", "enable", "disable"} {
		if _, err := said(t, "", "user", verb, "li.wei"); err != nil {
			t.Errorf("%s: %v", verb, err)
		}
	}
	list, err := said(t, "", "user", "list")
	if err != nil || !strings.Contains(list, "admin,supervisor") || !strings.Contains(list, "disabled") || strings.Count(list, "\n") != 2 {
		t.Errorf("listed %q, %v", list, err)
	}
	for name, args := range map[string][]string{
		"the last admin":    {"user", "disable", "root"},
		"a weak password":   {"user", "password", "root"},
		"an unknown login":  {"user", "enable", "nobody"},
		"an unknown outlet": {"user", "open", "x", "--name", "X", "--role", "agent", "--outlet", "Z"},
		"an unknown role":   {"user", "open", "x", "--name", "X", "--role", "king"},
	} {
		if _, err := said(t, "password1234\n", args...); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestKeysAtTheCommandLine(t *testing.T) {
	data := t.TempDir()
	t.Setenv("DATA", data)
	for _, name := range []string{"tokens", "seals"} {
		first, err := said(t, "", "keys", "list", "--ring", name)
		if err != nil || !strings.HasPrefix(first, "* ") {
			t.Fatalf("listed %q, %v", first, err)
		}
		old := strings.TrimSpace(first[2:])
		if _, err := said(t, "", "keys", "retire", old, "--ring", name); err == nil {
			t.Error("the key that signs was retired")
		}
		rotated, err := said(t, "", "keys", "rotate", "--ring", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := said(t, "", "keys", "retire", old, "--ring", name); err != nil {
			t.Error(err)
		}
		ring, err := keyring.Open(data + "/keys/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if kid, _ := ring.Current(); kid != strings.TrimSpace(rotated) {
			t.Errorf("%s signs, not %s", kid, rotated)
		}
		// What is sealed stays verifiable for ever; an access token of a retired key does not.
		if _, verifies := ring.Public(old); verifies != (name == "seals") {
			t.Errorf("%s: the retired key verifies: %t", name, verifies)
		}
	}
}
