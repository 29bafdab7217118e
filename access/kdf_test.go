package access

import (
	"context"
	"strings"
	"testing"
	"time"

	"callout/internal/fault"
)

func TestHashIsAPHCStringOfItsOwnSalt(t *testing.T) {
	t.Parallel()
	k := newKDF()
	one, err := k.hash(t.Context(), "a fine day in Dalian")
	if err != nil {
		t.Fatal(err)
	}
	two, err := k.hash(t.Context(), "a fine day in Dalian")
	if err != nil {
		t.Fatal(err)
	}
	if one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%s, %s", one, two)
	}
	for password, want := range map[string]bool{
		"a fine day in Dalian": true, "ａ fine day in Dalian": true, "A fine day in Dalian": false, "": false,
	} {
		if got, err := k.verify(t.Context(), one, password); err != nil || got != want {
			t.Errorf("%q: %t, %v", password, got, err)
		}
	}
}

// The reference vector of the Argon2 command line: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
func TestHashOfAnotherCostIsRead(t *testing.T) {
	t.Parallel()
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := newKDF().verify(t.Context(), reference, "password"); err != nil || !ok {
		t.Errorf("%t, %v", ok, err)
	}
}

func TestBrokenHashesLetNobodyIn(t *testing.T) {
	t.Parallel()
	k := newKDF()
	for _, encoded := range []string{
		"", "none", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=16$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$!!!", "$argon2id$v=19$x$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
	} {
		if ok, err := k.verify(t.Context(), encoded, ""); err != nil || ok {
			t.Errorf("%q: %t, %v", encoded, ok, err)
		}
	}
}

func TestFloodWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	k := newKDF()
	for range cap(k.places) {
		if _, err := k.take(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := k.verify(ctx, "", "x"); !fault.Is(err, fault.Busy) {
		t.Errorf("got %v", err)
	}
	if _, err := k.hash(ctx, "x"); !fault.Is(err, fault.Busy) {
		t.Errorf("got %v", err)
	}
}
