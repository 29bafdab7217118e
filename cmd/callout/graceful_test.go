package main

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"callout/internal/pgtest"
)

func TestRequestInFlightIsAnsweredBeforeTheServerStops(t *testing.T) {
	t.Parallel()
	p := start(t, pgtest.URL(t), t.TempDir())
	address := strings.TrimPrefix(p.url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	say := func(text string) {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	body := `{"login":"nobody","password":"wrong"}`
	say("POST /v1/sessions HTTP/1.1\r\nHost: callout\r\nContent-Type: application/json\r\nContent-Length: 37\r\n\r\n" + body[:5])
	// The server must have read the beginning before it hears that it shall stop.
	alive, err := http.Get(p.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = alive.Body.Close()
	time.Sleep(100 * time.Millisecond)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for patience := time.Now().Add(20 * time.Second); ; {
		another, err := net.Dial("tcp", address)
		if err != nil {
			break // nobody new is let in
		}
		_ = another.Close()
		if time.Now().After(patience) {
			t.Fatal("a server that was told to stop lets new requests in")
		}
		time.Sleep(10 * time.Millisecond)
	}
	say(body[5:])
	a, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the request in flight was dropped: %v", err)
	}
	if a.StatusCode != http.StatusUnauthorized {
		t.Errorf("answered %d", a.StatusCode)
	}
	_ = a.Body.Close()
	_ = conn.Close()
	p.end()
}
