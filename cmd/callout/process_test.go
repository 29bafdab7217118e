package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"callout/internal/pg"
)

// TestMain removes the binary that tests have built.
func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.Remove(binaryPath())
	os.Exit(code)
}

func binaryPath() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("callout-test-%d", os.Getpid()))
}

// process is a running server.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	done chan struct{}
}

var listens = regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`)

// binary builds Callout as it is shipped, once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	path := binaryPath()
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// start starts the binary on a database and waits until it listens.
func start(t *testing.T, database, data string, flags ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(path, append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "DATABASE_URL="+database, "DATA="+data, "LOG_LEVEL=warn", "LC_ALL=C")
	said, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = pipe, pipe
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = pipe.Close()
	t.Cleanup(p.kill)
	address := make(chan string, 1)
	go func() {
		defer close(p.done)
		var all []byte
		for buffer := make([]byte, 4096); ; {
			n, err := said.Read(buffer)
			all = append(all, buffer[:n]...)
			if at := listens.Find(all); at != nil {
				select {
				case address <- string(at):
				default:
				}
			}
			if err != nil {
				_ = p.cmd.Wait()
				return
			}
		}
	}()
	select {
	case p.url = <-address:
	case <-p.done:
		t.Fatalf("the server ended: %v", p.cmd.ProcessState)
	case <-time.After(3 * time.Minute):
		t.Fatal("the server does not start")
	}
	return p
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// end stops the process as an operator would.
func (p *process) end() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.done
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("the server left with %d when it was told to stop", code)
	}
}

func (p *process) signIn(account login) string {
	p.t.Helper()
	b, err := json.Marshal(account)
	if err != nil {
		p.t.Fatal(err)
	}
	a, err := http.Post(p.url+"/v1/sessions", "application/json", bytes.NewReader(b))
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	var tokens struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(a.Body).Decode(&tokens); err != nil || a.StatusCode != http.StatusCreated {
		p.t.Fatalf("sign in: %d, %v", a.StatusCode, err)
	}
	return tokens.Token
}

func connect(t *testing.T, url string) *pg.DB {
	t.Helper()
	db, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}
