package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"callout/internal/fault"
	"callout/internal/pgown"
	"callout/internal/words"

	"github.com/google/uuid"
)

func TestOnlyShortCommandsJoinAPrivatePostgres(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	server, err := pgown.Start(t.Context(), pgown.Options{Dir: postgresFolder(data), Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		command, locale, says string
	}{
		{"migrate", "C", ""},
		{"serve", "C", "stop it first, give this one a folder of its own (DATA=…), or a DATABASE_URL"},
		{"worker", "zh_CN.UTF-8", "请先停止它"},
	} {
		cmd := exec.CommandContext(t.Context(), path, c.command)
		cmd.Env = append(os.Environ(), "DATA="+data, "DATABASE_URL=", "ADDR=127.0.0.1:0", "LC_ALL="+c.locale)
		out, err := cmd.CombinedOutput()
		if (err != nil) != (c.says != "") || !strings.Contains(string(out), c.says) {
			t.Errorf("%s: %v\n%s", c.command, err, out)
		}
	}
}

func TestWhatSomebodyMistypedIsSaidInASentence(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	missing := filepath.Join(t.TempDir(), "missing")
	here := taken.Addr().String()
	for name, c := range map[string]struct {
		err  func() error
		want string
	}{
		"taken":       {func() error { _, err := listen(t.Context(), here); return err }, "something listens on " + here + " already"},
		"no address":  {func() error { _, err := listen(t.Context(), "somewhere"); return err }, "is no address of this machine"},
		"no port":     {func() error { _, err := listen(t.Context(), "127.0.0.1:http-x"); return err }, "is no address of this machine"},
		"no Postgres": {func() error { _, _, err := (&Place{DatabaseURL: "postgres://a b:c"}).database(t.Context()); return err }, "DATABASE_URL is not the address"},
		"no mapping":  {func() error { return run(t.Context(), []string{"import", "--mapping", missing, missing}) }, "there is no file or folder " + missing},
		"no keys":     {func() error { return run(t.Context(), []string{"verify", "sign-off", missing, "--keys", missing}) }, "there is no file or folder " + missing},
		"no plans":    {func() error { return run(t.Context(), []string{"verify", "plan", uuid.NewString(), "--data", missing}) }, "there is no Callout in the folder " + missing},
		"no events":   {func() error { return run(t.Context(), []string{"verify", "events", "--data", missing}) }, "there is no Callout in the folder " + missing},
		"no ledger":   {func() error { return run(t.Context(), []string{"verify", "ledger", "--data", missing}) }, "there is no Callout in the folder " + missing},
		"no key in it": {func() error {
			return run(t.Context(), []string{"verify", "sign-off", missing, "--keys", filepath.Dir(missing)})
		}, "no public key (.pub)"},
	} {
		f, ok := errors.AsType[*fault.Error](c.err())
		if !ok || !strings.Contains(f.Detail.String(), c.want) || f.Detail.In(words.Chinese) == f.Detail.String() {
			t.Errorf("%s: %v", name, c.err())
		}
	}
	if _, err := os.Stat(missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was only looked for is there: %v", err)
	}
	l, err := listen(t.Context(), "0")
	if err != nil {
		t.Fatalf("a port alone: %v", err)
	}
	_ = l.Close()
}
